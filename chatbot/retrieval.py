"""From a question to the units that may answer it: candidate notices by name, number or search, then units by words."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from chatbot.acts import find_named
from chatbot.standing import newest_texts
from chatbot.understanding import Concept, Question
from chatbot.units import Compiled, Unit, compile_notice
from notices.model import Kind, Notice
from notices.ports import IndexBackend, Store
from notices.search import Filters, Node, Or, Phrase, Query, Word

CANDIDATES = 8
_HELD = 48
_DEROGATES = re.compile(r"(?:\(?\w{1,4}[).]\s*)?By way of derogation")
_DAYS = frozenset({"date", "deadline"})
_RECITAL = 0.6
_HEADING = 0.35
_LEAST = 1.2
_LENGTH = 80  # tokens of an ordinary unit


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with how well it meets the question: ``covered`` are the numbers of the concepts that it holds."""

    compiled: Compiled
    unit: Unit
    number: int
    score: float
    covered: frozenset[int]
    focus: str = ""  # only what is said of this provision counts

    @property
    def notice(self) -> Notice:
        """The notice that it stands in."""
        return self.compiled.notice


@dataclass(frozen=True, slots=True)
class Found:
    """Units, best first, with the weight of each concept; ``missing``: asked for by name and not held."""

    units: tuple[Scored, ...]
    weights: tuple[float, ...]
    named: tuple[str, ...]  # families that the question names
    missing: tuple[str, ...]


class Retriever:
    """Finds units. Holds the last notices cut, so that a second question about an act is quick. Thread-safe."""

    def __init__(self, store: Store, backend: IndexBackend) -> None:
        self._store = store
        self._backend = backend
        self._held: OrderedDict[tuple[str, str], Compiled] = OrderedDict()
        self._lock = Lock()

    def find(self, question: Question, today: date) -> Found:
        """Units for a question, best first; empty when nothing is near."""
        named, missing = self._named(question, today)
        families = named or self._search(question, today)
        texts = [notice for family in families for notice in newest_texts(self._store, family, today)]
        if question.markets:
            texts = [each for each in texts if set(each.facts.members) & set(question.markets)]
        compiled = [self._compiled(notice) for notice in texts]
        weights = _weights(question.concepts, compiled, 0.0 if named else _LEAST)
        scored = [unit for each in compiled for unit in _score(each, question.concepts, weights, question.asks)]
        scored.sort(key=lambda each: (-each.score, each.notice.id, each.number))
        return Found(tuple(scored[:60]), weights, tuple(named), tuple(missing))

    def _named(self, question: Question, today: date) -> tuple[list[str], list[str]]:
        families: list[str] = []
        missing: list[str] = []
        for key in question.keys:
            ids = [each for one in key.split("|") for each in self._store.find_identifier(one)]
            found = self._store.notices(ids) if ids else {}
            families += [notice.family for notice in found.values()]
            if not found:
                missing.append(key.partition(":")[2])
        for names in question.acts:
            family = find_named(names, self._backend, self._store, today)
            if family:
                families.append(family)
            elif not families:
                missing.append(names[0])
        return list(dict.fromkeys(families))[:CANDIDATES], missing

    def _search(self, question: Question, today: date) -> list[str]:
        nodes = [node for concept in question.concepts if (node := _node(concept))]
        if not nodes:
            return []
        filters = Filters(markets=question.markets)
        laws = replace(filters, kinds=(Kind.ACT, Kind.IMPLEMENTING_ACT, Kind.CONSOLIDATED_ACT))
        found: list[str] = []
        for each, limit in ((filters, 2 * CANDIDATES), (laws, 2 * CANDIDATES)):
            query = Query(node=Or(tuple(nodes[:40])), today=today, filters=each, limit=limit)
            found += [hit.family for hit in self._backend.search(query).hits]
        return list(dict.fromkeys(found))

    def _compiled(self, notice: Notice) -> Compiled:
        key = (notice.id, notice.content_hash)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = compile_notice(notice)
        with self._lock:
            self._held[key] = made
            while len(self._held) > _HELD:
                self._held.popitem(last=False)
        return made


