"""Write the ``source`` column of glossary.csv: where a line's Korean name and HS codes can be looked up.

python nlp/lexical/data/annotate_sources.py ../shared/data/nomenclature
The choice of words and codes is ours, by hand. A line says ``HSK 2026 <code>`` or ``KCS standard name <code>`` when one
of its Korean variants stands, word for word, as a name under one of its own HS codes there; ``HS 2022 <code>`` when one
of its English variants stands in the title of its first code; ``ICS 7 <code>`` likewise; else ``own: …``.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from python_calamine import CalamineWorkbook

HERE = Path(__file__).parent
NOMENCLATURE = HERE.parents[2] / "notices" / "nomenclature"
COLUMNS = ("ko", "en", "hs", "ics", "source")
Names = dict[str, set[str]]


def _key(text: str) -> str:
    return re.sub(r"[\s·ㆍ()-]", "", re.sub(r"[(\[].*", "", text)).casefold()


def _hsk(path: Path) -> Names:
    names: Names = defaultdict(set)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            names[_key(row["ko"])].add(row["code"])
    return names


def _standard_names(path: Path) -> Names:
    names: Names = defaultdict(set)
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    code, name = header.index("HS부호"), header.index("표준품명_한글")
    for row in rows:
        names[_key(str(row[name]))].add(str(row[code]))
    return names


def _titles(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["en"].casefold() for row in csv.DictReader(file)}


def _under(names: Names, korean: Iterable[str], codes: list[str]) -> str | None:
    for variant in korean:
        for line in sorted(names.get(_key(variant), ())):
            if any(line.startswith(code) for code in codes):
                return line
    return None


def main(source: Path) -> None:
    """Rewrite glossary.csv with its source column filled."""
    hsk = _hsk(source / "hsk_ko_en.csv")
    standard = _standard_names(source / "kcs_standard_names_20260101.xlsx")
    hs, ics = _titles(NOMENCLATURE / "hs2022.csv"), _titles(NOMENCLATURE / "ics7.csv")
    target = HERE / "glossary.csv"
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        korean, english = row["ko"].split("|"), [word.casefold() for word in row["en"].split("|")]
        codes = row["hs"].split("|") if row["hs"] else []
        if line := _under(hsk, korean, codes):
            row["source"] = f"HSK 2026 {line}"
        elif line := _under(standard, korean, codes):
            row["source"] = f"KCS standard name {line}"
        elif code := next((code for code in codes if any(word in hs[code] for word in english)), None):
            row["source"] = f"HS 2022 {code}"
        elif row["ics"] and any(word in ics[row["ics"]] for word in english):
            row["source"] = f"ICS 7 {row['ics']}"
        else:
            row["source"] = "own: general knowledge"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
