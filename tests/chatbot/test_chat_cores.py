"""The parts of the chatbot that need no index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatbot.literals import days, figures, unsaid
from chatbot.understanding import understand

ROOM = Path(__file__).parents[2] / "chatbot"


def test_no_number_of_an_act_or_article_stands_in_the_chatbot():
    number = re.compile(
        r"(?<![\d-])\d{2,4}/\d{2,5}(?![\d-])|[03]\d{4}[RLD]\d{4}|Article \d|Annex [IVX]+\b|제\s?\d+\s?조"
    )
    guilty = []
    for path in [*ROOM.rglob("*.py"), *ROOM.rglob("*.csv"), *ROOM.rglob("*.yml")]:
        code = re.sub(r'"""(?:.|\n)*?"""', "", path.read_text(encoding="utf-8"))
        guilty += [f"{path.name}: {match[0]}" for match in number.finditer(code)]
    assert guilty == []


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("언제부터 몇 %인가?", {"date", "percent"}),
        ("When do comments close, and who is the responsible agency?", {"who", "deadline"}),
        ("과징금은 얼마까지인가요?", {"amount"}),
    ],
)
def test_a_question_says_which_literals_it_wants(question, asks):
    assert asks <= understand(question).asks


def test_a_question_gives_its_market_year_and_numbers():
    question = understand("일본의 2031년 배터리 기준은? G/TBT/N/JPN/12")
    assert question.markets == ("JP",)
    assert question.years == ("2031",)
    assert question.keys == ("symbol:G/TBT/N/JPN/12",)
    assert question.language == "ko"


def test_days_and_figures_have_one_spelling_in_both_languages():
    assert days("From 18 August 2031") == days("2031년 8월 18일부터") == {"2031-08-18"}
    assert figures("EUR 1 500 000 000") == figures("1,500,000,000") == figures("1.5 billion") == {"1500000000"}
    assert figures("0,0005 %") == {"0.0005%"}


def test_what_the_source_does_not_say_is_named():
    source = "From 18 August 2031 the share shall be 16 % cobalt; the Commission shall report."
    assert unsaid("2031년 8월 18일부터 16 %", source) == set()
    assert unsaid("2032년 8월 18일부터 17 %", source) == {"day 2032-08-18", "figure 17%"}
    assert unsaid("EPA가 정한다", source) == {"agency epa"}
