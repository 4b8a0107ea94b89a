"""The sectors people may filter by."""

import re

import pytest

from notices.nomenclature import sectors


def test_the_ten_material_fields_and_eleven_kats_fields_are_there() -> None:
    by_group = {group: [s.ko for s in sectors.sectors() if s.group is group] for group in sectors.Group}
    assert len(by_group[sectors.Group.KATS]) == 11
    assert len(by_group[sectors.Group.SOBUJANG]) == 10
    assert all(re.fullmatch(r"[a-z-]+", each.id) for each in sectors.sectors())
    assert len({each.id for each in sectors.sectors()}) == 21


def test_every_sector_is_found_by_id_and_both_names() -> None:
    for each in sectors.sectors():
        assert sectors.get(each.id) is each
        assert {sectors.parse(each.id), sectors.parse(each.ko), sectors.parse(each.en)} == {each.id}
        assert each.definition
        assert {sectors.title(each.id, "ko"), sectors.title(each.id, "en")} == {each.ko, each.en}


@pytest.mark.parametrize(
    ("typed", "sector"),
    [
        ("전기·전자", "electrical-electronics"), ("전기 전자", "electrical-electronics"),
        ("소부장 전기전자", "electrical-parts"),
        ("Semiconductors", "semiconductor"),
     ("방위산업", "defence"), ("교통/안전", "transport-safety"), ("FOOD-PHARMA", "food-pharma"),
        ("nonsense", None), ("", None)],
)  # fmt: skip
def test_names_as_typed_lead_to_a_sector(typed: str, sector: str | None) -> None:
    assert sectors.parse(typed) == sector


def test_unknown_ids_and_languages() -> None:
    assert not sectors.exists("nonsense")
    assert sectors.exists("ict")
    assert sectors.get("nonsense") is None
    assert sectors.title("nonsense") is None
    with pytest.raises(ValueError, match="fr"):
        sectors.title("ict", "fr")
