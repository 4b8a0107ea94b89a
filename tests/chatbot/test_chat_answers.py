"""Questions to a small world: what is answered, from which text, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chatbot.citations import verified
from chatbot.evaluate import evaluate, in_place, says
from chatbot.receipts import receipt, verify_receipt
from notices.answers import Reason, Status
from notices.clock import FrozenClock

COBALT = "EU 배터리 규정에서 코발트 재활용 함량 의무는 언제부터 몇 %인가?"


def test_a_korean_question_is_answered_from_the_text_as_last_amended(answerer):
    answer = answerer.answer(COBALT)
    assert answer.status is Status.ANSWERED
    assert "2031년 8월 18일부터" in answer.text
    assert "16 %" in answer.text
    assert "12 %" not in answer.text
    assert "99 %" not in answer.claims[0].text
    assert {each.notice for each in answer.citations} == {"eu:02030R0017-20260101"}
    assert any("16 % cobalt" in each.quote for each in answer.citations)
    assert all(verified(each, answerer.store) for each in answer.citations)
    assert answer.as_of.isoformat() in answer.text
    assert answer.sources[0].publisher == "eu"
    assert answer.degraded == ("no-encoder",)
    assert "재생 데이터, 일부 가상" in answer.text


def test_an_english_question_has_an_english_frame(answerer):
    answer = answerer.answer("Batteries regulation: from when and at what percentage must cobalt be recycled content?")
    assert answer.status is Status.ANSWERED
    assert "18 August 2031" in answer.text
    assert "Original:" in answer.text


def test_a_notification_is_told_as_a_proposal(answerer):
    answer = answerer.answer("G/TBT/N/VNM/408 의견 제출 마감일은 언제인가요?")
    assert answer.status is Status.ANSWERED
    assert "2026년 6월 20일" in answer.text
    assert "제안/통보 단계" in answer.text
    assert {each.field for each in answer.citations} == {"comment_until"}


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("EU 배터리 규정에서 망간 재활용 함량은 몇 %인가?", Reason.NO_EVIDENCE),
        ("EU 배터리 규정 위반 과징금 상한은 매출의 몇 %인가?", Reason.NO_EVIDENCE),
        ("2045년 EU 배터리 규정의 코발트 재활용 함량은 몇 %인가?", Reason.NO_EVIDENCE),
        ("일본 배터리 규정의 코발트 재활용 함량은 몇 %인가?", Reason.NO_EVIDENCE),
        ("G/TBT/N/KOR/99999 의견 마감일은?", Reason.NO_EVIDENCE),
        ("오늘 서울 날씨 어때?", Reason.OUT_OF_SCOPE),
        ("재미있는 이야기 해줘", Reason.OUT_OF_SCOPE),
        ("Tell me a joke about lawyers", Reason.OUT_OF_SCOPE),
        ("소송하면 이길 수 있을까요?", Reason.NEEDS_EXPERT),
        ("배터리 규제 언제부터예요?", Reason.AMBIGUOUS_PRODUCT),
    ],
)
def test_what_the_texts_do_not_say_is_refused_with_a_reason_and_a_next_step(answerer, question, reason):
    answer = answerer.answer(question)
    assert answer.status is not Status.ANSWERED
    assert answer.reason is reason
    assert answer.claims == ()
    assert answer.next_step


def test_a_vague_product_is_asked_back_with_codes(answerer):
    answer = answerer.answer("배터리 규제 언제부터예요?")
    assert answer.status is Status.CLARIFY
    assert "8507" in {each.hs for each in answer.candidates}


def test_a_source_read_too_long_ago_is_not_spoken_from(answerer):
    late = replace(answerer, clock=FrozenClock(datetime(2026, 6, 1, tzinfo=UTC)))
    answer = late.answer(COBALT)
    assert answer.reason is Reason.STALE_SOURCE
    assert answer.sources[0].stale


def test_a_receipt_verifies_and_no_byte_may_change(answerer, tmp_path):
    raw = receipt(answerer.answer(COBALT))
    file = tmp_path / "receipt.json"
    file.write_bytes(raw)
    assert verify_receipt(file, answerer.store).ok
    for place in range(0, len(raw), 37):
        changed = bytes([raw[place] ^ 1])
        file.write_bytes(raw[:place] + changed + raw[place + 1 :])
        assert not verify_receipt(file, answerer.store).ok, place
    file.write_bytes(raw + b" ")
    assert not verify_receipt(file, answerer.store).ok


def test_questions_of_a_file_are_scored(answerer, tmp_path):
    lines = [
        {"id": "a", "lang": "ko", "question": COBALT, "answerable": True, "must_contain": ["2031-08-18", "16 %"],
         "must_not_contain": ["12 %"], "gold": [{"source": "eu:32030R0017", "locator": "Article 4(1)"}]},
        {"id": "b", "lang": "ko", "question": "오늘 서울 날씨 어때?", "answerable": False,
         "refusal_reason": "out_of_scope"},
    ]  # fmt: skip
    data, out = tmp_path / "q.jsonl", tmp_path / "out.jsonl"
    data.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    report = evaluate(answerer, data, out)
    assert report["missed"] == []
    assert report["all"]["citation_overlap"]["value"] == 1.0
    assert report["ko"]["refusal_reason"]["n"] == 1
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()] == ["a", "b"]


def test_gold_places_and_values_are_recognised():
    assert in_place("Article 8(2)", ("Chapter II", "Article 8 Recycled content", "(2)"))
    assert not in_place("Article 8(2)", ("Article 80 Something",))
    assert in_place("Annex VI Part A", ("Annex VI Labels", "Part A General"))
    assert says("2031년 8월 18일부터", "2031-08-18")
    assert says("16 percent", "16 %")
    assert not says("116 %", "16 %")
