"""Following the change log: idempotent, killed anywhere, versions that rise, components that fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.components import COMPONENTS
from nlp.documents import Component, add, work_of
from nlp.lexical.spots import Spot
from nlp.run import CONSUMER, cursor_name, enrich
from notices.model import Provenance

IDS = [f"wto:G/TBT/N/KOR/{number}" for number in range(1, 8)]


def state(store):
    found = store.findings(IDS)
    return {
        key: sorted((f.component, f.label, f.value, f.field, f.start) for f in values) for key, values in found.items()
    }


@pytest.fixture
def filled(store, put):
    for number, notice_id in enumerate(IDS):
        put(notice_id, title=f"Safety of lithium batteries {number}", hs_codes=("850760",), ics_codes=("29.220",))
    return store


def test_findings_are_written_once_and_a_second_run_does_nothing(filled):
    report = enrich(filled)
    assert (report.notices, report.ok, report.change_seq) == (7, True, filled.last_seq())
    codes = [f for f in filled.findings(IDS)[IDS[0], 1] if f.component == "codes"]
    assert {(f.label, f.value, f.provenance) for f in codes} == {
        ("hs", "850760", Provenance.NOTIFIED),
        ("ics", "29.220", Provenance.NOTIFIED),
    }
    assert enrich(filled).notices == 0
    assert filled.cursor(CONSUMER) == filled.last_seq()


def test_a_new_revision_is_looked_at_and_the_old_one_keeps_its_findings(filled, put):
    enrich(filled)
    put(IDS[0], day=2, title="Safety of lithium batteries 0", hs_codes=("8506",))
    assert enrich(filled).notices == 1
    found = state(filled)
    assert any(value == "850760" for _, _, value, _, _ in found[IDS[0], 1])
    assert any(value == "8506" for _, _, value, _, _ in found[IDS[0], 2])


def test_only_the_component_whose_version_rose_runs_again(filled):
    ran: list[str] = []

    def spy(component: Component, by: int) -> Component:
        def run(doc):
            ran.append(component.name)
            component.run(doc)

        return replace(component, run=run, version=component.version + by)

    enrich(filled)
    before = state(filled)
    risen = tuple(spy(each, 1 if each.name == "sectors" else 0) for each in COMPONENTS)
    assert enrich(filled, components=risen).notices == 7
    assert set(ran) == {"sectors"}
    assert state(filled) == before, "sectors saw the stored codes"
    assert enrich(filled, components=risen).notices == 0


def test_a_component_that_fails_on_one_notice_is_counted_and_the_others_go_on(filled, caplog):
    def break_on_third(doc):
        if work_of(doc).notice.id == IDS[2]:
            add(doc, "bad", [Spot("language", "xx", "title", 0, 1, "half done")])
            raise ValueError("boom")

    table = (Component("bad", 1, break_on_third), *COMPONENTS)
    report = enrich(filled, components=table)
    assert report.failures == {"bad": 1}
    assert not report.ok
    assert "boom" in caplog.text
    looked = filled.enriched(IDS)
    assert "bad" not in looked[IDS[2], 1]
    assert looked[IDS[2], 1]["codes"] == 1
    assert all(f.component != "bad" for f in filled.findings(IDS)[IDS[2], 1])


@pytest.mark.parametrize("die_at", range(1, 9))
def test_killed_at_any_write_and_run_again_it_ends_in_the_same_place(filled, put, die_at):
    class Killed(BaseException):
        pass

    calls = 0

    def dying(method):
        def call(*args, **kwargs):
            nonlocal calls
            calls += 1
            if calls == die_at:
                raise Killed
            return method(*args, **kwargs)

        return call

    class Fragile:
        """The store, dying at one of its writes; its transaction then rolls back as the process's would."""

        def __getattr__(self, name):
            attribute = getattr(filled, name)
            return dying(attribute) if name in ("put_findings_batch", "set_cursor") else attribute

    def live():
        for turn in range(10):
            enrich(Fragile(), limit=2)
            put(IDS[0], day=3 + turn, title=f"again {turn}")

    with pytest.raises(Killed):
        live()
    enrich(filled)
    assert filled.cursor(CONSUMER) == filled.last_seq()
    assert {filled.cursor(cursor_name(each)) for each in COMPONENTS} == {filled.last_seq()}
    revisions = {(each, r.number) for each in IDS for r in filled.revisions(each)}
    assert set(filled.enriched(IDS)) == revisions


def test_a_limit_stops_in_the_middle_and_the_next_run_goes_on(filled):
    assert enrich(filled, limit=3).notices == 3
    assert filled.cursor(CONSUMER) == 3
    assert enrich(filled).notices == 4
