"""An act in HTML → blocks: the Official Journal's classes (with and without ``oj-``) and those of consolidated texts.

Lists are two-column tables in the Official Journal and grids in consolidated texts; both give "(a) text" on one line.
Tables of data give one line a row, cells separated by " | ". An article counts as the act's own when its container has
the id ``art_N``; quoted articles of amending acts have none, or stand in a list cell. Measured: reference
sources-rules.md §3, 41 bodies. Acts without such ids (before 2013) are told by class and place alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from crawlers.eu.blocks import MARK, MARK_END, NOTE, Block, Mark, Role, settle, superscript
from crawlers.eu.html_tables import join_lines, table_rows
from crawlers.eu.lines import LineWriter
from crawlers.eu.nodes import class_names, elements, is_element, local_name, words

# fmt: off
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figure", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "li", "ol", "p", "section", "tbody", "tr", "ul",
})
# fmt: on
_SKIPPED = frozenset({"col", "colgroup", "head", "link", "meta", "script", "style", "title"})
_CONTAINER = re.compile(r"(?P<kind>rct|art|anx|fnp|cit|tit|pbl|enc)_\s*(?P<rest>.*)")
_SIGN = re.compile(r"[►▼]\s*([A-Z]\d*)")
_NOTE_LINK = re.compile(r"(?:#?(?:ntc|ntr)|#E\d|src\.E\d|E\d{3,})")
_ARTICLE_HEAD = re.compile(r"(?:Article|Art\.|Sole Article|ARTICLE)\s*\S{0,9}(?:\s+\w+)?", re.I)
_ANNEX_HEAD = re.compile(r"(?:ANNEX|ANNEXE)\b(?:\s+[IVXLC0-9A-Z]{1,6})?\s*$")
_ENACTED = re.compile(r"(?:HAS|HAVE) ADOPTED|(?:A|ONT) (?:ADOPTÉ|ARRÊTÉ)")
_WHEREAS = re.compile(r"(?:Whereas|considérant)\b.{0,40}$", re.I)
_RECITAL = re.compile(r"\(\d{1,4}[a-z]?\)\s+\S")
_FINAL = re.compile(
    r"(?:This|The present) (?:Regulation|Decision) shall be binding|Done at |Fait à |Le présent règlement est obl"
)
_BY_CONTAINER = {"tit": Role.TITLE, "pbl": Role.PREAMBLE, "cit": Role.PREAMBLE, "fnp": Role.FINAL}
_DIVISIONS = {"ti-section-1": Role.DIVISION, "title-division-1": Role.DIVISION}
_DIVISION_TITLES = frozenset({"ti-section-2", "title-division-2"})
_ARTICLES = frozenset({"ti-art", "title-article-norm"})
_ARTICLE_TITLES = frozenset({"sti-art", "stitle-article-norm"})
_NOTES = frozenset({"note", "footnote"})
_FOOTER = re.compile(r"\s*(?:ELI:\s*http|ISSN\b)")
_HEADERS = frozenset(("hd-coll", "hd-date", "hd-lg", "hd-modifiers", "hd-oj", "hd-ti", "hd-uniq"))
_LEVEL = re.compile(r"(?:ti-grseq|title-gr-seq-level)-(\d+)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands: innermost structural container, and whether inside a list, table or quotation."""

    container: str = ""
    rest: str = ""
    nested: bool = False
    role: Role | None = None
    level: int = 0


