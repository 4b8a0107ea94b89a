"""What Elasticsearch stores: one document per family, one nested document per revision of each of its notices.

A family is one root document, so that totals and facets count families exactly (``reverse_nested`` and ``hits.total``
count root documents; a ``cardinality`` over revisions would be an estimate). Every test of a query falls on one nested
document, so words and filters must hold for one revision. Text fields carry our own tokens (``whitespace``); no plugin,
no script. ``stored`` keeps the document as given: highlights, ``why`` and later rewrites of the family come out of it.

Dense vectors (a later step) belong to passages, not revisions: they go into an index of their own beside this one,
under the same generation.
"""

from __future__ import annotations

from typing import Any

from index.plan import FIELD_WEIGHTS

SHAPE = "1"
"""Raise it when this mapping or what fills it changes: a generation of another shape is not served."""

PATH = "r"
DAY_SPAN = 1 << 22
"""More than any day number (``date.toordinal``, at most 3,652,059); twice this is still exact in a float score."""

SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,  # one shard: one set of term statistics, and exact counts in one place
    "auto_expand_replicas": "0-1",  # green on one node, a copy as soon as there are two
    "refresh_interval": "-1",  # we refresh at the end of each update: a reader never sees half of one
    "similarity": {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}},
}

_KEYWORD = {"type": "keyword"}
_DATE = {"type": "date", "format": "strict_date"}
_DAY = {"type": "integer"}


ALL_TEXT = f"{PATH}.text"
"""Every scoring field's tokens in one: says what matches, while the fields say how well."""

_CODE_FIELDS = ("", "_under", "_inferred", "_inferred_under", "_group")


def text_field(name: str) -> str:
    """The nested text field of a scoring field."""
    return f"{PATH}.text_{name}"


def mappings() -> dict[str, Any]:
    """The mapping of a new generation."""
    text = {"type": "text", "analyzer": "whitespace", "position_increment_gap": 100}
    codes = {f"{system}{suffix}": _KEYWORD for system in ("hs", "ics") for suffix in _CODE_FIELDS}
    names = ("notice_id", "source", "kind", "market", "sector", "year", "fingerprint")
    nested: dict[str, Any] = {
        **dict.fromkeys(names, _KEYWORD),
        **codes,
        "text": {**text, "norms": False},
        **{f"text_{name}": {**text, "index_options": "freqs"} for name in FIELD_WEIGHTS},
        "identifiers": {**_KEYWORD, "ignore_above": 8_000},  # Lucene refuses terms above 32,766 bytes
        "revision": {"type": "integer"},
        "published_on": _DATE,
        "comment_until": _DATE,
        "valid_from": _DATE,
        "valid_until": _DATE,
        "published_day": _DAY,
        "deadline_day": _DAY,
        "deadline_rest": _DAY,  # DAY_SPAN - deadline_day: scores can't fall with a field
        "first": {"type": "boolean"},  # one nested document per notice carries it: counts notices
        "passages": {"type": "integer"},
        "stored": {"type": "object", "enabled": False},
    }
    kept = ["family", *(f"{PATH}.{name}" for name in ("notice_id", "revision", "fingerprint", "stored"))]
    return {
        "dynamic": "strict",
        "_source": {"includes": kept},
        "properties": {
            "family": _KEYWORD,
            PATH: {"type": "nested", "dynamic": "strict", "properties": nested},
        },
    }
