"""A store with one small act in two versions, and the text of a card that was read in the newer one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from notices.clock import FrozenClock
from notices.model import Cause, Facts, Identifier, Kind, Observation, Relation, RelationType, Section
from notices.ports import Store
from notices.store import open_store

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
ACT = "32024R0777"
OLD, NEW, NEWER = "02024R0777-20240601", "02024R0777-20250701", "02024R0777-20260101"

BODY = """REGULATION (EU) 2024/777 on small lamps
Article 1
Scope
1. This Regulation applies to lamps.
2. It shall apply from 18 August 2031.
Article 2
Shares
1. From 18 August 2031 lamps contain:
(a) 16 % cobalt;
(b) 85 % lead.
2. Makers had a net turnover of more than EUR 1 500 000 000 and more than 5 000 employees. They keep it for five years.
ANNEX I
List
Lamps | 8539 Lamps; ex 8539 31 Discharge lamps
"""


def sections_of(body: str) -> tuple[Section, ...]:
    """Articles, their numbered paragraphs and annexes, each up to the next of its rank."""
    heads = [(m.start(), "article", m[1]) for m in re.finditer(r"^Article (\d+)$", body, re.MULTILINE)]
    heads += [(m.start(), "annex", m[1]) for m in re.finditer(r"^ANNEX (\w+)$", body, re.MULTILINE)]
    heads.sort()
    ends = [start for start, _, _ in heads[1:]] + [len(body)]
    found = []
    for (start, kind, number), end in zip(heads, ends, strict=True):
        found.append(Section(kind, number, "", start, end, 0))
        marks = [(start + m.start(), m[1]) for m in re.finditer(r"^(\d+)\. ", body[start:end], re.MULTILINE)]
        stops = [*(at for at, _ in marks[1:]), end][: len(marks)]
        found += [Section("paragraph", n, "", at, stop, 1) for (at, n), stop in zip(marks, stops, strict=True)]
    return tuple(found)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def act(
    celex: str,
    body: str | None = BODY,
    *,
    status: str = "verbatim",
    language: str = "en",
    amends: str = "",
    inside: tuple[str, ...] = (),
):
    """One EU notice as the eu-cellar feed writes it."""
    consolidated = celex.startswith("0")
    kind = Kind.CORRIGENDUM if "R(" in celex else Kind.CONSOLIDATED_ACT if consolidated else Kind.ACT
    day = date.fromisoformat(celex[-8:]) if consolidated else date(2024, 5, 3)
    identifiers = [Identifier("celex", celex), Identifier("text_status", status)]
    identifiers += [Identifier("incorporates", name) for name in inside]
    facts = Facts(
        kind,
        day,
        title=celex,
        language=language,
        members=("EU",),
        body=body,
        identifiers=tuple(sorted(identifiers)),
        relations=(Relation(RelationType.AMENDS, f"eu:{amends}"),) if amends else (),
        sections=sections_of(body) if body else (),
    )
    return Observation(f"eu:{celex}", "eu-cellar", celex, NOON, "capture", "eu_acts", 1, facts)


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path / "data", None, FrozenClock(NOON))
    yield opened
    opened.close()


@pytest.fixture
def collect(store: Store) -> Callable[..., None]:
    """Put acts into the store."""

    def put(*acts: Observation) -> None:
        store.merge(list(acts), first_seen_cause=Cause.BACKFILL, at=NOON)

    return put


CARD = (Path(__file__).parent / "lamps.yml").read_text(encoding="utf-8")


@pytest.fixture
def card_text() -> Callable[..., str]:
    """The card of the act, as read in a version with a body; replacements are (old, new)."""

    def write(*changes: tuple[str, str], read_in: str = NEW, body: str = BODY) -> str:
        text = CARD
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return text.replace("TEXT", read_in).replace("SUM", sha(body))

    return write


@pytest.fixture
def lamps() -> SimpleNamespace:
    """The act, its versions and how its notices are made."""
    return SimpleNamespace(
        ACT=ACT, OLD=OLD, NEW=NEW, NEWER=NEWER, BODY=BODY, CARD=CARD, NOON=NOON, act=act, sections_of=sections_of
    )
