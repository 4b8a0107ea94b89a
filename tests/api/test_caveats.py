"""What a page says beside its hits, in every state that sources and index can be in."""

from __future__ import annotations

from dataclasses import replace

from api.caveats import engine_warnings, source_warnings
from api.messages import Lang
from api.search_service import SearchRequest, search, to_query
from index import warnings as engine
from index.backends.embedded import EmbeddedBackend
from notices.runs import Verdict
from notices.search import ResultPage


def asked(world, text="lithium", **more):
    return to_query(SearchRequest(q=text, **more), world.services.clock.today())


def page_saying(*texts):
    return ResultPage(0, "eq", (), {}, None, "g1", texts)


def test_a_crawl_that_runs_is_said_so_that_a_short_result_is_understood(own_world, runs):
    own_world.store.put_run(runs("us-fr", Verdict.RUNNING, hour=13))
    found = source_warnings(own_world.services, asked(own_world))
    assert [(caveat.code, caveat.detail()["source"]) for caveat in found] == [("source_running", "us-fr")]
    assert "수집하는 중" in found[0].sentence(Lang.KO)


def test_a_publisher_whose_every_feed_is_off_is_down(own_world, runs):
    own_world.store.put_run(runs("wto-eping", Verdict.OFF, reason="The source refused us (403).", hour=13))
    found = source_warnings(own_world.services, asked(own_world))
    assert {caveat.detail()["source"] for caveat in found} == {"wto-eping", "wto-api"}
    assert source_warnings(own_world.services, asked(own_world, market=("US",), source=("us-fr",))) == ()


def test_only_sources_within_reach_of_the_query_are_named(own_world, runs):
    own_world.store.put_run(runs("us-fr", Verdict.PARTIAL, reason="3 days are missing.", hour=13))
    services = own_world.services
    for text, expected in (
        ("lithium", 1),
        ("lithium source:wto", 0),
        ("lithium -source:us-fr", 0),
        ("lithium market:KE", 0),
        ("lithium market:US", 1),
    ):
        assert len(source_warnings(services, asked(own_world, text))) == expected, text


def test_every_sentence_of_the_engine_is_understood(world):
    query = asked(world)
    for text, code in (
        (engine.RELAXED, "relaxed"),
        (engine.REBUILT, "rebuilt"),
        (engine.NO_MATCH, "no_match"),
        (engine.NO_WORDS, "no_words"),
        (engine.EMPTY, "not_collected"),
        ("filters_too_narrow: together", "filter_too_narrow"),
        ("something: new", "index"),
    ):
        (caveat,) = engine_warnings(world.services, query, page_saying(text))
        assert caveat.code == code
        assert all(caveat.sentence(lang) for lang in Lang)


def test_the_filter_in_the_way_is_read_from_what_the_engine_really_says(world):
    query = asked(world, "repellent -kind:regular market:US")
    texts = engine.zero_hit_warnings(query, lambda _query: 3)
    (caveat,) = engine_warnings(world.services, query, page_saying(*texts))
    assert caveat.detail()["without"] == {"market": 3, "-kind": 3}
    assert "not Kind" in caveat.sentence(Lang.EN)


def test_an_empty_index_is_unknown_not_none(own_world, tmp_path):
    empty = EmbeddedBackend(tmp_path / "empty")
    empty.build([], change_seq=0)
    answer = search(replace(own_world.services, backend=empty), SearchRequest(q="lithium"))
    assert "not_collected" in {caveat.code for caveat in answer.warnings}
    empty.close()
