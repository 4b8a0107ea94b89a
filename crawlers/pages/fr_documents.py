"""Federal Register API v1 answers → drafts. Pure.

Partial records (no agencies, no abstract) are kept; page views and time stamps in addresses never enter the facts.
``results`` and ``total_pages`` are absent when nothing matches. Source: federalregister.gov/api/v1/documents.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from crawlers.facts import SourceFacts
from crawlers.markup import plain_text
from crawlers.pages.drafts import Dead, Draft, PageParser, PageResult
from crawlers.pages.reading import Reader, check_enough_read, count_of, read_json, unknown_fields
from notices.errors import CrawlError, LayoutChanged, UnexpectedValue
from notices.identity import fr_id
from notices.model import Agency, Facts, Identifier, Kind, Link, LinkRole, Relation, RelationType

_API_DOCUMENT = "/api/v1/documents/"


def parse(body: bytes, facts: SourceFacts) -> PageResult:
    """One page of the answer. Raises FetchError, LayoutChanged when the page as a whole can't be read."""
    envelope = read_json(body)
    total = count_of(envelope, "count")
    items = envelope.get("results", [] if total == 0 else None)
    if not isinstance(items, list):
        raise LayoutChanged(f"The answer counts {total} documents but has no list 'results'.", key="results")
    drafts: list[Draft] = []
    dead: list[Dead] = []
    errors: list[CrawlError] = []
    unknown: set[str] = set()
    for position, item in enumerate(items):
        try:
            if not isinstance(item, Mapping):
                raise LayoutChanged("A record is no object.")
            reader = Reader(item)
            drafts.append(_read(reader, facts))
            unknown.update(reader.leftovers(facts.ignored))
        except CrawlError as error:
            errors.append(error)
            dead.append(Dead(_key(item, position), f"results[{position}]", error.code, error.detail))
    check_enough_read(len(dead), len(items), errors)
    return PageResult(total, tuple(drafts), (), tuple(dead), unknown_fields(PARSER.name, unknown))


def _key(item: object, position: int) -> str:
    if not isinstance(item, Mapping) or not item.get("document_number"):
        return f"?{position}"
    number, day = str(item["document_number"]), str(item.get("publication_date"))
    try:
        return fr_id(date.fromisoformat(day), number).partition(":")[2]
    except ValueError:
        return f"{day}/{number}"


def _read(reader: Reader, facts: SourceFacts) -> Draft:
    number = plain_text(str(reader.required("document_number") or ""))
    published_on = reader.day("publication_date")
    if not number or published_on is None:
        raise LayoutChanged("The document has no number or no publication date.", key="document_number")
    notice_id = fr_id(published_on, number)
    number = notice_id.rpartition("/")[2]
    comment_until, comment_words = reader.soft_day("comments_close_on")
    in_force_on, in_force_words = reader.soft_day("effective_on")
    html_url, comment_url = _address(reader, "html_url"), _address(reader, "comment_url")
    links = [Link(html_url, LinkRole.SOURCE)] if html_url else []
    links += [Link(comment_url, LinkRole.COMMENT)] if comment_url else []
    return Draft(
        notice_id,
        notice_id.partition(":")[2],
        Facts(
            kind=_kind(reader.text("type"), facts),
            published_on=published_on,
            title=reader.text("title") or "",
            language=facts.language,
            members=("US",),
            agencies=_agencies(reader),
            summary=reader.text("abstract"),
            comment_until=comment_until,
            in_force_on=in_force_on,
            in_force_text=in_force_words,
            dates_text=reader.text("dates") or comment_words,
            action=reader.text("action"),
            keywords=reader.parts("topics", "name"),
            identifiers=_identifiers(reader, number),
            links=tuple(sorted(links)),
            attachments=_attachments(reader),
            relations=_relations(reader),
        ),
    )


def _kind(text: str | None, facts: SourceFacts) -> Kind:
    kind = facts.kinds.get((text or "").casefold())
    if kind is None:
        raise UnexpectedValue(f"Unknown document type {text!r}.", value=text)
    return kind


def _agencies(reader: Reader) -> tuple[Agency, ...]:
    """Agencies in the source's order; 16 of 1,800 have a raw name only (measured), and none is lost for that."""
    found = []
    for entry in reader.items("agencies"):
        if not isinstance(entry, Mapping):
            raise LayoutChanged("An agency is no object.", key="agencies")
        name = plain_text(str(entry.get("name") or entry.get("raw_name") or ""))
        slug = entry.get("slug")
        if name:
            found.append(Agency(name, str(slug) if slug else None))
    return tuple(dict.fromkeys(found))


def _identifiers(reader: Reader, number: str) -> tuple[Identifier, ...]:
    citation, single = reader.text("citation"), reader.text("docket_id")
    dockets = reader.parts("docket_ids", "id") or ((single,) if single else ())
    found = [Identifier("fr_number", number)]
    found += [Identifier("fr_citation", citation)] if citation else []
    found += [Identifier("docket", docket) for docket in dockets]
    found += [Identifier("rin", rin) for rin in reader.parts("regulation_id_numbers", "rin")]
    for entry in reader.items("cfr_references"):
        if isinstance(entry, Mapping) and entry.get("title"):
            found.append(Identifier("cfr", f"{entry['title']} CFR {entry.get('part') or ''}".strip()))
    return tuple(sorted(set(found)))


def _attachments(reader: Reader) -> tuple[Link, ...]:
    inspection = _address(reader, "public_inspection_pdf_url")
    inspection = inspection.partition("?")[0] if inspection else None  # ?<timestamp> changes without meaning
    found = [
        (_address(reader, "pdf_url"), "PDF"),
        (_address(reader, "raw_text_url"), "Text"),
        (inspection, "Public inspection PDF"),
    ]
    return tuple(sorted(Link(url, LinkRole.DOCUMENT, title, "en") for url, title in found if url))


def _relations(reader: Reader) -> tuple[Relation, ...]:
    """What this document corrects: the number of the other document as written; its date is not told."""
    target = _address(reader, "correction_of")
    if not target:
        return ()
    number = target.partition(_API_DOCUMENT)[2].partition("?")[0].removesuffix(".json")
    return (Relation(RelationType.CORRECTS, number or target),)


def _address(reader: Reader, key: str) -> str | None:
    value = reader.value(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise LayoutChanged(f"Field {key!r} is no address.", key=key)
    return value.strip() if value.strip().startswith(("http://", "https://")) else None


PARSER = PageParser("fr_documents", 1, parse)
