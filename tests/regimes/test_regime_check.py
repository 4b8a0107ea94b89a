"""What the check believes and what it does not."""

from __future__ import annotations

import importlib

import pytest

from notices.model import Facts, Kind, Observation
from notices.regimes import load_regimes
from notices.regimes.check import Outcome, check_regimes, sha256_of
from notices.regimes.loader import read_card
from notices.regimes.model import Level
from notices.regimes.report import contradicted, nothing_checked, report_json, report_lines


def card(card_text):
    return read_card(card_text(), "lamps.yml")


def outcome(report, item):
    first = report.cards[0]
    return next(found for found in (*first.figures, *first.codes) if found.item == item)


@pytest.fixture
def check(store, card_text):
    def run(*changes, **options):
        return check_regimes([read_card(card_text(*changes, **options), "lamps.yml")], store)

    return run


def test_a_figure_stands_when_the_newest_whole_text_says_it_where_the_card_says(lamps, collect, check):
    collect(lamps.act(lamps.ACT, "Article 1\nOther words\n"), lamps.act(lamps.NEW))
    report = check()
    assert (report.total, report.count(Level.VERIFIED), report.mismatches, contradicted(report)) == (5, 4, 0, 0)
    found = outcome(report, "cobalt")
    assert lamps.BODY[found.start : found.end] == "16 % cobalt"
    assert found.notice_id == "eu:02024R0777-20250701"


def test_a_figure_without_a_text_keeps_its_reason(lamps, collect, check):
    collect(lamps.act(lamps.NEW))
    found = outcome(check(), "fee")
    assert (found.level, found.outcome, found.detail) == (Level.UNVERIFIED, Outcome.UNREAD, "not read")


@pytest.mark.parametrize(
    ("change", "item", "expected"),
    [
        (("value: 16,", "value: 17,"), "cobalt", Outcome.NO_VALUE),
        (('"16 % cobalt"', '"17 % cobalt"'), "cobalt", Outcome.NO_QUOTE),
        (("Article 2(1)(a)", "Article 2(1)(b)"), "cobalt", Outcome.NO_QUOTE),
        (("Article 2(1)(a)", "Article 2(2)"), "cobalt", Outcome.NO_QUOTE),
        (("Article 2(1)(a)", "Article 12"), "cobalt", Outcome.NO_PLACE),
        (("Article 1(2)", "Article 1(9)"), "applies", Outcome.NO_PLACE),
        (("value: 2031-08-18", "value: 2031-08-17"), "applies", Outcome.NO_VALUE),
        (("value: 1500000000", "value: 150000000"), "turnover", Outcome.NO_VALUE),
        (("unit: years", "unit: months"), "kept", Outcome.NO_VALUE),
        (('"for five years"', '"For five years"'), "kept", Outcome.NO_QUOTE),
        (('codes: ["8539"]', 'codes: ["8541"]'), "8541", Outcome.NOT_LISTED),
        (('codes: ["853931"]', 'codes: ["853921"]'), "853921", Outcome.NOT_LISTED),
    ],
)
def test_a_planted_error_is_a_mismatch(lamps, collect, check, change, item, expected):
    collect(lamps.act(lamps.NEW))
    report = check(change)
    assert outcome(report, item).outcome is expected
    assert outcome(report, item).level is Level.UNVERIFIED
    assert report.mismatches == 1


def test_a_card_read_in_an_older_version_is_stale_even_where_the_newer_one_says_the_same(lamps, collect, check):
    collect(lamps.act(lamps.OLD), lamps.act(lamps.NEW))
    report = check(read_in=lamps.OLD)
    assert outcome(report, "cobalt").outcome is Outcome.STALE
    assert report.count(Level.VERIFIED) == 0
    assert report.mismatches == 0
    assert contradicted(report) == 6


def test_a_newer_version_with_another_value_is_a_mismatch(lamps, collect, check):
    collect(lamps.act(lamps.NEW), lamps.act(lamps.NEWER, lamps.BODY.replace("16 %", "20 %")))
    report = check()
    assert outcome(report, "cobalt").outcome is Outcome.NO_QUOTE
    assert report.mismatches == 1


def test_a_newer_version_without_a_text_leaves_nothing_verified(lamps, collect, check):
    collect(lamps.act(lamps.NEW), lamps.act(lamps.NEWER, None, status="missing"))
    report = check()
    assert outcome(report, "cobalt").outcome is Outcome.NOT_WHOLE
    assert report.count(Level.VERIFIED) == 0


@pytest.mark.parametrize("status", ["excerpt", "reconstructed", ""])
def test_a_text_that_is_not_whole_verifies_nothing(lamps, collect, check, status):
    collect(lamps.act(lamps.NEW, status=status))
    assert {found.outcome for found in check().cards[0].figures} == {Outcome.NOT_WHOLE, Outcome.UNREAD}


def test_other_words_in_the_same_version_are_noticed_though_every_quote_stands(lamps, collect, check):
    collect(lamps.act(lamps.NEW, lamps.BODY.replace("Scope", "Reach")))
    report = check()
    assert outcome(report, "cobalt").outcome is Outcome.CHANGED
    assert report.count(Level.VERIFIED) == 0


