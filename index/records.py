"""Index documents as JSON, the form in which both engines keep them for pages of results."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from notices.model import Kind, Passage, Provenance
from notices.search import CodeTag, IndexDocument


def dump_document(document: IndexDocument) -> bytes:
    """The document as compact JSON; :func:`load_document` gives an equal one."""
    return orjson.dumps(
        [
            document.notice_id,
            document.revision,
            document.family,
            document.source,
            document.kind,
            document.title,
            document.markets,
            document.sectors,
            document.symbols,
            document.identifiers,
            [(tag.code, tag.provenance) for tag in document.hs],
            [(tag.code, tag.provenance) for tag in document.ics],
            document.published_on,
            document.comment_until,
            document.valid_from,
            document.valid_until,
            [(p.field, p.ordinal, p.start, p.end, p.heading_path, p.text) for p in document.passages],
        ]
    )


def load_document(raw: bytes | str) -> IndexDocument:
    """The document of :func:`dump_document`."""
    value: list[Any] = orjson.loads(raw)
    notice_id, revision = value[0], value[1]
    return IndexDocument(
        notice_id,
        revision,
        value[2],
        value[3],
        Kind(value[4]),
        value[5],
        tuple(value[6]),
        tuple(value[7]),
        tuple(value[8]),
        tuple(value[9]),
        tuple(CodeTag(code, Provenance(whose)) for code, whose in value[10]),
        tuple(CodeTag(code, Provenance(whose)) for code, whose in value[11]),
        date.fromisoformat(value[12]),
        _day(value[13]),
        date.fromisoformat(value[14]),
        _day(value[15]),
        tuple(
            Passage(notice_id, revision, name, ordinal, start, end, tuple(path), text)
            for name, ordinal, start, end, path, text in value[16]
        ),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
