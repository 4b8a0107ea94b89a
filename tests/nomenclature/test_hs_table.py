"""HS 2022: complete, consistent, bilingual."""

import pytest

from notices.nomenclature import hs


def test_the_table_has_every_chapter_heading_and_subheading() -> None:
    assert [len(hs.all_codes(length)) for length in (2, 4, 6)] == [96, 1228, 5612]
    assert len(hs.sections()) == 21


def test_every_code_has_its_parents_and_both_titles() -> None:
    for length in (2, 4, 6):
        for code in hs.all_codes(length):
            assert len(hs.parents(code)) == length // 2 - 1
            assert hs.title(code, "en")
            assert hs.title(code, "ko")
            assert hs.section(code) is not None


def test_known_codes_carry_their_names() -> None:
    assert "lithium-ion" in (hs.title("850760", "en") or "")
    assert "라면" in (hs.title("190230", "ko") or "")
    assert hs.title("03", "ko") == "어류·갑각류·연체동물 등 수산물"
    assert (section := hs.section("8507")) is not None
    assert section.number == "XVI"


@pytest.mark.parametrize("code", ["8700", "77", "99", "999999", "850", "8507.60", "", "전지", "85076000"])
def test_what_is_no_hs_code_does_not_exist(code: str) -> None:
    assert not hs.exists(code)
    assert hs.title(code, "en") is None


def test_a_national_line_has_its_subheading_as_first_parent() -> None:
    assert hs.parents("8507602000") == ("850760", "8507", "85")
    assert hs.parents("8799") == ("87",)


def test_a_range_gives_every_code_at_its_level() -> None:
    assert hs.codes_between("6401", "6405") == ("6401", "6402", "6403", "6404", "6405")
    assert hs.codes_between("870310", "870390")[0] == "870310"
    assert hs.codes_between("870310", "870390")[-1] == "870390"
    assert "850760" in hs.codes_between("8506", "850790")
    assert hs.codes_between("85", "85", length=4) == hs.children("85")
    assert hs.codes_between("6405", "6401") == ()
    assert hs.codes_between("x", "6401") == ()


def test_old_codes_lead_to_existing_new_ones() -> None:
    assert hs.successors("380840") == ("380894",)
    assert hs.successors("850760") == ()
    changed = hs._changed()
    assert len(changed) >= 100
    for old, new in changed.items():
        assert not hs.exists(old)
        assert all(hs.exists(code) for code in new)


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        hs.title("85", "fr")
