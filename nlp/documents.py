"""A notice as one spaCy Doc: its fields one after the other, findings kept per component and as span groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from nlp.lexical.spots import Spot
from notices.model import TEXT_FIELDS, Facts, Finding, Notice

LIST_FIELDS = ("hs_codes", "ics_codes", "agencies", "keywords")
LIST_SEPARATOR = "; "
_GAP = "\n\n"
# Digits, letters and signs apart, so that nearly every finding begins and ends with a token; a blank belongs to the
# token before it, so the words give back the text.
_TOKEN = re.compile(r"(\d+|[^\W\d]+|[^\w\s]|\s)( ?)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field's text stands in the Doc."""

    field: str
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Component:
    """One way of looking at a notice: its name, its version, what it does, what it needs and gives (for spaCy)."""

    name: str
    version: int
    run: Callable[[Doc], None]
    requires: tuple[str, ...] = ("doc._.work",)
    assigns: tuple[str, ...] = ("doc.spans",)


@dataclass(slots=True)
class Work:
    """What a Doc carries as ``doc._.work``: the notice, where its fields stand, and what each component made of it."""

    notice: Notice
    places: list[Place]
    wanted: Mapping[str, Component]  # the components that shall look
    findings: dict[str, list[Finding]]
    failures: list[tuple[str, Exception]] = field(default_factory=list)

    def texts(self) -> dict[str, str]:
        """The prose fields that the notice has, in model order."""
        return {place.field: place.text for place in self.places if place.field not in LIST_FIELDS}


def register_extensions() -> None:
    """Declare ``doc._.work``; done again it changes nothing."""
    if not Doc.has_extension("work"):
        Doc.set_extension("work", default=None)


def work_of(doc: Doc) -> Work:
    """The work that a Doc carries. One look-up: spaCy makes a new underscore object for each."""
    work: Work = doc._.work
    return work


def field_text(facts: Facts, name: str) -> str:
    """The text that findings of a field count in: prose as it is, values joined by "; "; "" for none."""
    value = getattr(facts, name)
    if name == "agencies":
        return LIST_SEPARATOR.join(agency.name for agency in facts.agencies)
    if isinstance(value, tuple):
        return LIST_SEPARATOR.join(value)
    return value or ""


def open_document(vocab: Vocab, notice: Notice, wanted: Mapping[str, Component]) -> Doc:
    """The Doc of a notice, for the ``wanted`` components to look at."""
    places: list[Place] = []
    offset = 0
    for name in (*TEXT_FIELDS, *LIST_FIELDS):
        text = field_text(notice.facts, name)
        if text:
            places.append(Place(name, offset, text))
            offset += len(text) + len(_GAP)
    doc = make_document(vocab, _GAP.join(place.text for place in places))
    doc._.work = Work(notice, places, wanted, {name: [] for name in wanted})
    return doc


def make_document(vocab: Vocab, text: str) -> Doc:
    """The text in fine tokens; ``doc.text == text``."""
    pairs = _TOKEN.findall(text)
    return Doc(vocab, words=[word for word, _ in pairs], spaces=[bool(blank) for _, blank in pairs])


def add(doc: Doc, component: str, spots: Sequence[Spot]) -> None:
    """Keep what a component found: as findings, and as spans of the group that is named like the label."""
    if not spots:
        return
    work = work_of(doc)
    starts = {place.field: place.start for place in work.places}
    version = work.wanted[component].version
    groups: dict[str, list[Span]] = {}
    for spot in spots:
        work.findings[component].append(_finding(work.notice, component, version, spot))
        begin = starts[spot.field]
        span = doc.char_span(begin + spot.start, begin + spot.end, label=spot.label, alignment_mode="expand")
        if span is not None:
            groups.setdefault(spot.label, []).append(span)
    for label, spans in groups.items():
        doc.spans[label] = [*doc.spans.get(label, ()), *spans]


def _finding(notice: Notice, component: str, version: int, spot: Spot) -> Finding:
    return Finding(
        notice_id=notice.id,
        revision=notice.revision,
        component=component,
        component_version=version,
        label=spot.label,
        value=spot.value,
        field=spot.field,
        start=spot.start,
        end=spot.end,
        confidence=spot.confidence,
        rule=spot.rule,
        provenance=spot.provenance,
    )
