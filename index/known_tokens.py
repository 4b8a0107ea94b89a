"""Tokens of the Korean words that a query in any language may need, from a file: the live analysis would load Kiwi.

Loading it takes 4 s and 520 MB; an English query needs it only for these, the glossary's translations. The file holds
for one version of the analysis; under another one (or beside an edited glossary) the words are analysed live.

``python -m index.known_tokens`` writes the file anew; tests/index/test_known_tokens.py says when that is due.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import orjson

from nlp.lexical import analysis, glossary

FILE = "known_tokens.json"


def phrase_tokens(text: str) -> tuple[str, ...]:
    """As ``analysis.phrase_tokens``."""
    known = _known().get(text)
    return tuple(analysis.phrase_tokens(text)) if known is None else known[0]


def tokens(text: str) -> tuple[str, ...]:
    """As ``analysis.tokens``."""
    known = _known().get(text)
    return tuple(analysis.tokens(text)) if known is None else (*known[0], *known[1])


@cache
def _known() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Text → main tokens and extras; nothing when the file is of another analysis."""
    held = orjson.loads(files("index").joinpath(FILE).read_bytes())
    if held["analysis"] != analysis.ANALYSIS_VERSION:
        return {}
    return {text: (tuple(main), tuple(extras)) for text, (main, extras) in held["tokens"].items()}


def dump(texts: Iterable[str]) -> bytes:
    """The file for these texts, by the live analysis; a line for each."""
    lines = [
        orjson.dumps(text) + b":" + orjson.dumps(analysis.split_tokens(text))
        for text in sorted(set(texts))
        if not text.isascii()
    ]
    return b'{"analysis":%s,"tokens":{\n%s\n}}\n' % (
        orjson.dumps(analysis.ANALYSIS_VERSION),
        b",\n".join(lines),
    )


def needed() -> list[str]:
    """The texts that the compiler asks for: it and the glossary say which."""
    from index.compiling import ASPECT_WORDS, OPTIONAL_WORDS  # noqa: PLC0415  (it reads the file made here)

    return [*glossary.names(), *OPTIONAL_WORDS.split(), *ASPECT_WORDS.split()]


if __name__ == "__main__":
    from pathlib import Path

    Path(__file__).with_name(FILE).write_bytes(dump(needed()))