class _Walk(LineWriter[_Place]):
    """Walks a page. ``ids`` says whether the document marks its articles by ids."""

    def __init__(self, *, ids: bool) -> None:
        super().__init__(_Place())
        self._ids = ids
        self._seen: set[str] = set()  # containers that have given their heading
        self._zone = "title"  # for acts without ids

    def walk(self, element: etree._Element, place: _Place) -> None:
        """One element, its tail left to the caller."""
        tag = local_name(element)
        if tag in _SKIPPED:
            return
        if tag == "table":
            self._table(element, place)
        elif tag in _BLOCKS:
            self._block(element, place)
        elif tag == "br":
            self.write(" ", place)
        elif tag == "img":
            self.write(" [image] ", place)
        elif not self._special(element, place):
            self._children(element, place)

    def _block(self, element: etree._Element, place: _Place) -> None:
        classes = class_names(element)
        if classes & _HEADERS:
            return
        here = _placed(element, classes, place)
        if "inline" in (element.get("style") or ""):  # a marker and its text, each in a paragraph of its own
            self._children(element, here)
            self.write(" ", here)
            return
        if "inline-element" not in classes:
            self.end_block()
        if "grid-list-column-1" in classes:
            self._children(element, replace(here, nested=True))
            self.glue()
            return
        if "grid-list-column-2" in classes or "grid-list" in classes:
            here = replace(here, nested=True)
        self._children(element, here)
        self.flush()

    def _table(self, element: etree._Element, place: _Place) -> None:
        self.end_block()
        recitals = place.container == "rct" or (not self._ids and self._zone == "recitals")
        outer = recitals and not place.nested
        for row in table_rows(element):
            if row.is_list:
                self.write(" ".join(row.markers), replace(place, nested=not outer))
                self.glue()
                self._children(row.cells[-1], replace(place, nested=not outer))
            elif len(row.cells) == 1:
                self._children(row.cells[0], replace(place, nested=True))
            else:
                self._row(row.cells, replace(place, nested=True))
            self.flush()

    def _row(self, cells: Iterable[etree._Element], place: _Place) -> None:
        """A row of data: every cell on one line of its own words, the cells side by side."""
        self.flush()
        texts: list[str] = []
        marks: list[Mark] = []
        for cell in cells:
            inner = _Walk(ids=self._ids)
            inner._children(cell, replace(place, role=Role.TEXT))
            inner.flush()
            self.blocks += [block for block in inner.blocks if block.role is Role.NOTE]
            said = [block for block in inner.blocks if block.role is not Role.NOTE]
            texts.append(join_lines(block.text for block in said))
            marks += [mark for block in said for mark in block.marks]
        if any(text.strip() for text in texts):
            self.blocks.append(Block(Role.TEXT, " | ".join(texts), place.nested, place.level, tuple(marks)))

    def _special(self, element: etree._Element, place: _Place) -> bool:
        """Note references, modification marks and exponents; True when the element is dealt with."""
        tag, classes = local_name(element), class_names(element)
        if tag == "a":
            said = words(element)
            if sign := _SIGN.search(said):
                self._mark(sign, element)
                return True
            if said == "◄":
                self.end_mark()
                return True
            target = f"{element.get('id') or ''} {element.get('href') or ''}"
            if _NOTE_LINK.match(target.strip()) and place.role is not Role.NOTE:
                self.write(NOTE, place)
                return True
        raised = tag == "sup" or bool(classes & {"super", "superscript"})
        if raised and len(element) == 0:
            raised_text = element.text or ""
            self.write(raised_text if place.role is Role.NOTE else superscript(raised_text), place)
            return True
        return False

    def _mark(self, sign: re.Match[str], element: etree._Element) -> None:
        self.mark(Mark(sign[1], (element.get("title") or "").strip(), "►" in sign[0]))

    def _children(self, element: etree._Element, place: _Place) -> None:
        self.write(element.text, place)
        for child in element:
            if is_element(child):
                self.walk(child, place)
            elif isinstance(child, etree._Entity):
                self.write(html.unescape(child.text or ""), place)
            self.write_tail(child.tail, place)

    def write(self, text: str | None, place: _Place) -> None:
        """Add text to the line; the end of a modification may stand in it as a plain sign."""
        super().write(text.replace("◄", MARK_END) if text else text, place)

    def block(self, text: str, marks: tuple[Mark, ...], place: _Place) -> Block:
        """The line with the part that its place gives it."""
        return Block(self._role(settle(text), place), text, place.nested, place.level, marks)

    def _role(self, text: str, place: _Place) -> Role:
        plain = text.replace(MARK, "").replace(MARK_END, "")
        if not plain:
            return Role.TEXT
        if place.role is Role.NOTE:
            return Role.NOTE
        if self._ids:
            return self._role_by_id(place)
        return self._role_by_class(place, plain)

    def _role_by_id(self, place: _Place) -> Role:
        kind, role = place.container, place.role or Role.TEXT
        key = f"{kind}_{place.rest}"
        if kind in _BY_CONTAINER:
            return _BY_CONTAINER[kind]
        if kind == "rct":
            return Role.TEXT if self._is_known(key) else Role.RECITAL
        if kind == "anx" and (not place.nested or key not in self._seen):
            return self._annex_role(key, place)
        if place.nested or (role in (Role.ARTICLE, Role.ARTICLE_TITLE) and kind != "art"):
            return Role.TEXT
        return Role.TEXT if role is Role.ARTICLE and self._is_known(key) else role

    def _is_known(self, key: str) -> bool:
        """Whether the container has given its heading; it has from now on."""
        known = key in self._seen
        self._seen.add(key)
        return known

    def _annex_role(self, key: str, place: _Place) -> Role:
        if not self._is_known(key):
            return Role.APPENDIX if "." in place.rest else Role.ANNEX
        return Role.PART if place.role in (Role.ANNEX, Role.PART) else Role.TEXT

    def _role_by_class(self, place: _Place, text: str) -> Role:
        """Acts without ids: headings by class, recitals by their numbers between "Whereas" and the enacting formula."""
        if place.nested:
            return Role.TEXT
        role = place.role or Role.TEXT
        if role is Role.ANNEX and _ANNEX_HEAD.match(text):
            self._zone = "annex"
            return Role.ANNEX
        if role is Role.ANNEX:
            return Role.TITLE if self._zone == "title" else Role.PART
        if role is Role.ARTICLE:
            self._zone = "articles"
            return Role.ARTICLE if _ARTICLE_HEAD.match(text) else Role.TEXT
        if role is not Role.TEXT:
            return role
        if self._zone in ("title", "recitals"):
            if _ENACTED.search(text):
                self._zone = "enacted"
                return Role.PREAMBLE
            self._zone = "recitals" if self._zone == "recitals" or _WHEREAS.match(text) else "title"
            if self._zone == "recitals" and _RECITAL.match(text):
                self._seen.add("recital")
                return Role.RECITAL
            return Role.TEXT if "recital" in self._seen else Role.PREAMBLE
        return Role.FINAL if self._zone == "articles" and _FINAL.match(text) else Role.TEXT


