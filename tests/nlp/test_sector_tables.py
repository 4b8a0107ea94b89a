"""The tables of sector tagging hold together."""

import pytest

from nlp.sector_tables import aspect_words, authorities, families, goods_words, sectors_of_code
from notices.nomenclature import hs, ics, sectors


def test_every_sector_in_every_table_exists() -> None:
    named = [*goods_words(), *aspect_words(), *families(), *authorities()]
    assert all(sectors.exists(sector) for line in named for sector in line.sectors)
    assert all(sectors.exists(sector) for line in aspect_words() for sector in line.beside)
    codes = [("hs", code) for length in (2, 4, 6) for code in hs.all_codes(length)]
    codes += [("ics", code) for code in ics.all_codes()]
    assert all(sectors.exists(sector) for system, code in codes for sector in sectors_of_code(system, code))


def test_every_sector_can_be_given() -> None:
    given = {sector for line in [*goods_words(), *families()] for sector in line.sectors}
    assert given == {sector.id for sector in sectors.sectors()}


def test_no_pattern_matches_nothing_at_all() -> None:
    for line in [*goods_words(), *aspect_words(), *families()]:
        assert not line.pattern.search("")
        assert not line.pattern.search("   ")


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        ("hs", "850760", {"electrical-electronics", "electrical-parts"}),
        ("hs", "8703", {"transport-safety", "automotive"}),
        ("hs", "040690", {"agri-fishery", "food-pharma"}),
        ("hs", "8486", {"machinery-metals", "semiconductor"}),
        ("hs", "9305", {"defence"}),
        ("hs", "260111", set()),
        ("hs", "", set()),
        ("ics", "29.220.30", {"electrical-electronics", "electrical-parts"}),
        ("ics", "43.040.40", {"transport-safety", "automotive"}),
        ("ics", "03.120.20", set()),
        ("ics", "13.040.50", {"bio-environment", "transport-safety", "automotive"}),
    ],
)
def test_a_code_belongs_where_its_longest_known_beginning_does(system: str, code: str, expected: set[str]) -> None:
    assert set(sectors_of_code(system, code)) == expected
