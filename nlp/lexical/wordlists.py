"""Word lists beside the code: one word a line, "#" begins a comment."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("data")


def word_list(name: str) -> frozenset[str]:
    """The words of one list of ``nlp/lexical/data``."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
