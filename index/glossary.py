"""What trade words mean in the other language and in HS codes, as spans of a typed text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expansion:
    """``text[start:end]`` may also be said as ``alternatives``, and lies under the ``hs`` codes (bare digits)."""

    start: int
    end: int
    alternatives: tuple[str, ...]
    hs: tuple[str, ...]


def expansions(text: str) -> list[Expansion]:
    """Every glossary entry that stands in the text; they may lie within each other."""
    del text
    return []
