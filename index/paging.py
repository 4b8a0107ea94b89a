"""Cursors: opaque, bound to a query and to the generation that made them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

import orjson

from index.query_text import format_query
from notices.errors import QueryInvalid
from notices.search import Query

Key = tuple[float | int | str | None, ...]
"""The sort values of the last hit shown, ending with its notice id."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: after the hit with ``key``, as ordered by ``generation``."""

    generation: str
    key: Key


def encode_cursor(query: Query, cursor: Cursor) -> str:
    """The text form, good for this query only."""
    raw = orjson.dumps([cursor.generation, _mark(query), list(cursor.key)])
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(query: Query) -> Cursor | None:
    """The query's cursor; None on the first page. Raises QueryInvalid when it is no cursor, or another query's."""
    if query.cursor is None:
        return None
    text = query.cursor
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        generation, mark, key = orjson.loads(raw)
        sound = isinstance(generation, str) and isinstance(key, list) and key and isinstance(key[-1], str)
    except (ValueError, TypeError, binascii.Error):
        sound, generation, mark, key = False, "", "", []
    if not sound or not all(value is None or isinstance(value, (int, float, str)) for value in key):
        raise QueryInvalid("this cursor can't be read; ask for the first page again", position=0)
    if mark != _mark(query):
        raise QueryInvalid("this cursor belongs to another query; ask for the first page again", position=0)
    return Cursor(generation, tuple(key))


def _mark(query: Query) -> str:
    """A short hash of tree, filters and sort: what decides the order."""
    return sha256(f"{format_query(query)}\x1f{query.sort}".encode()).hexdigest()[:12]
