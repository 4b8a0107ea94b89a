"""The dates of an act's own final articles as findings of the notice."""

from __future__ import annotations

import time
from datetime import date

import pytest

from nlp.act_days import MOST
from nlp.pipeline import Pipeline
from notices.model import Kind, Provenance, Section

ENTRY = "This Regulation shall enter into force on the twentieth day following that of its publication in the OJ."
FINAL = f"Article 2\nEntry into force\n1. {ENTRY}\n2. It shall apply from 18 February 2024."


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


def act(make_notice, text=FINAL, **facts):
    said = {"kind": Kind.ACT, "published_on": date(2023, 7, 28), "body": text}
    said |= {"sections": (Section("article", "2", "Entry into force", 0, len(text or ""), 0),)}
    return make_notice("eu:32023R1542", "eu", **(said | facts))


def found(pipeline, notice):
    return pipeline.analyse(notice).findings["act_dates"]


def test_an_act_yields_its_days_with_the_words_that_say_them(pipeline, make_notice):
    notice = act(make_notice)
    entry, application = found(pipeline, notice)
    assert (entry.label, entry.value, entry.provenance) == ("entry_into_force", "2023-08-17", Provenance.INFERRED)
    assert (application.label, application.value) == ("application", "2024-02-18")
    assert notice.facts.body[application.start : application.end].endswith("18 February 2024")


@pytest.mark.parametrize(("stated", "confidence"), [(date(2023, 8, 17), 0.99), (date(2024, 1, 1), 0.7), (None, 0.95)])
def test_the_publishers_own_day_only_confirms(pipeline, make_notice, stated, confidence):
    entry = found(pipeline, act(make_notice, in_force_on=stated))[0]
    assert (entry.value, entry.confidence) == ("2023-08-17", confidence)


def test_other_kinds_of_notice_and_acts_without_a_text_yield_none(pipeline, make_notice):
    assert found(pipeline, act(make_notice, kind=Kind.REGULAR)) == []
    assert found(pipeline, act(make_notice, text=None)) == []


def test_a_hostile_final_article_stays_bounded(pipeline, make_notice):
    text = FINAL + "\nIt shall apply from 1 January 2030 as regards Article 5." * 1_000
    started = time.perf_counter()
    assert len(found(pipeline, act(make_notice, text=text))) <= MOST
    assert time.perf_counter() - started < 10
