"""Index documents as JSON, the form in which both engines keep them for pages of results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

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


class StoredText(NamedTuple):
    """A passage's field and text."""

    field: str
    text: str


class StoredDocument:
    """A dumped document, opened only where it is looked at: a page needs a fifth of what a document holds."""

    __slots__ = ("_value",)

    def __init__(self, raw: bytes | str) -> None:
        self._value: list[Any] = orjson.loads(raw)

    @property
    def notice_id(self) -> str:
        """As in IndexDocument, like all that follow."""
        return str(self._value[0])

    @property
    def revision(self) -> int:
        """Number of the revision."""
        return int(self._value[1])

    @property
    def family(self) -> str:
        """Id of the family."""
        return str(self._value[2])

    @property
    def source(self) -> str:
        """Id of the source."""
        return str(self._value[3])

    @property
    def kind(self) -> Kind:
        """Kind of notice."""
        return Kind(self._value[4])

    @property
    def markets(self) -> list[str]:
        """Codes of the markets."""
        return list(self._value[6])

    @property
    def sectors(self) -> list[str]:
        """Ids of the sectors."""
        return list(self._value[7])

    @property
    def identifiers(self) -> list[str]:
        """Its own lookup keys."""
        return list(self._value[9])

    @property
    def hs(self) -> list[CodeTag]:
        """HS codes."""
        return [_tag(code, whose) for code, whose in self._value[10]]

    @property
    def ics(self) -> list[CodeTag]:
        """ICS codes."""
        return [_tag(code, whose) for code, whose in self._value[11]]

    @property
    def published_on(self) -> date:
        """Day of publication."""
        return date.fromisoformat(self._value[12])

    @property
    def comment_until(self) -> date | None:
        """Last day for comments."""
        return _day(self._value[13])

    def texts(self, most: int) -> Iterator[StoredText]:
        """The first passages."""
        return (StoredText(each[0], each[5]) for each in self._value[16][:most])


@lru_cache(maxsize=50_000)
def _tag(code: str, whose: str) -> CodeTag:
    return CodeTag(code, Provenance(whose))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
