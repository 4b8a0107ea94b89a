"""The literal guard: a claim whose text says a day, figure, code or body that its citations do not say is dropped."""

from __future__ import annotations

from collections.abc import Iterable

from chatbot.literals import unsaid
from notices.answers import Claim


def sources_of(claim: Claim) -> str:
    """All that a claim may copy from: its quotes, and the headings under which they stand."""
    quotes = [citation.quote for citation in claim.citations]
    headings = [heading for citation in claim.citations for heading in citation.heading_path]
    return "\n".join((*quotes, *headings))


def invented(claim: Claim) -> set[str]:
    """What the claim says and its citations do not; a claim without citations may say nothing at all."""
    if not claim.citations:
        return {"no citation"}
    return unsaid(claim.text, sources_of(claim))


def sound(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims that invent nothing, in order."""
    return tuple(claim for claim in claims if not invented(claim))
