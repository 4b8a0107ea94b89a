"""ICS edition 7."""

import pytest

from notices.nomenclature import ics


def test_the_table_has_every_field_group_and_subgroup() -> None:
    by_depth = [sum(1 for code in ics.all_codes() if code.count(".") == depth) for depth in (0, 1, 2)]
    assert by_depth == [40, 401, 940]


def test_every_code_has_titles_and_parents() -> None:
    for code in ics.all_codes():
        assert ics.title(code, "en")
        assert ics.title(code, "ko")
        assert len(ics.parents(code)) == code.count(".")


def test_known_codes() -> None:
    assert ics.title("29.220.30", "en") == "Alkaline secondary cells and batteries"
    assert ics.title("29.220.30", "ko") == "전기공학"
    assert ics.parents("29.220.30") == ("29.220", "29")
    assert not ics.exists("29.221")
    assert ics.title("29.221") is None
    with pytest.raises(ValueError, match="de"):
        ics.title("29", "de")
