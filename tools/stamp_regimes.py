"""Write into every regime card the version and sha256 of the texts it was read in, as a store has them.

    .venv/bin/python tools/stamp_regimes.py [DATA_DIR]

Run it after reading, never instead: the sum says "these are the words I read". Without DATA_DIR the acts that the cards
name are taken from the replay (TONGBO_TEST_REPLAY_URL, else port 8900) through the parsers, and nothing else is.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import yaml

from crawlers.eu.dossier import Dossier, Text, pack_dossier
from crawlers.facts import load_facts
from crawlers.pages import eu_acts
from notices.clock import FrozenClock
from notices.identity import base_celex
from notices.model import Cause, Facts, Kind, Observation
from notices.ports import Store
from notices.regimes.check import check_regimes, sha256_of
from notices.regimes.loader import load_regimes, read_card
from notices.regimes.locators import field_text
from notices.regimes.model import Regime
from notices.regimes.report import contradicted, report_lines
from notices.store import open_store

CARDS = Path(__file__).resolve().parents[1] / "notices" / "regimes" / "cards"
REPLAY = os.environ.get("TONGBO_TEST_REPLAY_URL", "http://127.0.0.1:8900")
AT = datetime(2026, 9, 30, 12, tzinfo=UTC)
FORMS = ("application/xhtml+xml", "text/html")


@contextmanager
def store_of(data_dir: Path) -> Iterator[Store]:
    """The store in a folder, closed afterwards."""
    store = open_store(data_dir, None, FrozenClock(AT))
    try:
        yield store
    finally:
        store.close()


def observations(ids: Iterable[str]) -> Iterator[Observation]:
    """The acts and abstracts of these notice ids, with every version of the acts that the replay has."""
    for notice_id in sorted(set(ids)):
        source, _, key = notice_id.partition(":")
        yield _act(key) if source == "eu" else _abstract(notice_id, key)


def _act(celex: str) -> Observation:
    texts = []
    for form in FORMS:
        headers = {"Accept": form, "Accept-Language": "eng"}
        try:
            with urlopen(Request(f"{REPLAY}/cellar/resource/celex/{celex}", headers=headers), timeout=60) as answer:
                texts = [Text("en", form, answer.url, ((f"{celex}.html", answer.read()),))]
            break
        except HTTPError as error:
            if error.code not in (404, 406):
                raise
    said = {"type": ("REG",), "date": ("2020-01-01",)}
    dossier = Dossier(celex=celex, facts=said, titles={"en": celex}, texts=tuple(texts), missing=())
    draft = eu_acts.parse(pack_dossier(dossier), load_facts("eu-cellar")).drafts[0]
    return Observation(draft.notice_id, "eu-cellar", celex, AT, "stamp", "eu_acts", 1, draft.facts)


def _abstract(notice_id: str, key: str) -> Observation:
    day, number = key.split("/")
    url = f"{REPLAY}/federalregister/api/v1/documents/{number}.json?publication_date={day}"
    with urlopen(url, timeout=60) as answer:
        record = json.load(answer)
    facts = Facts(Kind.NOTICE, date.fromisoformat(day), title=record["title"], summary=record["abstract"])
    return Observation(notice_id, "us-fr", number, AT, "stamp", "fr_documents", 1, facts)


def stamp(path: Path, store: Store) -> list[str]:
    """Bring the sums of one card up to date; gives the ids that the store lacks."""
    text, lost = path.read_text(encoding="utf-8"), []
    for ref in yaml.safe_load(text).get("texts", {}).values():
        notice = store.notices([ref["id"]]).get(ref["id"])
        said = field_text(notice.facts, ref.get("field", "body")) if notice else None
        if said is None or notice is None:
            lost.append(ref["id"])
            continue
        version = next((item.value for item in notice.facts.identifiers if item.scheme == "text_version"), "")
        line = re.compile(rf'(id: "?{re.escape(ref["id"])}"?,.*?version: )"[^"]*"(.*?sha256: )"?[0-9a-f]*"?')
        text = line.sub(rf'\g<1>"{version}"\g<2>"{sha256_of(said)}"', text)
    path.write_text(text, encoding="utf-8")
    return lost


def fill(store: Store, cards: Sequence[Regime]) -> None:
    """Put every text that the cards name into the store, from the replay."""
    named = {text.id for card in cards for text in card.texts}
    named |= {f"eu:{base_celex(name[3:])}" for name in named if name.startswith("eu:0")}
    store.merge(list(observations(named)), first_seen_cause=Cause.BACKFILL, at=AT)


def main() -> int:
    """Stamp every card, then check; the exit code is 1 when something does not stand."""
    paths = sorted(CARDS.glob("*.yml"))
    with tempfile.TemporaryDirectory() as scratch, store_of(Path([*sys.argv, scratch][1])) as store:
        if len(sys.argv) == 1:
            fill(store, load_regimes())
        lost = [name for path in paths for name in stamp(path, store)]
        cards = [read_card(path.read_text("utf-8"), path.name) for path in paths]
        report = check_regimes(cards, store)
    for line in report_lines(report, cards):
        print(line.text)
    print(f"texts not at hand: {', '.join(lost) or 'none'}")
    return 1 if contradicted(report) or lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
