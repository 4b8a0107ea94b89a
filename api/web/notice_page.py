"""What a notice's page shows beyond its facts: rows of the facts table, links, family, evidence, changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from api.messages import Lang, known, say
from api.notice_service import CodeRow, FieldChange, NoticeView, documents, note_key
from api.web.changes import Stretch, difference
from api.web.results import Deadline, deadline_of, market_names, names_of, sector_names
from notices.identity import from_url, lookup_key, to_url
from notices.model import Facts, Finding, LinkRole, Notice
from notices.symbols import find_symbols

EVIDENCE = 90
"""Characters of text on each side of a finding's evidence."""

SHOWN_FINDINGS = ("sector", "deadline", "date", "reference")
_PER_LABEL = 12
_ELSEWHERE = ("symbol", "text_status", "in_force")
"""Identifiers that are shown in words in another place."""
_PUBLISHERS = ("wto", "us-fr", "eu", "regime")


@dataclass(frozen=True, slots=True)
class FactRow:
    """One line of the facts table."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A link to a text with what it is."""

    url: str
    label: str
    host: str
    language: str | None


@dataclass(frozen=True, slots=True)
class FamilyItem:
    """One document of the family."""

    href: str
    name: str
    kind: str
    published: date
    this: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class RelationLink:
    """What this notice says of another one."""

    label: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with its evidence: ``before`` + ``quote`` + ``after`` is a stretch of the text."""

    label: str
    value: str
    href: str | None  # where the value leads, for a reference
    before: str
    quote: str
    after: str
    percent: int
    component: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A changed field as stretches."""

    label: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Everything the template needs."""

    name: str
    more_names: tuple[str, ...]
    title: str
    market: str
    kind: str
    kind_label: str
    deadline: Deadline | None  # the family's: a follow-up may have moved it
    deadline_from: FamilyItem | None  # the other document that set it
    note: str | None
    newer: FamilyItem | None
    replaced_by: FamilyItem | None
    facts: tuple[FactRow, ...]
    documents: tuple[DocumentLink, ...]
    family: tuple[FamilyItem, ...]
    relations: tuple[RelationLink, ...]
    sectors: tuple[str, ...]
    findings: tuple[FindingRow, ...]
    codes: tuple[CodeRow, ...]
    raw_codes: str
    json_href: str


def notice_page(view: NoticeView, today: date, lang: Lang) -> NoticePage:
    """The page's content in a language."""
    facts = view.notice.facts
    names = names_of(view.notice) or (view.notice.id,)
    note = note_key(facts.kind)
    family = tuple(_family_item(member, view.notice.id, lang) for member in view.family)
    newer = family[-1] if view.state.latest != view.notice.id else None
    order = [member.id for member in view.family]
    others = [each for each in order if each != view.notice.id]
    replaced = order.index(view.state.text) > order.index(view.notice.id) if view.state.text in order else False
    return NoticePage(
        name=names[0],
        more_names=names[1:],
        title=facts.title or facts.title_original or say(lang, "search.untitled"),
        market=market_names(facts.members, lang, limit=12),
        kind=facts.kind,
        kind_label=known(lang, f"kind.{facts.kind}", facts.kind),
        deadline=deadline_of(view.state.comment_until, today, lang),
        deadline_from=family[order.index(view.state.until_from)] if view.state.until_from in others else None,
        note=say(lang, note) if note else None,
        newer=newer,
        replaced_by=family[order.index(view.state.text)] if replaced else None,
        facts=tuple(_fact_rows(facts, lang, act=view.act is not None)),
        documents=tuple(_document_links(view.notice, lang)),
        family=family,
        relations=tuple(_relation_links(facts, lang, known_ids=order)),
        sectors=sector_names(view.findings, lang),
        findings=tuple(_finding_rows(view.findings, facts, lang)),
        codes=view.codes,
        raw_codes="; ".join((*facts.hs_codes, *facts.ics_codes)),
        json_href=f"/v1/notices/{to_url(view.notice.id)}",
    )


def change_rows(changes: Iterable[FieldChange], lang: Lang) -> tuple[ChangeRow, ...]:
    """Changed fields with the words that came and went; sections move with the text, which has its own row."""
    return tuple(
        ChangeRow(known(lang, f"field.{change.field}", change.field), tuple(difference(change.before, change.after)))
        for change in changes
        if change.field != "sections"
    )


def searchable(segment: str) -> str | None:
    """What to search for instead, when an address names no notice: the symbol or number in it."""
    text = from_url(segment)[:120]
    symbols = find_symbols(text)
    if symbols:
        return str(symbols[0][2])
    return text.rpartition(":")[2].rpartition("/")[2].strip() or None


