"""Totals, families, facets, order, pages, validity and change: the same on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from index.fields import ANALYSIS, document_fingerprint
from notices.errors import IndexNotReady, QueryInvalid
from notices.model import Kind
from notices.search import FacetValue, IndexDocument, Sort

W = "wto:G/TBT/N/"


def documents(doc: Any) -> Iterator[IndexDocument]:
    """Forty families; every fourth has an addendum; deadlines run from before today to after it."""
    for number in range(40):
        published = date(2023, 12, 1) + timedelta(days=number)
        values = {
            "published_on": published,
            "markets": (("US", "EU") if number % 5 == 0 else ("KR",)),
            "hs": ["850760", "8506"] if number % 2 else ["9503"],
            "ics": ["29.220.30"] if number % 2 else [],
            "sectors": ("electrical",) if number % 2 else (),
            "comment_until": published + timedelta(days=60) if number % 3 else None,
        }
        yield doc(f"{W}KOR/{number}", "Lamp rules" if number % 2 else "Lamp and lamp shade rules", **values)
        if number % 4 == 0:
            yield doc(f"{W}KOR/{number}/Add.1", "Lamp news", kind=Kind.ADDENDUM, **(values | {"markets": ("JP",)}))


def test_a_family_counts_once_and_is_shown_by_its_best_notice(corpus: Any) -> None:
    page = corpus.page("lamp", limit=100)
    assert (page.total, page.total_relation) == (40, "eq")
    assert len({hit.family for hit in page.hits}) == len(page.hits) == 40
    assert not any(hit.notice_id.endswith("Add.1") for hit in page.hits)
    assert corpus.page("news").hits[0].notice_id.endswith("Add.1")


def test_facets_count_families_by_each_value_once(corpus: Any) -> None:
    facets = corpus.page("lamp", facets=("market", "kind", "hs", "ics", "sector", "source", "year")).facets
    assert set(facets["market"]) == {
        FacetValue("KR", 32), FacetValue("JP", 10), FacetValue("EU", 8), FacetValue("US", 8),
    }  # fmt: skip
    assert set(facets["kind"]) == {FacetValue("regular", 40), FacetValue("addendum", 10)}
    assert set(facets["hs"]) == {FacetValue("85", 20), FacetValue("95", 20)}
    assert facets["ics"] == (FacetValue("29", 20),)
    assert facets["sector"] == (FacetValue("electrical", 20),)
    assert facets["source"] == (FacetValue("wto", 40),)
    assert facets["year"] == (FacetValue("2023", 31), FacetValue("2024", 9))


def test_facets_follow_the_filters(corpus: Any) -> None:
    facets = corpus.page("shade market:US", facets=("market",)).facets
    assert facets["market"] == (FacetValue("EU", 4), FacetValue("US", 4))


def test_facet_values_come_most_first_then_by_name(corpus: Any) -> None:
    values = corpus.page("", facets=("market",)).facets["market"]
    assert [value.value for value in values] == ["KR", "JP", "EU", "US"]


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_join_without_gap_or_repetition(corpus: Any, sort: Sort) -> None:
    whole = [hit.notice_id for hit in corpus.page("lamp", limit=100, sort=sort).hits]
    paged: list[str] = []
    cursor = None
    while True:
        page = corpus.page("lamp", limit=7, sort=sort, cursor=cursor)
        assert page.total == 40
        paged += [hit.notice_id for hit in page.hits]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert paged == whole
    assert len(set(paged)) == 40


def test_sorting_by_publication_puts_the_newest_first(corpus: Any) -> None:
    assert corpus.found("lamp", sort=Sort.PUBLISHED)[:3] == ["KOR/39", "KOR/38", "KOR/37"]


def test_sorting_by_deadline_puts_the_nearest_open_one_first_then_none_then_passed(corpus: Any) -> None:
    found = [int(name.split("/")[1]) for name in corpus.found("lamp", sort=Sort.DEADLINE)]
    still_open = [n for n in range(40) if n % 3 and date(2023, 12, 1) + timedelta(days=n + 60) >= date(2024, 2, 1)]
    none = [n for n in range(40) if n % 3 == 0]
    passed = [n for n in range(40) if n % 3 and n not in still_open]
    assert found == [*still_open, *sorted(none, key=str), *reversed(passed)]


def test_equal_scores_fall_back_to_the_newest_and_then_the_id(corpus: Any) -> None:
    found = corpus.found('"rules" -shade')
    assert found == [f"KOR/{number}" for number in range(39, 0, -2)]


def test_a_cursor_is_bound_to_its_query(corpus: Any) -> None:
    cursor = corpus.page("lamp", limit=5).next_cursor
    with pytest.raises(QueryInvalid):
        corpus.page("shade", limit=5, cursor=cursor)
    with pytest.raises(QueryInvalid):
        corpus.page("lamp", limit=5, cursor=cursor, sort=Sort.PUBLISHED)


def test_the_last_page_has_no_cursor(corpus: Any) -> None:
    assert corpus.page("lamp", limit=40).next_cursor is None
    assert corpus.page("lamp", limit=39).next_cursor is not None


def test_before_the_first_build_search_says_so(engine: Any) -> None:
    assert engine.backend.generation() is None
    with pytest.raises(IndexNotReady):
        engine.page("lamp")


def test_an_empty_index_answers_and_says_that_it_is_empty(engine: Any) -> None:
    engine.build()
    page = engine.page("lamp")
    assert (page.total, page.hits) == (0, ())
    assert page.warnings


def test_a_build_says_what_it_holds(engine: Any, doc: Any) -> None:
    told: list[int] = []
    made = (doc(f"{W}KOR/{n}", "Lamp", body="One.\nTwo.") for n in range(3))
    generation = engine.backend.build(made, change_seq=7, progress=told.append)
    assert (generation.notices, generation.passages, generation.change_seq) == (3, 9, 7)
    assert generation.analysis == ANALYSIS
    assert engine.backend.generation() == generation
    assert engine.page("lamp").generation == generation.name


def revised(doc: Any) -> list[IndexDocument]:
    first = doc(f"{W}KOR/1", "Lamp draft", published_on=date(2024, 1, 1), comment_until=date(2024, 3, 1))
    return [
        replace(first, valid_until=date(2024, 1, 20)),
        doc(f"{W}KOR/1", "Lamp final", revision=2, published_on=date(2024, 1, 1), valid_from=date(2024, 1, 20)),
    ]


def test_only_the_open_ended_revision_is_found_by_default(engine: Any, doc: Any) -> None:
    engine.build(*revised(doc))
    assert engine.page("draft").total == 0
    assert [hit.revision for hit in engine.page("final").hits] == [2]


def test_as_of_finds_what_was_valid_on_that_day(engine: Any, doc: Any) -> None:
    engine.build(*revised(doc))
    assert [hit.revision for hit in engine.page("lamp as_of:2024-01-19").hits] == [1]
    assert [hit.revision for hit in engine.page("lamp as_of:2024-01-20").hits] == [2]
    assert engine.page("lamp as_of:2023-12-31").total == 0


def test_matching_looks_at_current_revisions_only(engine: Any, doc: Any) -> None:
    engine.build(*revised(doc))
    assert engine.backend.matching(engine.query("draft"), [f"{W}KOR/1"]) == frozenset()
    assert engine.backend.matching(engine.query("final"), [f"{W}KOR/1"]) == {f"{W}KOR/1"}


def test_an_update_replaces_all_revisions_and_removes(engine: Any, doc: Any) -> None:
    engine.build(*revised(doc), doc(f"{W}KOR/2", "Lamp two"), doc(f"{W}KOR/3", "Lamp three"))
    engine.update(doc(f"{W}KOR/1", "Torch", revision=3), removed=(f"{W}KOR/2",), seq=9)
    assert engine.found("lamp") == ["KOR/3"]
    assert engine.found("torch") == ["KOR/1"]
    assert engine.page("draft as_of:2024-01-10").total == 0
    assert engine.backend.generation().change_seq == 9
    assert engine.backend.generation().notices == 2


def test_an_update_run_twice_changes_nothing(engine: Any, doc: Any) -> None:
    engine.build(doc(f"{W}KOR/1", "Lamp"))
    for _ in range(2):
        engine.update(doc(f"{W}KOR/1", "Torch"), doc(f"{W}KOR/2", "Torch"), seq=5)
    assert engine.page("torch").total == 2
    assert engine.backend.generation().notices == 2


def test_an_update_of_nothing_moves_the_place_in_the_log(engine: Any, doc: Any) -> None:
    engine.build(doc(f"{W}KOR/1", "Lamp"))
    engine.update(seq=44)
    assert engine.backend.generation().change_seq == 44
    assert engine.page("lamp").total == 1


def test_a_removed_notice_comes_back_with_the_next_update(engine: Any, doc: Any) -> None:
    engine.build(doc(f"{W}KOR/1", "Lamp"), doc(f"{W}KOR/2", "Torch"))
    engine.update(removed=(f"{W}KOR/1",))
    assert engine.page("lamp").total == 0
    engine.update(doc(f"{W}KOR/1", "Lamp"), seq=3)
    assert engine.found("lamp") == ["KOR/1"]


def test_many_updates_in_a_row_lose_nothing(engine: Any, doc: Any) -> None:
    engine.build(*(doc(f"{W}KOR/{n}", f"Lamp number{n}") for n in range(20)))
    for n in range(24):
        engine.update(doc(f"{W}KOR/{n}", f"Torch number{n}", hs=["8513"]), seq=n + 2)
    assert engine.page("torch").total == 24
    assert engine.page("lamp").total == 0
    assert engine.named("hs:8513") == {f"KOR/{n}" for n in range(24)}
    assert engine.found("number7") == ["KOR/7"]


def test_a_rebuild_takes_the_place_of_everything(engine: Any, doc: Any) -> None:
    engine.build(doc(f"{W}KOR/1", "Lamp"))
    before = engine.backend.generation().name
    engine.build(doc(f"{W}KOR/2", "Torch"), seq=2)
    assert engine.backend.generation().name != before
    assert engine.page("lamp").total == 0
    assert engine.found("torch") == ["KOR/2"]


def test_a_build_that_fails_leaves_the_old_generation(engine: Any, doc: Any) -> None:
    engine.build(doc(f"{W}KOR/1", "Lamp"))
    before = engine.backend.generation()

    def broken() -> Iterator[IndexDocument]:
        yield doc(f"{W}KOR/2", "Torch")
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError):
        engine.backend.build(broken(), change_seq=2)
    assert engine.backend.generation() == before
    assert engine.found("lamp") == ["KOR/1"]


def test_an_update_that_fails_leaves_the_state_before(engine: Any, doc: Any) -> None:
    engine.build(doc(f"{W}KOR/1", "Lamp"))

    def broken() -> Iterator[IndexDocument]:
        raise RuntimeError("the store went away")
        yield

    with pytest.raises(RuntimeError):
        engine.backend.update(broken(), (), change_seq=2)
    assert engine.backend.generation().change_seq == 1
    assert engine.found("lamp") == ["KOR/1"]


def test_a_cursor_of_an_older_generation_goes_on_and_says_so(engine: Any, doc: Any) -> None:
    made = [doc(f"{W}KOR/{n}", "Lamp", published_on=date(2024, 1, 1) + timedelta(days=n)) for n in range(10)]
    engine.build(*made)
    cursor = engine.page("lamp", limit=4, sort=Sort.PUBLISHED).next_cursor
    engine.build(*made[:8], seq=2)
    page = engine.page("lamp", limit=4, sort=Sort.PUBLISHED, cursor=cursor)
    assert [hit.notice_id for hit in page.hits] == [f"{W}KOR/{n}" for n in (5, 4, 3, 2)]
    assert page.warnings[0].startswith("rebuilt")


def test_verify_finds_what_is_missing_left_over_and_stale(engine: Any, doc: Any) -> None:
    made = [doc(f"{W}KOR/{n}", "Lamp") for n in range(4)]
    engine.build(*made)
    expected = [(each.notice_id, each.revision, document_fingerprint(each)) for each in made]
    assert engine.backend.verify(expected).ok
    changed = [*expected[:2], (expected[2][0], 1, "other"), (f"{W}KOR/9", 1, "new")]
    report = engine.backend.verify(changed)
    assert (report.checked, report.stale) == (4, (f"{W}KOR/2",))
    assert (report.missing, report.extra) == ((f"{W}KOR/9",), (f"{W}KOR/3",))


def test_an_index_of_another_analysis_does_not_serve(engine: Any, doc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.build(doc(f"{W}KOR/1", "Lamp"))
    for module in ("index.backends.embedded", "index.backends.columns.store_writer", "index.backends.elastic"):
        monkeypatch.setattr(f"{module}.ANALYSIS", "of another release")
    engine.backend._served = None  # Elasticsearch remembers what it serves
    assert engine.backend.generation() is None


def test_totals_past_the_limit_are_said_to_be_more(engine: Any, doc: Any) -> None:
    engine.build(*(doc(f"{W}KOR/{n}", "Lamp") for n in range(10_001)))
    page = engine.page("lamp", facets=("market",))
    assert (page.total, page.total_relation) == (10_000, "gte")
    assert page.facets["market"] == (FacetValue("KR", 10_000),)
    assert engine.page("lamp -kind:notice").total_relation == "gte"


@pytest.mark.parametrize(
    "text", ["가" * 400, "a" * 450, "x " * 60, "(" * 8 + "lamp" + ")" * 8, "-(-(lamp))", "''\"lamp\""]
)
def test_long_and_odd_queries_are_answered(corpus: Any, text: str) -> None:
    assert corpus.page(text).total >= 0
