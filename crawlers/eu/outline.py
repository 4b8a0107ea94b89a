"""A row of blocks → one text and the sections in it, with exact offsets.

Sections form a tree by their offsets, in the order in which they begin, the outer one first. Kinds: ``title``,
``preamble``, ``recital``, ``division_part``, ``division_title``, ``chapter``, ``section``, ``subsection``, ``article``,
``paragraph``, ``annex``, ``appendix``, ``part`` (headings of annexes), ``final``, ``footnotes``, ``footnote``; besides
them ``amendment``: a stretch that another act put there (consolidated texts), which may overlap any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from crawlers.eu.blocks import MARK, MARK_END, Block, Mark, Role, settle
from notices.model import Section

_ARTICLE = re.compile(
    r"(?:Article|Articles?|Art\.)\s+(?P<number>premier|unique|\d+\w{0,3}(?:\s+(?:bis|ter|quater|quinquies))?)?", re.I
)
_SOLE = re.compile(r"(?:sole|single)\s+article|article\s+unique", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(\d{1,3}(?:[a-z]{0,3}|\s?(?:bis|ter|quater|quinquies|sexies|septies|octies)))\.\s+\S")
_RECITAL = re.compile(r"\((\d{1,4}[a-z]?)\)")
_ANNEX = re.compile(
    r"(?:ANNEXE?S?)(?:\s+(?P<number>[IVXLC]+[a-z]?|[A-Z]|\d{1,3}))?(?:\s*[:–—-]\s*|\s+|$)(?P<title>.*)", re.I
)
_APPENDIX = re.compile(
    r"(?:APPENDIX|APPENDICE|ANNEX|ANNEXE)\s*(?P<number>[IVXLC]+|[A-Z]|\d{1,3})?\b[\s:–—-]*(?P<title>.*)", re.I
)
_NAMED_PART = re.compile(
    r"(PART|PARTIE|SECTION|CHAPTER|CHAPITRE|MODULE)\s+([IVXLC]+|[A-Z]|\d+)\b[\s.:–—-]*(.*)", re.IGNORECASE
)
_NOTE_NUMBER = re.compile(r"\(\s*(\*?\d*)\s*\)\s*")
_DIVISIONS = {
    "PART": ("division_part", 1),
    "PARTIE": ("division_part", 1),
    "TITLE": ("division_title", 2),
    "TITRE": ("division_title", 2),
    "CHAPTER": ("chapter", 3),
    "CHAPITRE": ("chapter", 3),
    "SECTION": ("section", 4),
    "SUBSECTION": ("subsection", 5),
    "SUB-SECTION": ("subsection", 5),
    "SOUS-SECTION": ("subsection", 5),
}
_ARTICLE_RANK, _PARAGRAPH_RANK = 6, 7
_ZONES = {
    Role.TITLE: "title",
    Role.PREAMBLE: "preamble",
    Role.RECITAL: "preamble",
    Role.DIVISION: "enacting",
    Role.ARTICLE: "enacting",
    Role.FINAL: "final",
    Role.ANNEX: "annex",
}


@dataclass(frozen=True, slots=True)
class Outline:
    """The text of an act and what stands where in it."""

    body: str
    sections: tuple[Section, ...]

    def count(self, kind: str) -> int:
        """How many sections of one kind there are."""
        return sum(1 for section in self.sections if section.kind == kind)


@dataclass(slots=True)
class _Open:
    kind: str
    number: str
    rank: int
    start: int
    depth: int
    order: int
    title: str = ""


@dataclass(slots=True)
class _Modification:
    mark: Mark
    start: int


@dataclass(slots=True)
class OutlineBuilder:
    """Takes blocks in order; :meth:`finish` gives the outline."""

    _lines: list[str] = field(default_factory=list)
    _length: int = 0  # of the text so far, with the line break that the next line needs
    _zone: str = ""
    _open: list[_Open] = field(default_factory=list)
    _done: list[tuple[int, int, Section]] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)
    _base: _Modification | None = None
    _inline: _Modification | None = None
    _heading: Role | None = None  # the heading just written, which the next line may complete

    def add_all(self, blocks: Iterable[Block]) -> None:
        """Add every block in order."""
        for block in blocks:
            self.add(block)

    def add(self, block: Block) -> None:
        """Add one line, opening and closing sections as its role demands."""
        if block.role is Role.NOTE:
            text = settle(block.text).replace(MARK, "").replace(MARK_END, "").strip()
            if text:
                self._notes.append(text)
            return
        text = settle(block.text)
        plain = text.replace(MARK, "").replace(MARK_END, "").strip()
        if plain:
            self._prepare(block, plain)
        self._write(text, block.marks)

    def finish(self) -> Outline:
        """Close everything, set the footnotes apart at the end, and give the outline."""
        self._close(0)
        self._end_modifications()
        if self._notes:
            self._begin("footnotes", "", 0)
            for position, note in enumerate(self._notes, 1):
                found = _NOTE_NUMBER.match(note)
                number = (found[1] if found else "") or str(position)
                self._begin("footnote", number, 1)
                self._line(f"({number}) {note[found.end() :] if found else note}")
                self._close(1)
            self._close(0)
        ordered = sorted(self._done, key=lambda item: (item[2].start, item[0], item[1]))
        return Outline("\n".join(self._lines), tuple(section for _, _, section in ordered))

    def _prepare(self, block: Block, text: str) -> None:
        zone = _ZONES.get(block.role, self._zone)
        if zone == "enacting" and self._zone == "annex":  # an agreement in an annex has articles of its own
            self._begin("part", text, 14)
            return
        if zone != self._zone:
            self._close(0)
            self._zone = zone
            if zone in ("title", "preamble", "final"):
                self._begin(zone, "", 0)
        before, self._heading = self._heading, None
        match block.role:
            case Role.ARTICLE | Role.DIVISION | Role.ANNEX | Role.APPENDIX | Role.RECITAL:
                self._head(block.role, text)
            case Role.ARTICLE_TITLE | Role.DIVISION_TITLE:
                self._entitle(text)
            case Role.PART:
                self._part(block, text, before)
            case Role.PREAMBLE:
                self._close(_ARTICLE_RANK)
            case Role.TEXT if not block.nested and (found := _PARAGRAPH.match(text)) and self._in("article"):
                self._begin("paragraph", found[1], _PARAGRAPH_RANK)

    def _head(self, role: Role, text: str) -> None:
        if role is Role.RECITAL:
            found = _RECITAL.match(text)
            self._begin("recital", found[1] if found else "", _ARTICLE_RANK)
        elif role is Role.ARTICLE:
            self._begin("article", _article_number(text), _ARTICLE_RANK)
        elif role is Role.DIVISION:
            word, _, rest = text.partition(" ")
            kind, rank = _DIVISIONS.get(word.upper().rstrip(".:"), ("section", 4))
            self._begin(kind, rest.strip(" .:–—-"), rank)
        else:
            annex = role is Role.ANNEX
            found = (_ANNEX if annex else _APPENDIX).match(text)
            self._begin("annex" if annex else "appendix", (found["number"] or "") if found else "", 0 if annex else 1)
            self._open[-1].title = found["title"].strip() if found else text
        self._heading = role

    def _part(self, block: Block, text: str, before: Role | None) -> None:
        """A heading in an annex; one without a number right after "ANNEX I" or "Part II" is its title."""
        number, _ = _part_number(text)
        if before and not number and self._open and not self._open[-1].title:
            self._open[-1].title = text
            return
        named = _NAMED_PART.match(text)
        rank = 4 + min(block.level, 9) if named is None else 2 if named[1].upper().startswith("PART") else 3
        self._begin("part", text, rank)
        self._heading = block.role

    def _entitle(self, text: str) -> None:
        if self._open and self._open[-1].kind not in ("paragraph", "recital"):
            self._open[-1].title = f"{self._open[-1].title} {text}".strip()

    def _in(self, kind: str) -> bool:
        return any(item.kind == kind for item in self._open)

    def _begin(self, kind: str, number: str, rank: int) -> None:
        self._close(rank)
        number, title = (number, "") if kind != "part" else _part_number(number)
        order = len(self._done) + len(self._open)
        self._open.append(_Open(kind, number, rank, self._length, len(self._open), order, title))

    def _close(self, rank: int) -> None:
        while self._open and self._open[-1].rank >= rank:
            item = self._open.pop()
            end = max(self._length - 1, item.start)
            if end > item.start:
                section = Section(item.kind, item.number, item.title, item.start, end, item.depth)
                self._done.append((item.depth, item.order, section))

    def _write(self, text: str, marks: tuple[Mark, ...]) -> None:
        pending = list(marks)
        plain: list[str] = []
        length = 0
        for char in text:
            if char == MARK and pending:
                self._start(pending.pop(0), self._length + length)
            elif char == MARK_END:
                self._end_inline(self._length + length)
            elif char not in (MARK, MARK_END):
                plain.append(char)
                length += 1
        self._line("".join(plain).rstrip())

    def _line(self, text: str) -> None:
        if text:
            self._lines.append(text)
            self._length += len(text) + 1

    def _start(self, mark: Mark, at: int) -> None:
        self._end_inline(at)
        if not mark.inline:
            self._record(self._base, at)
            self._base = None
        begun = _Modification(mark, at)
        if mark.inline:
            self._inline = begun
        else:
            self._base = begun

    def _end_inline(self, at: int) -> None:
        self._record(self._inline, at)
        self._inline = None

    def _end_modifications(self) -> None:
        end = max(self._length - 1, 0)
        self._record(self._inline, end)
        self._record(self._base, end)
        self._inline = self._base = None

    def _record(self, begun: _Modification | None, at: int) -> None:
        """Keep a modification that left text behind; ▼B is the act as first published, none."""
        if begun is None or begun.mark.sign == "B" or at <= begun.start:
            return
        end = at - 1 if at == self._length else at  # a mark at the start of a line ends the one before at its end
        if end > begun.start:
            section = Section("amendment", begun.mark.sign, begun.mark.source, begun.start, end, 0)
            self._done.append((99, len(self._done), section))


def _article_number(text: str) -> str:
    found = _ARTICLE.match(text)
    if found and found["number"]:
        number = found["number"].casefold()
        return {"premier": "1", "unique": "1"}.get(number, found["number"])
    return "1" if _SOLE.match(text) else ""


def _part_number(heading: str) -> tuple[str, str]:
    """("A", "Storage") out of "Part A: Storage"; ("1", "Scope") out of "1. Scope"; ("", heading) without a number."""
    named = re.match(
        r"(?:PART|PARTIE|SECTION|CHAPTER|CHAPITRE|MODULE)\s+([IVXLC]+|[A-Z]|\d+)\b[\s.:–—-]*(.*)", heading, re.I
    )
    if named:
        return named[1], named[2]
    counted = re.match(r"(\d+(?:\.\d+)*|[A-Z]|[IVXLC]+)[.)]\s+(.*)", heading)
    return (counted[1], counted[2]) if counted else ("", heading)
