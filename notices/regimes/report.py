"""The check in words and as JSON: per card how many figures stand, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notices.regimes.check import MISMATCHES, CardReport, Checked, Outcome, RegimeReport
from notices.regimes.model import Level, Regime

CONTRADICTED = MISMATCHES | {Outcome.STALE, Outcome.CHANGED, Outcome.AMENDED}
"""Outcomes that want a person to read the law again."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line with how grave it is: plain | good | warn | bad."""

    text: str
    tone: str = "plain"


def contradicted(report: RegimeReport) -> int:
    """Figures and codes of which the store's texts say something else, or a newer thing."""
    return sum(1 for card in report.cards for found in (*card.figures, *card.codes) if found.outcome in CONTRADICTED)


def nothing_checked(report: RegimeReport) -> bool:
    """True when no figure that claims a text could be compared with one: the acts were never collected."""
    claims = [found for card in report.cards for found in card.figures if found.claimed is not Level.UNVERIFIED]
    return bool(claims) and all(found.outcome is Outcome.NOT_STORED for found in claims)


def report_lines(report: RegimeReport, cards: Sequence[Regime]) -> Iterator[Line]:
    """What ``tongbo regimes check`` prints."""
    names = {card.id: card.name for card in cards}
    for card in report.cards:
        yield Line(f"{card.id}  {names[card.id].ko} · {names[card.id].en}")
        tone = "bad" if card.mismatches else "good" if card.count(Level.VERIFIED) == len(card.figures) else "plain"
        yield Line(f"  {_counts(card)}", tone)
        for (outcome, detail), items in _grouped((*card.figures, *card.codes)).items():
            tone = "bad" if outcome in CONTRADICTED else "warn"
            yield Line(f"  {outcome.value}: {detail} [{', '.join(items)}]", tone)
    totals = ", ".join(f"{report.count(level)} {level.value.replace('_', ' ')}" for level in Level)
    yield Line(
        f"{report.total} figures on {len(report.cards)} cards: {totals}; {report.mismatches} mismatches",
        "bad" if contradicted(report) else "good",
    )
    if nothing_checked(report):
        yield Line("No text of the cards is in the store: run `tongbo crawl eu-cellar us-fr` first.", "warn")


def report_json(report: RegimeReport) -> dict[str, Any]:
    """The same as JSON."""
    return {
        **_numbers(report.total, {level: report.count(level) for level in Level}),
        "mismatches": report.mismatches,
        "contradicted": contradicted(report),
        "cards": [
            {
                "id": card.id,
                **_numbers(len(card.figures), {level: card.count(level) for level in Level}),
                "mismatches": len(card.mismatches),
                "figures": [_item(found) for found in card.figures],
                "hs_listed": [_item(found) for found in card.codes],
                "hs_ours": card.codes_ours,
            }
            for card in report.cards
        ],
    }


def _counts(card: CardReport) -> str:
    parts = [f"{len(card.figures)} figures"]
    parts += [f"{card.count(level)} {level.value.replace('_', ' ')}" for level in Level]
    listed = sum(1 for found in card.codes if found.outcome is Outcome.STANDS)
    parts.append(f"HS codes: {listed} of {len(card.codes)} found in the law's list, {card.codes_ours} ours")
    return " · ".join(parts)


def _grouped(found: Iterable[Checked]) -> dict[tuple[Outcome, str], list[str]]:
    groups: dict[tuple[Outcome, str], list[str]] = {}
    for item in found:
        if item.outcome is not Outcome.STANDS:
            groups.setdefault((item.outcome, item.detail), []).append(item.item)
    return groups


def _numbers(total: int, counts: Mapping[Level, int]) -> dict[str, int]:
    return {"total": total, **{level.value: count for level, count in counts.items()}}


def _item(found: Checked) -> dict[str, Any]:
    return {
        "id": found.item,
        "claimed": found.claimed.value,
        "level": found.level.value,
        "outcome": found.outcome.value,
        "detail": found.detail,
        "notice": found.notice_id,
        "start": found.start,
        "end": found.end,
    }
