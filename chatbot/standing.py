"""Which text of a family counts, and what kind of word it is: law as amended, as adopted, or only a proposal."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from notices.model import Kind, Notice
from notices.ports import Store

_PROPOSALS = frozenset({Kind.REGULAR, Kind.URGENT, Kind.ADDENDUM, Kind.REVISION, Kind.SUPPLEMENT, Kind.PROPOSED_RULE})
_ACTS = frozenset({Kind.ACT, Kind.IMPLEMENTING_ACT, Kind.CONSOLIDATED_ACT})


class Standing(StrEnum):
    """What a text is."""

    AMENDED = "amended"  # consolidated: the act with its amendments up to a day
    ADOPTED = "adopted"  # the act as it was adopted
    PROPOSED = "proposed"  # a notification or a proposed rule: no law in force
    PUBLISHED = "published"  # a final rule, notice or guidance as published


def standing_of(notice: Notice) -> Standing:
    """What kind of word a notice is."""
    if notice.facts.kind is Kind.CONSOLIDATED_ACT:
        return Standing.AMENDED
    if notice.facts.kind in _PROPOSALS:
        return Standing.PROPOSED
    return Standing.ADOPTED if notice.facts.kind in _ACTS else Standing.PUBLISHED


def newest_texts(store: Store, family: str, today: date) -> list[Notice]:
    """The notices of a family that may be quoted on a day: of an act its newest consolidated text, else the original.

    Other families give every document that is not withdrawn, newest first.
    """
    members = [each for each in store.family(family) if not each.withdrawn and each.facts.published_on <= today]
    if not any(each.facts.kind in _ACTS for each in members):
        return sorted(members, key=lambda each: (each.facts.published_on, each.id), reverse=True)[:6]
    texts = [each for each in members if each.facts.body and each.facts.kind in _ACTS]
    consolidated = [each for each in texts if each.facts.kind is Kind.CONSOLIDATED_ACT]
    best = max(consolidated or texts, key=lambda each: (each.facts.published_on, each.id), default=None)
    return [best] if best else [each for each in members if each.id == family]


def gap(store: Store, notice: Notice, today: date) -> str | None:
    """The id of a newer consolidated version that is listed without its text; None when there is none."""
    if notice.facts.kind not in _ACTS:
        return None
    own = notice.facts.published_on if notice.facts.kind is Kind.CONSOLIDATED_ACT else date.min
    newer = [
        each
        for each in store.family(notice.family)
        if each.facts.kind is Kind.CONSOLIDATED_ACT and own < each.facts.published_on <= today and not each.facts.body
    ]
    return max(newer, key=lambda each: each.facts.published_on).id if newer else None
