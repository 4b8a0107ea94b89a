"""Gathers text into lines: list markers stay with their text, closing punctuation with the quotation it ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from crawlers.eu.blocks import MARK, MARK_END, Block, Mark, joins_last

P = TypeVar("P")
_NOTHING = f" \n\t\r\xa0{MARK}{MARK_END}"


class LineWriter(ABC, Generic[P]):
    """Lines in the making. A line belongs to the place where its first word stands."""

    def __init__(self, place: P) -> None:
        self.blocks: list[Block] = []
        self._start = place
        self._text: list[str] = []
        self._marks: list[Mark] = []
        self._glued = False  # only a list marker stands in the line: the next block goes on with it

    @abstractmethod
    def block(self, text: str, marks: tuple[Mark, ...], place: P) -> Block:
        """The finished line as a block."""

    def write(self, text: str | None, place: P) -> None:
        """Add text to the line."""
        if not text:
            return
        if text.strip(_NOTHING):
            if not self._glued and not "".join(self._text).strip(_NOTHING):
                self._start = place
            self._glued = False
        self._text.append(text)

    def write_tail(self, tail: str | None, place: P) -> None:
        """Add text that follows an element; bare punctuation after a block (’;) belongs to the line before."""
        if tail and not "".join(self._text).strip() and joins_last(tail, self.blocks):
            return
        self.write(tail, place)

    def mark(self, mark: Mark) -> None:
        """A modification begins here."""
        self._marks.append(mark)
        self._text.append(MARK)

    def end_mark(self) -> None:
        """An inline modification ends here."""
        self._text.append(MARK_END)

    def glue(self) -> None:
        """What stands in the line is a list marker."""
        if "".join(self._text).strip():
            self._text.append(" ")
            self._glued = True

    def end_block(self) -> None:
        """End the line, unless only a marker stands in it."""
        if not self._glued:
            self.flush()

    def flush(self) -> None:
        """End the line."""
        text, marks = "".join(self._text), tuple(self._marks)
        self._text, self._marks, self._glued = [], [], False
        if text.strip() and (marks or not joins_last(text, self.blocks)):
            self.blocks.append(self.block(text, marks, self._start))
