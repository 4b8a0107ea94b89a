"""An act named in a query is looked up as that act; its words stay words, so that texts citing it are found too."""

from __future__ import annotations

from datetime import date

import pytest

from index.query_text import format_query, parse_query
from notices.search import And, Query, Word

TODAY = date(2026, 9, 30)


def read(text: str) -> Query:
    return parse_query(text, today=TODAY)


@pytest.mark.parametrize("text", [
    "Regulation (EU) 2023/1542", "규정 (EU) 2023/1542", "EU 규정 2023/1542", '"Regulation (EU) 2023/1542"',
    "Regulation (EU) 2023/1542 cobalt", "https://data.europa.eu/eli/reg/2023/1542/oj", "32023R1542", "celex 32023R1542",
])  # fmt: skip
def test_an_act_is_looked_up_by_any_of_its_names(text):
    query = read(text)
    assert query.identifiers == ("celex:32023R1542",)
    assert read(format_query(query)) == query


def test_the_words_of_its_name_stay_words():
    assert read("Regulation (EU) 2023/1542").node == And((Word("Regulation"), Word("EU"), Word("2023/1542")))


def test_an_act_that_is_ruled_out_is_not_looked_up():
    assert read("battery -32023R1542").identifiers == ()
