"""What a grammar found in a text, before it becomes a finding of a notice."""

from __future__ import annotations

from dataclasses import dataclass

from notices.model import Provenance


@dataclass(frozen=True, slots=True)
class Spot:
    """One value with its evidence, ``text[start:end]`` of ``field``; ``rule`` says which rule spoke and why."""

    label: str
    value: str
    field: str
    start: int
    end: int
    rule: str
    confidence: float = 1.0
    provenance: Provenance = Provenance.INFERRED
