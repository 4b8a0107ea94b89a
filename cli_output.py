"""What the command line prints, and its exit codes: pure rendering, widths of Hangul counted by rich.

``--json`` prints the shapes of the API. Fetched text never reaches a terminal with its control characters.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import IO, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.messages import Lang, known, say
from api.safe_text import safe_text
from api.search_service import SearchAnswer
from api.shapes import HitOut, SearchOut, SourceOut
from notices import errors, markets
from notices.nomenclature import sectors
from notices.runs import RunReport, Verdict
from notices.search import Sort, VerifyReport


class Exit(IntEnum):
    """Exit codes; docs/errors.md lists which error gives which."""

    OK = 0
    OTHER = 1
    USAGE = 2
    NOT_FOUND = 3
    UNAVAILABLE = 4
    CRAWL = 5
    LOCKED = 6


EXIT_CODES: dict[type[errors.TongboError], Exit] = {
    errors.ConfigError: Exit.USAGE,
    errors.QueryInvalid: Exit.USAGE,
    errors.NotFound: Exit.NOT_FOUND,
    errors.IndexNotReady: Exit.UNAVAILABLE,
    errors.BackendUnavailable: Exit.UNAVAILABLE,
    errors.BackendRefused: Exit.UNAVAILABLE,
    errors.BackendBusy: Exit.UNAVAILABLE,
    errors.StoreUnavailable: Exit.UNAVAILABLE,
    errors.CrawlError: Exit.CRAWL,
    errors.JobLocked: Exit.LOCKED,
    errors.TongboError: Exit.OTHER,
}
"""Exit code of every error class, by the nearest ancestor that stands here."""

_VERDICT_STYLE = {
    Verdict.OK: "green",
    Verdict.EMPTY_ALLOWED: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.RUNNING: "yellow",
    Verdict.FAILED: "bold red",
}


_PIPED_WIDTH = 400
_COUNTS = ("received", "skipped", "notices", "expected")


def exit_code(error: errors.TongboError) -> Exit:
    """The exit code of an error."""
    return next(EXIT_CODES[base] for base in type(error).__mro__ if base in EXIT_CODES)


def exit_code_of_runs(reports: Iterable[RunReport]) -> Exit:
    """CRAWL when a run failed or is partial; a feed that is off (its key is not set) is not a fault."""
    bad = (Verdict.FAILED, Verdict.PARTIAL)
    return Exit.CRAWL if any(report.verdict in bad for report in reports) else Exit.OK


def terminal_language(environ: Mapping[str, str]) -> Lang:
    """The language of a terminal by LC_ALL, LC_MESSAGES, LANG; English when they say nothing."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return Lang.KO if locale.lower().startswith("ko") else Lang.EN


def console_for(file: IO[str] | None = None) -> Console:
    """A console that colours terminals only; piped lines are not wrapped, so they can be searched."""
    target = file or sys.stdout
    if target.isatty():
        return Console(file=target, highlight=False)
    return Console(file=target, highlight=False, soft_wrap=True, width=_PIPED_WIDTH)