def _fact_rows(facts: Facts, lang: Lang, *, act: bool) -> Iterable[FactRow]:
    """Rows in the order in which an exporter asks; a field that the source left empty has no row."""
    agencies = tuple(agency.name for agency in facts.agencies)
    values: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("published_on", (facts.published_on.isoformat(),)),
        ("comment_until", _days(facts.comment_until)),
        ("adopted_on", _days(facts.adopted_on, facts.adopted_text)),
        ("in_force_on", _days(facts.in_force_on, facts.in_force_text)),
        ("applies_from", _days(facts.applies_from)),
        ("dates_text", _texts(facts.dates_text)),
        ("action", _texts(facts.action)),
        ("members", (market_names(facts.members, lang, limit=40),) if facts.members else ()),
        ("agencies", agencies),
        ("objectives", facts.objectives),
        ("objectives_text", _texts(facts.objectives_text)),
        ("keywords", ("; ".join(facts.keywords),) if facts.keywords else ()),
        ("legal_basis", facts.legal_basis),
    )
    for name, shown in values:
        if shown:
            label = say(lang, f"field.{name}")  # of a notification or draft: what is proposed
            yield FactRow(known(lang, f"act.{name}", label) if act else label, shown)
    schemes: dict[str, list[str]] = {}
    for item in facts.identifiers:
        if item.scheme not in _ELSEWHERE:
            schemes.setdefault(item.scheme, []).append(item.value)
    for scheme, numbers in schemes.items():
        yield FactRow(known(lang, f"identifier.{scheme}", scheme), (", ".join(numbers),))


def _days(day: date | None, text: str | None = None) -> tuple[str, ...]:
    shown = day.isoformat() if day else None
    return tuple(part for part in (shown, text) if part and part.strip())


def _texts(text: str | None) -> tuple[str, ...]:
    return (text,) if text and text.strip() else ()


def _relation_links(facts: Facts, lang: Lang, known_ids: Sequence[str]) -> Iterable[RelationLink]:
    """Relations beyond the family: links to the notice where the target is an id, else to a search for the citation."""
    for relation in facts.relations:
        if relation.target in known_ids:
            continue
        publisher, colon, name = relation.target.partition(":")
        is_id = bool(colon) and publisher in _PUBLISHERS
        href = f"/notices/{to_url(relation.target)}" if is_id else f"/?{urlencode({'q': relation.target})}"
        label = known(lang, f"relation.{relation.type}", relation.type)
        yield RelationLink(label, name if is_id else relation.target, href)


def _document_links(notice: Notice, lang: Lang) -> Iterable[DocumentLink]:
    for link in documents(notice.facts):
        host = link.url.split("/", 3)[2].rpartition("@")[2]
        file = link.url.split("?", 1)[0].rpartition("/")[2]
        title = link.title if link.title and link.title != link.url else None
        role = "published" if link.role is LinkRole.DOCUMENT and notice.source != "wto" else link.role
        label = known(lang, f"role.{role}", role)
        where = f"{host} · {title or file}" if (title or ("." in file and len(file) < 60)) else host
        yield DocumentLink(link.url, label, where, link.language)


def _family_item(member: Notice, this: str, lang: Lang) -> FamilyItem:
    facts = member.facts
    return FamilyItem(
        href=f"/notices/{to_url(member.id)}",
        name=(names_of(member) or (member.id,))[0],
        kind=known(lang, f"kind.{facts.kind}", facts.kind),
        published=facts.published_on,
        this=member.id == this,
        withdrawn=member.withdrawn,
    )


def _finding_rows(findings: Iterable[Finding], facts: Facts, lang: Lang) -> Iterable[FindingRow]:
    """Findings with evidence, surest first, so many of each label."""
    own = {lookup_key("symbol", symbol) for symbol in facts.symbols}  # forms repeat their own symbol on each page
    for label in SHOWN_FINDINGS:
        found = sorted(
            (f for f in findings if f.label == label and f.value not in own),
            key=lambda f: (-f.confidence, f.field, f.start),
        )
        seen: set[str] = set()
        for finding in found:
            if finding.value in seen or len(seen) >= _PER_LABEL:
                continue
            seen.add(finding.value)
            yield _finding_row(finding, facts, lang)


def _finding_row(finding: Finding, facts: Facts, lang: Lang) -> FindingRow:
    text = _field_text(facts, finding.field)
    start, end = max(0, finding.start), min(len(text), finding.end)
    before, after = text[max(0, start - EVIDENCE) : start], text[end : end + EVIDENCE]
    value, href = finding.value, None
    if finding.label == "sector":
        value = next(iter(sector_names((finding,), lang, floor=0)), value)
    elif finding.label == "reference":
        value = value.partition(":")[2] or value
        href = f"/?{urlencode({'q': value})}"
    return FindingRow(
        label=known(lang, f"label.{finding.label}", finding.label),
        value=value,
        href=href,
        before=("…" if start > EVIDENCE else "") + before,
        quote=text[start:end],
        after=after + ("…" if end + EVIDENCE < len(text) else ""),
        percent=round(finding.confidence * 100),
        component=f"{finding.component} {finding.component_version}",
    )


def _field_text(facts: Facts, name: str) -> str:
    """The text that a finding's offsets count in (notices.model.Finding)."""
    value = getattr(facts, name, None)
    if isinstance(value, tuple):
        return "; ".join(str(getattr(item, "name", item)) for item in value)
    return value if isinstance(value, str) else ""
