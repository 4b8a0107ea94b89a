"""ePing's workbooks (bulk file and "Export search results") → drafts. Pure.

Columns are matched by name, case-insensitively, never by position; dates may be Excel serials or text. A row is keyed
by symbol list + Member + distribution date, since it carries no ePing id. No column tells the area: the symbol does.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from python_calamine import CalamineError, CalamineWorkbook

from crawlers.facts import SourceFacts
from crawlers.markup import plain_text
from crawlers.members import member_from_name, member_from_symbol
from crawlers.pages import wto_common as wto
from crawlers.pages.drafts import Dead, Draft, PageParser, PageResult, Skipped
from crawlers.pages.reading import check_enough_read, read_date, unknown_fields
from notices.errors import CrawlError, FetchError, LayoutChanged, UnexpectedValue
from notices.identity import wto_id
from notices.model import Facts, Kind
from notices.runs import Issue
from notices.symbols import Symbol

MAX_ROWS = 500_000  # the whole archive had 104,818 records on 2026-08-18
MAX_UNPACKED = 2_000_000_000
MAX_CELL = 40_000  # Excel itself stops at 32,767 characters

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "symbol": ("document symbol", "symbol"),
    "member": ("notifying member", "member"),
    "published": ("distribution date", "date of distribution"),
    "deadline": ("final date for comments", "comment deadline date", "deadline for comments"),
    "type": ("notification type",),
    "title": ("title",),
    "summary": ("description", "description of content"),
    "products": ("products covered",),
    "hs": ("hs code(s)", "hs codes", "hs code"),
    "ics": ("ics code(s)", "ics codes", "ics code"),
    "objectives": ("objectives", "objective", "objective and rationale"),
    "keywords": ("keywords",),
    "documents": ("notified document", "notified documents", "notified document(s)"),
    "form": ("link to notification",),
    "area": ("area",),
}
_REQUIRED = ("symbol", "published")
_BY_SUFFIX = {"Add": Kind.ADDENDUM, "Corr": Kind.CORRIGENDUM, "Rev": Kind.REVISION, "Suppl": Kind.SUPPLEMENT}

Row = Mapping[str, object]


def parse(body: bytes, facts: SourceFacts) -> PageResult:
    """The whole workbook. Raises FetchError for a broken file, LayoutChanged when its columns are not those we know."""
    rows = _rows(body)
    names, unknown = _header(next(rows, []))
    drafts: dict[str, Draft] = {}
    skipped: dict[str, Skipped] = {}
    dead: dict[str, Dead] = {}
    errors: list[CrawlError] = []
    doubles = 0
    count = 0
    for number, cells in enumerate(rows, start=2):
        row = {name: cells[column] for name, column in names.items() if column < len(cells)}
        if not any(str(value or "").strip() for value in row.values()):
            continue
        count += 1
        try:
            found = _read(row, facts)
        except CrawlError as error:
            errors.append(error)
            key = _fallback_key(row) or f"?{number}"
            dead[key] = Dead(key, f"row {number}", error.code, error.detail)
            continue
        if isinstance(found, Skipped):
            skipped[found.record_id] = found
        elif _keeps(drafts.get(found.record_id), found):
            drafts[found.record_id] = found
        doubles += 0 if isinstance(found, Skipped) or drafts[found.record_id] is found else 1
    check_enough_read(len(dead), count, errors)
    total = len(drafts) + len(skipped) + len(dead)
    issues = unknown_fields(PARSER.name, unknown) + _doubles(doubles)
    return PageResult(total, tuple(drafts.values()), tuple(skipped.values()), tuple(dead.values()), issues)


def _rows(body: bytes) -> Iterator[Sequence[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise LayoutChanged(f"The workbook would unpack to {unpacked:,} bytes.")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheet = workbook.get_sheet_by_index(0)
    except (zipfile.BadZipFile, CalamineError, IndexError, ValueError, OSError) as error:
        if body[:200].lstrip().startswith(b"<"):
            raise LayoutChanged("An HTML page came where the workbook was expected.") from error
        raise FetchError(f"The file is no readable workbook ({error}).") from error
    if sheet.height > MAX_ROWS:
        raise LayoutChanged(f"The workbook has {sheet.height:,} rows, more than we take.")
    return iter(sheet.to_python(skip_empty_area=True))


def _header(cells: Sequence[object]) -> tuple[dict[str, int], set[str]]:
    titles = [" ".join(str(cell or "").split()).casefold() for cell in cells]
    names: dict[str, int] = {}
    for name, spellings in _COLUMNS.items():
        column = next((titles.index(spelling) for spelling in spellings if spelling in titles), None)
        if column is not None:
            names[name] = column
    missing = [_COLUMNS[name][0] for name in _REQUIRED if name not in names]
    if missing:
        raise LayoutChanged(f"The workbook has no column {' or '.join(repr(name) for name in missing)}.")
    return names, {title for position, title in enumerate(titles) if title and position not in names.values()}


def _read(row: Row, facts: SourceFacts) -> Draft | Skipped:
    symbols = wto.read_symbols(row.get("symbol"))
    published_on = read_date(row.get("published"), "Distribution date")
    if published_on is None:
        raise LayoutChanged("The row has no distribution date.")
    members = _members(row, symbols)
    record_id = f"{', '.join(map(str, symbols))}|{' '.join(members)}|{published_on.isoformat()}"
    if wto.skip_area(_text(row, "area") or symbols[0].body, facts):
        return Skipped(record_id, "SPS", published_on)
    deadline, words = _deadline(row.get("deadline"))
    return Draft(
        wto_id(symbols),
        record_id,
        Facts(
            kind=_kind(row, symbols, facts),
            published_on=published_on,
            symbols=tuple(str(symbol) for symbol in symbols),
            title=_text(row, "title") or "",
            members=members,
            summary=_text(row, "summary"),
            comment_until=deadline,
            dates_text=words,
            products_text=_text(row, "products"),
            hs_codes=wto.split_codes(_lines(row, "hs")),
            ics_codes=wto.split_codes(_lines(row, "ics")),
            objectives=wto.split_objectives(_lines(row, "objectives")),
            keywords=wto.split_codes(_lines(row, "keywords")),
            links=tuple(sorted((wto.source_link(symbols), *wto.form_links(_lines(row, "form"))))),
            attachments=wto.attachments_of(_lines(row, "documents")),
            relations=wto.relations_of(symbols),
        ),
    )


def _lines(row: Row, name: str) -> str | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():  # a code typed as a number: 8507.0
        value = int(value)
    text = str(value)
    if len(text) > MAX_CELL:
        raise UnexpectedValue(f"Column {name!r} holds {len(text):,} characters in one cell.")
    return text


def _text(row: Row, name: str) -> str | None:
    return plain_text(_lines(row, name))


def _members(row: Row, symbols: Sequence[Symbol]) -> tuple[str, ...]:
    """The row's Member; without that column, the Members that the symbols name."""
    name = _text(row, "member")
    if name:
        return (member_from_name(name),)
    return tuple(sorted({member_from_symbol(symbol.member) for symbol in symbols}))


