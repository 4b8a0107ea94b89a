"""Receipts: an answer with all its places in one canonical JSON file that anybody with the store can check."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from chatbot.citations import faults
from chatbot.shapes import answer_json
from notices.answers import Answer, Citation
from notices.errors import ConfigError
from notices.ports import NoticeStore

FORMAT = "tongbo-receipt/1"
MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What the check of a receipt found; ``problems`` is empty when every byte and every place stands."""

    citations: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when the receipt verifies."""
        return not self.problems


def receipt(answer: Answer) -> bytes:
    """The receipt's bytes: sorted keys, no blanks, its own sha256 over everything else, one newline at the end."""
    body: dict[str, Any] = {"format": FORMAT, "answer": answer_json(answer)}
    return _canonical({**body, "sha256": _sum(body)})


def write_receipt(answer: Answer, path: Path) -> None:
    """Write the receipt of an answer. Raises ConfigError when the file can't be written."""
    try:
        path.write_bytes(receipt(answer))
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror}") from error


def verify_receipt(path: Path, store: NoticeStore) -> Verification:
    """Check a receipt's own sum, its spelling byte by byte, and each citation against the store.

    Raises ConfigError when the file can't be read at all.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        return Verification(0, ("the file is larger than a receipt",))
    try:
        value = orjson.loads(raw)
        told = value.pop("sha256")
        citations = [_citation(each) for each in value["answer"]["citations"]]
        inner = [_citation(each) for claim in value["answer"]["claims"] for each in claim["citations"]]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
        return Verification(0, (f"not a receipt: {type(error).__name__}",))
    problems = []
    if value.get("format") != FORMAT:
        problems.append("another format")
    if told != _sum(value):
        problems.append("the receipt was changed: its sha256 is another one")
    elif raw != _canonical({**value, "sha256": told}):
        problems.append("the receipt was written again: its bytes are not canonical")
    if set(inner) != set(citations):
        problems.append("the claims cite other places than those listed")
    every = list(dict.fromkeys((*citations, *inner)))
    problems += [
        f"{each.notice} revision {each.revision} {each.field}[{each.start}:{each.end}] does not say the quote"
        for each in faults(every, store)
    ]
    return Verification(len(every), tuple(problems))


def _citation(value: dict[str, Any]) -> Citation:
    return Citation(**{**value, "heading_path": tuple(value["heading_path"])})


def _sum(value: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _canonical(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) + b"\n"
