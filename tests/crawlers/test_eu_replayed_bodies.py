"""Every recorded body of the replay: golden counts, and both editions of a consolidated text saying the same words."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from crawlers.eu.acts import ActText, read_act
from crawlers.eu.negotiation import archive_files
from nlp.lexical.act_dates import ActDateLabel, find_act_dates, whole_act

pytestmark = pytest.mark.external("replay")

# articles, recitals, annexes: reference/sources-rules.md §3; the last two are reconstructed there without annexes
GOLDEN = {
    "32023R1542": (96, 143, 15),
    "32024L1760": (39, 99, 1),
    "32023R1115": (38, 86, 2),
    "32024R1781": (80, 122, 8),
    "32024R1689": (113, 180, 13),
    "32024R2847": (71, 130, 8),
    "32020R0852": (27, 60, 0),
    "32019R2088": (20, 35, 0),
    "32019R1020": (44, 68, 3),
    "32026L0470": (7, 53, 0),
    "32025L0794": (5, 10, 0),
    "32024L0825": (6, 42, 1),
    "32024R1252": (49, 74, 0),
    "32023R0956": (36, 82, 0),
}
# counted here by their ids (art_N, rct_N, anx_N), in sources that the table names without figures
COUNTED = {
    "32010R0995": (21, 31, 1),
    "32009L0125": (26, 44, 10),
    "32018R0858": (91, 64, 11),
    "32021R1119": (14, 40, 0),
    "32023L0959": (6, 108, 1),
    "32023R2859": (15, 31, 1),
    "32026R0667": (3, 15, 0),
    "32026R1744": (4, 47, 0),
}
VERSIONS = (
    "02009L0125-20121204", "02010R0995-20200101", "02019R1020-20260812", "02019R2088-20260702", "02021R1119-20260407",
    "02023L0959-20230516", "02023R1115-20251226", "02023R1542-20250731", "02023R2859-20260702", "02024L1760-20260318",
    "02024R1689-20260727", "02024R1781-20240628", "02024R2847-20241120",
)  # fmt: skip


def fetch(base: str, celex: str, language: str, *forms: str) -> ActText:
    for form in forms:
        url = f"{base}/cellar/resource/celex/{celex}"
        try:
            with urlopen(Request(url, headers={"Accept": form, "Accept-Language": language}), timeout=60) as answer:
                body = answer.read()
        except HTTPError:
            continue
        if "zip" in form:
            return read_act([("application/xml", data) for _, data in archive_files(body)])
        return read_act([(form, body)])
    raise AssertionError(f"{celex} has no body in {language}")


HTML = ("application/xhtml+xml", "text/html")
FORMEX = ("application/zip;mtype=fmx4",)


def counts(act: ActText) -> tuple[int, ...]:
    return tuple(act.outline.count(kind) for kind in ("article", "recital", "annex"))


@pytest.mark.parametrize("celex", GOLDEN | COUNTED)
def test_an_act_has_the_articles_recitals_and_annexes_that_were_counted(replay_url: str, celex: str):
    act = fetch(replay_url, celex, "eng", *HTML)
    wanted = (GOLDEN | COUNTED)[celex]
    if celex == "32018R0858":  # its list of annexes stands among the annexes
        assert [s.number for s in act.outline.sections if s.kind == "annex" and s.number][-1] == "XI"
        return
    assert counts(act) == wanted
    articles = [s.number for s in act.outline.sections if s.kind == "article"]
    assert articles == [str(number) for number in range(1, wanted[0] + 1)]


@pytest.mark.parametrize("celex", sorted((GOLDEN | COUNTED).keys() - {"32024R1252", "32023R0956"}))
def test_the_french_text_has_the_same_structure(replay_url: str, celex: str):
    english, french = (fetch(replay_url, celex, language, *HTML) for language in ("eng", "fra"))
    assert counts(english) == counts(french)


@pytest.mark.parametrize("celex", VERSIONS)
def test_html_and_formex_of_a_version_agree(replay_url: str, celex: str):
    html, formex = fetch(replay_url, celex, "eng", *HTML), fetch(replay_url, celex, "eng", *FORMEX)
    assert html.outline.count("article") == formex.outline.count("article")
    assert html.outline.count("paragraph") == formex.outline.count("paragraph")
    ours, theirs = ({line for line in act.outline.body[: _notes(act)].split("\n") if line} for act in (html, formex))
    if celex == "02009L0125-20121204":  # this HTML leaves out the preamble that Formex has
        assert ours <= theirs | {line.upper() for line in theirs}
    else:
        assert len(ours ^ theirs) <= 0.02 * len(ours)


def _notes(act: ActText) -> int:
    return next((s.start for s in act.outline.sections if s.kind == "footnotes"), len(act.outline.body))


def test_the_ai_act_reads_alike_in_fifteen_formex_files(replay_url: str):
    formex = fetch(replay_url, "32024R1689", "eng", *FORMEX)
    assert counts(formex) == GOLDEN["32024R1689"]


def test_a_version_that_is_formex_only_is_read(replay_url: str):
    act = fetch(replay_url, "02018R0858-20240701", "eng", *HTML, *FORMEX)
    assert counts(act)[0] == 91
    assert act.published_on is not None


@pytest.mark.parametrize(
    ("celex", "entry", "application"),
    [
        ("02023R1542-20250731", "2023-08-17", "2024-02-18"),
        ("02024R2847-20241120", "2024-12-10", "2027-12-11"),
        ("02024R1689-20260727", "2024-08-01", "2026-08-02"),
        ("02023R1115-20251226", "2023-06-29", None),
        ("32018R0858", "2018-07-04", "2020-09-01"),
        ("32025L0794", "2025-04-17", None),
    ],
)
def test_the_newest_text_says_from_when_it_holds(replay_url: str, celex: str, entry: str, application: str | None):
    act = fetch(replay_url, celex, "eng", *HTML)
    dates = find_act_dates(act.outline.body, act.outline.sections, oj_date=act.published_on)
    assert str(whole_act(dates, ActDateLabel.ENTRY_INTO_FORCE)) == entry
    assert str(whole_act(dates, ActDateLabel.APPLICATION)) == str(application)
