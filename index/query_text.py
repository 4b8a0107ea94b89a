"""The text form of a query, read and written.

    lithium "power bank" -toy (cell OR pack) batter* hs:8507 market:US,미국 published:2024-01..2024-03 open:yes

Words next to each other must all match; ``OR`` (in capitals) joins alternatives, ``-`` or ``NOT`` rules out, ``(…)``
groups, ``"…"`` is a phrase, ``batter*`` a beginning. Filters hold for the whole query, so they stand outside
parentheses. ``parse_query(format_query(q))`` gives the same query again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from index import query_filters
from index.query_filters import FilterText, format_filters, read_filters
from index.query_lexer import MAX_LENGTH, Piece, lex
from index.query_names import join_names, keys_in
from index.vocabulary import FILTER_NAMES
from notices.errors import QueryInvalid
from notices.search import And, MatchAll, Node, Not, Or, Phrase, Prefix, Query, Sort, Word

__all__ = ["MAX_LENGTH", "MAX_TERMS", "format_query", "parse_query"]

MAX_TERMS = 64
MAX_DEPTH = 8


def parse_query(
    text: str,
    *,
    today: date,
    filters: Mapping[str, Sequence[str] | str] | None = None,
    sort: Sort = Sort.RELEVANCE,
    limit: int = 20,
    cursor: str | None = None,
    facets: Sequence[str] = (),
) -> Query:
    """The query that a text means; ``filters`` adds values by filter name, as an API takes them apart from the text.

    Raises QueryInvalid with ``context["position"]``, the 0-based character that can't be read.
    """
    pieces = lex(text)
    given = [FilterText(p.name, p.text, p.negated, p.start) for p in pieces if p.kind == "filter"]
    given += query_filters.from_parameters(filters or {})
    node = _Parser([piece for piece in pieces if piece.kind != "filter"], len(text)).parse()
    return Query(
        node=node,
        today=today,
        filters=read_filters(given),
        sort=sort,
        limit=limit,
        cursor=cursor,
        facets=tuple(facets),
        identifiers=tuple(dict.fromkeys(_identifiers(node))),
    )


def format_query(query: Query) -> str:
    """The canonical text of a query's tree and filters (not its sort, limit, cursor or facets)."""
    words = "" if isinstance(query.node, MatchAll) else _format(query.node, 0)
    return " ".join(part for part in (words, format_filters(query.filters)) if part)


def _identifiers(node: Node) -> list[str]:
    """Lookup keys that the text names and does not rule out."""
    match node:
        case Word(text) | Phrase(text):
            return keys_in(text)
        case And(nodes):
            runs = (list(run) for is_word, run in groupby(nodes, key=lambda each: isinstance(each, Word)) if is_word)
            whole = [" ".join(each.text for each in run if isinstance(each, Word)) for run in runs]
            named = [key for text in whole for key in keys_in(text)]  # names that stand in several words
            return named + [key for each in nodes for key in _identifiers(each)]
        case Or(nodes):
            return [key for each in nodes for key in _identifiers(each)]
        case _:
            return []


def _format(node: Node, level: int) -> str:
    """Level 0: may hold OR; 1: inside an And; 2: after a minus."""
    match node:
        case Word(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Prefix(text):
            return f"{text}*"
        case Not(inner):
            return f"-{_format(inner, 2)}"
        case And(nodes):
            text = " ".join(_format(each, 1) for each in nodes)
            return f"({text})" if level == 2 else text
        case Or(nodes):
            text = " OR ".join(_format(each, 1) for each in nodes)
            return f"({text})" if level else text
        case MatchAll():
            return ""


class _Parser:
    """Recursive descent over pieces that hold no filters any more."""

    def __init__(self, pieces: list[Piece], length: int) -> None:
        self._pieces = pieces
        self._at = 0
        self._length = length
        self._terms = 0

    def parse(self) -> Node:
        if not self._pieces:
            return MatchAll()
        node = self._either(0)
        if (rest := self._peek()) is not None:
            raise QueryInvalid("there is a ) without its (", position=rest.start)
        return MatchAll() if node is None else _named(node)

    def _peek(self) -> Piece | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _either(self, depth: int) -> Node | None:
        """Alternatives joined by OR; None when nothing but punctuation was typed."""
        found: list[Node] = []
        while True:
            before = self._at
            node = self._every(depth)
            piece = self._peek()
            is_or = piece is not None and piece.kind == "or"
            if node is None and (is_or or found):
                position = piece.start if piece else self._length
                raise QueryInvalid("OR needs words on both sides; write it small to search for it", position=position)
            if node is not None:
                found += node.nodes if isinstance(node, Or) else (node,)
            if not is_or:
                break
            self._at += 1
            assert self._at > before  # noqa: S101  (each round eats a piece)
        if len(found) > 1:
            found = list(dict.fromkeys(found))
        return None if not found else found[0] if len(found) == 1 else Or(tuple(found))

    def _every(self, depth: int) -> Node | None:
        found: list[Node] = []
        while (piece := self._peek()) is not None and piece.kind not in ("or", "close"):
            node = self._one(depth)
            if node is not None:
                found += node.nodes if isinstance(node, And) else (node,)
        return _joined(found)

    def _one(self, depth: int) -> Node | None:
        piece = self._pieces[self._at]
        self._at += 1
        if piece.kind == "not":
            following = self._peek()
            if following is None or following.kind in ("or", "close", "not"):
                raise QueryInvalid("a minus or NOT rules out what follows; nothing follows here", position=piece.start)
            inner = self._one(depth)
            return None if inner is None else inner.node if isinstance(inner, Not) else Not(inner)
        if piece.kind == "open":
            return self._group(piece, depth)
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QueryInvalid(f"a query may hold {MAX_TERMS} words at most", position=piece.start)
        if piece.kind == "word":
            return Word(piece.text)
        return Phrase(piece.text) if piece.kind == "phrase" else Prefix(piece.text)

    def _group(self, opened: Piece, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            raise QueryInvalid(f"parentheses may lie {MAX_DEPTH} deep at most", position=opened.start)
        node = self._either(depth + 1)
        closed = self._peek()
        if closed is None:
            raise QueryInvalid("this ( has no )", position=opened.start)
        self._at += 1
        return node


def _joined(nodes: list[Node]) -> Node | None:
    """One node of several that must all match, the names among neighbouring words put together."""
    found: list[Node] = []
    for is_word, group in groupby(nodes, key=lambda node: isinstance(node, Word)):
        run = list(group)
        found += (
            [Word(text) for text in join_names([node.text for node in run if isinstance(node, Word)])]
            if is_word
            else run
        )
    return None if not found else found[0] if len(found) == 1 else And(tuple(found))


def _named(node: Node) -> Node:
    """A whole query that is one bare HS code ("8507 60") names that code."""
    words = [each.text for each in (node.nodes if isinstance(node, And) else (node,)) if isinstance(each, Word)]
    if len(words) != (len(node.nodes) if isinstance(node, And) else 1):
        return node
    return _joined([Word(text) for text in join_names(words, alone=True)]) or node


def with_page(query: Query, *, limit: int, cursor: str | None) -> Query:
    """The same query for another page."""
    return replace(query, limit=limit, cursor=cursor)


assert set(FILTER_NAMES.values()) == set(query_filters.NAMES)  # noqa: S101  (one table of names, checked at import)
