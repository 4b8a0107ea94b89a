"""The component that reads when an EU act enters into force, applies, ends or is to be transposed.

The publisher's own day of entry into force (metadata) only confirms: a finding that it states too is surer, and one
that it contradicts is less sure, but the act's words stay what they are. They are our reading, hence inferred.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc

from nlp.documents import add, work_of
from nlp.lexical.act_dates import ActDateLabel, act_date_spots
from nlp.lexical.spots import Spot
from notices.model import Facts

ACT_DAYS_VERSION = 1
MOST = 200
"""Findings per act: the longest final articles give about thirty."""
_CONFIRMED, _CONTRADICTED = 0.99, 0.7


def find_act_days(doc: Doc) -> None:
    """Add the dates of an act's final articles, at most :data:`MOST`; nothing for other kinds of notice."""
    facts = work_of(doc).notice.facts
    add(doc, "act_dates", [_confirmed(spot, facts) for spot in act_date_spots(facts)[:MOST]])


def _confirmed(spot: Spot, facts: Facts) -> Spot:
    """The spot, weighed by the publisher's own day of entry into force where it gives one."""
    if spot.label != ActDateLabel.ENTRY_INTO_FORCE or facts.in_force_on is None or not spot.value[:4].isdigit():
        return spot
    agrees = spot.value.partition(" | ")[0] == facts.in_force_on.isoformat()
    return replace(spot, confidence=_CONFIRMED if agrees else _CONTRADICTED)
