"""A damaged embedded index says so and can be built again; it never shows half an answer or a traceback."""

from __future__ import annotations

from datetime import date

import pytest

from index.backends.embedded import EmbeddedBackend
from index.query_text import parse_query
from notices.errors import IndexNotReady

TODAY = date(2024, 2, 1)


@pytest.mark.parametrize("damage", [b"", b"\x00" * 100, b"\x93NUMPY\x01\x00 half a header"])
def test_damaged_files_are_named_and_a_new_build_mends_them(tmp_path, doc, damage):
    documents = [doc(f"wto:G/TBT/N/KOR/{number}", "Lamp") for number in range(3)]
    EmbeddedBackend(tmp_path).build(documents, change_seq=1)
    arrays = list(tmp_path.glob("g*/s*/*.npy"))
    assert arrays
    for array in arrays:
        array.write_bytes(damage)
    backend = EmbeddedBackend(tmp_path)
    with pytest.raises(IndexNotReady, match="damaged") as caught:
        backend.search(parse_query("lamp", today=TODAY))
    assert "--rebuild" in caught.value.hint
    backend.build(documents, change_seq=2)
    assert backend.search(parse_query("lamp", today=TODAY)).total == 3
