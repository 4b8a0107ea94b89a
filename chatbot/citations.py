"""Citations: made from a notice, and read again from the store before anybody sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from index.passages import LIST_FIELDS, field_text
from notices.answers import Citation
from notices.errors import NotFound
from notices.model import TEXT_FIELDS, Facts, Notice
from notices.ports import NoticeStore

_VALUES = ("hs_codes", "ics_codes", "members", "symbols", "objectives", "legal_basis")
_DAYS = ("published_on", "comment_until", "adopted_on", "in_force_on", "applies_from")


def cited_text(facts: Facts, field: str) -> str:
    """The text of a field as citations count in it: prose, values joined by "; ", a day in ISO form; "" when absent."""
    if field in TEXT_FIELDS or field in LIST_FIELDS:
        return field_text(facts, field)
    if field in _VALUES:
        return "; ".join(getattr(facts, field))
    if field in _DAYS:
        day = getattr(facts, field)
        return day.isoformat() if isinstance(day, date) else ""
    return ""


def sha256_of(quote: str) -> str:
    """The sum that a citation carries."""
    return hashlib.sha256(quote.encode()).hexdigest()


def cite(
    notice: Notice, text_version: int, field: str, start: int, end: int, heading_path: tuple[str, ...] = ()
) -> Citation:
    """A citation of a stretch of a notice."""
    quote = cited_text(notice.facts, field)[start:end]
    return Citation(notice.id, notice.revision, text_version, field, start, end, quote, sha256_of(quote), heading_path)


def verified(citation: Citation, store: NoticeStore) -> bool:
    """True when the store's own text has the quote at its place, word for word, and the sum is its sum."""
    try:
        notice = store.notice(citation.notice, revision=citation.revision)
    except NotFound:
        return False
    return stands_in(citation, notice)


def stands_in(citation: Citation, notice: Notice) -> bool:
    """As :func:`verified`, against a notice that was read already."""
    text = cited_text(notice.facts, citation.field)
    inside = 0 <= citation.start < citation.end <= len(text)
    same = inside and text[citation.start : citation.end] == citation.quote
    return same and sha256_of(citation.quote) == citation.sha256


def faults(citations: Sequence[Citation], store: NoticeStore) -> tuple[Citation, ...]:
    """The citations that do not stand; each notice is read once."""
    read: dict[tuple[str, int], Notice | None] = {}
    for key in {(each.notice, each.revision) for each in citations}:
        try:
            read[key] = store.notice(key[0], revision=key[1])
        except NotFound:
            read[key] = None
    found = []
    for each in citations:
        notice = read[each.notice, each.revision]
        if notice is None or not stands_in(each, notice):
            found.append(each)
    return tuple(found)
