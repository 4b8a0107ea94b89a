"""Precision and recall of sector tagging against labels made by hand (tests/quality/sectors/*.jsonl, GUIDE.md there).

python -m nlp.evaluate_sectors LABELS.jsonl --data ../shared/replay/data [--errors]
Labels hold ids only; the records are read from the recording. One assignment is one (notice, sector) pair.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from nlp.lexical.codes import list_codes, text_codes
from nlp.lexical.plausibility import flag_implausible
from nlp.sectors import find_sectors
from notices.identity import family_id, fr_id, wto_id
from notices.markets import alpha2_from_alpha3
from notices.model import Agency, Facts, Finding, Kind, Notice
from notices.symbols import parse_symbol_list

_KINDS = {"Rule": Kind.FINAL_RULE, "Proposed Rule": Kind.PROPOSED_RULE, "Presidential Document": Kind.PRESIDENTIAL}
_CAPTURED = datetime(2026, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of assignments, with the ratios and their 95 % intervals (Wilson)."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> tuple[float, float, float]:
        """Share of given sectors that are right: value, lower and upper bound."""
        return wilson(self.right, self.right + self.wrong)

    @property
    def recall(self) -> tuple[float, float, float]:
        """Share of labelled sectors that were given: value, lower and upper bound."""
        return wilson(self.right, self.right + self.missed)


def wilson(hits: int, total: int) -> tuple[float, float, float]:
    """(share, lower, upper) of a 95 % interval."""
    if total == 0:
        return (0.0, 0.0, 1.0)
    z, p = 1.96, hits / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return (p, max(0.0, centre - half), min(1.0, centre + half))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _notice(notice_id: str, source: str, facts: Facts) -> Notice:
    return Notice(notice_id, source, family_id(notice_id), 1, "", facts, _CAPTURED)


def _federal_register(row: dict[str, Any]) -> Notice:
    day = date.fromisoformat(row["publication_date"])
    names = row.get("agency_names") or row.get("_rawag") or row.get("_ag") or ()
    facts = Facts(
        kind=_KINDS.get(row["type"], Kind.NOTICE),
        published_on=day,
        title=row["title"] or "",
        summary=row.get("abstract"),
        action=row.get("action"),
        agencies=tuple(Agency(str(name), str(name)) for name in names),
        keywords=tuple(row.get("topics") or ()),
    )
    return _notice(fr_id(day, row["document_number"]), "us-fr", facts)


def _notification(row: dict[str, Any]) -> Notice:
    symbols = parse_symbol_list(row["documentSymbol"])
    facts = Facts(
        kind=Kind.ADDENDUM if "Add" in row["documentSymbol"] else Kind.REGULAR,
        published_on=date.fromisoformat(row["distributionDate"][:10]),
        title=row["titlePlain"] or "",
        members=tuple(sorted(filter(None, (alpha2_from_alpha3(symbol.member) for symbol in symbols)))),
        summary=row["descriptionPlain"],
        products_text=row["productsFreeTextPlain"],
        hs_codes=tuple(code["code"] for code in row["hsCodes"] or ()),
        ics_codes=tuple(code["code"] for code in row["icsCodes"] or ()),
        objectives_text=row["objectivesFreeText"],
    )
    return _notice(wto_id(symbols), "wto", facts)


def load_notices(data: Path, wanted: set[str]) -> dict[str, Notice]:
    """The labelled records of a recording as notices; the first record of a joint notification stands for it."""
    found: dict[str, Notice] = {}
    for row in _rows(data / "fr" / "documents.jsonl.gz"):
        notice = _federal_register(row)
        if notice.id in wanted:
            found.setdefault(notice.id, notice)
    for name in ("real", "real_zh", "synthetic"):
        for row in _rows(data / "eping" / f"{name}.jsonl.gz"):
            if row["area"] == "TBT" and (notice := _notification(row)).id in wanted:
                found.setdefault(notice.id, notice)
    return found


def code_findings(notice: Notice) -> list[Finding]:
    """Declared codes as the codes component finds them."""
    facts = notice.facts
    spots = list_codes("hs", facts.hs_codes) + list_codes("ics", facts.ics_codes)
    spots += text_codes(facts.products_text or "", "products_text")
    return [
        Finding(notice.id, 1, "codes", 1, s.label, s.value, s.field, s.start, s.end, s.confidence, s.rule)
        for s in flag_implausible(spots, facts.products_text or "", facts.title)
    ]


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled notice with what was given."""

    id: str
    stratum: str
    real: bool
    gold: frozenset[str]
    given: frozenset[str]


def judge(labels: Path, data: Path) -> list[Judged]:
    """Tag every labelled record. Raises KeyError when a record is not in the recording."""
    lines = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    notices = load_notices(data, {line["id"] for line in lines})
    judged = []
    for line in lines:
        notice = notices[line["id"]]
        given = frozenset(finding.value for finding in find_sectors(notice, code_findings(notice)))
        judged.append(Judged(line["id"], line["stratum"], line["real"], frozenset(line["sectors"]), given))
    return judged


def score(judged: Iterable[Judged], sector: str | None = None) -> Score:
    """Counts over all assignments, or over one sector's."""
    right = wrong = missed = 0
    for each in judged:
        gold = each.gold if sector is None else each.gold & {sector}
        given = each.given if sector is None else each.given & {sector}
        right, wrong, missed = right + len(gold & given), wrong + len(given - gold), missed + len(gold - given)
    return Score(right, wrong, missed)


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    """Everything that the decision record states, as plain data."""

    def shape(part: Sequence[Judged], sector: str | None = None) -> dict[str, Any]:
        counted = score(part, sector)
        return {
            "notices": len(part),
            "right": counted.right,
            "wrong": counted.wrong,
            "missed": counted.missed,
            "precision": [round(value, 3) for value in counted.precision],
            "recall": [round(value, 3) for value in counted.recall],
        }

    parts = {
        "all": judged,
        "wto": [each for each in judged if each.stratum.startswith("wto")],
        "wto-real": [each for each in judged if each.stratum == "wto-real"],
        "wto-synthetic": [each for each in judged if each.stratum == "wto-synthetic"],
        "federal-register": [each for each in judged if each.stratum.startswith("fr")],
        "real": [each for each in judged if each.real],
        "synthetic": [each for each in judged if not each.real],
    }
    sectors = sorted({sector for each in judged for sector in each.gold | each.given})
    return {
        "parts": {name: shape(part) for name, part in parts.items()},
        "sectors": {sector: shape(judged, sector) for sector in sectors},
        "no_sector": {
            name: {
                "labelled": sum(not each.gold for each in part),
                "given": sum(not each.given for each in part),
                "agreed": sum(not each.gold and not each.given for each in part),
            }
            for name, part in parts.items()
        },
        "exact": sum(each.gold == each.given for each in judged),
    }


def main() -> None:
    """Print the report as JSON; with --errors, every notice judged differently before it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    judged = judge(options.labels, options.data)
    if options.errors:
        for each in judged:
            if each.gold != each.given:
                print(each.id, "missed", sorted(each.gold - each.given), "wrong", sorted(each.given - each.gold))
    print(json.dumps(report(judged), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
