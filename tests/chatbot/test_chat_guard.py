"""The literal guard against scripted outputs with planted days, figures and agencies."""

from __future__ import annotations

import random

from chatbot.citations import sha256_of
from chatbot.guard import invented, sound
from notices.answers import Citation, Claim

QUOTES = (
    "From 18 August 2031 industrial batteries shall contain 16 % cobalt and 6 % lithium, the Commission shall report.",
    "Fines shall not exceed EUR 15 000 000 or 2,5 % of turnover; the Environmental Protection Agency (EPA) decides.",
    "Operators shall keep records for five years; by 30 June 2027 they register with ENISA under code 8507 60.",
)
AGENCIES = (
    "FDA",
    "산업부",
    "NHTSA",
    "Ministry of Trade",
    "환경보호청",
    "KATS",
    "European Chemicals Agency",
    "무역위원회",
)


def _citation(quote: str) -> Citation:
    return Citation("eu:x", 1, 1, "body", 0, len(quote), quote, sha256_of(quote))


def _planted(rng: random.Random, quote: str) -> str:
    """A sentence about the quote with one literal that it does not say."""
    kind = rng.randrange(5)
    if kind == 0:
        day = f"{rng.randint(2032, 2060)}년 {rng.randint(1, 12)}월 {rng.randint(1, 28)}일"
        return f"{day}부터 적용됩니다."
    if kind == 1:
        months = ("January", "March", "August", "December")
        return f"It applies from {rng.randint(1, 28)} {rng.choice(months)} {rng.randint(2032, 2060)}."
    if kind == 2:
        return f"최소 {rng.randint(17, 99)} % 이상이어야 합니다."
    if kind == 3:
        return f"과징금은 {rng.randint(16, 900)},{rng.randint(100, 999)} 유로까지입니다."
    strange = [name for name in AGENCIES if name not in quote and not (name == "환경보호청" and "EPA" in quote)]
    return f"{rng.choice(strange)} 소관입니다."


def test_none_of_300_planted_outputs_passes():
    rng = random.Random(20260501)
    passed = []
    for number in range(300):
        quote = QUOTES[number % len(QUOTES)]
        claim = Claim(f"{_planted(rng, quote)}\n원문: “{quote}”", (_citation(quote),))
        if not invented(claim):
            passed.append(claim.text)
    assert passed == []


def test_what_the_quote_says_passes_in_either_language():
    said = (
        Claim("2031년 8월 18일부터 16 %, 6 %", (_citation(QUOTES[0]),)),
        Claim("15,000,000 EUR, 2.5 %; 환경보호청(EPA)", (_citation(QUOTES[1]),)),
        Claim("5년, 2027년 6월 30일까지", (_citation(QUOTES[2]),)),
    )
    assert sound(said) == said


def test_a_claim_without_citations_says_nothing():
    assert sound([Claim("배터리", ())]) == ()
