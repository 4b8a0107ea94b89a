"""Entry into force and application out of an act's own final articles."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexical.act_dates import ActDate, ActDateLabel, act_date_spots, act_dates, find_act_dates, whole_act
from notices.model import Facts, Identifier, Kind, Section

OJ = date(2023, 7, 28)
ENTRY = "This Regulation shall enter into force on the twentieth day following that of its publication in the OJ."


def read(*articles: tuple[str, str], oj_date: date | None = OJ) -> tuple[str, tuple[ActDate, ...]]:
    """Articles as (title, text) numbered from 1; the body and the dates found in it."""
    body, sections = "", []
    for number, (title, words) in enumerate(articles, 1):
        start = len(body)
        body += f"Article {number}\n{title}\n{words}\n"
        sections.append(Section("article", str(number), title, start, len(body) - 1, 0))
    return body, find_act_dates(body, sections, oj_date=oj_date)


def plain(dates: tuple[ActDate, ...]) -> list[tuple[str, str, str]]:
    return [(item.label.value, str(item.day), item.scope) for item in dates]


def test_application_with_exceptions_keeps_each_with_its_provisions():
    body, dates = read(
        ("Subject", "1. This Act applies to goods placed on the market from 1 January 2020."),
        (
            "Entry into force and application",
            f"1. {ENTRY}\n2. It shall apply from 18 February 2024, save as set out in the second subparagraph.\n"
            "The following provisions shall apply as follows:\n(a) Article 11 shall apply from 18 February 2027;\n"
            "(b) Article 17 and Chapter VI shall apply from 18 August 2024, except for Article 17(2) which shall apply "
            "from 12 months after the date of the first publication of the list referred to in Article 30(2);\n"
            "(c) Chapter VIII shall apply from 18 August 2025.",
        ),
    )
    assert plain(dates) == [
        ("entry_into_force", "2023-08-17", ""),
        ("application", "2024-02-18", ""),
        ("application", "2027-02-18", "Article 11"),
        ("application", "2024-08-18", "Article 17 and Chapter VI"),
        ("application", "None", "Article 17(2)"),
        ("application", "2025-08-18", "Chapter VIII"),
    ]
    assert body[dates[2].start : dates[2].end] == "Article 11 shall apply from 18 February 2027"
    assert dates[4].when == "12 months after the date of the first publication of the list referred to in Article 30(2)"
    assert whole_act(dates, ActDateLabel.APPLICATION) == date(2024, 2, 18)


def test_items_of_a_list_take_their_subject_from_its_head():
    _, dates = read(
        (
            "Entry into force",
            f"1. {ENTRY}\n2. Articles 4 to 7 shall apply:\n(a) in respect of the objectives in point (a) from "
            "1 January 2022; and\n(b) in respect of the others from 1 January 2023.\n3. Chapter III shall apply from:\n"
            "(i) 2 December 2027 as regards systems in Annex III;",
        )
    )
    assert plain(dates)[1:] == [
        ("application", "2022-01-01", "Articles 4 to 7, in respect of the objectives in point (a)"),
        ("application", "2023-01-01", "Articles 4 to 7, in respect of the others"),
        ("application", "2027-12-02", "Chapter III, as regards systems in Annex III"),
    ]


def test_two_clauses_of_one_sentence_have_their_own_provisions():
    _, dates = read(
        (
            "Entry into force",
            f"{ENTRY}\n3. By way of derogation from paragraph 2, Article 4(6) shall apply from 29 December 2019 and "
            "Article 11(1) to (3) shall apply from 1 January 2022.",
        )
    )
    assert plain(dates)[1:] == [
        ("application", "2019-12-29", "Article 4(6)"),
        ("application", "2022-01-01", "Article 11(1) to (3)"),
    ]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("on the twentieth day following that of its publication", "2023-08-17"),
        ("on the 20th day following its publication", "2023-08-17"),
        ("on the third day following that of its publication", "2023-07-31"),
        ("on the day following that of its publication", "2023-07-29"),
        ("on the day of its publication", "2023-07-28"),
        ("on 1 January 2024", "2024-01-01"),
    ],
)
def test_entry_into_force_counts_from_the_official_journal(words: str, day: str):
    _, dates = read(("Entry into force", f"This Directive shall enter into force {words} in the OJ."))
    assert plain(dates) == [("entry_into_force", day, "")]


def test_without_the_journals_date_the_words_stay_and_no_date_is_guessed():
    _, dates = read(("Entry into force", ENTRY), oj_date=None)
    assert plain(dates) == [("entry_into_force", "None", "")]


def test_quoted_law_is_not_the_acts_own():
    _, dates = read(
        (
            "Amendments to Regulation (EU) 2024/1689",
            "Article 113 is replaced:\n‘This Regulation shall enter into force on 1 May 2020.\n"
            "It shall apply from 2 August 2026.’;",
        ),
        (
            "Entry into force",
            "This Regulation shall enter into force on the third day following that of its publication.",
        ),
    )
    assert plain(dates) == [("entry_into_force", "2023-07-31", "")]


def test_a_directive_is_transposed_by_member_states():
    _, dates = read(
        (
            "Transposition",
            "1. Member States shall adopt and publish, by 26 July 2028, the laws necessary to comply.\n"
            "They shall apply those measures from 26 July 2029.",
        ),
        ("Entry into force", "This Directive shall enter into force on the twentieth day following its publication."),
    )
    assert plain(dates) == [
        ("transposition", "2028-07-26", ""),
        ("application", "2029-07-26", "those measures"),
        ("entry_into_force", "2023-08-17", ""),
    ]


def test_french_articles_are_read_too():
    _, dates = read(
        (
            "Entrée en vigueur et application",
            "1. Le présent règlement entre en vigueur le vingtième jour suivant celui de sa publication au Journal.\n"
            "2. Il est applicable à compter du 18 février 2024.\n"
            "a) l’article 11 est applicable à compter du 1er mars 2027;",
        )
    )
    assert plain(dates) == [
        ("entry_into_force", "2023-08-17", ""),
        ("application", "2024-02-18", ""),
        ("application", "2027-03-01", "l’article 11"),
    ]


def test_a_consolidated_version_counts_from_its_acts_journal_and_other_notices_give_nothing():
    body, _ = read(("Entry into force", ENTRY))
    sections = (Section("article", "1", "Entry into force", 0, len(body) - 1, 0),)
    version = Facts(Kind.CONSOLIDATED_ACT, date(2025, 7, 31), body=body, sections=sections)
    assert [item.day for item in act_dates(version)] == [None]
    told = Facts(
        Kind.CONSOLIDATED_ACT,
        date(2025, 7, 31),
        body=body,
        sections=sections,
        identifiers=(Identifier("oj_date", "2023-07-28"),),
    )
    assert [item.day for item in act_dates(told)] == [date(2023, 8, 17)]
    assert [(spot.label, spot.value, spot.field) for spot in act_date_spots(told)] == [
        ("entry_into_force", "2023-08-17", "body")
    ]
    assert act_dates(Facts(Kind.NOTICE, OJ, body=body, sections=sections)) == ()


@given(st.text(max_size=300), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_any_words_give_dates_whose_spans_hold_them(words: str, day: date):
    said = f"{day.day} {day:%B} {day.year}"
    body, dates = read(("Entry into force", f"{words}\n{ENTRY}\nIt shall apply from {said}."))
    for item in dates:
        assert 0 <= item.start < item.end <= len(body)
        assert item.day is None or item.when in body[item.start : item.end] or item.rule.startswith("application.item")
    assert day in {item.day for item in dates} or "‘" in words or "“" in words
