"""An act in Formex 4 → blocks: ACT and CONS.ACT with their annexes, one or several files.

Quotation marks are elements (QUOT.START), footnotes stand inside the text (NOTE) and are set apart, modifications are
processing instructions (CLG.MDFO … CLG.MDFC). Quoted articles (QUOT.S) are text. Schemas formex-05.55 and 06.02.1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from crawlers.eu.blocks import Block, Mark, Role, superscript
from crawlers.eu.formex_text import bullet, grouped, quotation_mark
from crawlers.eu.html_tables import join_lines
from crawlers.eu.lines import LineWriter
from crawlers.eu.nodes import elements, is_element
from notices.errors import LayoutChanged

# fmt: off
_INLINE = frozenset({
    "ADDR.S", "BR", "DATE", "FMT.VALUE", "FT", "HT", "IE", "KEYWORD", "LINK", "NO.DOC", "NUM", "QUOT.END", "QUOT.START",
    "REF.DOC", "REF.DOC.OJ", "REF.DOC.SE", "REF.NP", "UNIT",
})
_SKIPPED = frozenset({
    "BIB.DATA", "BIB.INSTANCE", "BIB.INSTANCE.CONS", "FAM.COMP", "INCLUSIONS", "INFO.CONSLEG", "INFO.PROD", "PROD.ID",
    "TOC",
})
# fmt: on
_ROLES = {
    "PREAMBLE.INIT": Role.PREAMBLE,
    "VISA": Role.PREAMBLE,
    "GR.CONSID.INIT": Role.PREAMBLE,
    "PREAMBLE.FINAL": Role.PREAMBLE,
    "TI.ART": Role.ARTICLE,
    "STI.ART": Role.ARTICLE_TITLE,
    "FINAL": Role.FINAL,
}
_PSEUDO = re.compile(r"([\w.]+)=[\"']([^\"']*)[\"']")
_ANNEXES = frozenset({"ANNEX", "CONS.ANNEX"})
_DELETED = "—————"  # what the HTML edition shows where a provision was deleted


@dataclass(frozen=True, slots=True)
class _Place:
    role: Role = Role.TEXT
    nested: bool = False
    quoted: bool = False
    level: int = 0


class _Walk(LineWriter[_Place]):
    """Walks one file or, in a cell or a note, a part of it."""

    def __init__(self) -> None:
        super().__init__(_Place())
        self._annexes = 0
        self._notes: Counter[str] = Counter()
        self._deleted = ""  # the modification that takes out what follows, until its end

    def walk(self, element: etree._Element, place: _Place) -> None:
        """One element, its tail left to the caller."""
        tag = str(element.tag)
        if tag in _SKIPPED or (self._deleted and not _holds_end(element, self._deleted)):
            return
        if tag in _INLINE:
            self._inline(element, place)
        elif tag == "NOTE":
            self._note(element)
        elif tag in ("NO.P", "NO.PARAG", "NO.ITEM", "NO.GR.SEQ", "PREFIX", "TERM", "NO.CONSID"):
            self.end_block()
            self._children(element, replace(place, nested=place.nested or tag == "NO.ITEM"))
            self.glue()
        elif tag == "ROW":
            self._row(element, place)
        elif tag == "INCL.ELEMENT":
            self.write(" [image] ", place)
        else:
            self._block(element, place)

    def _block(self, element: etree._Element, place: _Place) -> None:
        tag = str(element.tag)
        if tag in _ANNEXES:
            self._annex(element, place)
            return
        if tag == "TITLE":
            self._title(element, place)
            return
        here = _placed(tag, element, place)
        self.end_block()
        if tag == "ITEM" and (dash := bullet(element)):
            self.write(dash, here)
            self.glue()
        if tag == "CONSID":
            self._consid(element, here)
        else:
            self._children(element, here)
        self.end_block()

    def _annex(self, element: etree._Element, place: _Place) -> None:
        self.flush()
        self._annexes += 1
        for child in element:
            if not is_element(child):
                self._instruction(child, place)
            elif child.tag == "TITLE" and not place.quoted:
                role = Role.ANNEX if self._annexes == 1 else Role.APPENDIX
                self._heading(child, place, role)
            else:
                self.walk(child, replace(place, role=Role.TEXT, level=0))
        self.flush()
        self._annexes -= 1

    def _heading(self, title: etree._Element, place: _Place, role: Role) -> None:
        """The line "ANNEX I", and what follows it as its title."""
        for position, line in enumerate(item for item in title.iter("P", "TI", "STI") if _is_line(item)):
            first = position == 0
            self.flush()
            self._children(line, replace(place, role=role if first else Role.PART))
            self.flush()

    def _title(self, element: etree._Element, place: _Place) -> None:
        """The title of the act, of a division (TI, STI), of a group of sequences in an annex, or of a table."""
        parent = element.getparent()
        above = "" if parent is None else str(parent.tag)
        self.flush()
        for child in element:
            if not is_element(child):
                self._instruction(child, place)
                continue
            second = child.tag == "STI"
            role = {
                "DIVISION": Role.DIVISION_TITLE if second else Role.DIVISION,
                "GR.SEQ": Role.PART,
                "ACT": Role.TITLE,
                "CONS.DOC": Role.TITLE,
            }.get(above, Role.TEXT)
            if place.quoted or (place.nested and role is not Role.TITLE):
                role = Role.TEXT
            if role is Role.TITLE:
                self._lines(child, replace(place, role=role))
            else:
                self._children(child, replace(place, role=role), merge=True)
            self.flush()

    def _lines(self, element: etree._Element, place: _Place) -> None:
        for line in element.iter("P"):
            self._children(line, place)
            self.flush()

    def _consid(self, element: etree._Element, place: _Place) -> None:
        """A recital: its first line has the role, the others are text of it."""
        before = len(self.blocks)
        self._children(element, replace(place, role=Role.RECITAL))
        self.flush()
        lines = [at for at in range(before, len(self.blocks)) if self.blocks[at].role is Role.RECITAL]
        for at in lines[1:]:
            self.blocks[at] = replace(self.blocks[at], role=Role.TEXT)

    def _row(self, row: etree._Element, place: _Place) -> None:
        self.flush()
        texts: list[str] = []
        marks: list[Mark] = []
        for cell in row:
            if not is_element(cell):
                self._instruction(cell, place)
                continue
            inner = _Walk()
            inner._deleted, inner._notes = self._deleted, self._notes
            inner._children(cell, _Place(nested=True, quoted=place.quoted))
            inner.flush()
            self.blocks += [block for block in inner.blocks if block.role is Role.NOTE]
            said = [block for block in inner.blocks if block.role is not Role.NOTE]
            texts.append(join_lines(block.text for block in said))
            marks += [mark for block in said for mark in block.marks]
        if any(text.strip() for text in texts):
            self.blocks.append(Block(Role.TEXT, " | ".join(texts), nested=True, level=place.level, marks=tuple(marks)))

    def _note(self, element: etree._Element) -> None:
        inner = _Walk()
        inner._children(element, _Place())
        inner.flush()
        star = "*" if element.get("NUMBERING") == "STAR" else ""
        self._notes[star] += 1
        text = f"({star}{self._notes[star]}) " + " ".join(block.text for block in inner.blocks)
        if inner.blocks:
            self.blocks.append(Block(Role.NOTE, text, marks=tuple(m for block in inner.blocks for m in block.marks)))

    def _inline(self, element: etree._Element, place: _Place) -> None:
        tag = element.tag
        if tag in ("QUOT.START", "QUOT.END"):
            self.write(quotation_mark(element.get("CODE")), place)
        elif tag == "BR":
            self.write(" ", place)
        elif tag == "HT" and element.get("TYPE") == "SUP" and len(element) == 0:
            self.write(superscript(element.text or ""), place)
        elif tag == "HT" and element.get("TYPE") == "UC" and len(element) == 0:
            self.write((element.text or "").upper(), place)
        elif tag == "FT" and len(element) == 0:
            self.write(grouped(element.get("TYPE") or "", element.text or ""), place)
        else:
            self._children(element, place)

    def _children(self, element: etree._Element, place: _Place, *, merge: bool = False) -> None:
        """Text and children; with ``merge`` the paragraphs of a heading make one line."""
        self.write(element.text, place)
        for child in element:
            if not is_element(child):
                self._instruction(child, place)
            elif merge and child.tag in ("P", "NP", "TXT", "NO.P", "TI", "STI"):
                self.write(" ", place)
                self._children(child, place, merge=True)
                self.write(" ", place)
            else:
                self.walk(child, place)
            self.write_tail(child.tail, place)

    def _instruction(self, node: etree._Element, place: _Place) -> None:
        if not isinstance(node, etree._ProcessingInstruction):
            return
        said = dict(_PSEUDO.findall(node.text or ""))
        if node.target == "CLG.MDFO" and not self._deleted:
            source, action = said.get("ACTIVE.DOC", ""), said.get("ACTION", "")
            self.mark(Mark("", f"{source}: {action}".strip(": "), inline=True))
            if action == "DELETED":
                if said.get("LEVEL") == "STRUCTURE":
                    self.flush()
                    self.write(_DELETED, replace(place, role=Role.TEXT, nested=True))
                    self.flush()
                self._deleted = said.get("IDREF", "?")
        elif node.target == "CLG.MDFC":
            if self._deleted and said.get("ID") == self._deleted:
                self._deleted = ""
            if not self._deleted:
                self.end_mark()

    def block(self, text: str, marks: tuple[Mark, ...], place: _Place) -> Block:
        """The line with the part that its place gives it."""
        return Block(place.role, text, place.nested, place.level, marks)

    def write(self, text: str | None, place: _Place) -> None:
        """Add text to the line, unless a modification has deleted it."""
        if not self._deleted:
            super().write(text, place)


def formex_blocks(roots: Sequence[etree._Element]) -> list[Block]:
    """The blocks of an act and its annexes; files that only describe it (DOC, PUBLICATION) give none."""
    walk = _Walk()
    for root in sorted(roots, key=_order):
        if root.tag == "ANNEX":
            walk.walk(root, _Place())
        elif root.tag in ("ACT", "CONS.ACT"):
            for child in _content(root):
                walk.walk(child, _Place())
        walk.flush()
    if walk._deleted:
        raise LayoutChanged("A deletion in the Formex file has no end.", modification=walk._deleted)
    return walk.blocks


def _content(root: etree._Element) -> Iterable[etree._Element]:
    holder = root.find("CONS.DOC") if root.tag == "CONS.ACT" else root
    return elements(root if holder is None else holder)


def _order(root: etree._Element) -> tuple[int, str]:
    """The act, then its annexes as they are numbered."""
    number = root.findtext("BIB.INSTANCE/NO.SEQ") or ""
    return (0 if root.tag in ("ACT", "CONS.ACT") else 1, number)


def _placed(tag: str, element: etree._Element, place: _Place) -> _Place:
    if place.quoted:
        return replace(place, role=Role.TEXT, nested=True)
    if tag in _ROLES:
        return replace(place, role=_ROLES[tag])
    if tag.startswith("QUOT."):
        return replace(place, role=Role.TEXT, nested=True, quoted=True)
    if tag in ("LIST", "TBL", "DLIST"):
        nested = place.role is not Role.FINAL
        return replace(place, role=place.role if place.role is Role.FINAL else Role.TEXT, nested=nested)
    if tag == "GR.SEQ":
        return replace(place, role=Role.TEXT, level=_level(element.get("LEVEL")))
    return place


def _level(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 3 else 0


def _is_line(element: etree._Element) -> bool:
    """A paragraph of a heading, or TI/STI that hold their words themselves."""
    return element.tag == "P" or not any(child.tag in ("P", "NP") for child in elements(element))


def _holds_end(element: etree._Element, modification: str) -> bool:
    """Whether a deletion ends inside this element."""
    return any(
        isinstance(node, etree._ProcessingInstruction)
        and node.target == "CLG.MDFC"
        and dict(_PSEUDO.findall(node.text or "")).get("ID") == modification
        for node in element.iter()
    )
