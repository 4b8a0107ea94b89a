"""What Cellar's endpoint says about acts, gathered per act; and which version of an act is the newest. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from crawlers.eu.dossier import Dossier
from crawlers.eu.sparql import CDM, FACTS, Row, language_of
from notices.identity import base_celex

_CELEX = re.compile(r"[1356]\d{4}[A-Z]{1,2}\d{4}(?:R\(\d{2}\))?|0\d{4}[A-Z]{1,2}\d{4}(?:R\(\d{2}\))?-\d{8}")


@dataclass(slots=True)
class Record:
    """One work: its facts by name, its titles by language."""

    celex: str
    facts: dict[str, set[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def dossier(self, labels: Mapping[str, str]) -> Dossier:
        """The record as a dossier without texts; subjects by name where the name is known."""
        facts = {name: tuple(sorted(values)) for name, values in self.facts.items()}
        if "eurovoc" in facts:
            facts["eurovoc"] = tuple(sorted(labels[uri] for uri in facts["eurovoc"] if uri in labels))
        return Dossier(self.celex, facts, self.titles)


def is_celex(text: str) -> bool:
    """Whether this is the CELEX number of an act, a version or a corrigendum; some works have odd ones ("A", "TXT")."""
    return _CELEX.fullmatch(text) is not None


def gather_records(celexes: Sequence[str], facts: Iterable[Row], titles: Iterable[Row]) -> dict[str, Record]:
    """Records by CELEX out of the answers to ``facts_query`` and ``titles_query``; unknown acts are left out.

    Relations name the other act by its CELEX number; subjects stay addresses.
    """
    found: dict[str, Record] = {}
    wanted = set(celexes)
    for row in facts:
        name = FACTS.get(row.get("p", "").removeprefix(CDM))
        celex = row.get("celex", "")
        if name is None or celex not in wanted:
            continue
        record = found.setdefault(celex, Record(celex))
        value = _value(name, row)
        if value:
            record.facts.setdefault(name, set()).add(value)
    for row in titles:
        language = language_of(row.get("language", ""))
        title = " ".join(row.get("title", "").split())
        if language and title and row.get("celex") in found:
            known = found[row["celex"]].titles
            known[language] = min(known.get(language, title), title)
    return found


def _value(name: str, row: Row) -> str:
    value = row.get("value", "")
    if name == "type":
        return value.rpartition("/")[2]
    if name in ("amends", "repeals", "based_on", "corrects", "consolidates"):
        return row.get("name", "")
    if name == "in_force":
        return {"1": "true", "0": "false"}.get(value, value)
    return value[:10] if name in ("date", "oj_date", "in_force_on") else value


def newest_versions(celexes: Iterable[str], today: date) -> frozenset[str]:
    """Of each act the newest consolidated version that holds by today; later ones are not yet law."""
    newest: dict[str, str] = {}
    for celex in celexes:
        if celex.startswith("0") and "-" in celex and celex[-8:] <= f"{today:%Y%m%d}":
            base = base_celex(celex)
            newest[base] = max(newest.get(base, ""), celex, key=lambda name: name[-8:])
    return frozenset(newest.values())
