"""The glossary's lines: many, well formed, with codes that exist."""

import re
from collections import Counter

import pytest

from nlp.lexical.glossary import entries, expand
from notices.nomenclature import hs, ics


def test_there_are_at_least_seven_hundred_lines_with_both_languages_and_a_source() -> None:
    assert len(entries()) >= 700
    for entry in entries():
        assert entry.ko
        assert entry.en
        assert re.match(
            r"HSK 2026 \d+|KCS standard name \d+|HS 2022 \d+|ICS 7 [\d.]+|own: general knowledge$", entry.source
        )
        assert all(variant == variant.strip() for variant in (*entry.ko, *entry.en))


def test_every_code_exists() -> None:
    for entry in entries():
        assert all(hs.exists(code) for code in entry.hs), entry
        assert all(ics.exists(code) for code in entry.ics), entry


def test_every_chapter_of_goods_is_covered() -> None:
    covered = {code[:2] for entry in entries() for code in entry.hs}
    assert covered == set(hs.all_codes(2))


def test_no_korean_word_stands_on_two_lines() -> None:
    counted = Counter(re.sub(r"[\s-]", "", variant) for entry in entries() for variant in set(entry.ko))
    lines = Counter(key for entry in entries() for key in {re.sub(r"[\s-]", "", variant) for variant in entry.ko})
    assert counted
    assert [key for key, count in lines.items() if count > 1] == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_variant_is_found_by_itself_with_its_own_codes(lang: str) -> None:
    for entry in entries():
        for variant in getattr(entry, lang):
            typed = re.sub(r"\s*\(([^)]*)\)", r" \1", variant)
            found = expand(typed)
            assert found, variant
            assert set(entry.hs) <= {code for each in found for code in each.hs}, variant
