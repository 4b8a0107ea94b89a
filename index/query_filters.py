"""Filters as typed: read into Filters, and written back in their canonical form."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index import vocabulary
from notices.errors import QueryInvalid
from notices.model import Kind
from notices.search import CodeFilter, DateRange, Filters

NAMES = ("hs", "ics", "market", "kind", "sector", "source", "published", "deadline", "open", "as_of")
MAX_VALUES = 50
_ITEM = re.compile(r'((?:"[^"]*"|[^",])*)(,|$)')
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class FilterText:
    """One filter as typed: its name, its values as one text, and where that text stands."""

    name: str
    text: str
    negated: bool
    position: int


def from_parameters(filters: Mapping[str, Sequence[str] | str]) -> list[FilterText]:
    """Filters given apart from the text, by name; a value that begins with "-" rules out."""
    found: list[FilterText] = []
    for name, given in filters.items():
        if name not in NAMES:
            raise QueryInvalid(f"there is no filter {name}; the filters are {', '.join(NAMES)}", position=0)
        for value in (given,) if isinstance(given, str) else given:
            negated = value.startswith("-")
            if value.strip("- "):
                found.append(FilterText(name, value.lstrip("-") if negated else value, negated, 0))
    return found


def read_filters(given: Iterable[FilterText]) -> Filters:
    """All filters as one value. Raises QueryInvalid at the first that can't be read."""
    reader = _Reader()
    for each in given:
        for value, position in _values(each):
            reader.read(each, value, position)
    return reader.filters()


def _values(given: FilterText) -> list[tuple[str, int]]:
    """The values of a comma list with their places, quotes off."""
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(given.text):
        match = _ITEM.match(given.text, at)
        if match is None:
            raise QueryInvalid(f"{given.name}: the value can't be read", position=given.position + at)
        value = match[1].replace('"', "").strip()
        if value:
            found.append((value, given.position + at))
        at = match.end() if match.end() > at else at + 1
    if not found:
        raise QueryInvalid(f"{given.name}: needs a value", position=given.position)
    if len(found) > MAX_VALUES:
        raise QueryInvalid(f"{given.name}: takes {MAX_VALUES} values at most", position=given.position)
    return found


def _code(name: str, value: str, position: int) -> CodeFilter:
    exact = value.startswith("=")
    bare, plus, mark = value.lstrip("=").partition("+")
    if plus and mark.casefold() not in ("inferred", "추정"):
        raise QueryInvalid(f"{name}: after + only inferred is known, not {mark!r}", position=position)
    code = vocabulary.hs_digits(bare) if name == "hs" else vocabulary.ics_code(bare)
    if code is None:
        form = "2, 4, 6, 8 or 10 digits (8507.60)" if name == "hs" else "29, 29.220 or 29.220.10"
        raise QueryInvalid(f"{name}: {bare!r} is no code; write {form}", position=position)
    return CodeFilter(code, exact=exact, inferred=bool(plus))


def _named(name: str, value: str, position: int) -> str:
    look_up: dict[str, Callable[[str], str | None]] = {
        "market": vocabulary.market,
        "kind": vocabulary.kind,
        "sector": vocabulary.sector,
        "source": vocabulary.source,
    }
    found = look_up[name](value)
    if found is None:
        hints = {
            "market": "a country in Korean or English, its ISO code, or EU",
            "kind": ", ".join(kind.value for kind in Kind),
            "sector": "a sector's name in Korean or English",
            "source": ", ".join(sorted(set(vocabulary.SOURCES.values()))),
        }
        raise QueryInvalid(f"{name}: {value!r} is not known; it takes {hints[name]}", position=position)
    return found


def _span(name: str, value: str, position: int) -> tuple[date, date]:
    """First and last day of a year, a month or a day."""
    match = _DAY.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError(value)
        year, month, day = int(match[1]), match[2], match[3]
        first = date(year, int(month or 1), int(day or 1))
        if day:
            return first, first
        last_month = int(month or 12)
        return first, date(year, last_month, monthrange(year, last_month)[1])
    except ValueError:
        raise QueryInvalid(
            f"{name}: {value!r} is no date; write 2024, 2024-03, 2024-03-31 or a range 2024-01-01..2024-03-31",
            position=position,
        ) from None


