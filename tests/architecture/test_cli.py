"""The command line as a stranger meets it."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from cli import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("TONGBO_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TONGBO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def call(*words):
        return CliRunner().invoke(main, list(words))

    return call


def verbs(group=main, before=()):
    """(words, command) of every verb, groups walked into."""
    for name, command in group.commands.items():
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from verbs(command, (*before, name))


def test_every_verb_says_what_it_does(run):
    for words, command in verbs():
        assert command.help, words
        assert run(*words, "--help").exit_code == 0


def test_every_verb_that_answers_takes_json():
    talkers = {words: verb for words, verb in verbs() if words not in {("serve",), ("up",)}}
    assert {
        words
        for words, verb in talkers.items()
        if not isinstance(verb, click.Group) and not any(option.name == "as_json" for option in verb.params)
    } == set()


def test_a_search_before_the_first_index_says_so_with_its_own_exit_code(run):
    done = run("search", "battery", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stdout)["code"] == "search.index_not_ready"


def test_a_query_that_cannot_be_read_is_a_usage_error(run):
    done = run("search", 'hs:banana "', "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["code"] == "search.query_invalid"


def test_a_query_may_begin_with_a_minus(run):
    done = run("search", "-market:US battery", "--json")
    assert json.loads(done.stdout)["code"] == "search.index_not_ready"


def test_a_bad_setting_is_named(run, monkeypatch):
    monkeypatch.setenv("TONGBO_MIRROR", "nonsense")
    done = run("sources")
    assert done.exit_code == 2
    assert "TONGBO_MIRROR" in done.stderr


def test_an_unknown_feed_is_refused_with_the_list_of_feeds(run):
    done = run("crawl", "wto-nothing", "--json")
    assert done.exit_code == 2
    assert "wto-eping" in json.loads(done.stdout)["hint"]


def test_the_ledger_of_a_new_folder_lists_every_source_as_never_read(run):
    rows = json.loads(run("sources", "--json").stdout)
    assert {row["verdict"] for row in rows} <= {"never", "off"}
    assert {"wto-eping", "wto-api", "wto-workbook", "us-fr"} <= {row["source"] for row in rows}


def test_settings_are_listed_without_secrets(run, monkeypatch):
    monkeypatch.setenv("TONGBO_WTO_API_KEY", "s3cret-value")
    done = run("settings")
    assert "s3cret-value" not in done.stdout
    assert "TONGBO_WTO_API_KEY=**********" in done.stdout


def test_a_data_folder_that_cannot_be_made_is_said_plainly(run, monkeypatch, tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    monkeypatch.setenv("TONGBO_DATA_DIR", str(blocker / "data"))
    done = run("sources")
    assert done.exit_code == 4
    assert "can't be made" in done.stderr
