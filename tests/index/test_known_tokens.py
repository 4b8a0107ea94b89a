"""The file of known tokens says what the analysis says, and spares an English query the Korean analyser."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from index import known_tokens
from index.backends.embedded import EmbeddedBackend
from nlp.lexical import analysis

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys
from datetime import date
from pathlib import Path
from index.backends.embedded import EmbeddedBackend
from index.query_text import parse_query
backend = EmbeddedBackend(Path(sys.argv[1]))
page = backend.search(parse_query("battery", today=date(2024, 2, 1), facets=("market",)))
assert page.total == 2 and page.hits[0].highlights, page
assert "kiwipiepy" not in sys.modules
page = backend.search(parse_query("배터리", today=date(2024, 2, 1)))
assert page.total == 2 and "kiwipiepy" in sys.modules
"""


def test_the_file_is_what_the_live_analysis_gives_for_every_word_of_the_glossary():
    held = files("index").joinpath(known_tokens.FILE).read_bytes()
    assert held == known_tokens.dump(known_tokens.needed()), "run: python -m index.known_tokens"


@pytest.mark.parametrize(
    "text", ["리튬이온 배터리", "안전기준", "힙시트", "lithium battery", "아직 모르는 새로운 낱말"]
)
def test_known_tokens_are_those_of_the_analysis(text):
    assert list(known_tokens.phrase_tokens(text)) == analysis.phrase_tokens(text)
    assert list(known_tokens.tokens(text)) == analysis.tokens(text)


def test_a_file_of_another_analysis_is_not_believed(monkeypatch):
    monkeypatch.setattr(analysis, "ANALYSIS_VERSION", "another")
    known_tokens._known.cache_clear()
    try:
        assert known_tokens._known() == {}
        assert list(known_tokens.phrase_tokens("이차전지")) == analysis.phrase_tokens("이차전지")
    finally:
        known_tokens._known.cache_clear()


def test_an_english_search_does_not_load_the_korean_analyser(tmp_path, doc):
    backend = EmbeddedBackend(tmp_path)
    made = [
        doc("wto:G/TBT/N/KOR/1", "Battery rules", body="KC인증 battery용 전지, é battery의 시험"),
        doc("wto:G/TBT/N/KOR/2", "배터리 안전기준", body="전지와 배터리의 battery"),
    ]
    backend.build(made, change_seq=1)
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
