"""Families of WTO notifications. A joint document leads under its first symbol, also for its Members' own addenda."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from notices.identity import family_id
from notices.model import Facts
from notices.store.engine import insert_or_replace
from notices.store.schema import family_bases, notices
from notices.symbols import Symbol, parse_symbol


def assign_families(connection: Connection, documents: Mapping[str, Facts]) -> dict[str, str]:
    """The family of each notice; families that a joint document unites are relabelled, whoever came first.

    An addendum to one symbol of a joint document belongs to the document's family, whichever was collected first.
    The leader of united bases is the first symbol of the lowest (suffixes, id): a base document before its addenda.
    """
    symbols = {notice_id: _symbols(notice_id, facts) for notice_id, facts in documents.items()}
    bases = {f"wto:{symbol.base}" for found in symbols.values() for symbol in found}
    led = _load(connection, bases)
    joint = {notice_id: found for notice_id, found in symbols.items() if len({s.base for s in found}) > 1}
    for found in joint.values():
        _unite(connection, led, found)
    families = {}
    for notice_id, found in symbols.items():
        base = f"wto:{found[0].base}" if found else _own_family(notice_id)
        families[notice_id] = led[base][0] if base in led else base
    return families


def _own_family(notice_id: str) -> str:
    try:
        return family_id(notice_id)
    except ValueError:
        return notice_id


def _symbols(notice_id: str, facts: Facts) -> list[Symbol]:
    """The document's symbols, the one in its id first; none outside the WTO or outside the grammar."""
    if not notice_id.startswith("wto:"):
        return []
    found: dict[Symbol, None] = {}
    for text in (notice_id.removeprefix("wto:"), *facts.symbols):
        try:
            found[parse_symbol(text)] = None
        except ValueError:
            continue
    return list(found)


def _load(connection: Connection, bases: set[str]) -> dict[str, tuple[str, int]]:
    if not bases:
        return {}
    table = family_bases.c
    rows = connection.execute(select(table.base, table.family, table.rank).where(table.base.in_(bases)))
    return {base: (family, rank) for base, family, rank in rows}


def _unite(connection: Connection, led: dict[str, tuple[str, int]], symbols: list[Symbol]) -> None:
    bases = [f"wto:{symbol.base}" for symbol in symbols]
    old = {led[base] for base in bases if base in led}
    rank, family = min([(len(symbols[0].suffixes), bases[0]), *((rank, family) for family, rank in old)])
    table = family_bases.c
    rows = connection.execute(select(table.base).where(table.family.in_([name for name, _ in old])))
    united = sorted({*bases, *(base for (base,) in rows)})
    if old == {(family, rank)} and all(base in led for base in bases):
        return
    insert_or_replace(connection, family_bases, [{"base": base, "family": family, "rank": rank} for base in united])
    led.update(dict.fromkeys(united, (family, rank)))
    stale = {*united, *(name for name, _ in old)} - {family}
    connection.execute(update(notices).where(notices.c.family.in_(stale)).values(family=family))
