"""What the search page shows: rows, facets as links, active filters, warnings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from markupsafe import Markup

from api.messages import Lang, known, say
from api.notice_service import CodeRow
from api.params import PageParams
from api.search_service import SearchAnswer
from api.web.render import marked
from notices import markets
from notices.identity import to_url
from notices.model import Facts, Finding, Notice, Provenance
from notices.nomenclature import hs, ics, sectors
from notices.search import TOTAL_LIMIT, Highlight, Hit, Why

SHOWN_FACETS = ("source", "market", "kind", "sector", "year", "hs", "ics")
FACET_HEAD = 7
"""Values of a facet shown at once; the others unfold."""

SNIPPETS = 2
OPENING = 220
"""Characters of a summary shown where there is no highlight."""

CODES = 4
SECTOR_FLOOR = 0.5
"""Findings below this confidence are not shown in a result row."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A comment deadline in words; ``tone`` is open, soon or past."""

    text: str
    tone: str
    day: date


@dataclass(frozen=True, slots=True)
class Row:
    """One result."""

    href: str
    title: str | Markup
    language: str | None
    names: tuple[str, ...]  # symbols, or a publisher's numbers
    market: str
    kind: str
    kind_label: str
    published: date
    deadline: Deadline | None
    codes: tuple[CodeRow, ...]
    more_codes: int
    sectors: tuple[str, ...]
    snippets: tuple[str | Markup, ...]
    why: tuple[str, ...]
    withdrawn: bool
    act: tuple[str, str] | None  # of an EU act's version or corrigendum: a link to the act itself


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value of a facet, as a link that sets or lifts it."""

    label: str
    count: int
    href: str
    active: bool

    @property
    def shown(self) -> str:
        """The count in figures; past the limit it is only known to be larger."""
        return f"{self.count:,}+" if self.count >= TOTAL_LIMIT else f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet; ``head`` is shown, ``tail`` unfolds."""

    name: str
    label: str
    head: tuple[FacetLink, ...]
    tail: tuple[FacetLink, ...]


