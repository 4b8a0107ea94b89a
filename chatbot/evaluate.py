"""`tongbo eval chat`: any file of questions of the shape in DESIGN §6, scored; each answer is written out whole."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from chatbot.answerer import Answerer
from chatbot.literals import days, figures
from chatbot.shapes import answer_json
from notices.answers import Answer, Status
from notices.errors import ConfigError
from notices.identity import family_id

MAX_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with what became of it."""

    id: str
    lang: str
    answerable: bool
    status: Status
    right: bool  # answerable: all that must stand there does and nothing else; else: refused or asked back
    overlaps: bool  # a citation lies in the gold's family and place
    reason_right: bool


def questions_of(path: Path) -> list[dict[str, Any]]:
    """The lines of a question file. Raises ConfigError for one that is none."""
    try:
        lines = [orjson.loads(line) for line in path.read_bytes().splitlines()[:MAX_LINES] if line.strip()]
    except (OSError, orjson.JSONDecodeError) as error:
        raise ConfigError(f"{path} can't be read as JSON lines: {error}") from error
    if not lines or any(not isinstance(line, dict) or "question" not in line for line in lines):
        raise ConfigError(f"{path} holds no questions: each line needs id, lang, question, answerable.")
    return lines


def evaluate(answerer: Answerer, path: Path, out: Path | None = None) -> dict[str, Any]:
    """Ask every question; the figures, split by language, each with n and a 95 % Wilson interval."""
    judged: list[Judged] = []
    written: list[bytes] = []
    for line in questions_of(path):
        answer = answerer.answer(str(line["question"]))
        judged.append(judge(line, answer))
        written.append(orjson.dumps({"id": line.get("id"), **answer_json(answer)}))
    if out is not None:
        out.write_bytes(b"\n".join(written) + b"\n")
    report = {"all": figures_of(judged)}
    for lang in sorted({each.lang for each in judged}):
        report[lang] = figures_of([each for each in judged if each.lang == lang])
    missed = [each.id for each in judged if not each.right]
    return {"data": str(path), "generation": _generation(answerer), "encoder": "none", **report, "missed": missed}


def _generation(answerer: Answerer) -> str:
    held = answerer.backend.generation()
    return held.name if held else ""


def judge(line: Mapping[str, Any], answer: Answer) -> Judged:
    """One answer against its gold."""
    answerable = bool(line.get("answerable", True))
    said = answer.text
    answered = answer.status is Status.ANSWERED
    clean = not any(says(said, each) for each in line.get("must_not_contain") or ())
    whole = all(any(says(said, way) for way in _ways(each)) for each in line.get("must_contain") or ())
    reason = line.get("refusal_reason")
    return Judged(
        id=str(line.get("id", "")),
        lang=str(line.get("lang", "")),
        answerable=answerable,
        status=answer.status,
        right=(answered and whole and clean) if answerable else not answered,
        overlaps=answered and any(_overlaps(gold, answer) for gold in line.get("gold") or ()),
        reason_right=not answerable and not answered and (reason is None or answer.reason == reason),
    )


def says(text: str, wanted: str) -> bool:
    """True when a text says it: days by their date, shares by their value, all else letter by letter, case aside."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", wanted):
        return wanted in days(text)
    if re.fullmatch(r"[\d.,  ]+\s?%", wanted):
        return bool(figures(wanted) & figures(text))
    if re.fullmatch(r"[\d.,  ]+", wanted):
        bare = {each.removesuffix("%") for each in figures(text)}
        return bool(figures(wanted) & bare) or re.search(rf"(?<!\d){re.escape(wanted.strip())}(?!\d)", text) is not None
    plain, target = _plain(text), _plain(wanted)
    return target in plain


def _plain(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d{1,2}\b)", ".", re.sub(r"\s+", " ", text.replace("\xa0", " "))).casefold()


def _ways(wanted: str | Sequence[str]) -> Sequence[str]:
    return (wanted,) if isinstance(wanted, str) else wanted


def _overlaps(gold: Mapping[str, Any], answer: Answer) -> bool:
    source, locator = str(gold.get("source", "")), str(gold.get("locator", ""))
    return any(
        family_id(each.notice) == family_id(source) and (each.field == locator or in_place(locator, each.heading_path))
        for each in answer.citations
    )


def in_place(locator: str, heading_path: Sequence[str]) -> bool:
    """True when a heading path lies in a place like "Article 8(2)" or "Annex VI Part A": its article or annex."""
    first = re.match(
        r"(Article|Annex|Recital)\s+([0-9]+[a-z]{0,2}|[IVXL]+[a-z]?)(?![A-Za-z0-9])", locator, re.IGNORECASE
    )
    if first is None:
        head = locator.split("(", maxsplit=1)[0].strip().casefold().removeprefix("annex").strip()
        return any(name.casefold().startswith(head) or head in name.casefold() for name in heading_path)
    named = f"{first[1]} {first[2]}".casefold()
    return any(name.casefold() == named or name.casefold().startswith(f"{named} ") for name in heading_path)


def figures_of(judged: Iterable[Judged]) -> dict[str, Any]:
    """Correct, overlap, refusal recall and over-refusal of a group."""
    group = list(judged)
    can = [each for each in group if each.answerable]
    cannot = [each for each in group if not each.answerable]
    answered = [each for each in can if each.status is Status.ANSWERED]
    return {
        "correct": share(sum(each.right for each in can), len(can)),
        "citation_overlap": share(sum(each.overlaps for each in answered), len(answered)),
        "refusal_recall": share(sum(each.right for each in cannot), len(cannot)),
        "refusal_reason": share(sum(each.reason_right for each in cannot), len(cannot)),
        "over_refusal": share(len(can) - len(answered), len(can)),
    }


def share(count: int, n: int) -> dict[str, float | int | None]:
    """A share with n and its 95 % Wilson interval."""
    if n == 0:
        return {"value": None, "n": 0, "low": None, "high": None}
    z, p = 1.96, count / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
    return {"value": round(p, 4), "n": n, "low": round(low, 4), "high": round(high, 4)}


def report_lines(report: Mapping[str, Any]) -> list[str]:
    """The report for people, a line for each figure of each group."""
    lines = []
    for group, values in report.items():
        if not isinstance(values, dict):
            continue
        for name, figure in values.items():
            if figure["n"]:
                spread = f"{figure['low']:.3f}-{figure['high']:.3f}"
                lines.append(f"{group:4} {name:17} {figure['value']:.3f} ({spread}, n={figure['n']})")
    return [*lines, f"encoder: {report['encoder']}, generation: {report['generation']}"]
