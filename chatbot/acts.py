"""Acts by their names: the words of a title → the family whose own subject they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notices.errors import NotFound
from notices.model import Kind, Notice
from notices.ports import IndexBackend, Store
from notices.search import Filters, Phrase, Query, Word

_ACTS = (Kind.ACT, Kind.IMPLEMENTING_ACT, Kind.CONSOLIDATED_ACT)
_LOOKED_AT = 3  # names of one act that are tried
_SIDE = ("amending", "repealing", "supplementing", "laying down rules for the application", "correcting")


def find_named(names: Sequence[str], backend: IndexBackend, store: Store, today: date) -> str | None:
    """The family of the act whose title says one of these names as its subject, the plainest title first.

    A title that only amends, repeals or supplements the named act does not count.
    """
    for name in names[:_LOOKED_AT]:
        node = Phrase(name) if " " in name else Word(name)
        page = backend.search(Query(node=node, today=today, filters=Filters(kinds=_ACTS), limit=20))
        notices = store.notices({hit.family for hit in page.hits} | {hit.notice_id for hit in page.hits})
        ranked = sorted(
            ((place, notice.facts.kind is Kind.IMPLEMENTING_ACT, not _has_text(notice, store), notice.family)
             for notice in notices.values() if (place := _place(notice.facts.title, name)) is not None),
        )  # fmt: skip
        if ranked:
            best = min(ranked, key=lambda each: (each[1], each[2], each[0], each[3]))
            return best[3]
    return None


def _place(title: str, name: str) -> int | None:
    plain = title.casefold()
    place = plain.find(name.casefold())
    if place < 0 or any(0 <= plain.find(word) < place for word in _SIDE):
        return None
    return place


def _has_text(notice: Notice, store: Store) -> bool:
    if notice.facts.body:
        return True
    try:
        return any(each.facts.body for each in store.family(notice.family))
    except NotFound:
        return False
