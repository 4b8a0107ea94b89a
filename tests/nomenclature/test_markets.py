"""Markets by every name people type."""

import pytest

from notices import markets


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("미국", "US"), ("United States", "US"), ("us", "US"), ("USA", "US"), ("U.S.", "US"),
        ("United States of America", "US"),
        ("EU", "EU"), ("유럽연합", "EU"), ("유럽 연합", "EU"), ("European Union", "EU"), ("EEC", "EU"),
        ("한국", "KR"), ("대한민국", "KR"), ("Korea, Republic of", "KR"), ("KOR", "KR"), ("south korea", "KR"),
        ("영국", "GB"), ("UK", "GB"), ("GBR", "GB"), ("베트남", "VN"), ("Viet Nam", "VN"), ("Vietnam", "VN"),
        ("대만", "TW"), ("Chinese Taipei", "TW"), ("TPKM", "TW"), ("중국", "CN"), ("홍콩", "HK"), ("HKG", "HK"),
        ("사우디아라비아", "SA"), ("Saudi Arabia, Kingdom of", "SA"), ("Bahrain, Kingdom of", "BH"),
        ("Kuwait, the State of", "KW"),
        ("튀르키예", "TR"), ("터키", "TR"), ("Turkey", "TR"), ("Türkiye", "TR"), ("turkiye", "TR"),
        ("Cote d'Ivoire", "CI"),
        ("체코", "CZ"), ("일본", "JP"), ("독일", "DE"), ("인도네시아", "ID"), ("남아공", "ZA"),
        ("UAE", "AE"), ("러시아", "RU"),
        ("Tanzania", "TZ"), ("탄자니아", "TZ"), ("Russian Federation", "RU"), ("캐나다", "CA"),
    ],
)  # fmt: skip
def test_a_market_is_found_by_name_or_code(typed: str, code: str) -> None:
    assert markets.parse(typed) == code


@pytest.mark.parametrize("typed", ["", "atlantis", "화성", "USB", "ZZ", "??"])
def test_what_names_no_market_is_none(typed: str) -> None:
    assert markets.parse(typed) is None


@pytest.mark.parametrize(
    ("numeric", "code"),
    [
        ("C410", "KR"),
        ("410", "KR"),
        ("C840", "US"),
        ("U918", "EU"),
        ("C158", "TW"),
        ("032", "AR"),
        ("C818", "EG"),
        ("C032", "AR"),
    ],
)
def test_numeric_codes_of_the_wto_are_read(numeric: str, code: str) -> None:
    assert markets.alpha2_from_numeric(numeric) == code


def test_unknown_numeric_codes_are_none() -> None:
    assert markets.alpha2_from_numeric("C999") is None
    assert markets.alpha2_from_numeric("KOR") is None


def test_every_market_has_names_in_both_languages_that_lead_back_to_it() -> None:
    assert len(markets.codes()) > 240
    for code in markets.codes():
        assert markets.exists(code)
        for lang in ("ko", "en"):
            assert markets.parse(markets.name(code, lang)) == code
        assert markets.parse(code) == code


def test_shown_names_are_the_wtos_where_cldr_differs() -> None:
    assert markets.name("TW", "en") == "Chinese Taipei"
    assert markets.name("EU", "ko") == "유럽연합"
    assert markets.name("XX", "ko") == "XX"
    with pytest.raises(ValueError, match="fr"):
        markets.name("US", "fr")


def test_member_marks_of_symbols_become_markets() -> None:
    assert [markets.alpha2_from_alpha3(mark) for mark in ("KOR", "TPKM", "EU", "EEC", "HKG", "MAC", "XYZ")] == [
        "KR", "TW", "EU", "EU", "HK", "MO", None,
    ]  # fmt: skip