def test_an_amendment_that_the_newest_version_lacks_lowers_its_figures_until_somebody_has_looked(lamps, collect, check):
    collect(lamps.act(lamps.NEW), lamps.act("32026R0009", "Article 1\nx\n", amends=lamps.ACT))
    assert outcome(check(), "cobalt").outcome is Outcome.AMENDED
    looked = ('sha256: "SUM"}', 'sha256: "SUM", known_amendments: [32026R0009], caveat: {ko: "가", en: "a"}}')
    assert outcome(check(looked), "cobalt").outcome is Outcome.STANDS


def test_an_amendment_inside_the_newest_version_is_no_news(lamps, collect, check):
    collect(lamps.act(lamps.NEW, inside=("32026R0009",)), lamps.act("32026R0009", "Article 1\nx\n", amends=lamps.ACT))
    assert outcome(check(), "cobalt").outcome is Outcome.STANDS


@pytest.mark.parametrize(
    ("language", "inside", "expected"),
    [
        ("en", (), Outcome.AMENDED),
        ("en", ("32024R0777R(01)",), Outcome.STANDS),
        ("fr", (), Outcome.STANDS),
    ],
)
def test_an_english_corrigendum_counts_until_a_version_has_taken_it_in(
    lamps, collect, check, language, inside, expected
):
    collect(lamps.act(lamps.NEW, inside=inside), lamps.act("32024R0777R(01)", "Article 1\nx\n", language=language))
    assert outcome(check(), "cobalt").outcome is expected


def test_an_empty_store_is_not_taken_for_a_clean_check(check, card_text):
    report = check()
    assert nothing_checked(report)
    assert report.count(Level.VERIFIED) == 0
    assert "run `tongbo crawl" in list(report_lines(report, [card(card_text)]))[-1].text


def test_a_text_as_adopted_gives_figures_as_adopted_with_the_caveat(lamps, collect, check):
    collect(lamps.act(lamps.ACT, status="reconstructed"), lamps.act(lamps.NEW, lamps.BODY.replace("16 %", "20 %")))
    adopted = ("standing: newest,", 'standing: as_adopted, caveat: {ko: "채택 당시", en: "as adopted"},')
    report = check(adopted, read_in=lamps.ACT)
    assert outcome(report, "cobalt").level is Level.AS_ADOPTED
    assert report.count(Level.VERIFIED) == 0
    assert report.mismatches == 0


ABSTRACT_FIGURES = """figures:
  - {id: applies, value: 2030-01-01, unit: date, at: x, reason: {ko: 가, en: a}, ko: 가, en: a}
  - {id: cobalt, value: 3750, unit: USD, text: act, at: abstract, quote: "is $3,750", ko: 가, en: a}
  - {id: added, value: 35, unit: items, text: act, at: abstract, quote: "thirty-five entities", ko: 가, en: a}
"""


def test_an_abstract_is_read_as_americans_write(lamps, store, collect):
    summary = "The credit is $3,750 and thirty-five entities were added."
    facts = Facts(Kind.NOTICE, lamps.NOON.date(), title="t", summary=summary)
    collect(Observation("us-fr:2026-01-02/2026-00001", "us-fr", "1", lamps.NOON, "c", "fr", 1, facts))
    text = lamps.CARD.replace("eu:TEXT", "us-fr:2026-01-02/2026-00001").replace("SUM", sha256_of(summary))
    abstract = 'field: summary, standing: abstract, caveat: {ko: "초록", en: "abstract"},'
    text = text.replace("standing: newest,", abstract).replace("listed_in: Annex I, text: act, ", "")
    before, _, rest = text.partition("figures:\n")
    text = before + ABSTRACT_FIGURES + rest[rest.index("evidence:") :]
    report = check_regimes([read_card(text, "abstract.yml")], store)
    assert report.mismatches == 0
    assert report.count(Level.AS_ADOPTED) == 2


def test_the_report_says_the_same_on_screen_and_as_json(lamps, collect, check, card_text):
    collect(lamps.act(lamps.NEW))
    report = check(("value: 16,", "value: 17,"))
    said = report_json(report)
    assert (said["total"], said["verified"], said["unverified"], said["mismatches"]) == (5, 3, 2, 1)
    lines = [line.text for line in report_lines(report, [card(card_text)])]
    assert any("no_value" in line and "cobalt" in line for line in lines)
    assert lines[-1] == "5 figures on 1 cards: 3 verified, 0 as adopted, 2 unverified; 1 mismatches"


@pytest.mark.external("replay")
def test_every_figure_of_every_card_stands_in_the_replays_newest_texts(replay_url, tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBO_TEST_REPLAY_URL", replay_url)
    stamp = importlib.import_module("tools.stamp_regimes")
    with stamp.store_of(tmp_path) as store:
        stamp.fill(store, load_regimes())
        report = check_regimes(load_regimes(), store)
    assert [found for card in report.cards for found in (*card.mismatches, *card.lowered)] == []
    assert report.mismatches == 0
    assert report.count(Level.VERIFIED) >= 100
