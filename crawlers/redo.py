"""Reading again what is already stored: dead letters and whole feeds, after a parser has learnt something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

from crawlers.facts import load_facts
from crawlers.intake import Intake
from notices.errors import CrawlError, StoreError
from notices.model import Capture, DeadLetter
from notices.ports import Clock, Store

PAGE = 200


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading again did."""

    captures: int = 0
    records: int = 0
    new: int = 0
    revised: int = 0
    unreadable: int = 0  # captures that still can't be read


def retry_dead_letters(intake: Intake) -> Reread:
    """Read dead letters of older parser versions from their stored captures; those read at last are dropped."""
    waiting: dict[str, list[DeadLetter]] = defaultdict(list)
    for letter in intake.store.dead_letters(intake.facts.id):
        if letter.parser != intake.parser.name or letter.parser_version < intake.parser.version:
            waiting[letter.capture_id].append(letter)
    total = Reread()
    for capture_id, letters in sorted(waiting.items()):
        wanted = {letter.id for letter in letters}
        total = _read_again(intake, intake.store.capture(capture_id), total, wanted)
    return total


def reparse_if_newer(intake: Intake) -> Reread | None:
    """Re-parse the feed's captures when the parser's version has risen since the last run; None when it has not."""
    consumer = f"parser:{intake.facts.id}"
    known, version = intake.store.cursor(consumer), intake.parser.version
    if known == version:
        return None
    done = reparse(intake) if known and known < version else None
    intake.store.set_cursor(consumer, version)
    return done


def reparse_feed(store: Store, feed: str, clock: Clock, progress: Callable[[int], None] | None = None) -> Reread:
    """Read every stored capture of a feed with the present parser; what changes has cause REPARSE and alerts nobody."""
    return reparse(Intake(store, load_facts(feed), clock), progress)


def reparse(intake: Intake, progress: Callable[[int], None] | None = None) -> Reread:
    """Like :func:`reparse_feed`, with an intake at hand."""
    total, after = Reread(), None
    while page := intake.store.captures(intake.facts.id, after=after, limit=PAGE):
        for capture in page:
            total = _read_again(intake, capture, total, None)
            if progress is not None:
                progress(total.captures)
        after = page[-1].id
    return total


def _read_again(intake: Intake, capture: Capture, total: Reread, wanted: set[str] | None) -> Reread:
    try:
        result = intake.read(capture)
    except (CrawlError, StoreError):
        return replace(total, captures=total.captures + 1, unreadable=total.unreadable + 1)
    outcome = intake.take([(capture, result)], None, again=True)
    if wanted is not None:
        intake.drop_letters(wanted - {intake.letter_id(dead.key, capture) for dead in result.dead})
    return replace(
        total,
        captures=total.captures + 1,
        records=total.records + len(result.keys),
        new=total.new + len(outcome.new),
        revised=total.revised + len(outcome.revised),
    )
