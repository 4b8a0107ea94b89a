"""Why a notice's current facts changed: the cause that the change log names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from notices.canonical import changed_fields
from notices.merge import Sighting
from notices.model import Cause, Facts

RecordKey = tuple[str, str]


def name_cause(
    before: Sequence[Sighting],
    after: Sequence[Sighting],
    current: Facts,
    differing: Iterable[str],
    first_seen_cause: Cause,
) -> Cause:
    """SOURCE when a feed changed its own word for a field that differs now, REPARSE when only a newer parser did.

    A record that joins gives MERGE, unless it is the publisher's re-issue (a later publication date than the current
    facts have) found on ground that had been covered before: then nobody could have known it, and it is SOURCE.
    ``current`` are the facts before the merge; ``before`` and ``after`` are compressed runs.
    """
    changed: set[str] = set()
    reread: set[str] = set()
    reissued = False
    old, new = _by_record(before), _by_record(after)
    for key, runs in new.items():
        if key not in old:
            reissued = reissued or max(run.facts.published_on for run in runs) > current.published_on
            continue
        was, now = old[key], runs
        if was[-1].hash == now[-1].hash:
            continue
        names = changed_fields(was[-1].facts, now[-1].facts)
        (changed if len(now) > len(was) else reread).update(names)
    differs = set(differing)
    if differs & changed or (reissued and first_seen_cause is Cause.SOURCE):
        return Cause.SOURCE
    return Cause.REPARSE if differs & reread else Cause.MERGE


def _by_record(runs: Sequence[Sighting]) -> dict[RecordKey, list[Sighting]]:
    return {key: list(group) for key, group in groupby(runs, key=lambda run: (run.feed, run.record_id))}
