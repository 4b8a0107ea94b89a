"""Every sentence that people read, in Korean and English, from one catalogue (messages.yml)."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml


class Lang(StrEnum):
    """Languages of the pages."""

    KO = "ko"
    EN = "en"


class Text(NamedTuple):
    """One message in both languages; the same {placeholders} stand in each."""

    ko: str
    en: str


@cache
def catalogue() -> dict[str, Text]:
    """Every message by its key. Raises ValueError when a message lacks a language."""
    entries = yaml.safe_load(files("api").joinpath("messages.yml").read_text(encoding="utf-8"))
    texts: dict[str, Text] = {}
    for key, pair in entries.items():
        if not isinstance(pair, dict) or set(pair) != {"ko", "en"}:
            raise ValueError(f"messages.yml: {key} needs ko and en, nothing else")
        texts[key] = Text(ko=str(pair["ko"]), en=str(pair["en"]))
    return texts


def say(lang: Lang, key: str, **values: object) -> str:
    """The message in a language, filled in. ``n=1`` takes the English singular ``<key>.one`` where there is one.

    Raises KeyError for a key that the catalogue lacks.
    """
    texts = catalogue()
    if values.get("n") == 1 and f"{key}.one" in texts:
        key = f"{key}.one"
    text = texts[key].ko if lang is Lang.KO else texts[key].en
    shown = {name: f"{value:,}" if type(value) is int else value for name, value in values.items()}
    return text.format(**shown) if shown else text


def known(lang: Lang, key: str, fallback: str) -> str:
    """The message, or the fallback when the catalogue has no such key (values that a source may add)."""
    texts = catalogue()
    return say(lang, key) if key in texts else fallback
