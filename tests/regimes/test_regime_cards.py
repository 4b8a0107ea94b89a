"""The committed cards, and what the loader refuses."""

from __future__ import annotations

import re

import pytest

from notices import markets
from notices.errors import ConfigError
from notices.nomenclature import hs
from notices.regimes import Level, load_regimes
from notices.regimes.loader import read_card, sentences
from notices.regimes.model import Standing, State
from notices.regimes.wording import UNCHECKED, fill, loose_numbers, say_figure

WANTED = {
    "us-ira-30d", "us-ira-45x", "us-uflpa", "eu-crma", "eu-csddd", "eu-csrd", "eu-cbam", "eu-batteries",
    "eu-deforestation", "eu-espr", "eu-conflict-minerals", "eu-forced-labour", "eu-sfdr", "eu-taxonomy",
    "eu-machinery", "eu-gpsr", "eu-cra", "eu-ai-act", "jp-chip-equipment", "cn-rare-earth-technology",
}  # fmt: skip
CARDS = load_regimes()


def card(name):
    return next(found for found in CARDS if found.id == name)


def value(name, figure):
    return card(name).figure(figure).value


def test_every_wanted_regime_has_its_card():
    assert {found.id for found in CARDS} == WANTED


@pytest.mark.parametrize("regime", CARDS, ids=lambda regime: regime.id)
def test_a_card_speaks_both_languages_and_names_status_and_sources(regime):
    assert regime.sources
    assert regime.status.state in State
    assert regime.figure(regime.status.since).unit == "date"
    assert re.search("[가-힣]", regime.name.ko)
    assert regime.market == "EU" or markets.exists(regime.market)
    for where, text in sentences(regime):
        assert bool(re.search("[가-힣]", text)) == where.endswith("(ko)"), (where, text)


@pytest.mark.parametrize("regime", CARDS, ids=lambda regime: regime.id)
def test_every_figure_has_a_quote_in_a_text_or_says_why_not(regime):
    for figure in regime.figures:
        assert (figure.text is None) == (figure.quote is None)
        assert figure.text is not None or figure.reason is not None
        if figure.level is Level.VERIFIED:
            assert figure.verified_against.standing is Standing.NEWEST
        if figure.level is Level.AS_ADOPTED:
            assert figure.caveat is not None
            assert figure.verified_against is None


@pytest.mark.parametrize("regime", CARDS, ids=lambda regime: regime.id)
def test_every_hs_code_exists_and_no_sentence_hides_a_number(regime):
    assert [entry.code for entry in regime.hs if not hs.exists(entry.code)] == []
    assert [where for where, text in sentences(regime) if loose_numbers(text)] == []


def test_no_name_belongs_to_two_regimes():
    seen = {}
    for regime in CARDS:
        for name in {regime.name.ko, regime.name.en, regime.short.ko, regime.short.en, *regime.nicknames}:
            assert seen.setdefault(name.casefold(), regime.id) == regime.id, name


def test_reconstructions_abstracts_and_uncollected_acts_verify_nothing():
    for name in ("eu-cbam", "eu-crma", "eu-taxonomy", "us-ira-30d", "us-ira-45x", "us-uflpa", "eu-conflict-minerals",
                 "eu-gpsr", "eu-forced-labour", "jp-chip-equipment", "cn-rare-earth-technology"):  # fmt: skip
        assert {figure.level for figure in card(name).figures} <= {Level.AS_ADOPTED, Level.UNVERIFIED}, name


def test_the_figures_that_the_customer_named_are_on_the_cards():
    minerals = [value("us-ira-30d", f"minerals-{n}") for n in ("first", "second", "third", "fourth", "last")]
    assert minerals == [40, 50, 60, 70, 80]
    parts = [value("us-ira-30d", f"components-{n}") for n in ("first", "second", "third", "fourth", "fifth", "last")]
    assert parts == [50, 60, 70, 80, 90, 100]
    assert card("us-ira-30d").status.state is State.ENDED
    metals = ("cobalt", "lead", "lithium", "nickel")
    assert [value("eu-batteries", f"rc-{metal}-first") for metal in metals] == [16, 85, 6, 6]
    assert [value("eu-batteries", f"rc-{metal}-second") for metal in metals] == [26, 85, 12, 15]
    benchmarks = ("extraction", "processing", "recycling", "dependence")
    assert [value("eu-crma", name) for name in benchmarks] == [10, 40, 25, 65]


def test_an_unchecked_figure_is_never_shown_bare():
    regime = card("us-ira-30d")
    text = regime.duties[0].what.ko
    assert "40" not in fill(text, regime, "ko", checked_only=True)
    assert fill(text, regime, "ko", checked_only=True).count(UNCHECKED["ko"]) == 2
    assert f"40 % {UNCHECKED['ko']}" in fill(text, regime, "ko", checked_only=False)


def test_a_checked_figure_is_said_in_both_languages():
    regime = card("eu-batteries")
    assert say_figure(regime.figure("passport-from"), "ko") == "2027년 2월 18일부터"
    assert say_figure(regime.figure("passport-from"), "en") == "from 18 February 2027"
    assert say_figure(regime.figure("rc-cobalt-first"), "ko") == "16 % 이상"
    assert say_figure(card("eu-csddd").figure("employees"), "en") == "more than 5,000 employees"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("market: EU", "market: EU\ncolour: red"), "colour"),
        (("unit: EUR, at: Article 9,", "unit: EUR, at: Article 9, weight: 3,"), "weight"),
        ((', reason: {ko: "읽지 못함", en: "not read"}', ""), "says why"),
        (('quote: "16 % cobalt", ', ""), "come together"),
        (("text: act, at: Article 1(2)", "text: other, at: Article 1(2)"), "no text 'other'"),
        (('codes: ["94"]', 'codes: ["7777"]'), "HS 2022 has no code 7777"),
        (('"At least {cobalt}"', '"At least 16 %"'), "says 16 without a figure"),
        (('"At least {cobalt}"', '"At least {nickel}"'), "unknown figure nickel"),
        (("by: applies", "by: never"), "unknown figure never"),
        (("since: applies", "since: cobalt"), "needs a day"),
        (("id: kept", "id: cobalt"), "two figures are called cobalt"),
        (("value: 2031-08-18", "value: 18"), "unit date"),
        (("standing: newest", "standing: as_adopted"), "needs a caveat"),
        (("standing: newest", "standing: certain"), "standing"),
        (("https://example.org", "ftp://example.org"), "url"),
        (('ko: "문서", ', ""), "ko"),
    ],
)
def test_a_card_that_breaks_a_rule_is_refused_with_the_reason(card_text, change, said):
    with pytest.raises(ConfigError) as caught:
        read_card(card_text(change), "lamps.yml")
    assert "lamps.yml" in caught.value.detail
    assert said in caught.value.detail


def test_text_that_is_no_yaml_is_refused():
    with pytest.raises(ConfigError):
        read_card("id: [", "broken.yml")
    with pytest.raises(ConfigError):
        read_card("", "empty.yml")
