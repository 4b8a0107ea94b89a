"""Merging observations: revisions, causes and the order of things, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from notices.errors import NotFound
from notices.model import Cause, ChangeKind, Identifier, Link, LinkRole

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
KOR = "wto:G/TBT/N/KOR/1010"


def merge(store, *observations, cause=Cause.SOURCE, at=NOON):
    return store.merge(observations, first_seen_cause=cause, at=at)


def test_a_first_observation_makes_a_notice_with_one_open_revision(store, observe):
    outcome = merge(store, observe(), cause=Cause.BACKFILL)
    assert outcome.new == (KOR,)
    assert [(c.kind, c.cause, c.revision) for c in outcome.changes] == [(ChangeKind.NEW, Cause.BACKFILL, 1)]
    notice = store.notice(KOR)
    assert (notice.source, notice.family, notice.revision, notice.withdrawn) == ("wto", KOR, 1, False)
    (revision,) = store.revisions(KOR)
    assert (revision.valid_from, revision.valid_until, revision.changed_fields) == (date(2026, 9, 1), None, ())
    assert revision.captured_late
    assert revision.facts == notice.facts


def test_the_same_crawl_again_changes_nothing(store, observe):
    batch = [observe(record=880001 + n, symbols=(f"G/TBT/N/KOR/{n + 1}",)) for n in range(5)]
    merge(store, *batch)
    before = list(store.dump())
    again = merge(store, *reversed(batch))
    later = [observe(record=880001 + n, symbols=(f"G/TBT/N/KOR/{n + 1}",), at=NOON + WEEK) for n in range(5)]
    outcome = merge(store, *later)
    assert (again.new, again.revised, again.unchanged, again.changes) == ((), (), 5, ())
    assert (outcome.new, outcome.revised, outcome.unchanged) == ((), (), 5)
    assert list(store.dump()) == before


def test_order_within_lists_is_no_change(store, observe):
    merge(store, observe(objectives=("Harmonization (TBT)", "Quality requirements (TBT)"), hs_codes=("8507", "8506")))
    moved = observe(
        objectives=("Quality requirements (TBT)", "Harmonization (TBT)"), hs_codes=("8506", "8507"), at=NOON + WEEK
    )
    assert merge(store, moved).revised == ()


def test_the_api_and_then_the_workbook_give_no_revision(store, observe):
    merge(store, observe("wto-eping", 880001, title="Masks", objectives=("Harmonization (TBT)",)))
    row = f"G/TBT/N/KOR/1010|Korea, Republic of|{date(2026, 9, 1)}"
    outcome = merge(store, observe("wto-workbook", row, title="masks ", objectives=("Harmonization",), at=NOON + WEEK))
    assert (outcome.new, outcome.revised) == ((), ())
    assert len(store.revisions(KOR)) == 1
    assert store.source_status("wto-workbook", "").received == 1


def test_a_corrected_record_gets_a_revision_from_the_day_of_its_capture(store, observe):
    merge(store, observe(comment_until=date(2026, 11, 1)))
    outcome = merge(store, observe(comment_until=date(2026, 12, 1), at=NOON + WEEK))
    (change,) = outcome.changes
    assert (change.kind, change.cause, change.changed_fields) == (ChangeKind.REVISED, Cause.SOURCE, ("comment_until",))
    first, second = store.revisions(KOR)
    assert (first.valid_from, first.valid_until) == (date(2026, 9, 1), date(2026, 10, 7))
    assert (second.valid_from, second.valid_until, second.captured_late) == (date(2026, 10, 7), None, False)
    assert second.changed_fields == ("comment_until",)
    assert store.notice(KOR, revision=1).facts.comment_until == date(2026, 11, 1)


def test_the_weekly_workbook_corrects_what_the_api_window_no_longer_reads(store, observe):
    row = "row"
    merge(store, observe(title="Masks"), observe("wto-workbook", row, title="Masks"))
    outcome = merge(store, observe("wto-workbook", row, title="Quasi-drug masks", at=NOON + WEEK))
    (change,) = outcome.changes
    assert (change.cause, change.changed_fields) == (Cause.SOURCE, ("title",))
    assert merge(store, observe(title="Quasi-drug masks", at=NOON + 2 * WEEK)).revised == ()
    assert store.notice(KOR).facts.title == "Quasi-drug masks"


def test_another_feed_that_knows_more_completes_the_revision(store, observe):
    merge(store, observe())
    outcome = merge(store, observe("wto-workbook", "row", products_text="Masks (HS 6307)", at=NOON + WEEK))
    (change,) = outcome.changes
    assert (change.cause, change.changed_fields, change.revision) == (Cause.MERGE, ("products_text",), 2)
    (revision,) = store.revisions(KOR)
    assert (revision.number, revision.valid_from, revision.valid_until) == (2, date(2026, 9, 1), None)
    assert store.notice(KOR, revision=1).facts.products_text is None


def test_a_newer_parser_restates_and_alerts_nobody(store, observe):
    merge(store, observe(title="Masks &amp; gloves", capture="c"))
    outcome = merge(store, observe(title="Masks & gloves", capture="c", version=2, at=NOON + WEEK))
    assert [(c.cause, c.changed_fields) for c in outcome.changes] == [(Cause.REPARSE, ("title",))]
    (revision,) = store.revisions(KOR)
    assert (revision.number, revision.facts.title) == (2, "Masks & gloves")


def test_a_newer_parser_that_reads_the_same_changes_nothing(store, observe):
    merge(store, observe())
    assert merge(store, observe(version=2, at=NOON + WEEK)).changes == ()
    outcome = merge(store, observe(version=2, title="Gloves", at=NOON + 2 * WEEK))
    assert [change.cause for change in outcome.changes] == [Cause.SOURCE]


def test_two_records_of_one_symbol_are_two_revisions_whichever_comes_first(store, observe):
    late = observe(record=901689, published_on=date(2025, 2, 4), title="Corrected twice")
    early = observe(record=901463, published_on=date(2024, 5, 31), title="Corrected once")
    merge(store, late)
    outcome = merge(store, early)
    assert [change.cause for change in outcome.changes] == [Cause.MERGE]
    first, second = store.revisions(KOR)
    assert [first.facts.title, second.facts.title] == ["Corrected once", "Corrected twice"]
    assert (first.number, second.number) == (2, 1)
    assert (first.valid_until, second.valid_from) == (date(2025, 2, 4), date(2025, 2, 4))
    assert store.notice(KOR).facts.title == "Corrected twice"
    assert store.notice(KOR).revision == 1


def test_a_reissue_on_covered_ground_is_the_sources_own_word(store, observe):
    merge(store, observe(record=1, published_on=date(2024, 5, 31)))
    outcome = merge(store, observe(record=2, published_on=date(2026, 9, 29), title="Again"))
    (change,) = outcome.changes
    assert (change.cause, change.changed_fields) == (Cause.SOURCE, ("published_on", "title"))


def test_a_joint_document_is_one_notice_with_many_members(store, observe):
    symbols = ("G/TBT/N/ARE/703", "G/TBT/N/BHR/780", "G/TBT/N/KWT/764")
    records = [observe(record=113920 - n, symbols=symbols, members=(m,)) for n, m in enumerate(("AE", "BH", "KW"))]
    outcome = merge(store, *records)
    assert outcome.new == ("wto:G/TBT/N/ARE/703",)
    assert store.notice("wto:G/TBT/N/ARE/703").facts.members == ("AE", "BH", "KW")
    for symbol in symbols:
        assert store.find_identifier(f"symbol:{symbol}") == ["wto:G/TBT/N/ARE/703"]


@pytest.mark.parametrize("base_first", [True, False])
def test_an_addendum_to_one_symbol_of_a_joint_document_is_of_its_family(store, observe, base_first):
    base = observe(record=1, symbols=("G/TBT/N/ARE/703", "G/TBT/N/KWT/764"))
    addendum = observe(record=2, symbols=("G/TBT/N/KWT/764/Add.1",), published_on=date(2026, 9, 20))
    for observation in (base, addendum) if base_first else (addendum, base):
        merge(store, observation)
    family = store.family("wto:G/TBT/N/ARE/703")
    assert [notice.id for notice in family] == ["wto:G/TBT/N/ARE/703", "wto:G/TBT/N/KWT/764/Add.1"]


def test_a_joint_addendum_of_another_order_joins_the_base_documents_family(store, observe):
    addendum = observe(record=2, symbols=("G/TBT/N/KWT/764/Add.1", "G/TBT/N/ARE/703/Add.1"))
    merge(store, addendum)
    assert store.notice("wto:G/TBT/N/KWT/764/Add.1").family == "wto:G/TBT/N/KWT/764"
    merge(store, observe(record=1, symbols=("G/TBT/N/ARE/703", "G/TBT/N/KWT/764")))
    assert store.notice("wto:G/TBT/N/KWT/764/Add.1").family == "wto:G/TBT/N/ARE/703"


def test_an_addendum_without_its_base_still_names_the_family(store, observe):
    merge(store, observe(symbols=("G/TBT/N/USA/1364/Add.5",)))
    assert [n.id for n in store.family("wto:G/TBT/N/USA/1364")] == ["wto:G/TBT/N/USA/1364/Add.5"]


def test_a_record_whose_symbol_was_corrected_leaves_its_old_notice(store, observe):
    merge(store, observe(record=5, symbols=("G/TBT/N/KOR/1",)))
    outcome = merge(store, observe(record=5, symbols=("G/TBT/N/KOR/2",), at=NOON + WEEK))
    assert outcome.new == ("wto:G/TBT/N/KOR/2",)
    assert store.notice("wto:G/TBT/N/KOR/1").withdrawn
    assert outcome.changes[-1].kind is ChangeKind.WITHDRAWN


def test_a_withdrawn_notice_comes_back_when_a_feed_reports_it_again(store, observe):
    merge(store, observe())
    change = store.withdraw(KOR, at=NOON + WEEK)
    assert change is not None
    assert (change.kind, change.cause) == (ChangeKind.WITHDRAWN, Cause.SOURCE)
    assert store.withdraw(KOR, at=NOON + WEEK) is None
    assert store.notice(KOR).withdrawn
    assert merge(store, observe()).changes == ()
    back = merge(store, observe(at=NOON + 2 * WEEK))
    assert [c.kind for c in back.changes] == [ChangeKind.REVISED]
    assert not store.notice(KOR).withdrawn


def test_withdrawing_an_unknown_notice_is_refused(store):
    with pytest.raises(NotFound):
        store.withdraw("wto:G/TBT/N/KOR/9", at=NOON)


def test_a_late_sighting_of_an_older_state_finds_its_place(store, observe):
    merge(store, observe(title="A"))
    merge(store, observe(title="C", at=NOON + 2 * WEEK))
    merge(store, observe(title="B", at=NOON + WEEK))
    assert [r.facts.title for r in store.revisions(KOR)] == ["A", "B", "C"]
    assert [r.number for r in store.revisions(KOR)] == [1, 3, 2]
    assert store.notice(KOR).facts.title == "C"


def test_a_value_that_returns_is_a_third_revision(store, observe):
    for weeks, title in enumerate(("A", "B", "A")):
        merge(store, observe(title=title, at=NOON + weeks * WEEK))
    assert [(r.number, r.facts.title) for r in store.revisions(KOR)] == [(1, "A"), (2, "B"), (3, "A")]


def test_identifiers_of_every_state_stay_findable(store, observe):
    merge(store, observe(identifiers=(Identifier("docket", "EPA-1"),)))
    merge(store, observe(identifiers=(Identifier("docket", "epa-2"),), at=NOON + WEEK))
    assert store.find_identifier("docket:EPA-1") == [KOR]
    assert store.find_identifier("docket:EPA-2") == [KOR]
    assert store.find_identifier("docket:EPA-3") == []


def test_a_symbol_outside_the_grammar_is_kept_and_found_as_written(store, observe):
    merge(store, observe(symbols=("TBT/Notif.99.1",), notice="wto:TBT/Notif.99.1"))
    assert store.find_identifier("symbol:TBT/NOTIF.99.1") == ["wto:TBT/Notif.99.1"]
    assert store.notice("wto:TBT/Notif.99.1").family == "wto:TBT/Notif.99.1"


def test_links_of_two_feeds_are_united_by_address(store, observe):
    url = "https://members.wto.org/a.pdf"
    merge(store, observe(links=(Link(url, LinkRole.DOCUMENT, "Text", "ko"),)))
    merge(store, observe("wto-workbook", "row", links=(Link(url, LinkRole.OTHER), Link(f"{url}2", LinkRole.DOCUMENT))))
    assert store.notice(KOR).facts.links == (
        Link(url, LinkRole.DOCUMENT, "Text", "ko"),
        Link(f"{url}2", LinkRole.DOCUMENT),
    )


def test_pages_and_counts_follow_ids(store, observe):
    merge(store, *(observe(record=n, symbols=(f"G/TBT/N/KOR/{n}",)) for n in range(1, 8)))
    merge(store, observe("us-fr", "2026-00001", symbols=()))
    page = store.notice_page(limit=3)
    rest = store.notice_page(after=page[-1].id, limit=100)
    ids = [notice.id for notice in [*page, *rest]]
    assert ids == sorted(ids)
    assert len(ids) == store.count() == 8
    assert (store.count("wto"), store.count("us-fr"), store.count("eu")) == (7, 1, 0)
    assert set(store.notices([*ids[:2], "wto:none"])) == set(ids[:2])
    with pytest.raises(ValueError, match="at most 1000"):
        store.notices([str(n) for n in range(1001)])


@pytest.mark.parametrize("read", ["notice", "revisions"])
def test_an_unknown_notice_is_not_found(store, read):
    with pytest.raises(NotFound):
        getattr(store, read)("wto:G/TBT/N/KOR/1")


def test_an_unknown_revision_is_not_found(store, observe):
    merge(store, observe())
    with pytest.raises(NotFound):
        store.notice(KOR, revision=2)


def test_an_empty_batch_does_nothing(store):
    assert merge(store).changes == ()


def test_revisions_of_many_notices_come_in_one_read(store, observe):
    merge(store, observe(), observe(record=2, symbols=("G/TBT/N/KOR/2",)))
    found = store.revisions_of([KOR, "wto:G/TBT/N/KOR/2", "wto:none"])
    assert found == {name: store.revisions(name) for name in (KOR, "wto:G/TBT/N/KOR/2")}


def test_the_latest_instant_is_that_of_the_last_sighting_or_merge(store, observe):
    assert store.latest_instant() is None
    merge(store, observe(at=NOON), at=NOON + WEEK)
    assert store.latest_instant() == NOON + WEEK
    merge(store, observe(at=NOON + 2 * WEEK))
    assert store.latest_instant() == NOON + 2 * WEEK
