"""The language of a text, by script and function words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexical.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Safety requirements for electric vehicles", "en"),
        ("리튬이온 배터리의 안전 기준 KC 62133-2", "ko"),
        ("电动汽车安全要求", "zh"),
        ("電池の安全基準に関する省令", "ja"),
        ("Règlement relatif à la sécurité des produits", "fr"),
        ("Reglamento técnico de seguridad para los productos", "es"),
        ("Portaria sobre requisitos de segurança dos produtos", "pt"),
        ("Verordnung über die Anforderungen an Spielzeug", "de"),
        ("Regolamento sulla sicurezza dei prodotti e del mercato", "it"),
        ("Технический регламент о безопасности продукции", "ru"),
        ("Thông tư quy định về sản phẩm hàng hóa", "vi"),
        ("Peraturan Menteri tentang standar produk", "id"),
        ("มาตรฐานผลิตภัณฑ์อุตสาหกรรม", "th"),
        ("اللائحة الفنية لسلامة المنتجات", "ar"),
        ("12345", "und"),
        ("", "und"),
        ("LED", "und"),
    ],
)
def test_a_text_shows_its_language(text, language):
    assert detect_language(text) == language


@given(st.text(max_size=80))
def test_any_text_has_a_short_code(text):
    assert 2 <= len(detect_language(text)) <= 3
