"""``tongbo regimes check`` as a stranger meets it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cli import main
from notices.regimes import load_regimes


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("TONGBO_DATABASE_URL", raising=False)

    def call(*words):
        return CliRunner().invoke(main, ["regimes", "check", *words])

    return call


def test_before_any_crawl_it_says_that_nothing_could_be_checked(run):
    done = run()
    assert done.exit_code == 4
    assert "run `tongbo crawl" in done.stdout
    for card in load_regimes():
        assert card.id in done.stdout


def test_as_json_every_figure_is_there_with_what_became_of_it(run):
    said = json.loads(run("--json").stdout)
    assert said["total"] == sum(len(card.figures) for card in load_regimes())
    assert (said["verified"], said["mismatches"]) == (0, 0)
    assert {figure["outcome"] for card in said["cards"] for figure in card["figures"]} == {"unread", "not_stored"}
