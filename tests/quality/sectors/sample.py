"""Draws the records of the sector evaluation: which notices to label, never which labels.

Run: ``python tests/quality/sectors/sample.py --data /work/shared/replay/data [--print test|dev]``. Without ``--print``
it lists ``split stratum real id`` lines; with it, the text to read, for the labeller's screen only (never commit it).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from notices.identity import family_id, fr_id, wto_id
from notices.symbols import parse_symbol_list

SEED = 20260930
PLAN: tuple[tuple[str, str, int], ...] = (
    ("test", "wto-real", 30),
    ("dev", "wto-real", 70),  # as many as are left
    ("test", "wto-synthetic", 80),
    ("dev", "wto-synthetic", 70),
    ("test", "fr-random", 60),
    ("dev", "fr-random", 40),
    ("test", "fr-rule", 60),
    ("dev", "fr-rule", 40),
)
"""In drawing order. WTO numbers are the total of the split once the stratum is drawn: 80 and 70."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One record that may be labelled; ``title_key`` keeps a title from being drawn twice."""

    source: str
    id: str
    real: bool
    kind: str
    title_key: str
    raw: dict[str, Any]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _title_key(title: str) -> str:
    return re.sub(r"\W+", " ", title).strip().casefold()


def rules_documents(data: Path) -> list[Candidate]:
    """Every Federal Register document of the recording."""
    found = []
    for row in _rows(data / "fr" / "documents.jsonl.gz"):
        key = fr_id(date.fromisoformat(row["publication_date"]), row["document_number"])
        found.append(Candidate("us-fr", key, True, row["type"], _title_key(row["title"] or key), row))
    return found


def notifications(data: Path) -> list[Candidate]:
    """Every TBT notification, one record per symbol list (joint notifications repeat per member)."""
    found: dict[str, Candidate] = {}
    for name in ("real", "real_zh", "synthetic"):
        for row in _rows(data / "eping" / f"{name}.jsonl.gz"):
            if row["area"] != "TBT":
                continue
            key = wto_id(parse_symbol_list(row["documentSymbol"]))
            title = _title_key(row["titlePlain"] or row["descriptionPlain"] or key)
            found.setdefault(key, Candidate("wto", key, name != "synthetic", row["notificationType"], title, row))
    return list(found.values())


def draw(data: Path) -> dict[str, list[tuple[str, Candidate]]]:
    """The splits as (stratum, candidate) in drawing order; no title and no family stands twice in both together."""
    fr, wto = rules_documents(data), notifications(data)
    strata: dict[str, tuple[list[Candidate], Callable[[Candidate], bool]]] = {
        "wto-real": (wto, lambda one: one.real),
        "wto-synthetic": (wto, lambda one: not one.real),
        "fr-random": (fr, lambda one: True),
        "fr-rule": (fr, lambda one: one.kind in {"Rule", "Proposed Rule"}),
    }
    pools = {name: sorted(filter(keep, rows), key=lambda one: one.id) for name, (rows, keep) in strata.items()}
    for name, pool in pools.items():
        random.Random(f"{SEED}:{name}").shuffle(pool)
    splits: dict[str, list[tuple[str, Candidate]]] = {"test": [], "dev": []}
    taken: set[str] = set()
    for split, stratum, number in PLAN:
        of_source = [one for one in splits[split] if stratum.startswith("wto") or one[0] == stratum]
        missing = number - len(of_source)
        for one in pools[stratum]:
            keys = {f"title:{one.title_key}", family_id(one.id)}
            if missing > 0 and not keys & taken:
                taken |= keys
                splits[split].append((stratum, one))
                missing -= 1
    return splits


_SHOWN = {
    "us-fr": ("type", "title", "action", "abstract", "agency_names", "_ag", "_rawag", "topics", "cfr_references"),
    "wto": (
        "notificationType",
        "titlePlain",
        "descriptionPlain",
        "productsFreeTextPlain",
        "hsCodes",
        "icsCodes",
        "objectivesFreeText",
    ),
}


def show(stratum: str, one: Candidate) -> str:
    """What the labeller reads of a record."""
    lines = [f"## {one.id}  [{stratum}]"]
    for name in _SHOWN[one.source]:
        value = one.raw.get(name)
        if isinstance(value, list):
            value = "; ".join(_brief(item) for item in value)
        if value:
            lines.append(f"{name.removesuffix('Plain')}: {str(value)[:700]}")
    return "\n".join(lines)


def _brief(item: Any) -> str:
    if isinstance(item, dict):
        return " ".join(str(part) for part in item.values() if part)[:80]
    return str(item)


def main() -> None:
    """Lists the draw, or prints one split for reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("/work/shared/replay/data"))
    parser.add_argument("--print", dest="split", choices=("test", "dev"))
    options = parser.parse_args()
    for split, rows in draw(options.data).items():
        for stratum, one in rows:
            if options.split is None:
                print(split, stratum, str(one.real).lower(), one.id, sep="\t")
            elif options.split == split:
                print(show(stratum, one), end="\n\n")


if __name__ == "__main__":
    main()
