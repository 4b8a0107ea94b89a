"""``tongbo regimes check``: every figure of every card against the law's own words, as the store has them.

A figure counts as verified when its quote stands verbatim under its locator in the newest version that the store
knows, that version is a whole recorded text with the sha256 that the card was read in, and the quote says the value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from notices.model import Notice
from notices.ports import NoticeStore
from notices.regimes.locators import field_text, spans
from notices.regimes.model import Figure, HsScope, Level, Regime, Standing, TextRef
from notices.regimes.values import Style, value_in
from notices.regimes.versions import Versions, text_status


class Outcome(StrEnum):
    """What became of a figure or code. The last four are mismatches: the card or the text is wrong."""

    STANDS = "stands"
    UNREAD = "unread"  # the card itself says why it is unverified
    NOT_STORED = "not_stored"
    NOT_WHOLE = "not_whole"
    STALE = "stale"  # still so in a newer version, but the card was read in an older one
    CHANGED = "changed"  # the same version has other words than those that were read; the quote still stands
    AMENDED = "amended"  # an amending act is known that the newest version has not taken in
    NO_PLACE = "no_place"
    NO_QUOTE = "no_quote"
    NO_VALUE = "no_value"
    NOT_LISTED = "not_listed"


MISMATCHES = frozenset({Outcome.NO_PLACE, Outcome.NO_QUOTE, Outcome.NO_VALUE, Outcome.NOT_LISTED})


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure (or HS code) with what the check found; ``start``/``end`` are the quote's place in the field."""

    item: str
    claimed: Level
    level: Level
    outcome: Outcome
    detail: str = ""
    notice_id: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class CardReport:
    """The figures of one card, and the HS codes that the law lists itself."""

    id: str
    figures: tuple[Checked, ...]
    codes: tuple[Checked, ...]
    codes_ours: int

    def count(self, level: Level) -> int:
        """How many figures reached this level."""
        return sum(1 for figure in self.figures if figure.level is level)

    @property
    def mismatches(self) -> tuple[Checked, ...]:
        """Figures and codes that the text contradicts."""
        return tuple(found for found in (*self.figures, *self.codes) if found.outcome in MISMATCHES)

    @property
    def lowered(self) -> tuple[Checked, ...]:
        """Figures that reached less than their card claims, mismatches aside."""
        return tuple(
            found for found in self.figures if found.level is not found.claimed and found.outcome not in MISMATCHES
        )


@dataclass(frozen=True, slots=True)
class RegimeReport:
    """The whole check."""

    cards: tuple[CardReport, ...]

    @property
    def total(self) -> int:
        """All figures of all cards."""
        return sum(len(card.figures) for card in self.cards)

    def count(self, level: Level) -> int:
        """How many figures reached this level."""
        return sum(card.count(level) for card in self.cards)

    @property
    def mismatches(self) -> int:
        """Figures and codes that the text contradicts; the check fails above 0."""
        return sum(len(card.mismatches) for card in self.cards)


def check_regimes(cards: Sequence[Regime], store: NoticeStore) -> RegimeReport:
    """Check every figure and every listed HS code. Reads the store, writes nothing."""
    versions = Versions(store)
    return RegimeReport(
        tuple(
            CardReport(
                card.id,
                tuple(_figure(figure, versions) for figure in card.figures),
                tuple(_code(entry, versions) for entry in card.hs if entry.text is not None),
                sum(1 for entry in card.hs if entry.text is None),
            )
            for card in cards
        )
    )


