"""A source does not forget what it published: fewer records than are held already is a fault."""

from __future__ import annotations

from crawlers.facts import load_facts
from crawlers.tally import Tally, check_expectations, verdict_of
from notices.runs import Verdict


def verdict(came: int, held: int, *, allow_empty: bool = False) -> tuple[Verdict, str]:
    tally = Tally(received=came, filled={"title": came, "members": came, "summary": came})
    check_expectations(tally, load_facts("wto-eping"), None, allow_empty=allow_empty, held=held)
    return verdict_of(tally, allow_empty=allow_empty)


def test_silence_where_records_are_held_is_a_failure_even_when_emptiness_is_allowed():
    found, reason = verdict(0, held=12, allow_empty=True)
    assert found is Verdict.FAILED
    assert "12 are held already" in reason


def test_silence_where_nothing_is_held_is_allowed_when_the_caller_says_so():
    assert verdict(0, held=0, allow_empty=True)[0] is Verdict.EMPTY_ALLOWED


def test_silence_is_a_failure_when_nobody_allowed_it():
    assert verdict(0, held=0)[0] is Verdict.FAILED


def test_less_than_half_of_what_is_held_is_partial():
    found, reason = verdict(40, held=100)
    assert found is Verdict.PARTIAL
    assert "100 are held already" in reason


def test_as_many_as_are_held_is_well():
    assert verdict(100, held=100) == (Verdict.OK, "")