class PageUrl:
    """The search page's address with something changed; a change always goes back to the first page."""

    def __init__(self, params: PageParams) -> None:
        raw = params.model_dump(mode="json", exclude_unset=True, exclude={"lang", "cursor", "facets"})
        self._pairs: list[tuple[str, str]] = []
        for name, value in raw.items():
            values = value if isinstance(value, list) else [value]
            self._pairs += [(name, _text(item)) for item in values if item is not None and item != ""]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values, for hidden form fields."""
        return self._pairs

    def toggled(self, name: str, value: str) -> str:
        """With the value added, or lifted when it is there."""
        pair = (name, value)
        return _address([p for p in self._pairs if p != pair] if pair in self._pairs else [*self._pairs, pair])

    def replaced(self, name: str, value: str | None) -> str:
        """With this one value, or none, of the parameter."""
        kept = [pair for pair in self._pairs if pair[0] != name]
        return _address(kept if value is None else [*kept, (name, value)])

    def has(self, name: str, value: str) -> bool:
        """True when the parameter holds the value."""
        return (name, value) in self._pairs


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _address(pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(pairs))
    return f"/?{query}" if query else "/"


def deadline_of(until: date | None, today: date, lang: Lang) -> Deadline | None:
    """A deadline in words, None when there is none."""
    if until is None:
        return None
    days = (until - today).days
    if days < 0:
        return Deadline(say(lang, "deadline.closed", n=-days), "past", until)
    text = say(lang, "deadline.open", n=days) if days else say(lang, "deadline.today")
    return Deadline(text, "soon" if days <= 14 else "open", until)


def market_names(members: Iterable[str], lang: Lang, limit: int = 3) -> str:
    """Markets by name; of many, the first few and how many more."""
    names = [markets.name(code, lang) for code in members]
    rest = len(names) - limit
    shown = ", ".join(names[:limit])
    if rest <= 0:
        return shown
    return f"{shown} 외 {rest}" if lang is Lang.KO else f"{shown} +{rest}"


def names_of(notice: Notice) -> tuple[str, ...]:
    """The names that people know a notice by: WTO symbols, or citation and number."""
    facts = notice.facts
    if facts.symbols:
        return facts.symbols
    schemes = ("fr_citation", "fr_number", "celex")
    return tuple(item.value for scheme in schemes for item in facts.identifiers if item.scheme == scheme)


def sector_names(findings: Iterable[Finding], lang: Lang, floor: float = SECTOR_FLOOR) -> tuple[str, ...]:
    """Sectors found, surest first."""
    found = [f for f in findings if f.label == "sector" and f.confidence >= floor]
    found.sort(key=lambda finding: -finding.confidence)
    return tuple(dict.fromkeys(sectors.title(finding.value, lang) or finding.value for finding in found))


def rows(answer: SearchAnswer, lang: Lang) -> tuple[Row, ...]:
    """The hits as rows."""
    return tuple(_row(hit, answer, lang) for hit in answer.page.hits if hit.notice_id in answer.notices)


def _row(hit: Hit, answer: SearchAnswer, lang: Lang) -> Row:
    notice = answer.notices[hit.notice_id]
    facts = notice.facts
    codes = tuple(row for row in answer.codes[notice.id] if row.provenance is not Provenance.INFERRED)
    title = facts.title or facts.title_original or say(lang, "search.untitled")
    in_title = next((h for h in hit.highlights if h.text == title), None)
    snippets = [_snippet(h, facts) for h in hit.highlights if h is not in_title and h.field != "title"]
    return Row(
        href=f"/notices/{to_url(notice.id)}",
        title=marked(in_title) if in_title else title,
        language=facts.language,
        names=names_of(notice),
        market=market_names(facts.members, lang),
        kind=facts.kind,
        kind_label=known(lang, f"kind.{facts.kind}", facts.kind),
        published=facts.published_on,
        deadline=deadline_of(facts.comment_until, answer.query.today, lang),
        codes=codes[:CODES],
        more_codes=max(0, len(codes) - CODES),
        sectors=sector_names(answer.findings[notice.id], lang)[:3],
        snippets=tuple(snippets[:SNIPPETS]) or _opening(facts.summary),
        why=tuple(dict.fromkeys(why_text(why, lang) for why in hit.why if why.code != "filter"))[:5],
        withdrawn=notice.withdrawn,
        act=_act_link(notice, answer, lang),
    )


def _act_link(notice: Notice, answer: SearchAnswer, lang: Lang) -> tuple[str, str] | None:
    if notice.source != "eu" or notice.family == notice.id or notice.family not in answer.leaders:
        return None
    return say(lang, "act.original", name=notice.family.partition(":")[2]), f"/notices/{to_url(notice.family)}"


def _snippet(highlight: Highlight, facts: Facts) -> Markup:
    """A highlight, with an ellipsis on the side where its field goes on."""
    whole = getattr(facts, highlight.field, None)
    text = whole if isinstance(whole, str) else highlight.text
    before = "" if text.startswith(highlight.text) else "… "
    after = "" if text.endswith(highlight.text) else " …"
    return Markup("{}{}{}").format(before, marked(highlight), after)


def _opening(summary: str | None) -> tuple[str, ...]:
    """The first words of a summary, where no match is to be shown."""
    text = " ".join((summary or "").split())
    if len(text) <= OPENING:
        return (text,) if text else ()
    return (text[:OPENING].rsplit(" ", 1)[0] + " …",)


def why_text(why: Why, lang: Lang) -> str:
    """A reason in words; one that the catalogue does not know is shown as it is."""
    key = f"why.{why.code}"
    shown = known(lang, key, "")
    return say(lang, key, detail=why.detail) if shown else f"{why.code} {why.detail}".strip()


def facet_label(name: str, value: str, lang: Lang) -> str:
    """A facet value as people call it."""
    if name == "market":
        return markets.name(value, lang)
    if name == "kind":
        return known(lang, f"kind.{value}", value)
    if name == "source":
        return known(lang, f"publisher.{value}", value)
    if name == "sector":
        return sectors.title(value, lang) or value
    if name in ("hs", "ics"):
        title = (hs if name == "hs" else ics).title(value, lang)
        return f"{value} {title}" if title else value
    return value


def facet_groups(answer: SearchAnswer, params: PageParams, lang: Lang) -> tuple[FacetGroup, ...]:
    """Facets that can still narrow the result, each value a link."""
    url = PageUrl(params)
    groups: list[FacetGroup] = []
    for name in SHOWN_FACETS:
        links: list[FacetLink] = []
        for facet in answer.page.facets.get(name, ()):
            if name == "year":
                span = f"{facet.value}-01-01..{facet.value}-12-31"
                active = url.has("published", span)
                href = url.replaced("published", None if active else span)
            else:
                active = url.has(name, facet.value)
                href = url.toggled(name, facet.value)
            links.append(FacetLink(facet_label(name, facet.value, lang), facet.count, href, active))
        links.sort(key=lambda link: not link.active)
        if len(links) > 1 or any(link.active for link in links):
            head, tail = tuple(links[:FACET_HEAD]), tuple(links[FACET_HEAD:])
            groups.append(FacetGroup(name, say(lang, f"filter.{name}"), head, tail))
    return tuple(groups)


def active_filters(params: PageParams, lang: Lang) -> tuple[FacetLink, ...]:
    """The filters set by parameters, as links that lift them."""
    url = PageUrl(params)
    chips: list[FacetLink] = []
    for name, value in url.pairs:
        if name in ("q", "sort", "limit"):
            continue
        label = say(lang, f"filter.open_{value}") if name == "open" else facet_label(name, value, lang)
        if name not in ("open",):
            label = f"{say(lang, f'filter.{name}')}: {label}"
        chips.append(FacetLink(label, 0, url.toggled(name, value), active=True))
    return tuple(chips)


def quick_filters(params: PageParams, today: date, lang: Lang) -> tuple[FacetLink, ...]:
    """Open for comment, and closing soon."""
    url = PageUrl(params)
    soon = f"{today.isoformat()}..{(today + timedelta(days=14)).isoformat()}"
    is_open, is_soon = url.has("open", "true"), url.has("deadline", soon)
    return (
        FacetLink(say(lang, "filter.open_true"), 0, url.replaced("open", None if is_open else "true"), is_open),
        FacetLink(say(lang, "filter.closing_soon"), 0, url.replaced("deadline", None if is_soon else soon), is_soon),
    )
