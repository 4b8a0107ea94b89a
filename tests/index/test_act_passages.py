"""Acts are cut by their articles, paragraphs, recitals and annex parts; every offset stays exact."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import passages_of, split_sections
from index.sections import stretches
from notices.model import Facts, Kind, Passage, Section

LONG = "The operator shall keep the records of each battery that it placed on the market. " * 6
PARTS: tuple[tuple[str, str, str, int, str], ...] = (
    ("title", "", "", 0, "Regulation on batteries"),
    ("recital", "1", "", 1, "(1) Batteries matter."),
    ("recital", "2", "", 1, "(2) Waste matters too."),
    ("chapter", "II", "Sustainability", 0, "CHAPTER II\nSustainability"),
    ("article", "8", "Recycled content", 1, "Article 8\nRecycled content"),
    ("paragraph", "1", "", 2, f"1. {LONG.strip()}"),
    ("paragraph", "2", "", 2, "2. Short."),
    ("paragraph", "3", "", 2, "3. Shorter."),
    ("paragraph", "4", "", 2, f"4. {LONG.strip()} {LONG.strip()}"),
    ("article", "9", "Sanctions", 1, "Article 9\nSanctions\nNone."),
    ("annex", "XII", "Storage", 0, "ANNEX XII\nStorage"),
    ("part", "A", "Sites", 1, "Part A: Sites\nFloors shall be tight."),
    ("footnotes", "", "", 0, "(1) OJ L 1.\n(2) OJ L 2."),
)


def act() -> Facts:
    body, starts = "", []
    for *_, text in PARTS:
        starts.append(len(body))
        body += text + "\n"
    body = body[:-1]
    sections = []
    for index, (kind, number, title, depth, _) in enumerate(PARTS):
        later = (starts[at] - 1 for at in range(index + 1, len(PARTS)) if PARTS[at][3] <= depth)
        sections.append(Section(kind, number, title, starts[index], next(later, len(body)), depth))
    start = body.index("2. Short.")
    sections.append(Section("amendment", "M1", "", start, start + 40, 0))
    facts = Facts(kind=Kind.ACT, published_on=date(2023, 7, 28), title="Batteries", language="en", body=body)
    return Facts(**{name: getattr(facts, name) for name in facts.__slots__} | {"sections": tuple(sections)})


def bodies(facts: Facts) -> list[Passage]:
    return [each for each in passages_of("eu:32023R1542", 1, facts) if each.field == "body"]


def test_a_passage_knows_the_article_and_paragraph_that_it_stands_in():
    paths = {each.heading_path: each.text for each in bodies(act())}
    assert ("Recital 1",) in paths
    assert ("Chapter II Sustainability", "Article 8 Recycled content", "4") in paths
    assert paths["Annex XII Storage", "A Sites"].endswith("Floors shall be tight.")
    assert paths["Chapter II Sustainability", "Article 9 Sanctions"] == "Article 9\nSanctions\nNone."


def test_short_neighbours_share_a_passage_only_within_one_article():
    found = bodies(act())
    shared = next(each for each in found if "2. Short." in each.text)
    assert shared.text == "2. Short.\n3. Shorter."
    assert shared.heading_path[-1] == "2–3"
    assert [each.text for each in found if "matter" in each.text] == ["(1) Batteries matter.", "(2) Waste matters too."]


def test_a_long_paragraph_is_cut_at_sentence_ends_and_keeps_its_path():
    found = [each for each in bodies(act()) if each.heading_path[-1:] == ("4",)]
    assert len(found) > 1
    assert all(each.text.endswith(".") for each in found)


def test_what_another_act_put_there_parts_nothing():
    facts = act()
    assert not any("M1" in name for each in bodies(facts) for name in each.heading_path)
    plain = tuple(each for each in facts.sections if each.kind != "amendment")
    body = facts.body or ""
    assert split_sections(body, facts.sections) == split_sections(body, plain)


KINDS = ("chapter", "article", "paragraph", "recital", "annex", "part", "amendment", "footnote", "")
ANY_SECTION = st.builds(
    lambda kind, number, start, length, depth: Section(kind, number, "T", start, start + length, depth),
    st.sampled_from(KINDS),
    st.text("123a", max_size=2),
    st.integers(-5, 300),
    st.integers(-5, 200),
    st.integers(0, 4),
)


@settings(max_examples=300, deadline=None)
@given(st.text("abc .\n;가", max_size=400), st.lists(ANY_SECTION, max_size=12))
def test_whatever_the_sections_are_every_sign_is_covered_once_and_in_order(text: str, sections: list[Section]) -> None:
    found = split_sections(text, sections)
    assert "".join("".join(text[start:end] for start, end, _ in found).split()) == "".join(text.split())
    assert all(left[1] <= right[0] for left, right in pairwise(found))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end, _ in found)


@settings(max_examples=300, deadline=None)
@given(st.text("ab .\n", max_size=300), st.lists(ANY_SECTION, max_size=12))
def test_no_passage_crosses_the_border_of_another_article(text: str, sections: list[Section]) -> None:
    articles = [each.article for each in stretches(len(text), sections) for _ in range(each.start, each.end)]
    for start, end, _ in split_sections(text, sections):
        assert len({id(each) for each in articles[start:end]}) == 1
