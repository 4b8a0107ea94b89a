"""Dossier of an EU act (``crawlers.eu.dossier``) → draft. Pure.

The text is the English one, else the French; the other language is compared with it article by article. A consolidated
version whose text can't be had is a notice without a body, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from crawlers.eu.acts import ActText, read_act
from crawlers.eu.dossier import Dossier, Text, unpack_dossier
from crawlers.facts import SourceFacts
from crawlers.markup import plain_text
from crawlers.pages.drafts import Dead, Draft, PageParser, PageResult
from crawlers.pages.reading import read_date
from notices.errors import CountMismatch, CrawlError, Gone, LayoutChanged, UnexpectedValue
from notices.identity import base_celex, eu_id
from notices.model import Facts, Identifier, Kind, Link, LinkRole, Relation, RelationType
from notices.runs import Issue

_VERSION = re.compile(r"0\d{4}[A-Z]{1,2}\d{4}(?:R\(\d{2}\))?-(\d{4})(\d{2})(\d{2})")
_CORRIGENDUM = re.compile(r".*R\(\d{2}\)")
_RELATIONS = {
    "amends": RelationType.AMENDS,
    "repeals": RelationType.REPEALS,
    "based_on": RelationType.IMPLEMENTS,
    "corrects": RelationType.CORRECTS,
    "consolidates": RelationType.CONSOLIDATES,
}
_OPEN_END = 9999
_COMPARED = ("article", "recital", "annex")


def parse(body: bytes, facts: SourceFacts) -> PageResult:
    """The one act of a dossier, or a dead letter for it. Raises FetchError, LayoutChanged for what is no dossier."""
    dossier = unpack_dossier(body)
    try:
        return _read_dossier(dossier, facts)
    except CrawlError as error:
        return PageResult(1, dead=(Dead(dossier.celex, dossier.celex, error.code, error.detail),))


def _read_dossier(dossier: Dossier, facts: SourceFacts) -> PageResult:
    texts = {text.language: _read(text) for text in dossier.texts}
    language = next((name for name in ("en", "fr") if name in texts), None)
    draft = Draft(eu_id(dossier.celex), dossier.celex, _facts(dossier, facts, language, texts.get(language or "")))
    return PageResult(1, (draft,), issues=_issues(dossier, texts))


def _read(text: Text) -> ActText:
    return read_act([(text.media_type, body) for _, body in text.files])


def _facts(dossier: Dossier, facts: SourceFacts, language: str | None, text: ActText | None) -> Facts:
    celex, said = dossier.celex, dossier.facts
    kind = kind_of(celex, said.get("type", ()), facts)
    adopted_on = _earliest(said.get("date", ()), "date")
    title_en, title_fr = plain_text(dossier.titles.get("en")), plain_text(dossier.titles.get("fr"))
    title = title_en or (_own_title(text) if language == "en" else None) or title_fr or _own_title(text) or celex
    return Facts(
        kind=kind,
        published_on=_published_on(celex, said, adopted_on, text),
        title=title,
        title_original=title_fr if title_fr != title else None,
        language=language or ("en" if title_en else "fr" if title_fr else facts.language),
        members=("EU",),
        body=text.outline.body if text else None,
        adopted_on=None if kind in (Kind.CONSOLIDATED_ACT, Kind.CORRIGENDUM) else adopted_on,
        in_force_on=_earliest(said.get("in_force_on", ()), "in_force_on"),
        keywords=tuple(sorted(said.get("eurovoc", ()))),
        identifiers=_identifiers(dossier, text),
        links=_links(dossier),
        relations=_relations(celex, said),
        sections=text.outline.sections if text else (),
    )


def kind_of(celex: str, types: tuple[str, ...], facts: SourceFacts) -> Kind:
    """The kind by the CELEX number where it says so, else by resource type. Raises UnexpectedValue."""
    if _VERSION.fullmatch(celex):
        return Kind.CONSOLIDATED_ACT
    if _CORRIGENDUM.fullmatch(celex):
        return Kind.CORRIGENDUM
    for name in sorted(types):
        if name in facts.kinds:
            return facts.kinds[name]
    raise UnexpectedValue(f"{celex}: unknown resource type {', '.join(types) or 'none'}.", value=celex)


def _published_on(
    celex: str, said: Mapping[str, tuple[str, ...]], adopted_on: date | None, text: ActText | None
) -> date:
    """The Official Journal's date; of a consolidated version the day from which it holds. Raises LayoutChanged."""
    if found := _VERSION.fullmatch(celex):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError as error:
            raise LayoutChanged(f"{celex} names no date.") from error
    day = _earliest(said.get("oj_date", ()), "oj_date") or (text.published_on if text else None) or adopted_on
    if day is None:
        raise LayoutChanged(f"{celex} has no date at all.")
    return day


