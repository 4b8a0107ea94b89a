"""Values that the feeds of ePing share: objectives, links, attachments, relations, dates."""

from datetime import UTC, date, datetime

import pytest

from crawlers.pages import wto_common as wto
from crawlers.pages.reading import read_date
from notices.errors import UnexpectedValue
from notices.model import RelationType
from notices.symbols import parse_symbol_list


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ()),
        (
            "Consumer information, labelling (TBT), Harmonization (TBT)",
            ("Consumer information, labelling (TBT)", "Harmonization (TBT)"),
        ),
        (
            "Protection of human health or safety; consumer information, labelling",
            ("Consumer information, labelling (TBT)", "Protection of human health or safety (TBT)"),
        ),
        ("Quality requirements\nOther", ("Other (TBT)", "Quality requirements (TBT)")),
        (
            "Taste, smell and looks (TBT), Quality requirements (TBT)",
            ("Quality requirements (TBT)", "Taste, smell and looks (TBT)"),
        ),
        ("Something else entirely, Other", ("Other (TBT)", "Something else entirely")),
    ],
)
def test_objectives_of_a_cell_are_split_by_what_they_are(cell: str | None, expected: tuple[str, ...]) -> None:
    assert wto.split_objectives(cell) == expected


def test_attachments_are_split_at_addresses_and_know_their_language() -> None:
    text = "https://m/a,b_00_e.pdf,https://m/26_1_00_f.pdf\nhttps://m/26_1_00_s.docx; https://m/26_1_00_x.pdf ftp://no"
    assert [(link.url, link.language) for link in wto.attachments_of(text)] == [
        ("https://m/26_1_00_f.pdf", "fr"),
        ("https://m/26_1_00_s.docx", "es"),
        ("https://m/26_1_00_x.pdf", None),
        ("https://m/a,b_00_e.pdf", "en"),
    ]


@pytest.mark.parametrize(
    ("symbol", "relation"),
    [
        ("G/TBT/N/KOR/1", None),
        ("G/TBT/N/KOR/1/Add.2", (RelationType.AMENDS, "wto:G/TBT/N/KOR/1")),
        ("G/TBT/N/KOR/1/Rev.1", (RelationType.REVISES, "wto:G/TBT/N/KOR/1")),
        ("G/TBT/N/KOR/1/Rev.1/Add.2/Corr.1", (RelationType.CORRECTS, "wto:G/TBT/N/KOR/1/Rev.1/Add.2")),
        ("G/TBT/N/KOR/1/Suppl.1", (RelationType.SUPPLEMENTS, "wto:G/TBT/N/KOR/1")),
    ],
)
def test_a_suffix_says_what_it_changes(symbol: str, relation: tuple[RelationType, str] | None) -> None:
    found = wto.relations_of(parse_symbol_list(symbol))
    assert [(item.type, item.target) for item in found] == ([relation] if relation else [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("2026-07-02T00:00:00+00:00", date(2026, 7, 2)),
        ("2026-07-02", date(2026, 7, 2)),
        (46199, date(2026, 6, 26)),
        (46199.0, date(2026, 6, 26)),
        ("46199", date(2026, 6, 26)),
        (datetime(2026, 7, 2, 9, tzinfo=UTC), date(2026, 7, 2)),
        (date(2026, 7, 2), date(2026, 7, 2)),
        ("02/07/2026", date(2026, 7, 2)),
        ("20 June 2026", date(2026, 6, 20)),
        ("0001-01-01T00:00:00", None),
    ],
)
def test_dates_are_read_in_every_form_the_feeds_write(value: object, expected: date | None) -> None:
    assert read_date(value, "date") == expected


@pytest.mark.parametrize("value", ["N/A", "2026-13-45", "60 days from notification", True, -5, "9999-12-31", 1e9])
def test_what_is_no_date_is_a_signal(value: object) -> None:
    with pytest.raises(UnexpectedValue):
        read_date(value, "date")
