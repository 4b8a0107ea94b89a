"""What a query means: the same on both engines, case by case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from notices.errors import QueryInvalid
from notices.model import Kind

FR = "us-fr:2024-01-10/"


def documents(doc: Any) -> list[Any]:
    w = "wto:G/TBT/N/"
    return [
        doc(
            w + "KOR/1",
            "Safety criteria for portable lithium batteries",
            hs=["850760"],
            ics=["29.220.30"],
            summary="The draft sets requirements for charging and transport.",
            sectors=("electrical",),
            published_on=date(2024, 1, 15),
            comment_until=date(2024, 3, 15),
        ),
        doc(
            w + "KOR/1/Add.1",
            "Adoption of the criteria",
            kind=Kind.ADDENDUM,
            hs=["850760^"],
            ics=["29.220.30^"],
            published_on=date(2024, 1, 30),
            sectors=("electrical",),
        ),
        doc(
            w + "EU/2",
            "Regulation on accumulators",
            hs=["8507"],
            markets=("EU",),
            sectors=("electrical", "energy"),
            summary="Lead-acid accumulators shall be labelled.",
            published_on=date(2023, 12, 1),
            comment_until=date(2024, 1, 20),
        ),
        doc(w + "CHN/3", "Electrical goods in general", hs=["85"], markets=("CN",), published_on=date(2023, 6, 1)),
        doc(
            w + "USA/4",
            "Toys",
            products_text="Dolls and other toys",
            hs=["9503"],
            ics=["97.200.50"],
            markets=("US",),
            summary="Limits of lead in paint. Button batteries must be secured.",
            sectors=("household",),
            published_on=date(2024, 1, 5),
            comment_until=date(2024, 2, 1),
        ),
        doc(w + "JPN/5", "Stationary storage", hs=["850760?"], markets=("JP",), published_on=date(2024, 1, 2)),
        doc(
            FR + "2024-00375",
            "Combined notice of filings",
            source="us-fr",
            kind=Kind.NOTICE,
            markets=("US",),
            identifiers=("fr_number:2024-00375", "fr_citation:89 FR 375"),
            family=FR + "2024-00375",
            summary="See G/TBT/N/KOR/1 and 40 CFR 52.",
            body="Comments were received.\nThe power bank\nis out of scope.",
        ),
        doc(
            FR + "2024-00376",
            "Meeting of the battery committee",
            source="us-fr",
            kind=Kind.NOTICE,
            markets=("US",),
            identifiers=("fr_number:2024-00376",),
            family=FR + "2024-00376",
            body="The committee meets on power. Bank accounts.",
        ),
        doc(
            w + "CHN/6",
            "化妆品安全技术规范",
            markets=("CN",),
            hs=["3304"],
            summary="本规范适用于化妆品。",
            published_on=date(2022, 5, 5),
        ),
        doc(
            w + "KOR/7",
            "Cosmetics",
            title_original="화장품 표시·광고 기준",
            hs=["3304"],
            published_on=date(2024, 1, 20),
            summary="화장품의 표시 방법을 정한다.",
        ),
        doc(
            w + "ARE/8",
            "Joint notification of tyres",
            markets=("AE", "BH", "SA"),
            hs=["4011"],
            published_on=date(2023, 3, 3),
        ),
    ]


def test_a_word_finds_its_notices_in_any_number_and_case(corpus: Any) -> None:
    assert corpus.named('"BATTERY"') == {"KOR/1", "USA/4", "2024-00376"}


def test_all_words_must_stand_somewhere_in_the_notice_though_in_different_fields(corpus: Any) -> None:
    assert corpus.named('"criteria" "charging"') == {"KOR/1"}
    assert corpus.named("portable transport") == {"KOR/1"}


def test_words_of_two_notices_of_one_family_do_not_add_up(corpus: Any) -> None:
    assert corpus.page('"adoption" "portable"').total == 0


def test_or_takes_either_side_and_parentheses_group(corpus: Any) -> None:
    assert corpus.named('"dolls" OR "tyres"') == {"USA/4", "ARE/8"}
    assert corpus.named('("dolls" OR "tyres") -paint') == {"ARE/8"}


def test_a_minus_rules_out_the_whole_notice_not_one_field_of_it(corpus: Any) -> None:
    assert "USA/4" not in corpus.named("-paint")
    assert corpus.named('"battery" -paint -committee') == {"KOR/1"}


def test_a_minus_alone_leaves_all_others(corpus: Any) -> None:
    assert len(corpus.named("-battery")) == 10 - 3


def test_a_phrase_keeps_order_and_closeness_and_may_cross_passages_of_one_field(corpus: Any) -> None:
    assert corpus.named('"power bank"') == {"2024-00375", "2024-00376"}
    assert corpus.named('"bank power"') == set()
    assert corpus.named('"received the power"') == {"2024-00375"}


def test_a_phrase_never_crosses_from_one_field_to_another(corpus: Any) -> None:
    assert corpus.named('"toys dolls"') == set()


def test_a_prefix_finds_all_words_that_begin_so(corpus: Any) -> None:
    assert corpus.named("batter*") == {"KOR/1", "USA/4", "2024-00376"}
    assert corpus.named("accumul* lab*") == {"EU/2"}


def test_a_typed_heading_finds_the_code_directly_before_broadly(corpus: Any) -> None:
    assert corpus.found("HS 8507.60")[:1] == ["KOR/1"]
    assert {"EU/2", "CHN/3"} <= set(corpus.found("8507 60"))


def test_the_hs_filter_takes_what_lies_below_and_what_lies_above(corpus: Any) -> None:
    for text in ("hs:8507", "hs:850760", "hs:85", "hs:8507.60.9000"):
        assert corpus.named(text + " -kind:addendum") == {"KOR/1", "EU/2", "CHN/3"}


def test_direct_codes_rank_before_broad_ones_and_why_says_which(corpus: Any) -> None:
    page = corpus.page("hs:850760")
    assert [why.code for hit in page.hits for why in hit.why] == ["hs_direct", "hs_broad", "hs_broad"]
    assert page.hits[0].why[0].detail == "850760"


def test_an_exact_code_takes_only_itself(corpus: Any) -> None:
    assert corpus.named("hs:=8507") == {"EU/2"}
    assert corpus.named("hs:=850760") == {"KOR/1/Add.1"}, "the family's newest stands for it"


def test_inferred_codes_count_only_when_asked_for(corpus: Any) -> None:
    assert "JPN/5" not in corpus.named("hs:850760")
    assert "JPN/5" in corpus.named("hs:850760+inferred")


def test_ics_filters_follow_the_dots(corpus: Any) -> None:
    assert len(corpus.named("ics:29.220")) == 1
    assert corpus.named("ics:97.200") == {"USA/4"} == corpus.named("ics:97")
    assert corpus.named("ics:97.200.50.") == {"USA/4"} == corpus.named("ics:=97.200.50")


def test_a_code_ruled_out_takes_its_direct_and_broad_notices_away(corpus: Any) -> None:
    assert {"KOR/1", "EU/2", "CHN/3"} & corpus.named("-hs:8507") == set()


def test_values_of_one_filter_are_alternatives_and_filters_add_up(corpus: Any) -> None:
    assert corpus.named("market:미국,EU source:wto") == {"USA/4", "EU/2"}
    assert corpus.named("market:US sector:household") == {"USA/4"}


def test_a_joint_notification_belongs_to_each_of_its_markets(corpus: Any) -> None:
    assert corpus.named("market:사우디아라비아") == {"ARE/8"} == corpus.named("market:BH")


def test_ruled_out_markets_kinds_sources_and_sectors_are_left_out(corpus: Any) -> None:
    assert corpus.named("-source:wto") == {"2024-00375", "2024-00376"}
    assert corpus.named("-market:US,KR,CN,JP,EU") == {"ARE/8"}
    assert "2024-00375" not in corpus.named("-kind:notice")
    assert "EU/2" not in corpus.named("-sector:energy")


def test_kinds_are_filtered_by_revision_not_by_family(corpus: Any) -> None:
    assert corpus.named("kind:addendum") == {"KOR/1/Add.1"}


def test_publication_ranges_include_both_ends_and_may_be_open(corpus: Any) -> None:
    assert corpus.named("published:2024-01-02..2024-01-05") == {"JPN/5", "USA/4"}
    assert corpus.named("published:..2023-03-03") == {"CHN/6", "ARE/8"}
    assert corpus.named("published:2023") == {"EU/2", "CHN/3", "ARE/8"}


def test_deadlines_are_filtered_and_open_means_today_or_later(corpus: Any) -> None:
    assert corpus.named("deadline:2024-01") == {"EU/2"}
    assert corpus.named("open:yes") == {"KOR/1", "USA/4"}
    assert "EU/2" in corpus.named("open:no")
    assert "USA/4" not in corpus.named("open:no")


def test_open_on_another_day_follows_as_of(corpus: Any) -> None:
    assert corpus.named("open:yes as_of:2024-01-15") == {"KOR/1", "EU/2", "USA/4"}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("G/TBT/N/KOR/1", "KOR/1"), (" g/tbt/n/kor/1/add.1", "KOR/1/Add.1"), ("G/TBT/N/KOR/1/Add. 1", "KOR/1/Add.1"),
        ("89 FR 375", "2024-00375"), ("89 Fed. Reg. 375", "2024-00375"), ("2024-00375", "2024-00375"),
        ("see G/TBT/N/USA/4 please", "USA/4"),
    ],
)  # fmt: skip
def test_a_pasted_name_in_any_spelling_finds_its_own_notice_first(corpus: Any, text: str, first: str) -> None:
    page = corpus.page(text)
    assert corpus.found(text)[0] == first
    assert page.hits[0].why[0].code == "identifier"


def test_notices_that_cite_a_pasted_name_follow_its_own(corpus: Any) -> None:
    assert corpus.found("G/TBT/N/KOR/1")[1:] == ["2024-00375"]


def test_a_citation_is_found_as_words_of_a_text(corpus: Any) -> None:
    assert corpus.named("40 CFR 52") == {"2024-00375"}


def test_korean_trade_words_find_english_notices_and_say_how(corpus: Any) -> None:
    page = corpus.page("배터리")
    assert corpus.found("배터리")[0] == "KOR/1"
    assert "glossary" in {why.code for why in page.hits[0].why}
    assert corpus.found("완구")[0] == "USA/4"


def test_english_trade_words_find_korean_texts(corpus: Any) -> None:
    assert "KOR/7" in corpus.found("cosmetics")


def test_a_declared_code_of_the_typed_product_is_enough(corpus: Any) -> None:
    assert "EU/2" in corpus.found("battery")


def test_quotes_switch_the_glossary_off(corpus: Any) -> None:
    assert "EU/2" not in corpus.named('"battery"')


def test_what_any_rule_is_about_ranks_beside_a_product_and_does_not_narrow(corpus: Any) -> None:
    assert corpus.named("battery safety") == corpus.named("battery")
    assert corpus.found("battery safety")[0] == "KOR/1"


def test_what_any_rule_is_about_narrows_when_quoted_or_alone(corpus: Any) -> None:
    assert corpus.named('battery "safety"') == {"KOR/1"}
    assert "KOR/1" in corpus.named("safety")


def test_korean_and_chinese_texts_are_found_in_their_own_script(corpus: Any) -> None:
    assert "KOR/7" in corpus.named("화장품")
    assert "CHN/6" in corpus.named("化妆品")
    assert corpus.named("表示规范") == set()


def test_title_words_rank_before_words_deep_in_the_text(corpus: Any) -> None:
    assert corpus.found('"battery"')[0] == "KOR/1"


def test_nothing_but_filters_comes_newest_first(corpus: Any) -> None:
    assert corpus.found("source:wto")[:2] == ["KOR/1/Add.1", "KOR/7"]


def test_an_empty_query_gives_everything(corpus: Any) -> None:
    assert corpus.page("").total == 10


def test_words_that_say_nothing_match_nothing_and_say_so(corpus: Any) -> None:
    page = corpus.page("the of")
    assert page.total == 0
    assert page.warnings[0].startswith(("no_words", "no_match"))


def test_a_country_in_the_text_means_its_market(corpus: Any) -> None:
    assert corpus.found("미국 완구") == ["USA/4"]
    assert corpus.named("China cosmetics") == {"CHN/6"}


def test_when_no_notice_has_all_words_the_nearest_come_with_a_warning(corpus: Any) -> None:
    page = corpus.page("tyres zeppelin")
    assert [hit.notice_id for hit in page.hits] == ["wto:G/TBT/N/ARE/8"]
    assert page.warnings[0].startswith("relaxed")


def test_matching_never_relaxes(corpus: Any) -> None:
    query = corpus.query("tyres zeppelin")
    assert corpus.backend.matching(query, ["wto:G/TBT/N/ARE/8"]) == frozenset()


@pytest.mark.parametrize(
    "text", ["battery", "배터리 안전", "hs:8507", "-paint source:wto", "G/TBT/N/KOR/1", "open:yes"]
)
def test_matching_says_the_same_as_search(corpus: Any, text: str) -> None:
    everything = [hit.notice_id for hit in corpus.page("", limit=100).hits] + ["wto:G/TBT/N/KOR/1/Add.1", "wto:none"]
    matched = corpus.backend.matching(corpus.query(text), everything)
    assert {hit.notice_id for hit in corpus.page(text, limit=100).hits} <= matched | {"wto:G/TBT/N/KOR/1"}
    assert "wto:none" not in matched


def test_a_filter_in_the_way_is_named_with_what_it_hides(corpus: Any) -> None:
    page = corpus.page('"dolls" market:KR')
    assert page.total == 0
    assert "filter_too_narrow: Without market: 1 would match." in page.warnings


def test_words_that_match_nowhere_are_said_to(corpus: Any) -> None:
    assert corpus.page("zeppelin market:KR").warnings == corpus.page("zeppelin").warnings
    assert corpus.page("zeppelin").warnings[0].startswith("no_match")


@pytest.mark.parametrize("more", [{"limit": 0}, {"limit": 101}, {"facets": ("colour",)}, {"cursor": "nonsense"}])
def test_a_page_outside_the_bounds_is_refused(corpus: Any, more: dict[str, Any]) -> None:
    with pytest.raises(QueryInvalid):
        corpus.page("battery", **more)


def test_highlights_mark_the_words_in_the_text_itself(corpus: Any) -> None:
    hit = corpus.page('"charging" "lithium"').hits[0]
    marked = {h.text[start:end].lower() for h in hit.highlights for start, end in h.marks}
    assert marked == {"lithium", "charging"}
