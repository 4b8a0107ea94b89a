"""Word lists beside the code: "#" begins a comment."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("data")


def word_list(name: str) -> frozenset[str]:
    """The words of one list of ``nlp/lexical/data``, one a line."""
    return frozenset(line.strip() for line in _lines(name))


def word_table(name: str) -> dict[str, tuple[str, ...]]:
    """The rows of one table of ``nlp/lexical/data``: a key, a tab, words between blanks."""
    rows = (line.split("\t", 1) for line in _lines(name))
    return {key: tuple(dict.fromkeys(words.split())) for key, words in rows}


def _lines(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
