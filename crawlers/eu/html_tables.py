"""Tables of an act: lists laid out as tables told from tables of data. Source: the Official Journal's own XHTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from crawlers.eu.nodes import class_names, elements, local_name, words

_MARKER = re.compile(
    r"[‘’'\"“„«]?\s*(?:\(?\s*(?:\d{1,4}(?:\.\d{1,3})*|[a-z]{1,4}|[ivxlc]{1,7}|[IVXLC]{1,7}|[A-Z]{1,2}|\d{1,3}[a-z]{1,3})\s*[).°]*\.?|[—–•·▪◦*-]|\*+\d*)\s*"
)
MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, and whether the row is an item of a list: markers, then the text."""

    cells: tuple[etree._Element, ...]
    markers: tuple[str, ...]  # words of all cells but the last
    is_list: bool


def is_marker(text: str) -> bool:
    """Whether a cell holds nothing but the marker of a list item: "(a)", "12.", "—", "‘(3)"."""
    return bool(_MARKER.fullmatch(text.strip())) if text.strip() else True


def join_lines(lines: Iterable[str]) -> str:
    """Several lines of one cell as one: codes of a list of goods stay apart from each other."""
    joined = ""
    for line in lines:
        text = line.strip()
        if joined and text:
            joined += " " if joined[-1] in ".,;:)—–" or not text[0].isalnum() else "; "
        joined += text
    return joined


def table_rows(table: etree._Element) -> Iterator[Row]:
    """The rows of a table itself, not of tables within it."""
    data = _is_data(table)
    for count, row in enumerate(_rows(table)):
        if count >= MAX_ROWS:
            return
        cells = tuple(cell for cell in elements(row) if local_name(cell) in ("td", "th"))
        if not cells:
            continue
        leading = tuple(words(cell) for cell in cells[:-1])
        yield Row(cells, leading, not data and len(cells) > 1 and all(is_marker(text) for text in leading))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in elements(table):
        if local_name(child) == "tr":
            yield child
        elif local_name(child) in ("tbody", "thead", "tfoot"):
            yield from (row for row in elements(child) if local_name(row) == "tr")


def _is_data(table: etree._Element) -> bool:
    """A table of data has a border or says so by class; a list has neither."""
    if (table.get("border") or "0") not in ("0", "") or "table" in class_names(table):
        return True
    return any("table" in class_names(cell) for row in _rows(table) for cell in elements(row))