def sha256_of(text: str) -> str:
    """The sum that a card keeps of the text it was read in."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _figure(figure: Figure, versions: Versions) -> Checked:
    if figure.text is None:
        return _lower(figure, Outcome.UNREAD, figure.reason.en if figure.reason else "")
    notice, outcome, detail = _standing(figure.text, versions)
    if notice is None:
        return _lower(figure, outcome, detail)
    text = field_text(notice.facts, figure.text.field) or ""
    places = spans(notice.facts, figure.text.field, figure.locator)
    if not places:
        return _lower(figure, Outcome.NO_PLACE, f"{notice.id} has no {figure.locator}")
    quote = figure.quote or ""
    at = next((found for start, end in places if (found := text.find(quote, start, end)) >= 0), -1)
    if at < 0:
        elsewhere = " (it stands elsewhere in the text)" if quote in text else ""
        return _lower(figure, Outcome.NO_QUOTE, f"{notice.id} does not say {quote!r} in {figure.locator}{elsewhere}")
    if not value_in(quote, figure.value, figure.unit, _style(figure.text)):
        return _lower(figure, Outcome.NO_VALUE, f"{quote!r} does not say {figure.value} {figure.unit}")
    level = figure.level if outcome is Outcome.STANDS else Level.UNVERIFIED
    return Checked(figure.id, figure.level, level, outcome, detail, notice.id, at, at + len(quote))


def _lower(figure: Figure, outcome: Outcome, detail: str) -> Checked:
    return Checked(figure.id, figure.level, Level.UNVERIFIED, outcome, detail)


def _standing(ref: TextRef, versions: Versions) -> tuple[Notice | None, Outcome, str]:
    """The notice whose text counts now, and whether the card was read in exactly that text."""
    notice = versions.named(ref.id)
    if ref.standing is Standing.NEWEST:
        newest = versions.newest(ref.id)
        if newest is None:
            return None, Outcome.NOT_STORED, f"{ref.id} is not in the store: collect it first"
        if field_text(newest.facts, ref.field) is None:
            return None, Outcome.NOT_WHOLE, f"the newest version known, {newest.id}, has no text here"
        if text_status(newest) != "verbatim":
            return None, Outcome.NOT_WHOLE, f"{newest.id} is no whole recorded text ({text_status(newest)})"
        if newest.id != ref.id:
            return newest, Outcome.STALE, f"read in {ref.id}; {newest.id} is newer: read again"
        if unknown := versions.amended_by(newest) - set(ref.known_amendments):
            return newest, Outcome.AMENDED, f"{', '.join(sorted(unknown))} amends it and is not in {newest.id}"
        notice = newest
    if notice is None or field_text(notice.facts, ref.field) is None:
        return None, Outcome.NOT_STORED, f"the text of {ref.id} is not in the store: collect it first"
    if sha256_of(field_text(notice.facts, ref.field) or "") != ref.sha256:
        return notice, Outcome.CHANGED, f"{notice.id} has other words than those that were read: read again"
    return notice, Outcome.STANDS, ""


def _code(entry: HsScope, versions: Versions) -> Checked:
    """Whether the law's own list names the code, as it writes codes: 85, 8507, 8507 60."""
    ref = entry.text
    if ref is None:
        raise ValueError(f"HS {entry.code} is ours, there is no list to check it against")
    claimed = Level.VERIFIED if ref.standing is Standing.NEWEST else Level.AS_ADOPTED
    notice, outcome, detail = _standing(ref, versions)
    if notice is None:
        return Checked(entry.code, claimed, Level.UNVERIFIED, outcome, detail)
    text = field_text(notice.facts, ref.field) or ""
    written = entry.code if len(entry.code) < 6 else f"{entry.code[:4]} {entry.code[4:]}"
    for start, end in spans(notice.facts, ref.field, entry.listed_in or ""):
        if (at := _token(text, written, start, end)) >= 0:
            level = claimed if outcome is Outcome.STANDS else Level.UNVERIFIED
            return Checked(entry.code, claimed, level, outcome, detail, notice.id, at, at + len(written))
    detail = f"{notice.id} does not list {written} in {entry.listed_in}"
    return Checked(entry.code, claimed, Level.UNVERIFIED, Outcome.NOT_LISTED, detail)


def _token(text: str, written: str, start: int, end: int) -> int:
    """Where the code stands as a word of its own; -1 when it does not."""
    for at in _finds(text, written, start, end):
        before, after = text[at - 1 : at], text[at + len(written) : at + len(written) + 1]
        if not before.isdigit() and not after.isdigit():
            return at
    return -1


def _finds(text: str, written: str, start: int, end: int) -> Iterator[int]:
    at = text.find(written, start, end)
    while at >= 0:
        yield at
        at = text.find(written, at + 1, end)


def _style(ref: TextRef) -> Style:
    return "eu" if ref.id.startswith("eu:") else "us"
