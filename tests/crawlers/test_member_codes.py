"""Member codes and names of the WTO."""

import pytest

from crawlers.members import member_from_code, member_from_name, member_from_symbol
from notices.errors import UnexpectedValue


@pytest.mark.parametrize(
    ("code", "expected"),
    [("C410", "KR"), ("C840", "US"), ("C076", "BR"), ("U918", "EU"), ("C158", "TW"), (" c032 ", "AR"), ("C826", "GB")],
)
def test_numeric_codes_give_alpha_2(code: str, expected: str) -> None:
    assert member_from_code(code) == expected


@pytest.mark.parametrize("code", ["C999", "X1", "", "918", "C891", "C12345"])
def test_unknown_codes_are_a_signal(code: str) -> None:
    with pytest.raises(UnexpectedValue):
        member_from_code(code)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Korea, Republic of", "KR"),
        ("Türkiye", "TR"),
        ("turkey", "TR"),
        ("Kuwait, the State of", "KW"),
        ("Hong Kong, China", "HK"),
        ("Côte d\u2019Ivoire", "CI"),
        ("Trinidad and Tobago", "TT"),
        ("European Union", "EU"),
        ("Chinese Taipei", "TW"),
        ("Viet Nam", "VN"),
        ("Saint Vincent and the Grenadines", "VC"),
    ],
)
def test_names_as_the_wto_writes_them_give_alpha_2(name: str, expected: str) -> None:
    assert member_from_name(name) == expected


def test_an_unknown_name_is_a_signal() -> None:
    with pytest.raises(UnexpectedValue):
        member_from_name("Atlantis")


@pytest.mark.parametrize(("part", "expected"), [("KOR", "KR"), ("EU", "EU"), ("EEC", "EU"), ("TPKM", "TW")])
def test_symbols_name_their_member(part: str, expected: str) -> None:
    assert member_from_symbol(part) == expected


@pytest.mark.parametrize("part", ["XXX", "QQQ", "K"])
def test_unknown_symbol_parts_are_a_signal(part: str) -> None:
    with pytest.raises(UnexpectedValue):
        member_from_symbol(part)
