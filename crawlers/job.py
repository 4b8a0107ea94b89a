"""What a crawl is asked to do, and what it says back, as JSON lines between the runner and its child process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import orjson

from crawlers.fetching import RetryPolicy
from notices.runs import Issue, RunReport, Verdict


@dataclass(frozen=True, slots=True)
class CrawlParams:
    """The settings that a crawl needs; ``wiring`` fills it from Settings.

    ``timeout`` and the three retry values override the source's own in tests; ``allow_empty`` accepts a run without
    records (narrow spans chosen by hand).
    """

    data_dir: str
    database_url: str | None = None
    mirror: str | None = None
    contact: str = "https://github.com/tongbo/tongbo"
    wto_api_key: str = ""
    backfill_since: date | None = None
    allow_empty: bool = False
    timeout: float | None = None
    retries: int = 4
    backoff: float = 1.0
    max_wait: float = 90.0


@dataclass(frozen=True, slots=True)
class Job:
    """One run of one feed. Travels over stdin, since it holds secrets."""

    run_id: str
    feed: str
    params: CrawlParams
    clock_start: datetime
    since: date | None = None
    until: date | None = None

    @property
    def mirror(self) -> str | None:
        """The mirror's base URL, if any."""
        return self.params.mirror

    @property
    def wto_api_key(self) -> str:
        """The key of the official WTO API, "" when not set."""
        return self.params.wto_api_key

    @property
    def retry_policy(self) -> RetryPolicy:
        """How patiently to retry."""
        return RetryPolicy(self.params.retries, self.params.backoff, self.params.max_wait)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. ``expected`` is None while the source's own count is not known."""

    feed: str
    received: int
    skipped: int
    expected: int | None
    slices_done: int
    slices: int
    slice: str


def dump_job(job: Job) -> bytes:
    """The job as one line."""
    return orjson.dumps(asdict(job)) + b"\n"


def load_job(line: bytes) -> Job:
    """The job out of its line."""
    raw = orjson.loads(line)
    params = raw["params"]
    params["backfill_since"] = _day(params["backfill_since"])
    return Job(
        run_id=raw["run_id"],
        feed=raw["feed"],
        params=CrawlParams(**params),
        clock_start=datetime.fromisoformat(raw["clock_start"]),
        since=_day(raw["since"]),
        until=_day(raw["until"]),
    )


def dump_message(message: Progress | RunReport) -> bytes:
    """One line that the child says."""
    kind = "progress" if isinstance(message, Progress) else "report"
    return orjson.dumps({"kind": kind, **asdict(message)}) + b"\n"


def load_message(line: bytes) -> Progress | RunReport | None:
    """What the child said; None for a line that is none of ours."""
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    kind = raw.pop("kind", None) if isinstance(raw, dict) else None
    if kind == "progress":
        return Progress(**raw)
    return _report(raw) if kind == "report" else None


def _report(raw: dict[str, Any]) -> RunReport:
    finished = raw["finished_at"]
    return RunReport(
        **{
            **raw,
            "started_at": datetime.fromisoformat(raw["started_at"]),
            "finished_at": datetime.fromisoformat(finished) if finished else None,
            "since": _day(raw["since"]),
            "until": _day(raw["until"]),
            "verdict": Verdict(raw["verdict"]),
            "issues": tuple(Issue(**issue) for issue in raw["issues"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