def html_blocks(root: etree._Element) -> list[Block]:
    """The blocks of an act, without the page's own header and the list of amending acts before it."""
    walk = _Walk(ids=has_ids(root))
    for element in _content(root):
        walk.walk(element, _Place())
        walk.flush()
    return walk.blocks


def has_ids(root: etree._Element) -> bool:
    """Whether the document says by ids which articles are its own."""
    return any(re.match(r"(?:art|tit|anx|rct)_", element.get("id") or "") for element in root.iter("{*}div", "div"))


def _content(root: etree._Element) -> Iterator[etree._Element]:
    """Children of the body from the act itself on; a consolidated text has its header above the second rule."""
    body = next((element for element in root.iter("{*}body", "body")), root)
    children = elements(body)
    first = next((at for at, child in enumerate(children) if _holds_act(child)), None)
    if first is None and any("reference" in class_names(child) for child in children):
        rules = [at for at, child in enumerate(children) if local_name(child) == "hr"]
        first = rules[1] + 1 if len(rules) > 1 else 0
    for child in children[first or 0 :]:
        if local_name(child) == "hr" and "doc-end" in class_names(child):
            return
        if not _FOOTER.match(words(child)):
            yield child


def _holds_act(element: etree._Element) -> bool:
    return any("eli-container" in class_names(item) for item in element.iter() if is_element(item))


def _placed(element: etree._Element, classes: frozenset[str], place: _Place) -> _Place:
    found = _CONTAINER.match(element.get("id") or "")
    if found and not found["rest"].endswith(".tit_1"):
        place = _Place(found["kind"], found["rest"], place.nested)
    role, level = _class_role(classes)
    return replace(place, role=role, level=level) if role else place


def _class_role(classes: frozenset[str]) -> tuple[Role | None, int]:
    for name in classes:
        if name in _NOTES:
            return Role.NOTE, 0
        if name in _ARTICLES:
            return Role.ARTICLE, 0
        if name in _ARTICLE_TITLES:
            return Role.ARTICLE_TITLE, 0
        if name in _DIVISIONS:
            return Role.DIVISION, 0
        if name in _DIVISION_TITLES:
            return Role.DIVISION_TITLE, 0
        if name in ("doc-ti", "title-annex-1", "title-annex-2", "title-doc-first", "title-doc-last"):
            return Role.ANNEX, 0
        if level := _LEVEL.fullmatch(name):
            return Role.PART, int(level[1])
        if name in ("final", "signatory"):
            return Role.FINAL, 0
    return None, 0