def _earliest(values: tuple[str, ...], what: str) -> date | None:
    days = [day for value in values if (day := None if value.startswith(str(_OPEN_END)) else read_date(value, what))]
    return min(days, default=None)


def _own_title(text: ActText | None) -> str | None:
    """The title as it stands at the head of the text."""
    if text is None:
        return None
    head = next((section for section in text.outline.sections if section.kind == "title"), None)
    return " ".join(text.outline.body[head.start : head.end].split("\n")) if head else None


def _identifiers(dossier: Dossier, text: ActText | None) -> tuple[Identifier, ...]:
    status = text.status if text else "missing" if dossier.missing else "not_collected"
    found = [Identifier("celex", dossier.celex), Identifier("text_status", status)]
    found += [Identifier("eli", value) for value in dossier.facts.get("eli", ())]
    found += [Identifier("in_force", value.casefold()) for value in dossier.facts.get("in_force", ())[:1]]
    if text and text.version:
        found.append(Identifier("text_version", text.version))
    if text and text.published_on and _VERSION.fullmatch(dossier.celex):
        found.append(Identifier("oj_date", text.published_on.isoformat()))  # of the act itself
    if text and _VERSION.fullmatch(dossier.celex):
        found += [Identifier("incorporates", celex) for celex in text.altered_by]
    return tuple(sorted(set(found)))


def _links(dossier: Dossier) -> tuple[Link, ...]:
    celex = dossier.celex
    page = "https://eur-lex.europa.eu/legal-content/{}/TXT/?uri=CELEX:" + celex
    found = [Link(page.format("EN"), LinkRole.SOURCE, None, "en")]
    if "fr" in dossier.titles or any(text.language == "fr" for text in dossier.texts):
        found.append(Link(page.format("FR"), LinkRole.OTHER, None, "fr"))
    found.append(Link(f"http://publications.europa.eu/resource/celex/{celex}", LinkRole.DOCUMENT))
    return tuple(sorted(found, key=lambda link: link.url))


def _relations(celex: str, said: Mapping[str, tuple[str, ...]]) -> tuple[Relation, ...]:
    """Relations to other acts, by notice id; a version consolidates its act also where the endpoint does not say so."""
    found = {Relation(kind, eu_id(target)) for name, kind in _RELATIONS.items() for target in said.get(name, ())}
    if base_celex(celex) != celex:
        kind = RelationType.CONSOLIDATES if _VERSION.fullmatch(celex) else RelationType.CORRECTS
        found.add(Relation(kind, eu_id(base_celex(celex))))
    return tuple(sorted(found))


def _issues(dossier: Dossier, texts: Mapping[str, ActText]) -> tuple[Issue, ...]:
    found = []
    if dossier.missing and not texts:
        detail = f"{dossier.celex} is listed, but its text can't be had in {' or '.join(sorted(dossier.missing))}."
        found.append(Issue("warning", Gone.code, detail, dossier.celex))
    if len(texts) == 2 and {text.status for text in texts.values()} == {"verbatim"}:
        counts = {name: [text.outline.count(kind) for kind in _COMPARED] for name, text in sorted(texts.items())}
        if len({tuple(count) for count in counts.values()}) > 1:
            shown = "; ".join(f"{name} {'/'.join(map(str, count))}" for name, count in counts.items())
            detail = f"{dossier.celex}: articles/recitals/annexes differ between languages ({shown})."
            found.append(Issue("info", CountMismatch.code, detail, dossier.celex))
    return tuple(found)


PARSER = PageParser("eu_acts", 1, parse)
