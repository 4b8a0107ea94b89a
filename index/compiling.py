"""From query tree to plan: typed words become tokens, translations and codes, the same for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from index import known_tokens
from index.fields import code_prefixes
from index.glossary import Expansion, expansions
from index.plan import (
    GLOSSARY_WEIGHT,
    AllOf,
    AnyOf,
    AtLeast,
    Clause,
    CodeLeaf,
    Everything,
    NoneOf,
    Nothing,
    PhraseLeaf,
    Plan,
    PrefixLeaf,
    Term,
    TokenLeaf,
)
from index.vocabulary import MarketName, hs_digits, markets_named
from nlp.lexical import analysis
from notices.errors import QueryInvalid
from notices.search import FACET_FIELDS, And, MatchAll, Node, Not, Or, Phrase, Prefix, Query, Word

MAX_LIMIT = 100
NEAR_WEIGHT = 0.4
"""What two typed words standing side by side add, against their own score."""
CODE_WEIGHT = 1.0
"""What a declared code of the typed product counts in the place of the word."""
CODE_BOOST = 3.0
"""What it adds besides, whether or not the word stands there too: a rare word's worth."""
OPTIONAL_WEIGHT = 0.3

MARKET_WEIGHT = 2.0

OPTIONAL_WORDS = (
    "regulation regulations regulatory requirement requirements rule rules notice notices notification notifications "
    "information news latest please show find list tell want need about related "
    "규제 규정 법규 통보 통보문 관련 정보 소식 최신 내용 알려줘 알려주세요 찾아줘 보여줘 뭐 무엇 어떤 대한 대해"
)
"""Words that every notice could carry: they only score, lightly."""

ASPECT_WORDS = (
    "safety safe standard standards certification certificate certified test testing quality technical conformity "
    "compliance approval label labels labelling labeling marking import imports importation export exports exporting "
    "안전 안전성 안전기준 기준 표준 규격 인증 시험 검사 품질 기술 "
    "적합성 적합성평가 승인 라벨 라벨링 표시 표기 수입 수출"
)
"""What any rule about goods may be about: beside a product they rank, and do not narrow, or three in four
notices on the product would be missed for want of one word."""


def check_bounds(query: Query) -> None:
    """Refuse what no page could answer. Raises QueryInvalid."""
    if not 1 <= query.limit <= MAX_LIMIT:
        raise QueryInvalid(f"limit must be 1 to {MAX_LIMIT}, not {query.limit}", position=0)
    unknown = [name for name in query.facets if name not in FACET_FIELDS]
    if unknown:
        raise QueryInvalid(f"no such facet: {unknown[0]}; there are {', '.join(FACET_FIELDS)}", position=0)


def compile_query(query: Query) -> Plan:
    """The plan of a query. Raises QueryInvalid for a limit or facet outside the bounds."""
    check_bounds(query)
    compiler = _Compiler()
    truth = compiler.compile(query.node)
    return Plan(
        truth=truth,
        boosts=tuple(compiler.boosts),
        relaxations=_relaxations(compiler),
        identifiers=query.identifiers,
        filters=query.filters,
        sort=query.sort,
        day=query.filters.as_of or query.today,
        terms=tuple(compiler.terms),
    )


