"""What every reader of an act gives: a flat row of blocks, each a line of text with the part it plays.

Footnote marks and modification marks (►M1 … ◄) stand in the text as private-use characters until the outline is built;
:func:`settle` makes white space definite once, so offsets stay true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

NOTE = "\ue000"
"""Where a reference to a footnote stood."""
MARK = "\ue001"
"""Where a modification begins; the block's ``marks`` say which, in order."""
MARK_END = "\ue002"
"""Where an inline modification ends (◄)."""

_NOTE_REFERENCE = re.compile(rf"\s*(?:\(\s*{NOTE}\s*\)|{NOTE})")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff]")
_AROUND_MARKS = re.compile(rf"[\s{MARK}{MARK_END}]*[{MARK}{MARK_END}][\s{MARK}{MARK_END}]*")
_BEFORE_STOP = re.compile(r"(?<=\w) (?=[.,;](?:\s|$))")  # "EUR 1 500 000 ." is the typesetting's blank
_CLOSING = tuple(".,;:)’”")
_OPENING = tuple("(‘“")
_SUPERSCRIPT = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")


class Role(StrEnum):
    """The part that a block plays in an act."""

    TITLE = "title"
    PREAMBLE = "preamble"
    RECITAL = "recital"
    DIVISION = "division"
    DIVISION_TITLE = "division_title"
    ARTICLE = "article"
    ARTICLE_TITLE = "article_title"
    FINAL = "final"
    ANNEX = "annex"
    APPENDIX = "appendix"
    PART = "part"
    TEXT = "text"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Mark:
    """A modification: its sign ("M2"), the act that made it, and whether it lasts to the next one or to ◄."""

    sign: str
    source: str
    inline: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One line. ``nested`` says that it stands inside a list, a table or a quotation; ``level`` is that of a part."""

    role: Role
    text: str
    nested: bool = False
    level: int = 0
    marks: tuple[Mark, ...] = ()


def settle(text: str) -> str:
    """One line with every run of white space one blank and references to footnotes taken out; marks stay."""
    text = _NOTE_REFERENCE.sub("", _INVISIBLE.sub("", text))
    return _BEFORE_STOP.sub("", " ".join(_AROUND_MARKS.sub(_tighten, text).split()))


def _tighten(found: re.Match[str]) -> str:
    """Marks with one blank before them where a blank must stay when they are gone."""
    marks = "".join(found[0].split())
    before, after = found.string[: found.start()].rstrip(), found.string[found.end() :]
    bare = len(marks) == len(found[0]) or not before or not after
    return marks if bare or before.endswith(_OPENING) or after.startswith(_CLOSING) else f" {marks}"


def superscript(text: str) -> str:
    """Exponents as Unicode superscripts ("10⁻⁶", "m³"); anything else as it stands ("1er")."""
    raised = text.strip().translate(_SUPERSCRIPT)
    return raised if raised and all(char in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ" for char in raised) else text


_PUNCTUATION = re.compile(r"[;.,:’'”\")\]]{1,6}")


def joins_last(text: str, blocks: list[Block]) -> bool:
    """Append bare punctuation (’;) after a quoted block to the line that it ends; False when there is none to end."""
    if not _PUNCTUATION.fullmatch(text.strip()):
        return False
    for at in range(len(blocks) - 1, -1, -1):
        if blocks[at].role is not Role.NOTE:
            blocks[at] = replace(blocks[at], text=blocks[at].text.rstrip() + text.strip())
            return True
    return False
