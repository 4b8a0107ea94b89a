from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from index.passages import MAX_CHARS, MAX_WORDS, field_text, passages_of, split
from notices.model import Agency, Facts, Identifier, Kind

PIECES = st.sampled_from(
    ["word", "Word.", " ", "\n", "  ", "e.g. ", "배터리는 ", "规范。", "x" * 300, "! ", "(a) ", "\u2028", "3.5 "]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=400).map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_passages_cover_every_sign_once_and_in_order(text: str) -> None:
    spans = split(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_passage_is_longer_than_promised(text: str) -> None:
    for start, end in split(text):
        assert len(text[start:end].split()) <= MAX_WORDS + 80
        assert end - start <= 2 * MAX_CHARS + 200


def test_long_prose_falls_into_passages_of_about_a_hundred_words_at_sentence_ends() -> None:
    text = " ".join(f"Sentence number {n} says something about the safety of toys." for n in range(60))
    spans = split(text)
    assert all(text[end - 1] == "." for _, end in spans)
    assert all(70 <= len(text[start:end].split()) <= 120 for start, end in spans[:-1])


def test_every_field_with_text_gives_passages_that_point_into_it() -> None:
    facts = Facts(
        kind=Kind.REGULAR,
        published_on=date(2024, 1, 1),
        title="Toys",
        summary="Draft. " * 200,
        keywords=("toys", "lead"),
        agencies=(Agency("KATS"), Agency("MFDS")),
        identifiers=(Identifier("docket", "EPA-1"), Identifier("wto_record", "900001")),
        symbols=("G/TBT/N/KOR/1",),
    )
    passages = passages_of("wto:G/TBT/N/KOR/1", 1, facts)
    assert {passage.field for passage in passages} == {"title", "summary", "keywords", "agencies", "identifiers"}
    for passage in passages:
        assert field_text(facts, passage.field)[passage.start : passage.end] == passage.text
    assert field_text(facts, "agencies") == "KATS; MFDS"
    assert field_text(facts, "identifiers") == "G/TBT/N/KOR/1; EPA-1"
