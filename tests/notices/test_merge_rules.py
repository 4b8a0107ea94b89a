"""The rules of the merge, one by one, without a store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from notices.canonical import content_hash
from notices.merge import build_chain
from notices.model import Agency, Identifier, Link, LinkRole

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://members.wto.org/a.pdf"


def current(*observations):
    return build_chain(observations)[-1].facts


def test_nothing_said_is_no_chain():
    assert build_chain([]) == ()


def test_the_web_api_outranks_the_official_one_and_the_workbook(observe):
    feeds = ("wto-workbook", "wto-api", "wto-eping", "unlisted")
    assert current(*(observe(feed, 1, title=feed) for feed in feeds)).title == "wto-eping"
    assert current(*(observe(feed, 1, title=feed) for feed in feeds if feed != "wto-eping")).title == "wto-api"


def test_the_lowest_record_speaks_first_by_number_not_by_spelling(observe):
    assert current(observe(record=900100, title="b"), observe(record=99999, title="a")).title == "a"
    assert current(observe(record="r10", title="b"), observe(record="r9", title="a")).title == "a"


def test_a_field_that_says_nothing_is_filled_in(observe):
    facts = current(observe(title="", summary=""), observe("wto-workbook", "w", title="Masks", summary="On masks"))
    assert (facts.title, facts.summary) == ("Masks", "On masks")


def test_the_latest_changed_word_wins_over_unchanged_precedence(observe):
    said = [
        observe(title="A", hs_codes=("6307",)),
        observe("wto-workbook", "w", title="A", hs_codes=("6307",)),
        observe("wto-workbook", "w", title="B", hs_codes=("6307",), at=NOON + 7 * DAY),
    ]
    assert current(*said).title == "B"
    assert current(*said, observe(title="C", hs_codes=("6307",), at=NOON + 8 * DAY)).title == "C"
    assert current(*said, observe(title="C", hs_codes=("6307",), at=NOON + 6 * DAY)).title == "B"


def test_the_first_sight_of_another_feed_is_no_changed_word(observe):
    changed = [observe(title="A"), observe(title="B", at=NOON + DAY)]
    chain = build_chain([*changed, observe("wto-workbook", "w", title="A", at=NOON + 2 * DAY)])
    assert [version.facts.title for version in chain] == ["A", "B"]


def test_a_withdrawn_value_stays_withdrawn(observe):
    deadline = date(2026, 11, 1)
    said = [observe(comment_until=deadline), observe("wto-workbook", "w", comment_until=deadline)]
    assert current(*said).comment_until == deadline
    assert current(*said, observe(comment_until=None, at=NOON + DAY)).comment_until is None


def test_unions_gather_what_any_feed_lists(observe):
    facts = current(
        observe(members=("AE",), objectives=("Harmonization (TBT)",), links=(Link(URL, LinkRole.FORM),)),
        observe(record=880002, members=("BH",), objectives=("HARMONIZATION", "Quality requirements (TBT)")),
        observe("wto-workbook", "w", links=(Link(URL, LinkRole.OTHER, "x"), Link(f"{URL}2", LinkRole.DOCUMENT))),
    )
    assert facts.members == ("AE", "BH", "KR")
    assert facts.objectives == ("Harmonization (TBT)", "Quality requirements (TBT)")
    assert facts.links == (Link(URL, LinkRole.FORM), Link(f"{URL}2", LinkRole.DOCUMENT))


def test_an_element_that_a_feed_takes_out_is_gone_until_a_changed_word_brings_it_back(observe):
    both = ("Harmonization (TBT)", "Quality requirements (TBT)")
    said = [
        observe(objectives=both),
        observe("wto-workbook", "w", objectives=both),
        observe("wto-workbook", "w", objectives=both[:1], at=NOON + DAY),
    ]
    assert current(*said).objectives == both[:1]
    assert current(*said, observe("wto-api", 1, objectives=both, at=NOON + 2 * DAY)).objectives == both[:1]
    assert current(*said, observe("wto-workbook", "w", objectives=both, at=NOON + 3 * DAY)).objectives == both


def test_a_link_whose_title_was_corrected_has_the_corrected_title(observe):
    old, new = Link(URL, LinkRole.DOCUMENT, "Txet"), Link(URL, LinkRole.DOCUMENT, "Text")
    said = [observe(links=(old,)), observe("wto-workbook", "w", links=(old,))]
    assert current(*said, observe("wto-workbook", "w", links=(new,), at=NOON + DAY)).links == (new,)


def test_identifiers_are_the_same_in_any_spelling(observe):
    facts = current(
        observe("us-fr", "x", identifiers=(Identifier("fr_citation", "89 FR 375"),)),
        observe("us-fr", "y", identifiers=(Identifier("fr_citation", "89 Fed. Reg. 375"), Identifier("symbol", "odd"))),
    )
    assert facts.identifiers == (Identifier("fr_citation", "89 FR 375"), Identifier("symbol", "odd"))


def test_a_corrected_date_is_a_correction_and_no_second_record(observe):
    first, second = date(2026, 9, 1), date(2026, 8, 25)
    chain = build_chain(
        [
            observe(published_on=first),
            observe("wto-workbook", "w-old", published_on=first),
            observe(published_on=second, at=NOON + DAY),
            observe("wto-workbook", "w-new", published_on=second, at=NOON + 7 * DAY),
        ]
    )
    assert [(v.facts.published_on, v.valid_from) for v in chain] == [(first, first), (second, (NOON + DAY).date())]
    assert chain[1].changed_fields == ("published_on",)


def test_the_later_of_two_records_reigns_from_its_own_date(observe):
    early, late = date(2024, 5, 31), date(2025, 2, 4)
    said = [observe(record=9, published_on=early, title="A"), observe(record=5, published_on=late, title="B")]
    chain = build_chain(said)
    assert [(v.valid_from, v.valid_until) for v in chain] == [(early, late), (late, None)]
    correction = observe(record=9, published_on=early, title="A corrected", at=NOON + DAY)
    assert build_chain([*said, correction]) == chain


def test_a_correction_captured_before_the_next_record_is_a_revision_of_its_own(observe):
    at = datetime(2024, 6, 1, tzinfo=UTC)
    said = [
        observe(record=1, published_on=date(2024, 5, 31), title="A", at=at),
        observe(record=1, published_on=date(2024, 5, 31), title="A corrected", at=at + 30 * DAY),
        observe(record=2, published_on=date(2025, 2, 4), title="B"),
    ]
    chain = build_chain(said)
    assert [v.facts.title for v in chain] == ["A", "A corrected", "B"]
    assert [v.captured_late for v in chain] == [False, False, True]


def test_a_joint_document_keeps_the_members_of_its_earlier_records(observe):
    joint = ("G/TBT/N/ARE/1", "G/TBT/N/BHR/1")
    early = observe(record=1, symbols=joint, members=("AE",), published_on=date(2026, 9, 1))
    late = observe(record=2, symbols=joint, members=("BH",), published_on=date(2026, 9, 3))
    assert current(early, late).members == ("AE", "BH")
    alone = [observe(record=1, members=("AE",)), observe(record=2, members=("BH",), published_on=date(2026, 9, 3))]
    assert current(*alone).members == ("BH",)


def test_a_correction_on_the_day_of_publication_leaves_a_version_that_was_replaced_within_the_day(observe):
    day = NOON.date()
    chain = build_chain([observe(published_on=day), observe(published_on=day, title="B", at=NOON + timedelta(hours=2))])
    assert [(v.valid_from, v.valid_until) for v in chain] == [(day, day), (day, None)]
    assert chain[1].changed_fields == ("title",)


def test_a_text_is_known_late_when_the_last_word_that_altered_it_came_late(observe):
    published = NOON.date() - 3 * DAY
    said = [
        observe(published_on=published),
        observe("wto-workbook", "same", published_on=published, at=NOON + 30 * DAY),
    ]
    (version,) = build_chain(said)
    assert (version.captured_at, version.captured_late) == (NOON, False)
    more = observe("wto-workbook", "more", published_on=published, body="Text", at=NOON + 20 * DAY)
    (version,) = build_chain([*said, more])
    assert (version.captured_at, version.captured_late) == (NOON + 20 * DAY, True)


@pytest.mark.parametrize(("version", "titles"), [(1, ["A", "B"]), (2, ["B"])])
def test_only_a_newer_parser_restates(observe, version, titles):
    chain = build_chain([observe(title="A"), observe(title="B", version=version, at=NOON + DAY)])
    assert [v.facts.title for v in chain] == titles


def test_an_old_parser_that_still_runs_says_nothing_new(observe):
    chain = build_chain(
        [
            observe(title="A &amp; B"),
            observe(title="A & B", version=2, at=NOON + DAY),
            observe(title="A &amp; B", at=NOON + 2 * DAY),
        ]
    )
    assert [v.facts.title for v in chain] == ["A & B"]


def test_a_newer_parser_may_show_that_nothing_had_changed(observe):
    chain = build_chain(
        [observe(title="A"), observe(title="A ", at=NOON + DAY), observe(title="A", version=2, at=NOON + 2 * DAY)]
    )
    assert [v.facts.title for v in chain] == ["A"]


def test_an_empty_list_says_nothing(observe):
    agency = Agency("KATS")
    assert current(observe(agencies=()), observe("wto-workbook", "w", agencies=(agency,))).agencies == (agency,)


def test_the_hash_is_of_content_alone(observe):
    one, two = observe(at=NOON), observe(at=NOON + DAY, capture="other")
    assert content_hash(one.facts) == content_hash(two.facts)
    assert content_hash(observe(keywords=("b", "a")).facts) == content_hash(observe(keywords=("a", "b")).facts)
    assert content_hash(observe(title="x").facts) != content_hash(observe(title="y").facts)


def test_the_hash_of_known_facts_never_moves(observe):
    assert content_hash(observe().facts) == "25e96c239768452258d187b7a3987b76465be6a06dffd8d25cb90b86e1d0ab0a"
