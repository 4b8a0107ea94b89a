"""What the command line prints, and its exit codes."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

import cli_output
from api.caveats import statuses
from api.messages import Lang
from api.search_service import SearchRequest, search
from api.shapes import SourceOut
from notices import errors
from notices.runs import Verdict
from notices.search import VerifyReport


@pytest.fixture
def screen():
    file = io.StringIO()
    return Console(file=file, width=80, highlight=False), file


def test_a_search_prints_hits_with_market_deadline_codes_and_id(world, screen):
    console, file = screen
    cli_output.print_search(search(world.services, SearchRequest(q="lithium")), Lang.KO, console)
    text = file.getvalue()
    for expected in ("1건", "케냐", "G/TBT/N/KEN/7001", "의견 마감 D-24", "HS 850760", "wto:G/TBT/N/KEN/7001"):
        assert expected in text


def test_search_json_is_the_answer_of_the_api(world):
    answer = search(world.services, SearchRequest(q="lithium", facets=("market",)))
    served = world.client.get("/v1/search", params={"q": "lithium", "facets": "market"}).json()
    assert cli_output.search_json(answer) == served


def test_sources_json_is_the_answer_of_the_api(world):
    rows = [SourceOut.of(status, replayed=False) for _, status in statuses(world.services)]
    assert cli_output.sources_json(rows) == world.client.get("/v1/sources").json()


def test_fetched_text_can_not_steer_a_terminal(own_world, screen):
    from dataclasses import replace

    console, file = screen
    notice = own_world.store.notice("wto:G/TBT/N/KOR/7008")
    own_world.observe_again(notice, replace(notice.facts, title="appliance \x1b[31mred\x1b]0;owned\x07 [bold]x[/bold]"))
    cli_output.print_search(search(own_world.services, SearchRequest(q="appliance")), Lang.EN, console)
    text = file.getvalue()
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]x[/bold]" in text


@pytest.mark.parametrize("lang", list(Lang))
def test_the_ledger_fits_eighty_columns_and_gives_reasons(world, screen, lang):
    from rich.cells import cell_len

    console, file = screen
    rows = [SourceOut.of(status, replayed=True) for _, status in statuses(world.services)]
    cli_output.print_sources(rows, lang, console)
    text = file.getvalue()
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert "wto-eping" in text
    assert "needs TONGBO_WTO_API_KEY" in text
    assert "재생 데이터" in text


def test_piped_lines_are_whole():
    file = io.StringIO()
    console = cli_output.console_for(file)
    cli_output.print_error(errors.BackendUnavailable("long " * 60), console)
    lines = file.getvalue().splitlines()
    assert len(lines) == 2
    assert "\x1b" not in file.getvalue()


def test_every_error_has_an_exit_code_by_its_nearest_ancestor():
    expected = {
        errors.ConfigError: 2, errors.SecretMissing: 2, errors.QueryInvalid: 2, errors.NotFound: 3,
        errors.IndexNotReady: 4, errors.BackendUnavailable: 4, errors.BackendRefused: 4, errors.BackendBusy: 4,
        errors.StoreUnavailable: 4, errors.FetchError: 5, errors.CountMismatch: 5, errors.JobLocked: 6,
        errors.TongboError: 1, errors.EnrichError: 1, errors.CaptureCorrupt: 1,
    }  # fmt: skip
    assert {kind: int(cli_output.exit_code(kind("x"))) for kind in expected} == expected
    assert cli_output.error_json(errors.NotFound("no"))["exit_code"] == 3


def test_a_failed_or_partial_run_is_an_exit_code_and_an_off_source_is_not(runs, screen):
    console, file = screen
    reports = [runs("wto-eping", Verdict.OK), runs("wto-api", Verdict.OFF)]
    assert cli_output.exit_code_of_runs(reports) == 0
    reports.append(runs("us-fr", Verdict.PARTIAL, reason="3 days are missing"))
    assert cli_output.exit_code_of_runs(reports) == 5
    cli_output.print_runs(reports, Lang.EN, console)
    assert "3 days are missing" in file.getvalue()
    assert json.dumps(cli_output.run_json(reports[2]))


def test_verification_names_what_differs(screen):
    console, file = screen
    cli_output.print_verify(VerifyReport("g1", 3, ("a",), (), ("b",)), Lang.EN, console)
    assert "differ" in file.getvalue()
    assert "missing 1: a" in file.getvalue()
    assert "stale 1: b" in file.getvalue()


@pytest.mark.parametrize(
    ("environ", "lang"), [({"LANG": "ko_KR.UTF-8"}, "ko"), ({"LC_ALL": "C", "LANG": "ko_KR"}, "en"), ({}, "en")]
)
def test_the_terminal_language_is_that_of_the_locale(environ, lang):
    assert cli_output.terminal_language(environ) == lang
