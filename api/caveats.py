"""What a result page must say beside its hits: sources that are down, and why there is nothing.

Stable codes: ``source_down``, ``source_running``, ``not_collected``, ``filter_too_narrow``, ``no_match``,
``no_words``, ``relaxed``, ``rebuilt``, ``index``, ``replayed``. Sentences: messages.yml, ``warning.<code>``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from api.messages import Lang, known, say
from api.services import Services, SourceInfo
from notices.runs import SourceStatus, Verdict
from notices.search import And, DateRange, Filters, Phrase, Prefix, Query, ResultPage, Word

_DOWN = (Verdict.FAILED, Verdict.PARTIAL)
_PROBES = 8  # words of an empty page that are tried on their own
_NARROW = re.compile(r"filter_too_narrow: Without (-?\w+): (\d+) would match\.")


@dataclass(frozen=True, slots=True)
class Caveat:
    """A stable code and the values of its sentence."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """The plain sentence for people."""
        values = {key: value[lang] if _in_languages(value) else value for key, value in self.values.items()}
        return say(lang, f"warning.{self.code}", **values).strip()

    def detail(self) -> dict[str, object]:
        """The values for programs; texts in two languages are left to the sentences."""
        return {key: value for key, value in self.values.items() if not _in_languages(value)}


def _in_languages(value: object) -> TypeGuard[Mapping[Lang, str]]:
    return isinstance(value, Mapping) and set(value) == set(Lang)


def statuses(services: Services) -> list[tuple[SourceInfo, SourceStatus]]:
    """Every source with its state, in the order in which they were declared."""
    return [(info, services.store.source_status(info.feed, info.title)) for info in services.sources]


def source_warnings(services: Services, query: Query) -> tuple[Caveat, ...]:
    """One warning for each source in reach of the query whose last run failed, is partial or off, or still runs.

    A feed that is off says nothing when another feed of the same publisher does its work (a key is optional).
    """
    touched = _touched(services, query.filters)
    served = {info.publisher for info, status in touched if status.verdict not in (Verdict.OFF, Verdict.NEVER)}
    warnings: list[Caveat] = []
    for info, status in touched:
        if status.verdict in _DOWN or (status.verdict is Verdict.OFF and info.publisher not in served):
            values = {
                "source": info.feed,
                "title": _title(info),
                "verdict": str(status.verdict),
                "reason": status.reason,
                "state": say_each(f"verdict.{status.verdict}"),
                "last_success": status.last_success.date().isoformat() if status.last_success else None,
                "since": {lang: _since(lang, status) for lang in Lang},
            }
            warnings.append(Caveat("source_down", values))
        elif status.verdict is Verdict.RUNNING:
            warnings.append(Caveat("source_running", {"source": info.feed, "title": _title(info)}))
    return tuple(warnings)


def engine_warnings(services: Services, query: Query, page: ResultPage) -> tuple[Caveat, ...]:
    """What the engine says of its page ("code: sentence", index/warnings.py), with our own sentences.

    Of an empty page it also says why: no match, or which filter stands in the way.
    """
    narrow: dict[str, int] = {}
    found: list[Caveat] = []
    for text in page.warnings:
        code, _, detail = text.partition(": ")
        if match := _NARROW.fullmatch(text):
            narrow[match[1]] = int(match[2])
        elif code == "filters_too_narrow":
            found.append(Caveat("filter_too_narrow", {"parts": {lang: say(lang, "warning.together") for lang in Lang}}))
        elif code == "no_match":
            found.append(_no_match(services, query))
        elif code in ("relaxed", "rebuilt", "no_words"):
            found.append(Caveat(code))
        elif code == "empty":
            found.append(Caveat("not_collected", _unknown("index", say_each("sources.index_missing"), "never")))
        else:
            found.append(Caveat("index", {"detail": detail or text}))
    if narrow:
        parts = {
            lang: ", ".join(say(lang, "warning.without", filter=_filter(lang, name), n=n) for name, n in narrow.items())
            for lang in Lang
        }
        found.append(Caveat("filter_too_narrow", {"parts": parts, "without": narrow}))
    return tuple(found)


def not_collected(services: Services, query: Query) -> tuple[Caveat, ...]:
    """Grounds of the query that lie outside what was ever collected, by publisher: "unknown", not "none"."""
    asked = _asked_days(query.filters)
    publishers: dict[str, list[SourceInfo]] = {}
    for info, status in _touched(services, query.filters):
        publishers.setdefault(info.publisher, [])
        if status.received or status.notices:
            publishers[info.publisher].append(info)
    found: list[Caveat] = []
    for publisher, feeds in publishers.items():
        names = say_each(f"publisher.{publisher}")
        if not feeds:
            found.append(Caveat("not_collected", _unknown(publisher, names, "never")))
            continue
        spans = [span for info in feeds if (span := services.store.covered(info.feed)) is not None]
        if asked is None or not spans:
            continue
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        if (asked.end is not None and asked.end < first) or (asked.start is not None and asked.start > last):
            found.append(Caveat("not_collected", _unknown(publisher, names, "days", first=str(first), last=str(last))))
    return tuple(found)


def say_each(key: str, **values: object) -> dict[Lang, str]:
    """A message in every language."""
    return {lang: say(lang, key, **values) for lang in Lang}


def _touched(services: Services, filters: Filters) -> list[tuple[SourceInfo, SourceStatus]]:
    def in_reach(info: SourceInfo) -> bool:
        if filters.sources and info.publisher not in filters.sources and info.feed not in filters.sources:
            return False
        if info.publisher in filters.not_sources:
            return False
        return not (filters.markets and info.markets and not set(filters.markets) & set(info.markets))

    return [(info, status) for info, status in statuses(services) if in_reach(info)]


def _asked_days(filters: Filters) -> DateRange | None:
    """The publication days that could answer: a range asked for, and nothing after an as-of day."""
    if filters.as_of is None:
        return filters.published
    end = filters.as_of
    if filters.published is not None and filters.published.end is not None:
        end = min(end, filters.published.end)
    return DateRange(filters.published.start if filters.published else None, end)


def _no_match(services: Services, query: Query) -> Caveat:
    """Nothing matches; the words that stand in no notice are named."""
    nodes = query.node.nodes if isinstance(query.node, And) else (query.node,)
    strange = [
        node.text
        for node in nodes[:_PROBES]
        if isinstance(node, Word | Phrase | Prefix)
        and not _count(services, replace(query, node=node, filters=Filters(as_of=query.filters.as_of), identifiers=()))
    ]
    if not strange:
        return Caveat("no_match", {"unknown": dict.fromkeys(Lang, "")})
    listed = ", ".join(f"“{word}”" for word in strange)
    return Caveat("no_match", {"words": strange, "unknown": say_each("warning.unknown_words", words=listed)})


def _count(services: Services, query: Query) -> int:
    """Families that match in earnest; matches of fewer words than asked for do not count."""
    page = services.backend.search(replace(query, limit=1, cursor=None, facets=()))
    return 0 if any(text.startswith("relaxed") for text in page.warnings) else page.total


def _title(info: SourceInfo) -> dict[Lang, str]:
    return {Lang.KO: info.title_ko or info.title, Lang.EN: info.title}


def _since(lang: Lang, status: SourceStatus) -> str:
    if status.last_success is None:
        return say(lang, "warning.never_succeeded")
    return say(lang, "warning.last_success", day=status.last_success.date().isoformat())


def _unknown(source: str, title: dict[Lang, str], kind: str, **days: str) -> dict[str, object]:
    return {"source": source, "title": title, "why": say_each(f"warning.not_collected_{kind}", **days), **days}


def _filter(lang: Lang, name: str) -> str:
    """A filter's name as the engine writes it ("market", "-market")."""
    shown = known(lang, f"filter.{name.removeprefix('-')}", name)
    return say(lang, "filter.not", name=shown) if name.startswith("-") else shown
