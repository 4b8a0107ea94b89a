"""HTML in fields → plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.markup import plain_text


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        (None, None),
        ("  \n\t&nbsp;", None),
        ("<p>One</p><p>two</p>", "One two"),
        ("<p>a<strong>b</strong>c</p>", "abc"),
        ("line<br>break<br/>twice", "line break twice"),
        ("The&nbsp;draft &amp; the rule", "The draft & the rule"),
        ("limit &lt;5 mg", "limit <5 mg"),
        ("limit <5 mg and >3 mg", "limit <5 mg and >3 mg"),
        ("AT&T and R&D", "AT&T and R&D"),
        ("<script>alert(1)</script>text", "text"),
        ('<p onclick="x">safe</p><!-- no -->', "safe"),
        ("zero\u200bwidth soft\u00adhyphen", "zerowidth softhyphen"),
        ("전기용품 <b>안전</b> 기준", "전기용품 안전 기준"),
        ("&lt;b&gt;decoded once&lt;/b&gt;", "<b>decoded once</b>"),
    ],
)
def test_markup_becomes_plain_text(given_text: str | None, expected: str | None) -> None:
    assert plain_text(given_text) == expected


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="<>&"), max_size=200))
def test_plain_text_is_stable_when_cleaned_again(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once


def test_a_field_of_a_hundred_megabytes_is_cut() -> None:
    cleaned = plain_text("x" * 100_000_000)
    assert cleaned is not None
    assert len(cleaned) == 500_000
