"""An EU act as it is shown: which version it is, how its text came, its days with evidence, its articles one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.sections import section_name
from notices.errors import NotFound
from notices.identity import base_celex
from notices.model import Facts, Finding, Kind, Notice, Section

ACT_DATE_LABELS = ("entry_into_force", "application", "application_end", "transposition")
WHOLE = 30_000
"""A text up to so many characters is shown whole; of a longer one its contents, and a section when asked."""
PIECE = 40_000
"""Characters of a section shown at once."""

_LISTED = frozenset({
    "preamble", "division_part", "division_title", "chapter", "section", "subsection", "article", "annex", "appendix",
    "final", "footnotes",
})  # fmt: skip
_ENTRIES = 2_000
_VERSION = Kind.CONSOLIDATED_ACT  # the publisher says of the act alone whether it is in force
_KEY = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of contents; ``key`` names the section in addresses: "article-8", "annex-xii"."""

    key: str
    name: str
    depth: int
    section: Section
    kind: str


@dataclass(frozen=True, slots=True)
class ActDay:
    """A day of an act with its evidence: ``body[start:end]`` says it; ``key`` is the section that it stands in."""

    label: str
    day: date | None  # None: hangs on an event, which ``text`` says
    text: str
    scope: str  # the provisions meant, "" for the act as a whole
    quote: str
    start: int
    end: int
    key: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Version:
    """Another version of the act, or one of its corrigenda."""

    id: str
    celex: str
    day: date
    kind: str
    text_status: str


@dataclass(frozen=True, slots=True)
class ActView:
    """What an act's page shows beyond what every notice has."""

    celex: str
    consolidated_on: date | None  # None: the text as adopted
    text_status: str  # verbatim, excerpt, reconstructed, missing, not_collected
    in_force: bool | None  # the publisher's word on the day of the crawl
    original: Version | None  # where this is not it
    newest: Version | None  # the newest consolidated version, where it is another
    corrigenda: tuple[Version, ...]
    days: tuple[ActDay, ...]
    contents: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of the body to read: ``body[start:end]``, with where it stands and what comes before and after."""

    entry: Entry | None  # None: the whole text
    start: int
    end: int
    part: int  # of ``parts``, from 1
    parts: int
    before: Entry | None
    after: Entry | None


def act_view(notice: Notice, family: Sequence[Notice], findings: Sequence[Finding], today: date) -> ActView | None:
    """The view of an EU act, its versions and corrigenda; None for any other notice."""
    if notice.source != "eu":
        return None
    facts, celex = notice.facts, identifier(notice.facts, "celex") or notice.id.partition(":")[2]
    contents = contents_of(facts)
    versions = [_version(each) for each in family if each.facts.kind is Kind.CONSOLIDATED_ACT]
    newest = max((each for each in versions if each.day <= today), key=lambda each: each.day, default=None)
    original = next((_version(each) for each in family if each.id == notice.family and each.id != notice.id), None)
    leader = next((each.facts for each in family if each.id == notice.family), facts)
    said = identifier(facts, "in_force") or (identifier(leader, "in_force") if facts.kind is _VERSION else None)
    return ActView(
        celex=celex,
        consolidated_on=facts.published_on if facts.kind is Kind.CONSOLIDATED_ACT else None,
        text_status=_text_status(facts),
        in_force=None if said not in ("true", "false") else said == "true",
        original=original,
        newest=newest if newest and newest.id != notice.id and base_celex(celex) == base_celex(newest.celex) else None,
        corrigenda=tuple(
            _version(each) for each in family if each.facts.kind is Kind.CORRIGENDUM and each.id != notice.id
        ),
        days=tuple(_day(each, facts, contents) for each in findings if each.label in ACT_DATE_LABELS),
        contents=contents,
    )


def identifier(facts: Facts, scheme: str) -> str | None:
    """The first identifier of a scheme."""
    return next((each.value for each in facts.identifiers if each.scheme == scheme), None)


def contents_of(facts: Facts) -> tuple[Entry, ...]:
    """The table of contents in text order: divisions, articles, annexes; each key is there once."""
    found: list[Entry] = []
    taken: dict[str, int] = {}
    for section in facts.sections:
        if section.kind not in _LISTED or len(found) >= _ENTRIES:
            continue
        key = _KEY.sub("-", f"{section.kind}-{section.number}".casefold()).strip("-")
        taken[key] = taken.get(key, 0) + 1
        name = section_name(section, facts.language)
        unique = key if taken[key] == 1 else f"{key}.{taken[key]}"
        found.append(Entry(unique, name, section.depth, section, section.kind))
    return tuple(found)


def read_section(facts: Facts, contents: Sequence[Entry], key: str | None, part: int = 1) -> Reading | None:
    """The asked section in pieces of :data:`PIECE`; without a key a text that is short or has no sections.

    None where only the contents are to be shown. Raises NotFound for a section or piece that is not there.
    """
    body = facts.body or ""
    index = next((at for at, entry in enumerate(contents) if entry.key == key), None)
    if key is None:
        if contents and len(body) > WHOLE:
            return None
        entry, pieces = None, _pieces(body, 0, len(body))
    elif index is None:
        raise NotFound(f"This text has no section {key[:80]!r}.")
    else:
        entry = contents[index]
        pieces = _pieces(body, entry.section.start, min(entry.section.end, len(body)))
    if not 1 <= part <= len(pieces):
        raise NotFound(f"There are {len(pieces)} parts of it.")
    return Reading(
        entry,
        *pieces[part - 1],
        part=part,
        parts=len(pieces),
        before=contents[index - 1] if index else None,
        after=contents[index + 1] if index is not None and index + 1 < len(contents) else None,
    )


def place_of(offset: int, contents: Sequence[Entry]) -> Entry | None:
    """The innermost listed section that holds an offset."""
    holding = [entry for entry in contents if entry.section.start <= offset < entry.section.end]
    return min(holding, key=lambda entry: entry.section.end - entry.section.start, default=None)


def part_of(offset: int, entry: Entry, body: str) -> int:
    """Which piece of a section holds an offset, from 1."""
    pieces = _pieces(body, entry.section.start, min(entry.section.end, len(body)))
    return next((number for number, (_, end) in enumerate(pieces, 1) if offset < end), len(pieces))


def _pieces(body: str, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches of at most :data:`PIECE` characters, cut at line ends where there are any."""
    found: list[tuple[int, int]] = []
    while end - start > PIECE:
        cut = body.rfind("\n", start + 1, start + PIECE)
        cut = cut + 1 if cut > start else start + PIECE
        found.append((start, cut))
        start = cut
    return [*found, (start, end)]


def _version(notice: Notice) -> Version:
    celex = identifier(notice.facts, "celex") or notice.id.partition(":")[2]
    facts = notice.facts
    return Version(notice.id, celex, facts.published_on, str(facts.kind), _text_status(facts))


def _text_status(facts: Facts) -> str:
    return identifier(facts, "text_status") or ("verbatim" if facts.body else "not_collected")


def _day(finding: Finding, facts: Facts, contents: Sequence[Entry]) -> ActDay:
    body = facts.body or ""
    when, _, scope = finding.value.partition(" | ")
    try:
        day = date.fromisoformat(when)
    except ValueError:
        day = None
    entry = place_of(finding.start, contents)
    return ActDay(
        label=finding.label,
        day=day,
        text=when,
        scope=scope,
        quote=body[finding.start : finding.end],
        start=finding.start,
        end=finding.end,
        key=entry.key if entry else None,
        confidence=finding.confidence,
    )
