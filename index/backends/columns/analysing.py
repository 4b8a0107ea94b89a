"""Documents to rows: the text analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.backends.columns.writing import FIELDS, Row, columns_of
from index.fields import document_fingerprint, streams
from index.records import dump_document
from notices.search import IndexDocument


def analysed(documents: Iterable[IndexDocument]) -> Iterator[Row]:
    """Every document as a row, in order."""
    return map(row_of, documents)


def row_of(document: IndexDocument) -> Row:
    """One document's columns, tokens and stored form."""
    found = streams(document)
    lists = [(place, tokens) for place, name in enumerate(FIELDS) for tokens in found[name]]
    return Row(columns_of(document, document_fingerprint(document)), lists, dump_document(document))
