"""The sentences around the claims: what kind of text speaks, as of when, from which sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from notices.answers import Claim, Freshness, Reason
from notices.model import Notice


@cache
def _sentences() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("chatbot").joinpath("data", "sentences.yml").read_text(encoding="utf-8")
    return cast(Mapping[str, Mapping[str, Mapping[str, str]]], yaml.safe_load(text))


def caveat(code: str, language: str, value: object = "") -> str:
    """A sentence about the kind of text or data."""
    return _sentences()["caveat"][code][language].format(value)


def next_step(reason: Reason, language: str) -> str:
    """Where to go on after a refusal."""
    return _sentences()["next"][reason][language]


def compose(
    claims: Sequence[Claim], notices: Sequence[Notice], caveats: Sequence[str], fresh: Sequence[Freshness],
    today: date, language: str,
) -> str:  # fmt: skip
    """The whole text: claims, each with its place, then where it comes from and as of when."""
    korean = language == "ko"
    titles = {notice.id: notice.facts.title for notice in notices}
    parts = []
    for number, claim in enumerate(claims, 1):
        first = claim.citations[0]
        place = " › ".join(first.heading_path) or first.field
        label = "출처" if korean else "Source"
        parts.append(
            f"[{number}] {claim.text}\n{label}: {titles.get(first.notice, '')[:160]} — {place} ({first.notice})"
        )
    parts += caveats
    for each in fresh:
        last = each.last_success.date().isoformat() if each.last_success else "-"
        parts.append(
            f"{each.publisher}: 마지막 수집 {last}, 가장 새 자료 {each.newest}"
            if korean
            else f"{each.publisher}: last read {last}, newest record {each.newest}"
        )
    parts.append(f"기준일 {today}" if korean else f"As of {today}")
    return "\n".join(parts)
