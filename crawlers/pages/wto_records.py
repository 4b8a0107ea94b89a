"""ePing answers (web API and official API share one record shape) → drafts. Pure.

One record per notifying Member of a joint document: each draft holds its own record's Member, the store unites them.
Source: eping.wto.org/api/v1/azureSearch/getAll and api.wto.org/eping/notifications/search.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.facts import SourceFacts
from crawlers.markup import plain_text
from crawlers.members import member_from_code, member_from_name
from crawlers.pages import wto_common as wto
from crawlers.pages.drafts import Dead, Draft, PageParser, PageResult, Skipped
from crawlers.pages.reading import Reader, check_enough_read, count_of, read_json, unknown_fields
from notices.errors import CrawlError, LayoutChanged, UnexpectedValue
from notices.identity import wto_id
from notices.model import Facts, Identifier
from notices.runs import Issue

_VALUES = ("title", "description", "productsFreeText")


def parse(body: bytes, facts: SourceFacts) -> PageResult:
    """One page of the answer. Raises FetchError, LayoutChanged when the page as a whole can't be read."""
    envelope = read_json(body)
    total = count_of(envelope, "totalCount")
    if envelope.get("isCountExceeded") is True and facts.paging is not None:
        total = max(total, facts.paging.cap)  # the source stopped counting: the slice must be split
    items = envelope.get("items")
    if not isinstance(items, list):
        raise LayoutChanged("The answer has no list 'items'.", key="items")
    drafts: list[Draft] = []
    skipped: list[Skipped] = []
    dead: list[Dead] = []
    errors: list[CrawlError] = []
    unknown: set[str] = set()
    for position, item in enumerate(items):
        key = _record_id(item) or f"?{position}"
        try:
            reader = _reader(item)
            found = _read(reader, facts)
            unknown.update(reader.leftovers(facts.ignored) if isinstance(found, Draft) else ())
        except CrawlError as error:
            errors.append(error)
            dead.append(Dead(key, f"items[{position}]", error.code, error.detail))
            continue
        if isinstance(found, Draft):
            drafts.append(found)
        else:
            skipped.append(found)
    check_enough_read(len(dead), len(items), errors)
    issues = unknown_fields(PARSER.name, unknown) + _odd_objectives(drafts)
    return PageResult(total, tuple(drafts), tuple(skipped), tuple(dead), issues)


def _record_id(item: object) -> str | None:
    value = item.get("id") if isinstance(item, Mapping) else None
    return str(value) if isinstance(value, int | str) and str(value).strip() else None


def _reader(item: object) -> Reader:
    if not isinstance(item, Mapping):
        raise LayoutChanged("A record is no object.")
    return Reader(item)


def _read(reader: Reader, facts: SourceFacts) -> Draft | Skipped:
    record_id = str(reader.required("id")).strip()
    if not record_id or record_id == "None":
        raise LayoutChanged("The record has no id.", key="id")
    symbols = wto.read_symbols(reader.required("documentSymbol"))
    if wto.skip_area(str(reader.value("area") or symbols[0].body), facts):
        return Skipped(record_id, "SPS")
    published_on = reader.day("distributionDate")
    if published_on is None:
        raise LayoutChanged("The record has no distribution date.", key="distributionDate")
    comment_until, deadline_words = reader.soft_day("commentDeadlineDate")
    adopted_on, adopted_words = reader.soft_day("proposedAdoptionDate")
    in_force_on, in_force_words = reader.soft_day("proposedEntryIntoForceDate")
    basis = reader.said("relevantDocumentTitle")
    title, summary, products = (reader.text(f"{key}Plain", key) for key in _VALUES)
    return Draft(
        wto_id(symbols),
        record_id,
        Facts(
            kind=wto.kind_of(reader.text("notificationType"), facts),
            published_on=published_on,
            symbols=tuple(str(symbol) for symbol in symbols),
            title=title or "",
            members=(_member(reader),),
            summary=summary,
            comment_until=comment_until,
            dates_text=deadline_words,
            adopted_on=adopted_on,
            adopted_text=reader.said("proposedAdoptionDateText") or adopted_words,
            in_force_on=in_force_on,
            in_force_text=reader.said("proposedEntryIntoForceDateText") or in_force_words,
            products_text=products,
            hs_codes=_codes(reader, "hsCodes", "hsCodeText"),
            ics_codes=_codes(reader, "icsCodes", "icsCodeText"),
            objectives=tuple(sorted({wto.objective(name) for name in reader.parts("objectives", "name")})),
            objectives_text=reader.said("objectivesFreeText"),
            keywords=reader.parts("keywords", "name"),
            legal_basis=(basis,) if basis else (),
            identifiers=(Identifier("wto_record", record_id),),
            links=tuple(sorted((wto.source_link(symbols), *wto.form_links(reader.text("linkToNotification"))))),
            attachments=wto.attachments_of(_raw(reader, "notifiedDocumentLink")),
            relations=wto.relations_of(symbols),
        ),
    )


def _member(reader: Reader) -> str:
    code, name = reader.text("notifyingMemberCode"), reader.text("notifyingMember")
    if code:
        return member_from_code(code)
    if name:
        return member_from_name(name)
    raise LayoutChanged("The record names no Member.", key="notifyingMemberCode")


def _codes(reader: Reader, key: str, text_key: str) -> tuple[str, ...]:
    """Structured codes; where there are none, the parts of the text beside them, verbatim."""
    codes, text = reader.parts(key, "code"), reader.text(text_key)
    return codes or wto.split_codes(text)


def _raw(reader: Reader, key: str) -> str | None:
    value = reader.value(key)
    if value is None or isinstance(value, str):
        return value if value is None else value.replace("&amp;", "&")
    if isinstance(value, list):
        return "\n".join(filter(None, (plain_text(str(entry)) for entry in value)))
    raise LayoutChanged(f"Field {key!r} is no text.", key=key)


def _odd_objectives(drafts: list[Draft]) -> tuple[Issue, ...]:
    odd = {name for draft in drafts for name in draft.facts.objectives if name not in wto.KNOWN_OBJECTIVES}
    if not odd:
        return ()
    listed = "; ".join(sorted(odd)[:10])
    return (Issue("warning", UnexpectedValue.code, f"Unknown objectives, kept as they stand: {listed}.", PARSER.name),)


PARSER = PageParser("wto_records", 1, parse)
