"""When an EU act enters into force and from when it applies, read out of the act's own final articles, with spans.

Pure. The newest text counts: a consolidated version gives other dates than the act as first published. "The twentieth
day following that of its publication" counts from the Official Journal's date of the act itself. Exceptions are kept,
each with the provisions that it names in the act's own words; what hangs on an event has words and no date. English and
French.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from nlp.lexical.act_clauses import (
    ENTERS,
    NATIONAL,
    OWN_ACT,
    Clause,
    applications,
    clauses,
    day_after_publication,
    first_day,
    is_list_intro,
    provision_words,
)
from nlp.lexical.spots import Spot
from notices.model import Facts, Kind, Section


class ActDateLabel(StrEnum):
    """What happens on a day."""

    ENTRY_INTO_FORCE = "entry_into_force"
    APPLICATION = "application"
    APPLICATION_END = "application_end"
    TRANSPOSITION = "transposition"


@dataclass(frozen=True, slots=True)
class ActDate:
    """One date of an act; ``body[start:end]`` says it, ``when`` are the words for the day.

    ``scope`` names the provisions as the act does, "" for the act as a whole; ``day`` is None when it hangs on an
    event. ``article`` is the number of the article that says it.
    """

    label: ActDateLabel
    day: date | None
    when: str
    scope: str
    start: int
    end: int
    article: str
    rule: str


_FINAL_TITLES = re.compile(
    r"entry into force|(?:date of )?application$|^application"
    r"|entrée en vigueur|mise en application|applicabilité|date d.application",
    re.IGNORECASE,
)
_TRANSPOSITION_TITLES = re.compile(r"^transposition|^implementation$", re.IGNORECASE)
_DANGLING = re.compile(
    r"^(?:from|as of|on|à (?:partir|compter) du)\b|\s*\b(?:from|as of|on|à (?:partir|compter) du)\s*"
    r"(?:[;,.]?\s*(?:and|or|et|ou))?$|[;,.]\s*(?:and|or|et|ou)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^[‘“«\"']")
_HEAD = 20  # "(a) from 26 July 2027 as regards …"
_LAST = 6
"""Application may be settled a few articles before or after entry into force."""
_TOO_LONG = 60_000
"""Characters of a final article; longer ones are amending articles with quoted texts."""


def act_dates(facts: Facts) -> tuple[ActDate, ...]:
    """The dates that an act's own text gives; () for a notice without the text of an act."""
    if not facts.body or facts.kind not in (Kind.ACT, Kind.IMPLEMENTING_ACT, Kind.CONSOLIDATED_ACT):
        return ()
    return find_act_dates(facts.body, facts.sections, oj_date=_oj_date(facts))


def _oj_date(facts: Facts) -> date | None:
    """The Official Journal's date of the act; a consolidated version's own date says nothing about it."""
    for identifier in facts.identifiers:
        if identifier.scheme == "oj_date":
            return date.fromisoformat(identifier.value)
    return None if facts.kind is Kind.CONSOLIDATED_ACT else facts.published_on


def act_date_spots(facts: Facts) -> list[Spot]:
    """The dates as spots of ``body``: value "2027-02-18", or "2027-02-18 | Article 11" when only provisions are meant.

    What hangs on an event has its words in place of the day.
    """
    return [
        Spot(
            item.label.value,
            " | ".join(filter(None, [item.day.isoformat() if item.day else item.when, item.scope])),
            "body",
            item.start,
            item.end,
            f"act_dates.{item.rule}",
            0.95 if item.day else 0.8,
        )
        for item in act_dates(facts)
    ]


def find_act_dates(body: str, sections: Sequence[Section], *, oj_date: date | None) -> tuple[ActDate, ...]:
    """Every date of the act's own final articles, in text order."""
    found: list[ActDate] = []
    for article in _final_articles(body, sections):
        found += _article_dates(body, article, oj_date)
    return tuple(sorted(set(found), key=lambda item: (item.start, item.end, item.scope)))


def whole_act(dates: Sequence[ActDate], label: ActDateLabel) -> date | None:
    """The day that holds for the act as a whole, or None when it names none or several."""
    days = {item.day for item in dates if item.label is label and not item.scope}
    return days.pop() if len(days) == 1 else None