def _node(concept: Concept) -> Node | None:
    names = (concept.text, *concept.english[:4]) if concept.known else (concept.text,)
    nodes: list[Node] = []
    for name in names:
        words = name.split()
        nodes.append(Phrase(name) if len(words) > 1 else Word(name))
    return Or(tuple(nodes)) if len(nodes) > 1 else (nodes[0] if nodes else None)


def _holders(compiled: Compiled, way: tuple[str, ...]) -> dict[int, float]:
    """Units that hold all tokens of a way, with the count of the rarest."""
    postings = [compiled.postings.get(token) for token in way]
    if not postings or any(each is None for each in postings):
        return {}
    first, *others = sorted((each for each in postings if each is not None), key=len)
    return {
        number: min(count, *(other[number] for other in others)) if others else count
        for number, count in first.items()
        if all(number in other for other in others)
    }


def _weights(concepts: Sequence[Concept], compiled: Sequence[Compiled], least: float) -> tuple[float, ...]:
    """How telling each concept is among these units; what no unit holds is as telling as can be.

    Units that were searched for hold the words searched for: none of them may count less than ``least``.
    """
    total = sum(len(each.units) for each in compiled) or 1
    weights = []
    for concept in concepts:
        holding = sum(len({number for way in concept.ways for number in _holders(each, way)}) for each in compiled)
        weight = max(least, math.log(1 + (total - holding + 0.5) / (holding + 0.5)))
        weights.append(weight if concept.known else 0.75 * weight)
    return tuple(weights)


def _score(
    compiled: Compiled, concepts: Sequence[Concept], weights: Sequence[float], asks: frozenset[str]
) -> list[Scored]:
    record = not compiled.notice.facts.sections
    scores: dict[int, float] = dict.fromkeys(range(len(compiled.units)), 0.1) if record and not concepts else {}
    covered: dict[int, set[int]] = {}
    for index, concept in enumerate(concepts):
        best: dict[int, float] = {}
        for rank, way in enumerate(concept.ways):
            trust = 1.0 if rank < 3 else 0.85
            for number, count in _holders(compiled, way).items():
                length = 0.4 + 0.6 * compiled.lengths[number] / _LENGTH
                best[number] = max(best.get(number, 0.0), trust * 2.2 * count / (count + 1.2 * length))
        if record and best:  # a record is short: what one field says holds for its others
            floor = 0.6 * max(best.values())
            best = {number: max(best.get(number, 0.0), floor) for number in range(len(compiled.units))}
        for number, strength in best.items():
            scores[number] = scores.get(number, 0.0) + weights[index] * strength
            covered.setdefault(number, set()).add(index)
    found = []
    for number, score in scores.items():
        unit = compiled.units[number]
        factor = _factor(unit, asks)
        share = sum(weights[index] for index in covered.get(number, ())) / (sum(weights) or 1.0)
        found.append(Scored(compiled, unit, number, score * factor * (0.4 + share), frozenset(covered.get(number, ()))))
    return found


def _factor(unit: Unit, asks: frozenset[str]) -> float:
    """How much the kind of unit counts: recitals and bare headings less, annexes more where a list is asked for."""
    factor = _RECITAL if unit.kind in ("recital", "preamble") else 1.0
    if unit.kind == "article" and unit.text.count("\n") <= 1 and len(unit.text) < 250:
        factor = _HEADING
    if _DEROGATES.match(unit.text):
        factor *= 0.8
    if (unit.field == "comment_until" and "deadline" in asks) or (unit.field == "dates_text" and asks & _DAYS):
        factor *= 1.5
    if unit.kind in ("annex", "part") and asks & {"list", "code"}:
        factor *= 1.3
    if unit.field == "identifiers" and "code" not in asks:
        factor *= _HEADING
    return factor
