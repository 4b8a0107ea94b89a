"""What a page says about itself, as "code: sentence"; the code is stable, the sentence is for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from notices.search import Filters, MatchAll, Query

RELAXED = "relaxed: No notice holds all of these words; these hold most of them."
REBUILT = "rebuilt: The index was renewed since the page before; a notice may be missing or come twice."
NO_MATCH = "no_match: No notice matches these words."
NO_WORDS = "no_words: Nothing is left of these words to search for; they are too common, or signs only."
EMPTY = "empty: The index holds no notice yet."

_SHOWN = {
    "hs": "hs",
    "ics": "ics",
    "markets": "market",
    "kinds": "kind",
    "sectors": "sector",
    "sources": "source",
    "published": "published",
    "deadline": "deadline",
    "open": "open",
    "as_of": "as_of",
}


def zero_hit_warnings(query: Query, count: Callable[[Query], int]) -> list[str]:
    """Why a query has no hit: its words match nothing at all, or which filter stands in the way.

    ``count`` gives the families of a query, not relaxed; it is asked at most a dozen times.
    """
    bare = Filters()
    if query.filters == bare:
        return [NO_MATCH]
    if not isinstance(query.node, MatchAll) and count(replace(query, filters=bare)) == 0:
        return [NO_MATCH]
    found: list[str] = []
    for each in fields(Filters):
        if getattr(query.filters, each.name) == getattr(bare, each.name):
            continue
        without = replace(query, filters=replace(query.filters, **{each.name: getattr(bare, each.name)}))
        total = count(without)
        if total:
            name = _SHOWN.get(each.name) or "-" + _SHOWN[each.name.removeprefix("not_")]
            found.append(f"filter_too_narrow: Without {name}: {total} would match.")
    return found or ["filters_too_narrow: The filters together leave nothing; taking away any one does not help."]