def _final_articles(body: str, sections: Sequence[Section]) -> list[Section]:
    """The articles that say when the act itself enters into force, applies or is to be transposed."""
    articles = [item for item in sections if item.kind == "article" and item.end - item.start <= _TOO_LONG]
    entering = [item for item in articles if any(OWN_ACT.search(line) for _, line in _lines(body, item))]
    last = entering[-1:] or [item for item in articles if _FINAL_TITLES.search(item.title)][-1:]
    if not last:
        return []
    ending = articles[-_LAST:][0].start
    around = [
        item
        for item in articles
        if item != last[0]
        and (_TRANSPOSITION_TITLES.search(item.title) or (item.start >= ending and _FINAL_TITLES.search(item.title)))
    ]
    return sorted([*around, *last], key=lambda item: item.start)


def _lines(body: str, article: Section) -> Iterator[tuple[int, str]]:
    """The lines of an article that are its own words, with their offsets; its heading and quoted lines left out."""
    at = article.start
    quoted = False
    for number, line in enumerate(body[article.start : article.end].split("\n")):
        opening, closing = line.count("‘") + line.count("“"), line.count("’") + line.count("”")
        if _QUOTED.match(line) and opening > closing:
            quoted = True
        if not quoted and not _QUOTED.match(line) and number > 0:
            yield at, line
        if quoted and closing > opening:
            quoted = False
        at += len(line) + 1


def _article_dates(body: str, article: Section, oj_date: date | None) -> list[ActDate]:
    found: list[ActDate] = []
    intro: Clause | None = None
    for at, line in _lines(body, article):
        item = re.match(r"\s*(?:\(?[a-z]{1,4}\)|—|–|-)\s+", line)
        if intro is not None and item:
            found += _item_dates(line, at, item.end(), intro, article.number)
        elif not item:
            intro = None
        for clause in clauses(line):
            found += _clause_dates(clause, at, article.number, oj_date)
            if is_list_intro(clause):
                intro = clause
    return found


def _clause_dates(clause: Clause, at: int, article: str, oj_date: date | None) -> list[ActDate]:
    start, text = at + clause.start, clause.text
    if ENTERS.search(text):
        return _entry(text, start, article, oj_date)
    if found := NATIONAL.search(text):
        day = first_day(text)
        if day is None:
            return []
        span = (start, start + max(day.end, found.end()))
        return [ActDate(ActDateLabel.TRANSPOSITION, day.day, day.words, "", *span, article, "transposition.by")]
    return [
        ActDate(
            ActDateLabel.APPLICATION_END if applies.until else ActDateLabel.APPLICATION,
            applies.day,
            applies.when,
            provision_words(applies.subject),
            start + applies.start,
            start + applies.end,
            article,
            "application.until" if applies.until else "application.from" if applies.day else "application.event",
        )
        for applies in applications(text)
    ]


def _entry(text: str, start: int, article: str, oj_date: date | None) -> list[ActDate]:
    label = ActDateLabel.ENTRY_INTO_FORCE
    if counted := day_after_publication(text):
        day = oj_date + timedelta(days=counted.days) if oj_date else None
        return [ActDate(label, day, counted.words, "", start, start + counted.end, article, "entry.after_publication")]
    if named := first_day(text):
        return [ActDate(label, named.day, named.words, "", start, start + named.end, article, "entry.on")]
    return []


def _item_dates(line: str, at: int, marker: int, intro: Clause, article: str) -> list[ActDate]:
    """An item of "Articles 4 to 8 shall apply: (a) in respect of … from 1 January 2022"."""
    text = line[marker:]
    named = first_day(text)
    if named is None or (named.start > _HEAD and re.search(r"\bshall apply\b|applicables?\b|s['’]appliqu", text)):
        return []  # the item is a clause of its own
    rest = " ".join((text[: named.start] + text[named.end :]).split()).strip(" ;,.:")
    rest = _DANGLING.sub("", rest).strip(" ;,.:")
    scope = ", ".join(filter(None, [provision_words(intro.subject), rest]))
    span = (at, at + marker + named.end if named.start <= 20 and not text[named.end :].strip(" ;.") else at + len(line))
    return [ActDate(ActDateLabel.APPLICATION, named.day, named.words, scope, *span, article, "application.item")]