def print_json(value: Any, file: IO[str] | None = None) -> None:  # noqa: ANN401 - anything that JSON can hold
    """Print JSON, Hangul as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=2), file=file or sys.stdout)


def search_json(answer: SearchAnswer) -> dict[str, Any]:
    """What `/v1/search` answers."""
    return SearchOut.of(answer).model_dump(mode="json")


def sources_json(rows: Sequence[SourceOut]) -> list[dict[str, Any]]:
    """What `/v1/sources` answers."""
    return [row.model_dump(mode="json") for row in rows]


def error_json(error: errors.TongboError) -> dict[str, Any]:
    """An error as JSON: code, detail, hint and exit code."""
    return {"code": error.code, "detail": error.detail, "hint": error.hint, "exit_code": int(exit_code(error))}


def print_error(error: errors.TongboError, console: Console) -> None:
    """An error in two lines: what happened, what to do."""
    console.print(_line(("error ", "bold red"), (error.code, "bold"), f": {error.detail}"))
    if error.hint:
        console.print(_line(("  → ", "dim"), error.hint))


def print_search(answer: SearchAnswer, lang: Lang, console: Console) -> None:
    """Families, best first, four lines each at most; warnings before them."""
    out, relation = SearchOut.of(answer), answer.page.total_relation
    total = say(lang, "search.total_gte" if relation == "gte" else "search.total", n=out.total)
    if answer.query.sort is not Sort.RELEVANCE:
        total += f" · {say(lang, f'sort.{answer.query.sort}')}"
    console.print(_line((total, "bold")))
    for caveat in answer.warnings:
        console.print(_line(("! ", "yellow"), (caveat.sentence(lang), "yellow")))
    for rank, hit in enumerate(out.hits, 1):
        console.print()
        _print_hit(rank, hit, answer, lang, console)
    if out.next_cursor:
        console.print(_line((f"\n{say(lang, 'search.next')}: --cursor {out.next_cursor}", "dim")))


def _print_hit(rank: int, hit: HitOut, answer: SearchAnswer, lang: Lang, console: Console) -> None:
    names = ", ".join(markets.name(code, lang) for code in hit.market.split(",")) if hit.market else ""
    kind = known(lang, f"kind.{hit.kind}", hit.kind)
    symbol = hit.symbols[0] if hit.symbols else ""
    parts: list[str | tuple[str, str]] = [(names, "bold"), (kind, "cyan"), symbol, hit.published_on.isoformat()]
    head = _line((f"{rank:>2}. ", "dim"), *_joined(parts))
    if hit.comment_until is not None:
        days = (hit.comment_until - answer.query.today).days
        text = say(lang, "deadline.closed", n=-days) if days < 0 else say(lang, "deadline.open", n=days)
        head.append(f"  {text}", style="dim" if days < 0 else "green")
    console.print(head)
    console.print(_line("    ", (hit.title or say(lang, "search.untitled"), "bold")))
    found = [item.value for item in answer.findings.get(hit.id, ()) if item.label == "sector"]
    codes = [f"HS {code}" for code in hit.hs_codes[:4]] + [f"ICS {code}" for code in hit.ics_codes[:3]]
    tags = codes + [sectors.title(value, lang) or value for value in dict.fromkeys(found)]
    why = [f"{known(lang, f'why.{item.code}', item.code)}".format(detail=item.detail) for item in hit.why[:4]]
    if tags or why:
        console.print(_line("    ", (" · ".join([*tags, *why]), "dim")))
    console.print(_line("    ", (hit.id, "dim")))


def print_sources(rows: Sequence[SourceOut], lang: Lang, console: Console) -> None:
    """The ledger as a table, with each source's reason below it."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for key in ("source", "verdict", *_COUNTS, "last_success", "newest"):
        table.add_column(say(lang, f"sources.{key}"), justify="right" if key in _COUNTS else "left")
    for row in rows:
        verdict = Text(say(lang, f"verdict.{row.verdict}"), style=_VERDICT_STYLE.get(Verdict(row.verdict), "dim"))
        last = row.last_success.strftime("%Y-%m-%d %H:%M") if row.last_success else "–"
        expected = f"{row.expected:,}" if row.expected is not None else "–"
        newest = row.newest.isoformat() if row.newest else "–"
        counts = (f"{row.received:,}", f"{row.skipped:,}", f"{row.notices:,}", expected)
        table.add_row(row.source, verdict, *counts, last, newest)
    console.print(table)
    for row in rows:
        if row.reason or row.dead:
            dead = say(lang, "sources.dead", n=row.dead) if row.dead else ""
            console.print(_line((f"{row.source}: ", "bold"), f"{row.reason} {dead}".strip()))
    if any(row.replayed for row in rows):
        console.print(_line((say(lang, "site.replayed_both"), "yellow")))


def print_runs(reports: Sequence[RunReport], lang: Lang, console: Console) -> None:
    """What a crawl did, a line for each feed and its issues below."""
    for report in reports:
        verdict = say(lang, f"verdict.{report.verdict}")
        counts = say(lang, "run.counts", received=report.received, skipped=report.skipped, new=report.new,
                     revised=report.revised, unchanged=report.unchanged)  # fmt: skip
        console.print(
            _line((f"{report.feed}: ", "bold"), (verdict, _VERDICT_STYLE.get(report.verdict, "dim")), f"  {counts}")
        )
        if report.reason:
            console.print(_line("  ", report.reason))
        for issue in report.issues:
            if issue.level != "info":
                console.print(_line(("  ! ", "yellow"), f"{issue.code} {issue.locator} {issue.detail}"))


def run_json(report: RunReport) -> dict[str, Any]:
    """A run as JSON."""
    return {
        "run_id": report.run_id, "source": report.feed, "verdict": report.verdict.value, "reason": report.reason,
        "expected": report.expected, "received": report.received, "skipped": report.skipped, "new": report.new,
        "revised": report.revised, "unchanged": report.unchanged, "dead": report.dead,
        "started_at": report.started_at.isoformat(),
        "finished_at": report.finished_at.isoformat() if report.finished_at else None,
        "since": str(report.since) if report.since else None, "until": str(report.until) if report.until else None,
        "issues": [
            {"level": issue.level, "code": issue.code, "detail": issue.detail, "locator": issue.locator}
            for issue in report.issues
        ],
    }  # fmt: skip


def print_verify(report: VerifyReport, lang: Lang, console: Console) -> None:
    """Whether index and store agree, and the first ids that do not."""
    console.print(_line((say(lang, "verify.ok" if report.ok else "verify.bad", n=report.checked), "bold")))
    for name in ("missing", "extra", "stale"):
        ids: tuple[str, ...] = getattr(report, name)
        if ids:
            more = f" … +{len(ids) - 10:,}" if len(ids) > 10 else ""
            console.print(_line((f"  {say(lang, f'verify.{name}', n=len(ids))}: ", "red"), ", ".join(ids[:10]) + more))


def _line(*parts: str | tuple[str, str]) -> Text:
    """A line of plain and styled parts; control characters are taken out."""
    text = Text()
    for part in parts:
        words, style = (part, "") if isinstance(part, str) else part
        text.append(safe_text(words), style=style)
    return text


def _joined(parts: Sequence[str | tuple[str, str]]) -> list[str | tuple[str, str]]:
    """The parts that say something, two blanks between them."""
    said = [part for part in parts if (part if isinstance(part, str) else part[0])]
    return [item for part in said for item in (part, "  ")][:-1]
