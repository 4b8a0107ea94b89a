"""A small world for the API's tests: a real store, the real embedded engine, a handful of records of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.services import Services, SourceInfo
from index.backends.embedded import EmbeddedBackend
from index.documents import documents_of
from notices.clock import FrozenClock
from notices.identity import fr_id, wto_id
from notices.model import (
    Agency,
    Cause,
    Facts,
    Finding,
    Identifier,
    Kind,
    Link,
    LinkRole,
    Notice,
    Observation,
    Provenance,
)
from notices.ports import IndexBackend, Store
from notices.runs import RunReport, Verdict
from notices.store import open_store
from notices.symbols import parse_symbol_list

TODAY = date(2024, 2, 1)
NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)
ATTACK = '<script>alert("x")</script> batteries " onmouseover="alert(1) \u202egpj.exe'

SOURCES = (
    SourceInfo("wto-eping", "wto", "WTO ePing web API", "WTO ePing 웹 API", "World Trade Organization", "세계무역기구",
               "Public documents of the WTO", "https://www.wto.org/terms"),
    SourceInfo("wto-api", "wto", "WTO ePing official API", "WTO ePing 공식 API"),
    SourceInfo("us-fr", "us-fr", "US Federal Register API", "미국 연방관보 API", "US Federal Register", "미국 연방관보",
               "Public domain", "https://www.federalregister.gov/legal", ("US",)),
)  # fmt: skip


def _wto(symbols: str, day: date, members: tuple[str, ...], title: str, **more: object) -> tuple[str, Facts]:
    parsed = parse_symbol_list(symbols)
    kind = more.pop("kind", Kind.REGULAR)
    facts = Facts(kind=kind, published_on=day, symbols=tuple(map(str, parsed)), title=title, members=members, **more)
    return wto_id(parsed), facts


def records() -> list[tuple[str, str, Facts]]:
    """(feed, notice id, facts): a family of three, a joint notification, a rule, an attack, one in Korean."""
    wto = [
        _wto(
            "G/TBT/N/KEN/7001", date(2023, 12, 20), ("KE",), "Safety of lithium batteries for portable devices",
            language="en", summary="Draft standard on lithium cells and batteries.\nIt asks for tests and marking.",
            comment_until=date(2024, 2, 18), in_force_on=date(2024, 9, 1), hs_codes=("850760",), ics_codes=("29.220",),
            products_text="Lithium batteries (HS 8507.60); ICS 29.220", agencies=(Agency("Bureau of Standards"),),
            objectives=("Protection of human health or safety (TBT)",),
            links=(
                Link("https://docs.example.org/G/TBTN23/KEN7001.pdf", LinkRole.FORM),
                Link("https://members.example.org/23_00001_e.pdf", LinkRole.DOCUMENT, language="en"),
                Link("javascript:alert(1)", LinkRole.DOCUMENT),
                Link("https://eping.example.org/KEN/7001", LinkRole.SOURCE),
            ),
        ),
        _wto(
            "G/TBT/N/KEN/7001/Add.1", date(2024, 1, 15), ("KE",), "Safety of lithium batteries for portable devices",
            kind=Kind.ADDENDUM, language="en", summary="The comment period is extended.",
            comment_until=date(2024, 3, 1),
        ),
        _wto(
            "G/TBT/N/BDI/7002, G/TBT/N/KEN/7003, G/TBT/N/RWA/7004, G/TBT/N/TZA/7005, G/TBT/N/UGA/7006",
            date(2024, 1, 5), ("BI", "KE", "RW", "TZ", "UG"), "Mosquito repellent wipes", language="en",
            summary="Draft East African standard for repellent wipes.", comment_until=date(2024, 1, 20),
            hs_codes=("380891",), ics_codes=("71.100.70",),
        ),
        _wto("G/TBT/N/EU/7007", date(2024, 1, 10), ("EU",), ATTACK, language="en", summary="Batteries & <b>bold</b>."),
        _wto(
            "G/TBT/N/KOR/7008", date(2024, 1, 12), ("KR",), "Amendment to appliance safety",
            title_original="전기용품 안전기준 개정안", language="en", summary="전기용품의 안전기준을 개정한다.",
        ),
    ]  # fmt: skip
    number = "2024-00375"
    rule = Facts(
        kind=Kind.FINAL_RULE, published_on=date(2024, 1, 4), title="Energy conservation standards for battery chargers",
        members=("US",), language="en", agencies=(Agency("Energy Department", "energy-department"),),
        summary="DOE adopts amended energy conservation standards for battery chargers.", action="Final rule.",
        dates_text="Effective March 4, 2024.", in_force_on=date(2024, 3, 4),
        identifiers=(
            Identifier("fr_citation", "89 FR 375"), Identifier("fr_number", number), Identifier("cfr", "10 CFR 430"),
        ),
        links=(Link("https://www.federalregister.gov/d/2024-00375", LinkRole.SOURCE),),
    )  # fmt: skip
    return [("wto-eping", *item) for item in wto] + [("us-fr", fr_id(date(2024, 1, 4), number), rule)]


def observe(feed: str, notice_id: str, facts: Facts, at: datetime) -> Observation:
    """An observation of one record."""
    return Observation(notice_id, feed, notice_id, at, f"capture-{notice_id}-{at.isoformat()}", "test", 1, facts)


def run_of(feed: str, verdict: Verdict, *, reason: str = "", at: datetime = NOW, received: int = 3) -> RunReport:
    """A finished run."""
    return RunReport(
        run_id=f"{feed}-{verdict}-{at.isoformat()}", feed=feed, started_at=at, finished_at=at, since=date(2023, 11, 1),
        until=TODAY, expected=received, received=received, skipped=1, new=received, revised=0, unchanged=0, dead=0,
        verdict=verdict, reason=reason,
    )  # fmt: skip


@dataclass
class World:
    """What a test looks at and turns."""

    store: Store
    backend: IndexBackend
    services: Services
    client: TestClient

    def index(self) -> None:
        """Index everything that the store holds."""
        documents = []
        for notice in self.store.notice_page(limit=1000):
            family = self.store.family(notice.family)
            found = self.store.findings([member.id for member in family])
            documents += documents_of(notice, self.store.revisions(notice.id), found, family)
        self.backend.build(documents, change_seq=self.store.last_seq())

    def observe_again(self, notice: Notice, facts: Facts) -> None:
        """The feed that reported a notice says something else now."""
        feed = "us-fr" if notice.source == "us-fr" else "wto-eping"
        self.store.merge([observe(feed, notice.id, facts, NOW)], first_seen_cause=Cause.SOURCE, at=NOW)
        self.index()

    def serve(self, **changes: object) -> TestClient:
        """A client of the same world with other services."""
        return TestClient(create_app(replace(self.services, **changes)), raise_server_exceptions=False)


def make_backend(folder: Path) -> IndexBackend:
    """The engine of these tests."""
    return EmbeddedBackend(folder)


def build_world(folder: Path) -> World:
    """Fill a data folder and open the application on it."""
    clock = FrozenClock(NOW)
    store = open_store(folder, None, clock)
    first_seen = datetime(2024, 1, 20, tzinfo=UTC)
    store.merge([observe(*record, first_seen) for record in records()], first_seen_cause=Cause.SOURCE, at=first_seen)
    feed, notice_id, facts = records()[0]
    amended = replace(facts, comment_until=date(2024, 2, 25), summary=f"{facts.summary} Labels must be permanent.")
    store.merge([observe(feed, notice_id, amended, NOW)], first_seen_cause=Cause.SOURCE, at=NOW)
    number = store.notice(notice_id).revision
    quote = amended.title.index("lithium batteries")
    sector = Finding(
        notice_id, number, "sectors", 1, "sector", "electrical-electronics", "title", quote, quote + 17, 0.9, "words"
    )
    store.put_findings(notice_id, number, "sectors", 1, [sector])
    guess = replace(sector, label="hs", value="850650", component="guess", confidence=0.6)
    declared = [
        replace(sector, label=label, value=value, component="codes", field=name, start=0, end=len(value),
                confidence=1.0, provenance=Provenance.NOTIFIED)
        for label, value, name in (("hs", "850760", "hs_codes"), ("ics", "29.220", "ics_codes"))
    ]  # fmt: skip
    store.put_findings(notice_id, number, "codes", 1, [*declared, guess])
    for source in ("wto-eping", "us-fr"):
        store.put_run(run_of(source, Verdict.OK))
        store.note_covered(source, date(2023, 11, 1), TODAY)
    store.put_run(run_of("wto-api", Verdict.OFF, reason="needs TONGBO_WTO_API_KEY", received=0))
    backend = make_backend(folder / "index")
    services = Services(store=store, backend=backend, clock=clock, sources=SOURCES, public_url="https://tongbo.test")
    world = World(store, backend, services, TestClient(create_app(services), raise_server_exceptions=False))
    world.index()
    return world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for every test that only reads."""
    made = build_world(tmp_path_factory.mktemp("api"))
    yield made
    made.backend.close()
    made.store.close()


@pytest.fixture
def own_world(tmp_path: Path) -> Iterator[World]:
    """A world of a test's own, to change."""
    made = build_world(tmp_path)
    yield made
    made.backend.close()
    made.store.close()


@pytest.fixture
def client(world: World) -> TestClient:
    """The application of the shared world."""
    return world.client


@pytest.fixture(scope="session")
def runs() -> Callable[..., RunReport]:
    """Makes finished runs, at an hour of the day."""

    def make(feed: str, verdict: Verdict, *, reason: str = "", hour: int = 12) -> RunReport:
        return run_of(feed, verdict, reason=reason, at=NOW.replace(hour=hour))

    return make