def _relaxations(compiler: _Compiler) -> tuple[Clause, ...]:
    """Half of the words, then any: only the plain words of the top level give way."""
    words = compiler.loose
    if len(words) < 2:
        return ()
    counts = sorted({(len(words) + 1) // 2, 1}, reverse=True)
    return tuple(_all((AtLeast(count, tuple(words)), *compiler.strict)) for count in counts)


def _all(parts: Iterable[Clause]) -> Clause:
    """AllOf, flat and without what is always true."""
    flat: list[Clause] = []
    for part in parts:
        flat += part.parts if isinstance(part, AllOf) else () if isinstance(part, Everything) else (part,)
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def _any(parts: Iterable[Clause]) -> Clause:
    """AnyOf, flat; a part that is always true only because nothing was left of its words does not count."""
    each = [part for part in parts if not isinstance(part, Everything)]
    flat = list(dict.fromkeys(p for part in each for p in (part.parts if isinstance(part, AnyOf) else (part,))))
    if not flat:
        return Everything()
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


@cache
def _tokens_of(words: str) -> frozenset[str]:
    return frozenset(token for word in words.split() for token in known_tokens.tokens(word))


@dataclass(slots=True)
class _Group:
    """A stretch of typed text with the clause it became and its own tokens (for closeness)."""

    start: int
    end: int
    clause: Clause
    tokens: tuple[str, ...]
    optional: bool = False
    aspect: bool = False
    product: bool = False

    @property
    def needed(self) -> bool:
        """False when it only scores."""
        return not self.optional and not self.aspect


@dataclass(slots=True)
class _Compiler:
    """Walks one tree once; ``terms`` say what each word became, ``loose`` and ``strict`` split the top level."""

    terms: list[Term] = field(default_factory=list)
    boosts: list[Clause] = field(default_factory=list)
    loose: list[Clause] = field(default_factory=list)
    strict: list[Clause] = field(default_factory=list)

    def compile(self, node: Node) -> Clause:
        """The truth of the whole tree."""
        parts = node.nodes if isinstance(node, And) else (node,)
        truth = self._conjunction(parts, top=True)
        return Nothing() if isinstance(truth, Everything) and not isinstance(node, MatchAll) else truth

    def _clause(self, node: Node, *, negated: bool = False) -> Clause:
        match node:
            case MatchAll():
                return Everything()
            case Not(inner):
                ruled_out = self._clause(inner, negated=True)
                return ruled_out if isinstance(ruled_out, Everything) else NoneOf(ruled_out)
            case Or(nodes):
                return _any(self._clause(each, negated=negated) for each in nodes)
            case And(nodes):
                return self._conjunction(nodes, negated=negated)
            case Word():
                return self._conjunction((node,), negated=negated)
            case Phrase(text):
                return self._phrase(text, negated)
            case Prefix(text):
                return self._prefix(text, negated)

    def _conjunction(self, nodes: Sequence[Node], *, top: bool = False, negated: bool = False) -> Clause:
        parts: list[Clause] = []
        run: list[str] = []
        for node in (*nodes, None):
            if isinstance(node, Word):
                run.append(node.text)
                continue
            if run:
                parts += self._words(" ".join(run), top=top, negated=negated, alone=len(run) == len(nodes))
                run = []
            if node is not None:
                clause = self._clause(node, negated=negated)
                parts.append(clause)
                if top and not isinstance(clause, Everything):
                    self.strict.append(clause)
        return _all(parts)

    def _words(self, text: str, *, top: bool, negated: bool, alone: bool) -> list[Clause]:
        groups = self._groups(text, negated)
        if not any(group.product for group in groups):
            for group in groups:
                group.aspect = False
        if alone and not any(group.needed for group in groups):
            for group in groups:
                group.optional = group.aspect = False
        needed = [group.clause for group in groups if group.needed]
        if not negated:
            self.boosts += [_scaled(group.clause, OPTIONAL_WEIGHT) for group in groups if group.optional]
            self.boosts += [group.clause for group in groups if group.aspect]
            self.boosts += _closeness(groups)
        if top:
            self.loose += needed
        return needed

    def _groups(self, text: str, negated: bool) -> list[_Group]:
        groups = [self._own(term, negated) for term in analysis.analyse_query(text)]
        for found in expansions(text):
            groups = self._expanded(groups, found, text, negated)
        for market in markets_named(text) if not negated else ():
            groups = self._with_market(groups, market)
        return groups

    def _own(self, term: analysis.Term, negated: bool) -> _Group:
        digits = hs_digits(term.text) if term.text[:2].casefold() == "hs" else None
        if digits:
            return self._code(term, digits, negated)
        own = PhraseLeaf(term.tokens) if term.adjacent else _all(TokenLeaf(token) for token in term.tokens)
        if not negated:
            self.terms.append(Term(term.text, "term", (*term.tokens, *term.variants)))
        clause = _any((own, *(TokenLeaf(variant) for variant in term.variants)))
        said = set(term.tokens)
        optional, aspect = said <= _tokens_of(OPTIONAL_WORDS), said <= _tokens_of(ASPECT_WORDS)
        return _Group(term.start, term.end, clause, term.tokens, optional, aspect)

    def _code(self, term: analysis.Term, digits: str, negated: bool) -> _Group:
        """A typed HS code: notices that declare it, or more broadly what it lies under, or that mention it."""
        broader = code_prefixes("hs", digits)[:-1]
        parts: list[Clause] = [CodeLeaf("hs", (digits,), 8.0), TokenLeaf(digits)]
        if broader:
            parts.append(CodeLeaf("hs", broader, 2.0, below=False))
        if not negated:
            self.terms.append(Term(term.text, "term", (digits,), hs=(digits,)))
        return _Group(term.start, term.end, _any(parts), (), product=True)

    def _expanded(self, groups: list[_Group], found: Expansion, text: str, negated: bool) -> list[_Group]:
        """Join the groups under an expansion into one that its translations and codes satisfy as well."""
        inside = [group for group in groups if found.start <= group.start and group.end <= found.end]
        if not inside:
            return groups
        product = any(group.product for group in inside)
        others = [_said(alternative) for alternative in found.alternatives]
        codes: list[Clause] = []
        if not negated:
            declared = [(system, each) for system, each in (("hs", found.hs), ("ics", found.ics)) if each]
            codes = [CodeLeaf(system, each, CODE_WEIGHT) for system, each in declared]
            self.boosts += [CodeLeaf(system, each, CODE_BOOST) for system, each in declared]
            words = dict.fromkeys(token for clause in others for token in _tokens(clause))
            self.terms.append(Term(text[found.start : found.end], "glossary", tuple(words), found.hs, found.ics))
        own = _all(group.clause for group in inside if group.needed or not product)
        joined = _Group(
            inside[0].start,
            inside[-1].end,
            _any((own, *(clause for clause in others if not isinstance(clause, Nothing)), *codes)),
            tuple(token for group in inside for token in group.tokens),
            optional=all(group.optional for group in inside),
            aspect=all(group.aspect for group in inside),
            product=product or bool(found.hs),
        )
        return _replaced(groups, inside, joined)

    def _with_market(self, groups: list[_Group], market: MarketName) -> list[_Group]:
        """A country's name is also said by the notice's market."""
        inside = [group for group in groups if market.start <= group.start and group.end <= market.end]
        if not inside:
            return groups
        clause = _any((CodeLeaf("market", (market.code,), MARKET_WEIGHT, below=False), _all(g.clause for g in inside)))
        return _replaced(groups, inside, _Group(inside[0].start, inside[-1].end, clause, ()))

    def _phrase(self, text: str, negated: bool) -> Clause:
        tokens = tuple(analysis.phrase_tokens(text))
        if not tokens:
            return Everything()
        if not negated:
            self.terms.append(Term(text, "term", tokens))
        return TokenLeaf(tokens[0]) if len(tokens) == 1 else PhraseLeaf(tokens)

    def _prefix(self, text: str, negated: bool) -> Clause:
        wanted = analysis.prefix_tokens(text)
        if wanted is None:
            return Everything()
        if not negated:
            self.terms += [
                Term(text + "*", "term", (*wanted.lead, *wanted.exact), prefix=each) for each in wanted.starts
            ]
        last = _any((*(PrefixLeaf(each) for each in wanted.starts), *(TokenLeaf(each) for each in wanted.exact)))
        return _all((*(TokenLeaf(token) for token in wanted.lead), last))


def _replaced(groups: list[_Group], inside: list[_Group], joined: _Group) -> list[_Group]:
    first = groups.index(inside[0])
    rest = [group for group in groups if group not in inside]
    return [*rest[:first], joined, *rest[first:]]


@lru_cache(maxsize=20_000)
def _said(alternative: str) -> Clause:
    """A translation: its words next to each other, or nearly so."""
    tokens = known_tokens.phrase_tokens(alternative)
    if not tokens:
        return Nothing()
    return TokenLeaf(tokens[0], GLOSSARY_WEIGHT) if len(tokens) == 1 else PhraseLeaf(tokens, GLOSSARY_WEIGHT, slop=1)


def _tokens(clause: Clause) -> tuple[str, ...]:
    match clause:
        case TokenLeaf(token):
            return (token,)
        case PhraseLeaf(tokens):
            return tokens
        case _:
            return ()


def _closeness(groups: Sequence[_Group]) -> list[Clause]:
    """Neighbouring typed words, and the parts of one, that also stand together in the text."""
    tokens = [group.tokens for group in groups if not group.optional and group.tokens]
    pairs = [(left[-1], right[0]) for left, right in pairwise(tokens)]
    pairs += [pair for each in tokens for pair in pairwise(each)]
    return [PhraseLeaf(pair, NEAR_WEIGHT, slop=1) for pair in dict.fromkeys(pairs)]


def _scaled(clause: Clause, factor: float) -> Clause:
    match clause:
        case TokenLeaf(token, weight):
            return TokenLeaf(token, weight * factor)
        case PhraseLeaf(tokens, weight, slop):
            return PhraseLeaf(tokens, weight * factor, slop)
        case PrefixLeaf(prefix, weight):
            return PrefixLeaf(prefix, weight * factor)
        case CodeLeaf(system, codes, weight, below):
            return CodeLeaf(system, codes, weight * factor, below)
        case AllOf(parts):
            return AllOf(tuple(_scaled(part, factor) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_scaled(part, factor) for part in parts))
        case _:
            return clause
