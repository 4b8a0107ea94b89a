"""Markets: ISO 3166-1 alpha-2 codes and EU, named in Korean and English as CLDR (Babel) and as people do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from babel.core import Locale, get_global

_NO_MARKET = frozenset({"EZ", "UN", "XA", "XB", "ZZ", "QO"})

# CLDR's names differ from the WTO's and from everyday ones; values are what we show, per language.
_SHOWN: Mapping[str, Mapping[str, str]] = {
    "ko": {"EU": "유럽연합", "HK": "홍콩", "MO": "마카오", "KR": "한국", "TW": "대만"},
    "en": {"EU": "European Union", "HK": "Hong Kong, China", "MO": "Macao, China", "TW": "Chinese Taipei"},
}

_TYPED: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates", "아랍에미리트연합", "에미리트"),
    "BH": ("Bahrain, Kingdom of", "Kingdom of Bahrain"),
    "BN": ("Brunei Darussalam",),
    "BO": ("Bolivia, Plurinational State of", "Plurinational State of Bolivia"),
    "CD": ("Democratic Republic of the Congo", "DR Congo", "콩고민주공화국"),
    "CG": ("Congo", "Republic of the Congo", "콩고"),
    "CI": ("Ivory Coast", "Cote d'Ivoire", "아이보리코스트"),
    "CN": ("PRC", "People's Republic of China", "Mainland China", "중화인민공화국"),
    "CV": ("Cabo Verde",),
    "CZ": ("Czech Republic", "체코공화국"),
    "DE": ("Federal Republic of Germany",),
    "EU": ("EEC", "European Communities", "European Community", "EU", "유럽 연합", "유럽", "구주연합", "이유", "U918"),
    "GB": ("UK", "U.K.", "Great Britain", "Britain", "England", "GBR", "대영제국"),
    "GM": ("The Gambia",),
    "HK": ("Hong Kong", "Hong Kong SAR", "홍콩(중국)"),
    "ID": ("인니",),
    "KG": ("Kyrgyz Republic", "키르기스스탄", "키르기즈"),
    "KP": ("DPRK", "North Korea"),
    "KR": ("Korea", "South Korea", "Republic of Korea", "Korea, Republic of", "ROK", "한국", "대한민국", "국내"),
    "KW": ("Kuwait, the State of", "State of Kuwait"),
    "LA": ("Lao People's Democratic Republic", "Lao PDR"),
    "MD": ("Moldova, Republic of", "Republic of Moldova"),
    "MK": ("Macedonia",),
    "MM": ("Burma", "버마"),
    "MO": ("Macau", "Macao"),
    "NL": ("The Netherlands", "Holland", "화란"),
    "NZ": ("뉴질랜드",),
    "RU": ("Russian Federation", "Russia", "러시아연방"),
    "SA": ("Saudi Arabia, Kingdom of", "Kingdom of Saudi Arabia", "KSA", "Saudi", "사우디"),
    "SZ": ("Swaziland", "스와질란드"),
    "TR": ("Turkey", "Turkiye", "터키"),
    "TW": ("Taiwan", "Chinese Taipei", "TPKM", "Taipei, Chinese", "차이니즈 타이베이", "타이완", "중화 타이베이"),
    "TZ": ("United Republic of Tanzania",),
    "US": ("USA", "U.S.", "U.S.A.", "America", "United States of America", "미합중국", "미국(USA)"),
    "VA": ("Holy See",),
    "VE": ("Venezuela, Bolivarian Republic of", "Bolivarian Republic of Venezuela"),
    "VN": ("Viet Nam", "Vietnam", "Socialist Republic of Viet Nam", "월남"),
    "ZA": ("남아공", "남아프리카", "RSA"),
}

# UN statistics codes that the WTO uses where ISO has another, or none.
_WTO_NUMERIC: Mapping[str, str] = {"918": "EU"}
_FOLD = re.compile(r"[\s.,'’\-–()·]+")


def _key(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return _FOLD.sub("", unicodedata.normalize("NFC", plain).casefold().replace("&", "and"))


@cache
def _territories(lang: str) -> Mapping[str, str]:
    named = Locale(lang).territories
    return {str(c): str(n) for c, n in named.items() if len(c) == 2 and c.isalpha() and c not in _NO_MARKET}


@cache
def _aliases() -> Mapping[str, str]:
    """Alpha-3 and numeric codes to alpha-2, from CLDR."""
    aliases = get_global("territory_aliases")
    found = {str(alias): str(targets[0]) for alias, targets in aliases.items() if len(alias) == 3 and len(targets) == 1}
    return {**{alias: code for alias, code in found.items() if code in _territories("en")}, **_WTO_NUMERIC}


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for code, typed in _TYPED.items():
        for name in (code, *typed):
            names[_key(name)] = code
    for lang in ("ko", "en"):
        for code, name in _SHOWN[lang].items():
            names.setdefault(_key(name), code)
        for code, name in _territories(lang).items():
            names.setdefault(_key(name), code)
    for alias, code in _aliases().items():
        if alias.isalpha():
            names.setdefault(_key(alias), code)
    for code in _territories("en"):
        names[_key(code)] = code
    return names


def codes() -> tuple[str, ...]:
    """Every market code, sorted."""
    return tuple(sorted(_territories("en")))


def exists(code: str) -> bool:
    """True for an ISO alpha-2 code, or EU, in capitals."""
    return code in _territories("en")


def name(code: str, lang: str = "en") -> str:
    """The name in "ko" or "en"; the code itself when it is not known. Raises ValueError for another language."""
    if lang not in _SHOWN:
        raise ValueError(f"no market names in {lang!r}: en or ko")
    return _SHOWN[lang].get(code) or _territories(lang).get(code) or code


def parse(text: str) -> str | None:
    """The code for a code (US, USA), a Korean or an English name as typed (영국, Viet Nam); None when unknown."""
    return _names().get(_key(text))


def alpha2_from_numeric(code: str) -> str | None:
    """Alpha-2 for an ISO numeric code, with or without the WTO's letter ("C410", "410", "U918" is EU)."""
    match = re.fullmatch(r"[A-Za-z]?(\d{1,3})", code.strip())
    return _aliases().get(match[1].zfill(3)) if match else None


def alpha2_from_alpha3(code: str) -> str | None:
    """Alpha-2 for an alpha-3 code or a WTO member mark ("KOR", "TPKM", "EEC", "EU")."""
    return parse(code) if re.fullmatch(r"[A-Za-z]{2,4}", code.strip()) else None
