"""Whatever is observed, in whatever order: properties of the merge and of the codec."""

from __future__ import annotations

import string
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notices.canonical import content_hash, normalise
from notices.merge import build_chain, chain_of, compress, sighting
from notices.model import (
    Agency,
    Facts,
    Finding,
    Identifier,
    Kind,
    Link,
    LinkRole,
    Observation,
    Provenance,
    Relation,
    RelationType,
)
from notices.runs import Issue, RunReport, Verdict
from notices.store.codec import decode_facts, decode_findings, decode_run, encode_facts, encode_findings, encode_run

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
words = st.sampled_from(["", "A", "B", "b"])
texts = st.text(st.characters(), max_size=20)  # any character, lone surrogates and NUL among them
days = st.dates(date(1990, 1, 1), date(2040, 1, 1))

small_facts = st.builds(
    Facts,
    kind=st.sampled_from([Kind.REGULAR, Kind.ADDENDUM]),
    published_on=st.sampled_from([date(2026, 9, 1), date(2026, 9, 5), date(2026, 10, 3)]),
    symbols=st.sampled_from([("G/TBT/N/ARE/1", "G/TBT/N/BHR/1"), ("G/TBT/N/ARE/1",)]),
    title=words,
    members=st.lists(st.sampled_from(["AE", "BH", "KW"]), max_size=3, unique=True).map(tuple),
    comment_until=st.sampled_from([None, date(2026, 12, 1), date(2026, 12, 2)]),
    objectives=st.lists(st.sampled_from(["H (TBT)", "H", "Q"]), max_size=2).map(tuple),
    links=st.lists(
        st.builds(Link, st.sampled_from(["u", "v"]), st.sampled_from(list(LinkRole)), st.sampled_from([None, "t"])),
        max_size=2,
    ).map(tuple),
)

observations = st.builds(
    lambda feed, record, hours, version, facts: Observation(
        "wto:G/TBT/N/ARE/1", feed, record, NOON + timedelta(hours=hours), f"c{hours}", feed, version, facts
    ),
    st.sampled_from(["wto-eping", "wto-workbook", "wto-api"]),
    st.sampled_from(["1", "2", "10"]),
    st.integers(0, 60),
    st.sampled_from([1, 1, 1, 2]),
    small_facts,
)


@given(st.lists(observations, min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_the_chain_is_a_function_of_the_set_of_observations(said, chance):
    shuffled = chance.sample(said, len(said)) + chance.sample(said, len(said) // 2)
    assert build_chain(shuffled) == build_chain(said)


@given(st.lists(observations, min_size=1, max_size=10))
def test_a_chain_has_no_gap_and_one_open_end(said):
    chain = build_chain(said)
    assert chain[-1].valid_until is None
    assert [version.valid_until for version in chain[:-1]] == [version.valid_from for version in chain[1:]]
    assert [v.valid_from for v in chain] == sorted(v.valid_from for v in chain)
    assert chain[0].changed_fields == ()
    assert all(version.changed_fields for version in chain[1:])
    for version in chain:
        assert version.content_hash == content_hash(version.facts)
        assert version.facts == normalise(version.facts)


@given(st.lists(observations, min_size=1, max_size=10, unique_by=lambda o: (o.feed, o.record_id, o.observed_at)))
def test_histories_that_grow_sighting_by_sighting_give_the_same_chain(said):
    ordered = sorted(said, key=lambda item: (item.observed_at, item.parser_version, content_hash(item.facts)))
    runs: list = []
    for observation in ordered:
        runs = compress([*runs, sighting(observation)])
    assert chain_of(runs) == build_chain(said)


@given(st.lists(observations, min_size=1, max_size=10), st.integers(1, 90))
def test_hearing_the_same_again_later_changes_nothing(said, hours):
    chain = build_chain(said)
    latest: dict = {}
    for item in sorted(said, key=lambda item: (item.observed_at, item.parser_version, content_hash(item.facts))):
        latest[item.feed, item.record_id] = item
    newest_parser = {key: max(i.parser_version for i in said if (i.feed, i.record_id) == key) for key in latest}
    again = [
        replace(item, observed_at=NOON + timedelta(hours=60 + hours))
        for key, item in latest.items()
        if item.parser_version == newest_parser[key]
    ]
    assert build_chain([*said, *again]) == chain


any_link = st.builds(Link, texts, st.sampled_from(list(LinkRole)), st.none() | texts, st.none() | texts)
ELEMENTS = {
    "agencies": st.builds(Agency, texts, st.none() | texts),
    "identifiers": st.builds(Identifier, st.sampled_from(["symbol", "celex", "fr_citation", "docket"]), texts),
    "links": any_link,
    "attachments": any_link,
    "relations": st.builds(Relation, st.sampled_from(list(RelationType)), texts),
}


def _strategy(item):
    if item.name in ELEMENTS:
        return st.lists(ELEMENTS[item.name], max_size=3).map(tuple)
    known = {
        "Kind": st.sampled_from(list(Kind)),
        "date": days,
        "date | None": st.none() | days,
        "str": texts,
        "str | None": st.none() | texts,
        "tuple[str, ...]": st.lists(texts, max_size=3).map(tuple),
    }
    return known.get(item.type)


any_facts = st.builds(Facts, **{f.name: s for f in fields(Facts) if (s := _strategy(f)) is not None})


@given(any_facts)
def test_facts_survive_json(facts):
    assert decode_facts(encode_facts(facts)) == facts
    assert encode_facts(facts).encode()


@given(any_facts)
def test_normal_facts_stay_as_they_are(facts):
    once = normalise(facts)
    assert normalise(once) == once
    assert content_hash(once) == content_hash(facts)


@given(
    st.lists(
        st.builds(
            Finding, st.just("n"), st.just(3), st.just("c"), st.just(2), texts, texts, texts, st.integers(0, 9),
            st.integers(0, 9), st.floats(0, 1), texts, st.sampled_from(list(Provenance)),
        )
    )
)  # fmt: skip
def test_findings_survive_json(findings):
    assert decode_findings(encode_findings(findings), "n", 3, "c", 2) == findings


@given(st.sampled_from(list(Verdict)), st.none() | days, st.lists(st.builds(Issue, texts, texts, texts, texts)), texts)
def test_runs_survive_json(verdict, since, issues, reason):
    finished = None if since is None else NOON
    report = RunReport("r", "f", NOON, finished, since, None, None, 1, 2, 3, 4, 5, 6, verdict, reason, tuple(issues))
    assert decode_run(encode_run(report)) == report


def test_a_field_at_its_default_is_not_in_the_json():
    assert encode_facts(Facts(Kind.ACT, date(2024, 1, 1))) == '{"kind":"act","published_on":"2024-01-01"}'
    assert set(string.whitespace).isdisjoint(encode_facts(Facts(Kind.ACT, date(2024, 1, 1))))
