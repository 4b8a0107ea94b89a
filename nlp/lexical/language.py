"""The language of a text, by script and function words: small, fast, and free to say that it can't tell.

ISO 639-1 codes; "und" when a text is too short or says nothing.
"""

from __future__ import annotations

import re
from functools import cache

from nlp.lexical.wordlists import word_table

UNKNOWN = "und"
SAMPLE = 1500  # characters looked at; a language shows itself long before
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("hangul", re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]")),
    ("kana", re.compile(r"[\u3041-\u30ff\u31f0-\u31ff]")),
    ("han", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("arabic", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_DENSE = 2.5  # a Han or Hangul character says as much as this many letters


def detect_language(text: str) -> str:
    """ISO 639-1 code of the main language of a text, or "und"."""
    sample = text[:SAMPLE]
    latin = len(_LATIN.findall(sample))
    if sample.isascii():
        return _by_words(sample) if latin else UNKNOWN
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    dense = sum(counts[name] for name in ("hangul", "kana", "han")) * _DENSE
    other = max(("cyrillic", "arabic", "he", "th", "el", "hi", "ka", "hy", "km"), key=counts.__getitem__)
    if max(dense, counts[other], latin) == 0:
        return UNKNOWN
    if dense >= max(counts[other], latin):
        return _east_asian(counts)
    if counts[other] > latin:
        return _variant(other, sample)
    return _by_words(sample)


def _east_asian(counts: dict[str, int]) -> str:
    if counts["hangul"] >= counts["kana"] + counts["han"] * 0.3:
        return "ko"
    return "ja" if counts["kana"] * 8 >= counts["han"] else "zh"


def _variant(script: str, text: str) -> str:
    if script == "cyrillic":
        if re.search("[іїєґІЇЄҐ]", text):
            return "uk" if not re.search("[ўЎ]", text) else "be"
        if re.search("[әғқңөұүһӘҒҚҢӨҰҮҺ]", text):
            return "kk"
        return "ru" if re.search("[ыэёЫЭЁ]", text) else "bg" if re.search("[ъЪ]", text) else "ru"
    if script == "arabic":
        return "fa" if re.search("[پچژگ]", text) else "ar"
    return script


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Word → the languages in which it is everyday."""
    found: dict[str, list[str]] = {}
    for language, words in word_table("language_words.txt").items():
        for word in words:
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


def _by_words(text: str) -> str:
    scores: dict[str, float] = {}
    table = _words()
    count = 0
    for word in _WORD.findall(text.lower()):
        count += 1
        languages = table.get(word, ())
        for language in languages:
            scores[language] = scores.get(language, 0.0) + (1.0 if len(word) > 1 else 0.3) / len(languages)
    if len(_VIETNAMESE.findall(text)) * 8 > len(text.split()):
        return "vi"
    if not scores:
        return UNKNOWN
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    best, score = ranked[0]
    ahead = len(ranked) == 1 or score > ranked[1][1]
    return best if ahead and score >= 0.5 and score * 25 >= count else UNKNOWN
