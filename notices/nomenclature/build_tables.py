"""Make the tables beside this file from ../shared/data/nomenclature (run once per edition; the result is committed).

python notices/nomenclature/build_tables.py ../shared/data/nomenclature
Sources and licences: README.md. Chapters, sections and the 40 ICS fields in Korean are our own (korean_titles.csv).
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
_ASIDE = re.compile(r"\[[^\[\]]*\]|\([^()]*(?:한정|제외|포함|상관없|말한)[^()]*\)|\([^()]{26,}\)")
_ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"]
_ROMAN += ["XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX", "XXI"]
Row = dict[str, str]


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _clean(text: str) -> str:
    """Without the tariff's asides (limits, exclusions, long Latin names)."""
    before = None
    while before != text:
        before, text = text, _ASIDE.sub("", text)
    return re.sub(r"\s+", " ", text).strip(" ,;")


def _group(natures: str) -> list[str]:
    """Names of the customs "nature" groups, without "other" in front and with their bracket closed."""
    names = [re.sub(r"^기타\s+", "", name.strip()) for name in natures.split("; ")]
    closed = [name + ")" if name.count("(") > name.count(")") else name for name in names]
    return [name for name in dict.fromkeys(closed) if name]


def _subheading_ko(row: Row) -> tuple[str, str]:
    """Korean title of a subheading with its parent in front, and what it was made from."""
    parent = "·".join(_group(row["ko_nature"])[:2])
    own = _clean(row["ko_own"])
    kind = "own"
    if not own:
        leaves = [_clean(leaf) for leaf in row["ko_leaves"].split("; ")]
        own = "; ".join([leaf for leaf in dict.fromkeys(leaves) if leaf and leaf != "기타"][:4])
        kind = "leaves"
    if not own:
        return (f"{parent}: 기타" if parent else "", "group")
    return (own if not parent or parent in own else f"{parent}: {own}", kind)


def _heading_ko(rows: list[Row]) -> tuple[str, str]:
    """A heading with one subheading has that one's name; another one the names of its groups."""
    if len(rows) == 1 and rows[0]["ko_own"]:
        return _clean(rows[0]["ko_own"]), "own"
    groups = dict.fromkeys(name for row in rows for name in _group(row["ko_nature"]))
    return "·".join(list(groups)[:4]), "group"


def _harmonized_system(source: Path, korean: dict[tuple[str, str], str]) -> None:
    sub = {row["hs6"]: row for row in _read(source / "hs6_ko_en.csv")}
    by_heading: dict[str, list[Row]] = defaultdict(list)
    for code, row in sub.items():
        by_heading[code[:4]].append(row)
    out: list[tuple[str, ...]] = []
    sections: dict[str, list[str]] = defaultdict(list)
    for row in _read(source / "harmonized-system.csv"):
        code, en = row["hscode"], re.sub(r"\s+", " ", row["description"]).strip()
        if not code.isdigit() or code.startswith("99"):  # 99 is the UN's "not specified", no part of the HS
            continue
        if len(code) == 2:
            sections[row["section"]].append(code)
            ko, kind = korean["hs_chapter", code], "tongbo"
        elif len(code) == 4:
            ko, kind = _heading_ko(by_heading[code])
        else:
            ko, kind = _subheading_ko(sub[code])
        out.append((code, en, ko, kind if ko else ""))
    _write("hs2022.csv", ("code", "en", "ko", "ko_from"), sorted(out))
    english = {row["section"]: row["name"].strip() for row in _read(source / "sections.csv")}
    _write(
        "hs2022_sections.csv",
        ("section", "first_chapter", "last_chapter", "en", "ko"),
        [
            (s, min(sections[s]), max(sections[s]), english[s][0].upper() + english[s][1:], korean["hs_section", s])
            for s in _ROMAN
        ],
    )


def _ics(source: Path, korean: dict[tuple[str, str], str]) -> None:
    rows = _read(source / "ics_ed7.csv")
    out = [(r["code"], re.sub(r"\s+", " ", r["description"]), korean.get(("ics_field", r["code"]), "")) for r in rows]
    _write("ics7.csv", ("code", "en", "ko"), sorted(out))


def main(source: Path) -> None:
    """Write hs2022.csv, hs2022_sections.csv and ics7.csv beside this file."""
    korean = {(row["table"], row["code"]): row["ko"] for row in _read(HERE / "korean_titles.csv")}
    _harmonized_system(source, korean)
    _ics(source, korean)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