def _range(name: str, value: str, position: int) -> DateRange:
    left, dots, right = value.partition("..")
    if not dots:
        return DateRange(*_span(name, value, position))
    if not left.strip() and not right.strip():
        raise QueryInvalid(f"{name}: a range needs one end at least", position=position)
    start = _span(name, left, position)[0] if left.strip() else None
    end = _span(name, right, position)[1] if right.strip() else None
    if start and end and start > end:
        raise QueryInvalid(f"{name}: the range ends before it begins", position=position)
    return DateRange(start, end)


class _Reader:
    """Collects values; what may stand once only is refused the second time."""

    def __init__(self) -> None:
        self._codes: dict[str, dict[CodeFilter, None]] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._ranges: dict[str, DateRange] = {}
        self._open: bool | None = None
        self._as_of: date | None = None

    def read(self, given: FilterText, value: str, position: int) -> None:
        """Take one value in."""
        name, key = given.name, f"not_{given.name}" if given.negated else given.name
        if name in ("hs", "ics"):
            self._codes.setdefault(key, {})[_code(name, value, position)] = None
        elif name in ("market", "kind", "sector", "source"):
            self._names.setdefault(key, {})[_named(name, value, position)] = None
        elif name == "open":
            self._read_open(given, value, position)
        elif given.negated:
            raise QueryInvalid(f"-{name}: can't be ruled out; give a range instead", position=position)
        elif name == "as_of":
            self._read_as_of(value, position)
        else:
            self._once(name, self._ranges.get(name), _range(name, value, position), position)
            self._ranges[name] = _range(name, value, position)

    @staticmethod
    def _once(name: str, old: object, new: object, position: int) -> None:
        if old is not None and old != new:
            raise QueryInvalid(f"{name}: is given twice with different values", position=position)

    def _read_open(self, given: FilterText, value: str, position: int) -> None:
        said = vocabulary.yes_or_no(value)
        if said is None:
            raise QueryInvalid(f"open: takes yes or no, not {value!r}", position=position)
        said = said is not given.negated
        self._once("open", self._open, said, position)
        self._open = said

    def _read_as_of(self, value: str, position: int) -> None:
        first, last = _span("as_of", value, position)
        if first != last:
            raise QueryInvalid("as_of: needs one day, as 2024-03-31", position=position)
        self._once("as_of", self._as_of, first, position)
        self._as_of = first

    def filters(self) -> Filters:
        """What was read."""
        kinds = {key: tuple(Kind(value) for value in self._names.get(key, ())) for key in ("kind", "not_kind")}
        return Filters(
            hs=tuple(self._codes.get("hs", ())),
            ics=tuple(self._codes.get("ics", ())),
            markets=tuple(self._names.get("market", ())),
            kinds=kinds["kind"],
            sectors=tuple(self._names.get("sector", ())),
            sources=tuple(self._names.get("source", ())),
            published=self._ranges.get("published"),
            deadline=self._ranges.get("deadline"),
            open=self._open,
            as_of=self._as_of,
            not_markets=tuple(self._names.get("not_market", ())),
            not_kinds=kinds["not_kind"],
            not_sectors=tuple(self._names.get("not_sector", ())),
            not_sources=tuple(self._names.get("not_source", ())),
            not_hs=tuple(self._codes.get("not_hs", ())),
            not_ics=tuple(self._codes.get("not_ics", ())),
        )


def format_filters(filters: Filters) -> str:
    """The canonical text of filters."""
    lists: list[tuple[str, Sequence[object]]] = [
        ("hs", filters.hs), ("ics", filters.ics), ("market", filters.markets), ("kind", filters.kinds),
        ("sector", filters.sectors), ("source", filters.sources), ("-hs", filters.not_hs), ("-ics", filters.not_ics),
        ("-market", filters.not_markets), ("-kind", filters.not_kinds), ("-sector", filters.not_sectors),
        ("-source", filters.not_sources),
    ]  # fmt: skip
    parts = [f"{name}:{','.join(_format_value(value) for value in values)}" for name, values in lists if values]
    for name, span in (("published", filters.published), ("deadline", filters.deadline)):
        if span is not None:
            parts.append(f"{name}:{span.start or ''}..{span.end or ''}")
    if filters.open is not None:
        parts.append(f"open:{'yes' if filters.open else 'no'}")
    if filters.as_of is not None:
        parts.append(f"as_of:{filters.as_of}")
    return " ".join(parts)


def _format_value(value: object) -> str:
    if isinstance(value, CodeFilter):
        return f"{'=' if value.exact else ''}{value.code}{'+inferred' if value.inferred else ''}"
    text = str(value)
    return text if re.fullmatch(r"[\w\-]+", text) else f'"{text}"'
