"""`/v1/ask`: a question in, an answer with its places out."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.messages import Lang
from api.params import Plain
from api.routers.dependencies import SingleValues, problems
from chatbot.answerer import Answerer
from chatbot.shapes import answer_json
from chatbot.understanding import MAX_QUESTION

router = APIRouter(prefix="/v1", tags=["ask"], dependencies=[SingleValues])


class AskIn(BaseModel):
    """A question; ``lang`` is the language of the answer, by default that of the question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Annotated[Plain, Field(min_length=1, max_length=MAX_QUESTION)]
    lang: Lang | None = None


class AskParams(BaseModel):
    """The same as parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: Annotated[Plain, Field(min_length=1, max_length=MAX_QUESTION, description="The question")]
    lang: Lang | None = None


@router.post("/ask", summary="Answer a question, with citations", responses=problems(503))
def ask(asked: AskIn, request: Request) -> dict[str, Any]:
    """The whole answer: status, reason, claims with citations, as-of date, freshness of the sources."""
    return _answer(request, asked.question, asked.lang)


@router.get("/ask", summary="Answer a question, with citations", responses=problems(503))
def ask_by_address(asked: Annotated[AskParams, Query()], request: Request) -> dict[str, Any]:
    """As the POST, for a link or a shell."""
    return _answer(request, asked.q, asked.lang)


def _answer(request: Request, question: str, lang: Lang | None) -> dict[str, Any]:
    answerer = cast(Answerer, request.app.state.answerer)
    return answer_json(answerer.answer(question, str(lang) if lang else None))
