"""A question in, an answer out: understand, retrieve, claim, verify every citation, and say so or refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chatbot import refusal
from chatbot.citations import faults
from chatbot.claims import chosen, claims_of
from chatbot.freshness import Feed, freshness
from chatbot.guard import sound
from chatbot.retrieval import Found, Retriever, Scored
from chatbot.standing import Standing, gap, standing_of
from chatbot.understanding import Question, understand
from chatbot.wording import caveat, compose, next_step
from notices.answers import Answer, Claim, Freshness, Reason, Status
from notices.ports import Clock, IndexBackend, Store

NO_ENCODER = "no-encoder"


@dataclass
class Answerer:
    """The extractive answerer. One for a process: it holds the acts that it has cut. Thread-safe."""

    store: Store
    backend: IndexBackend
    clock: Clock
    feeds: tuple[Feed, ...] = ()
    replayed: bool = False
    _retriever: Retriever = field(init=False)

    def __post_init__(self) -> None:
        self._retriever = Retriever(self.store, self.backend)

    def answer(self, text: str, language: str | None = None) -> Answer:
        """Answer a question. Raises IndexNotReady, BackendUnavailable, BackendRefused, BackendBusy, StoreError."""
        question = understand(text, language)
        if reason := refusal.before_search(question):
            return self._refuse(question, reason)
        found = self._retriever.find(question, self.clock.today())
        picked = chosen(found, question)
        if reason := refusal.after_search(question, found, picked):
            return self._refuse(question, reason, picked)
        fresh = self._freshness(picked)
        if any(each.stale for each in fresh):
            return self._refuse(question, Reason.STALE_SOURCE, picked)
        claims = self._claims(question, found, picked)
        if not claims:
            return self._refuse(question, Reason.NO_EVIDENCE, picked)
        return self._tell(question, picked, claims, fresh)

    def _claims(self, question: Question, found: Found, picked: Sequence[Scored]) -> tuple[Claim, ...]:
        """Claims whose every citation stands in the store and whose text says nothing of its own."""
        versions = {
            unit.notice.id: next(
                (
                    each.text_version
                    for each in self.store.revisions(unit.notice.id)
                    if each.number == unit.notice.revision
                ),
                1,
            )
            for unit in picked
        }
        claims = claims_of(picked, found, question, versions)
        broken = set(faults([each for claim in claims for each in claim.citations], self.store))
        return sound(claim for claim in claims if not broken & set(claim.citations))

    def _tell(
        self, question: Question, picked: Sequence[Scored], claims: tuple[Claim, ...], fresh: tuple[Freshness, ...]
    ) -> Answer:
        today = self.clock.today()
        cited = {citation.notice for claim in claims for citation in claim.citations}
        notices = list({unit.notice.id: unit.notice for unit in picked if unit.notice.id in cited}.values())
        caveats = [caveat(str(standing_of(each)), question.language, each.facts.published_on) for each in notices]
        for each in notices:
            if standing_of(each) in (Standing.AMENDED, Standing.ADOPTED) and (missing := gap(self.store, each, today)):
                caveats.append(caveat("gap", question.language, missing))
        if self.replayed:
            caveats.append(caveat("replayed", question.language))
        unique = tuple(dict.fromkeys(caveats))
        generation = self.backend.generation()
        return Answer(
            question=question.text,
            language=question.language,
            status=Status.ANSWERED,
            text=compose(claims, notices, unique, fresh, today, question.language),
            as_of=today,
            claims=claims,
            sources=fresh,
            degraded=(NO_ENCODER,),
            caveats=unique,
            generation=generation.name if generation else "",
            replayed=self.replayed,
        )

    def _refuse(self, question: Question, reason: Reason, picked: Sequence[Scored] = ()) -> Answer:
        step = next_step(reason, question.language)
        vague = reason is Reason.AMBIGUOUS_PRODUCT
        caveats = (caveat("replayed", question.language),) if self.replayed else ()
        return Answer(
            question=question.text,
            language=question.language,
            status=Status.CLARIFY if vague else Status.REFUSED,
            text="\n".join((step, *caveats)),
            as_of=self.clock.today(),
            reason=reason,
            sources=self._freshness(picked),
            degraded=(NO_ENCODER,),
            caveats=caveats,
            next_step=step,
            candidates=refusal.candidates(question) if vague else (),
            replayed=self.replayed,
        )

    def _freshness(self, picked: Sequence[Scored]) -> tuple[Freshness, ...]:
        publishers = {unit.notice.source for unit in picked} or {feed.publisher for feed in self.feeds}
        return freshness(self.store, self.feeds, publishers, self.clock.now())