def _kind(row: Row, symbols: Sequence[Symbol], facts: SourceFacts) -> Kind:
    if "type" in row:
        return wto.kind_of(_text(row, "type"), facts)
    suffixes = symbols[0].suffixes
    return _BY_SUFFIX[suffixes[-1][0]] if suffixes else Kind.REGULAR


def _deadline(value: object) -> tuple[date | None, str | None]:
    try:
        return read_date(value, "Final date for comments"), None
    except UnexpectedValue:
        words = plain_text(str(value))
        return None, None if words is None or re.fullmatch(r"[\W_]+", words) else words


def _fallback_key(row: Row) -> str:
    symbol, *rest = (" ".join(str(row.get(name) or "").split()) for name in ("symbol", "member", "published"))
    return "|".join([symbol, *rest])[:300] if symbol else ""


def _keeps(known: Draft | None, found: Draft) -> bool:
    """Whether the new row replaces the known one; by content, so that the order of rows never matters."""
    return known is None or repr(found.facts) > repr(known.facts)


def _doubles(count: int) -> tuple[Issue, ...]:
    if not count:
        return ()
    text = f"{count} rows repeat the symbol, Member and date of another row; one of each is kept."
    return (Issue("info", UnexpectedValue.code, text, PARSER.name),)


PARSER = PageParser("wto_workbook", 1, parse)
