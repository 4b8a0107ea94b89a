"""Counts of one run, and the verdict and the sentence that they make."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from crawlers.facts import SourceFacts
from crawlers.pages.drafts import PageResult
from crawlers.refusals import server_name
from notices.errors import Blocked, CountMismatch, ExpectationFailed, SecretMissing, TongboError
from notices.model import MergeOutcome
from notices.runs import Issue, RunReport, Verdict

MAX_ISSUES = 50
APPEARED = 20
"""Records that may well appear between the first count and the last slice (plus 1 %)."""


@dataclass(slots=True)
class Tally:
    """What a run has met so far."""

    expected: int | None = None  # the source's own count of all that was asked for
    counted: int = 0  # sum of the counts of the slices that were read
    received: int = 0  # records read, dead ones included
    skipped: int = 0
    dead: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    stopped: bool = False
    failures: list[tuple[str, TongboError]] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    issues: dict[tuple[str, str, str], Issue] = field(default_factory=dict)

    def read(self, result: PageResult) -> None:
        """Count one parsed page."""
        self.received += len(result.drafts) + len(result.dead)
        self.skipped += len(result.skipped)
        self.dead += len(result.dead)
        for draft in result.drafts:
            self.filled.update(name for name in ("title", "members", "summary") if getattr(draft.facts, name))
        for issue in result.issues:
            self.note(issue)
        for letter in result.dead:
            self.note(Issue("error", letter.error_code, letter.detail, letter.key))

    def merged(self, outcome: MergeOutcome) -> None:
        """Count what a merge did."""
        self.new += len(outcome.new)
        self.revised += len(outcome.revised)
        self.unchanged += outcome.unchanged

    def note(self, issue: Issue) -> None:
        """Keep an issue, each once per run."""
        if len(self.issues) < MAX_ISSUES:
            self.issues.setdefault((issue.code, issue.detail, issue.locator), issue)

    def fail(self, where: str, error: TongboError) -> None:
        """A slice that could not be read to the end."""
        self.failures.append((where, error))
        self.note(Issue("error", error.code, error.detail, where))

    @property
    def total(self) -> int | None:
        """How many records there should be: the source's own word, at least what its slices said."""
        return self.counted if self.expected is None else max(self.expected, self.counted)


def check_expectations(
    tally: Tally, facts: SourceFacts, last: RunReport | None, *, allow_empty: bool, held: int = 0
) -> None:
    """Add what a finished run lacks against its source's expectations, as failures and warnings.

    ``held`` is how many records of the same days were received before: a source does not forget what it published.
    """
    came, who, expect = tally.received + tally.skipped, server_name(facts), facts.expect
    if tally.failures or tally.stopped:
        return
    if tally.expected is not None and not tally.expected <= tally.counted <= tally.expected * 1.01 + APPEARED:
        text = f"{who} counted {tally.expected:,} records in all but {tally.counted:,} in its parts"
        tally.fail("sum of slices", CountMismatch(text))
    if came < expect.min_per_run and not allow_empty:
        text = f"{who} gave {came:,} records where at least {expect.min_per_run:,} are expected"
        tally.fail("run", ExpectationFailed(text))
    elif came * 2 < held:
        text = f"{who} gave {came:,} records of days from which {held:,} are held already"
        tally.fail("run", ExpectationFailed(text))
    if came > expect.max_per_run:
        tally.fail(
            "run", ExpectationFailed(f"{who} gave {came:,} records, more than the {expect.max_per_run:,} expected")
        )
    if last is not None and last.received >= 20 and tally.received * 2 < last.received:
        text = f"{who} gave {tally.received:,} records, the run before gave {last.received:,} for the same days"
        tally.fail("run", ExpectationFailed(text))
    if came and tally.dead > expect.max_dead_share * came:
        tally.fail("run", ExpectationFailed(f"{tally.dead:,} of {came:,} records could not be read"))
    read = tally.received - tally.dead
    for name, share in expect.fill.items():
        if read >= 20 and tally.filled[name] < share * read:
            text = f"Only {tally.filled[name]:,} of {read:,} records have a {name}."
            tally.note(Issue("warning", ExpectationFailed.code, text, name))


def verdict_of(tally: Tally, *, allow_empty: bool) -> tuple[Verdict, str]:
    """The verdict and one plain sentence, "" when all is well."""
    came = tally.received + tally.skipped
    if tally.failures:
        error = tally.failures[0][1]
        return _failed_verdict(error, came), _sentence(error.detail, tally)
    if tally.stopped:
        return (Verdict.PARTIAL if came else Verdict.FAILED), _sentence("The run was stopped", tally)
    if tally.dead:
        noun = "record" if tally.dead == 1 else "records"
        return Verdict.OK, f"{tally.dead:,} {noun} could not be read; they are kept and read again by a newer parser."
    if not came and allow_empty:
        return Verdict.EMPTY_ALLOWED, "Nothing was published in the days asked for."
    return Verdict.OK, ""


def _failed_verdict(error: TongboError, came: int) -> Verdict:
    if came:
        return Verdict.PARTIAL
    return Verdict.OFF if isinstance(error, Blocked | SecretMissing) else Verdict.FAILED


def _sentence(cause: str, tally: Tally) -> str:
    came, cause = tally.received + tally.skipped, cause.rstrip(".")
    if not came:
        return f"{cause}; nothing came in, it is all asked again next time."
    if tally.total and tally.total > came:
        return f"{cause}; {came:,} of {tally.total:,} records are in, the rest is asked again next time."
    return f"{cause}; {came:,} records are in, the days in question are asked again next time."


def make_report(  # noqa: PLR0913  one value of many parts
    tally: Tally,
    facts: SourceFacts,
    *,
    run_id: str,
    started_at: datetime,
    finished_at: datetime | None,
    since: date | None,
    until: date | None,
    verdict: Verdict,
    reason: str,
) -> RunReport:
    """The run as a value."""
    return RunReport(
        run_id=run_id,
        feed=facts.id,
        started_at=started_at,
        finished_at=finished_at,
        since=since,
        until=until,
        expected=tally.total,
        received=tally.received,
        skipped=tally.skipped,
        new=tally.new,
        revised=tally.revised,
        unchanged=tally.unchanged,
        dead=tally.dead,
        verdict=verdict,
        reason=reason,
        issues=tuple(tally.issues.values()),
    )
