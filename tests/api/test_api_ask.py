"""`/v1/ask`."""

from __future__ import annotations


def test_a_question_is_answered_or_refused_in_one_shape(world):
    answer = world.client.post("/v1/ask", json={"question": "G/TBT/N/KEN/7001 의견 제출 마감일은 언제인가요?"}).json()
    assert answer["status"] in {"answered", "refused"}
    assert set(answer) >= {"claims", "citations", "reason", "as_of", "sources", "degraded", "next_step", "text"}
    same = world.client.get("/v1/ask", params={"q": "오늘 날씨 어때?"}).json()
    assert (same["status"], same["reason"]) == ("refused", "out_of_scope")


def test_unknown_members_and_long_questions_are_refused(world):
    assert world.client.post("/v1/ask", json={"question": "x", "model": "y"}).status_code == 422
    assert world.client.post("/v1/ask", json={"question": "가" * 1001}).status_code == 422
    assert world.client.post("/v1/ask", json={"question": ""}).json()["code"] == "request.invalid"
