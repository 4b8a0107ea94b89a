"""From what we know to what is indexed: one document per revision, with the codes that it declares or inherits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from index.passages import passages_of
from index.vocabulary import hs_digits, ics_code
from notices.identity import lookup_key
from notices.model import Facts, Finding, Kind, Notice, Provenance, Revision
from notices.search import CodeTag, IndexDocument
from notices.symbols import find_symbols, parse_symbol

INHERITING = frozenset({Kind.ADDENDUM, Kind.CORRIGENDUM, Kind.SUPPLEMENT, Kind.REVISION})
"""Kinds whose codes and sectors are their parent's when they give none (reference/sources-wto.md §1.4)."""

_OWN_SCHEMES = frozenset({"fr_citation", "fr_number", "celex", "eli", "wto_record"})
"""Schemes that name this notice alone; dockets, RINs and CFR parts are shared, so they are words of its text."""

Findings = Mapping[tuple[str, int], Sequence[Finding]]


def documents_of(
    notice: Notice, revisions: Sequence[Revision], findings: Findings, family: Iterable[Notice] = ()
) -> list[IndexDocument]:
    """One document for every revision that was ever valid, oldest first; ``family`` are its current relatives."""
    parents = _parents(notice, family)
    inherited = [_own_codes(findings.get((each.id, each.revision), ()), each.facts) for each in parents]
    return [
        _document(notice, revision, findings.get((notice.id, revision.number), ()), inherited)
        for revision in revisions
        if revision.valid_until is None or revision.valid_until > revision.valid_from
    ]


def _parents(notice: Notice, family: Iterable[Notice]) -> list[Notice]:
    """The relatives above it, nearest first: one suffix shorter each, then the one that leads the family."""
    known = {each.id: each for each in family if each.id != notice.id}
    chain: list[str] = []
    if notice.source == "wto" and notice.facts.symbols:
        parent = parse_symbol(notice.facts.symbols[0]).parent
        while parent is not None:
            chain.append(f"wto:{parent}")
            parent = parse_symbol(parent).parent
    chain.append(notice.family)
    return [known[each] for each in dict.fromkeys(chain) if each in known]


_Codes = dict[str, list[CodeTag]]


def _own_codes(findings: Iterable[Finding], facts: Facts) -> _Codes:
    """Codes and sectors found on one revision; before enrichment, the declared codes that can be read as they are."""
    found: _Codes = {"hs": [], "ics": [], "sector": []}
    looked = False
    for finding in findings:
        looked = looked or finding.label in ("hs", "ics", "hs_rejected", "ics_rejected")
        if finding.label in found:
            found[finding.label].append(CodeTag(finding.value, finding.provenance))
    if not looked:
        declared = {"hs": map(hs_digits, facts.hs_codes), "ics": map(ics_code, facts.ics_codes)}
        for system, codes in declared.items():
            found[system] = [CodeTag(code, Provenance.NOTIFIED) for code in codes if code]
    return {label: _best(tags) for label, tags in found.items()}


_RANK = {Provenance.EDITED: 0, Provenance.NOTIFIED: 1, Provenance.INHERITED: 2, Provenance.INFERRED: 3}


def _best(tags: Iterable[CodeTag]) -> list[CodeTag]:
    """Each code once, under the strongest word for it; sorted."""
    best: dict[str, CodeTag] = {}
    for tag in tags:
        if tag.code not in best or _RANK[tag.provenance] < _RANK[best[tag.code].provenance]:
            best[tag.code] = tag
    return [best[code] for code in sorted(best)]


def _with_inherited(own: list[CodeTag], inherited: Iterable[list[CodeTag]]) -> list[CodeTag]:
    if any(tag.provenance is not Provenance.INFERRED for tag in own):
        return own
    for tags in inherited:
        declared = [tag for tag in tags if tag.provenance is not Provenance.INFERRED]
        if declared:
            return _best([*own, *(CodeTag(tag.code, Provenance.INHERITED) for tag in declared)])
    return own


def _document(
    notice: Notice, revision: Revision, findings: Sequence[Finding], inherited: Sequence[_Codes]
) -> IndexDocument:
    facts = revision.facts
    codes = _own_codes(findings, facts)
    if facts.kind in INHERITING:
        for system in ("hs", "ics"):
            codes[system] = _with_inherited(codes[system], [each[system] for each in inherited])
        if not codes["sector"]:
            codes["sector"] = next((each["sector"] for each in inherited if each["sector"]), [])
    valid_until = revision.valid_until
    if notice.withdrawn and valid_until is None:
        valid_until = notice.withdrawn_on or revision.captured_at.date()
        valid_until = max(valid_until, revision.valid_from + timedelta(days=1))
    return IndexDocument(
        notice_id=notice.id,
        revision=revision.number,
        family=notice.family,
        source=notice.source,
        kind=facts.kind,
        title=facts.title or facts.title_original or "",
        markets=facts.members,
        sectors=tuple(tag.code for tag in codes["sector"]),
        symbols=facts.symbols,
        identifiers=_identifiers(facts),
        hs=tuple(codes["hs"]),
        ics=tuple(codes["ics"]),
        published_on=facts.published_on,
        comment_until=facts.comment_until,
        valid_from=revision.valid_from,
        valid_until=valid_until,
        passages=passages_of(notice.id, revision.number, facts),
    )


def _identifiers(facts: Facts) -> tuple[str, ...]:
    keys = [f"symbol:{symbol}" for _, _, symbol in find_symbols(", ".join(facts.symbols))]
    for each in facts.identifiers:
        if each.scheme in _OWN_SCHEMES:
            keys.append(lookup_key(each.scheme, each.value))
    return tuple(dict.fromkeys(keys))
