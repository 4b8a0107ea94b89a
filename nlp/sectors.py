"""Which sectors a notice belongs to; none at all is an answer, and the most frequent one for the Federal Register.

WTO notifications name goods: title, products text and declared codes are weighed against each other.
Federal Register documents are first sorted into families by title (most are of no sector); the goods count only where
the family says so. Decision record: docs/decisions/0009-sectors.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.sector_goods import MAX_TEXT, Evidence, find_aspects, find_goods
from nlp.sector_tables import Family, authorities, families, sectors_of_code
from notices.model import Facts, Finding, Kind, Notice

COMPONENT = "sectors"
SECTORS_VERSION = 1

_RULES = frozenset({Kind.FINAL_RULE, Kind.PROPOSED_RULE})
_ELECTRONICS = frozenset({"electrical-electronics", "ict"})
_HEAD = 300  # characters of a summary in which an agency presents itself


def find_sectors(notice: Notice, findings: Sequence[Finding]) -> list[Finding]:
    """One finding per sector with its best evidence, sorted by sector; () of evidence means: of no sector.

    ``findings`` are those of the same revision; labels "hs" and "ics" count as declared codes.
    """
    facts = notice.facts
    found = _federal_register(facts) if notice.source == "us-fr" else _by_goods(facts, findings)
    best: dict[str, Evidence] = {}
    for each in found:
        if each.sector not in best or each.confidence > best[each.sector].confidence:
            best[each.sector] = each
    return [
        Finding(
            notice_id=notice.id,
            revision=notice.revision,
            component=COMPONENT,
            component_version=SECTORS_VERSION,
            label="sector",
            value=sector,
            field=each.field,
            start=each.start,
            end=each.end,
            confidence=round(each.confidence, 3),
            rule=f"sector.{each.rule}",
        )
        for sector, each in sorted(best.items())
    ]


def _by_codes(findings: Sequence[Finding]) -> _Groups:
    """Sectors of each declared code; a chapter says less than a subheading."""
    found = []
    for each in findings:
        if each.label in ("hs", "ics") and (sectors := sectors_of_code(each.label, each.value)):
            weight = (0.55 if len(each.value) <= 2 else 0.7) * each.confidence
            rule = f"{each.label}:{each.value}"
            found.append([Evidence(sector, each.field, each.start, each.end, weight, rule) for sector in sectors])
    return found


def _by_goods(facts: Facts, findings: Sequence[Finding]) -> list[Evidence]:
    """Title, products text and codes against each other; what stands alone beside what agrees is noise."""
    title = _by_place(find_goods("title", facts.title, 0.9))
    products = _by_place(find_goods("products_text", facts.products_text, 0.85))
    codes = _by_codes(findings)
    family = _family(facts, sorted_out=False) if "US" in facts.members else None
    if family is not None:
        found = _direct(facts, family)
        if family.goods:
            found += _flat(_agreeing(title, [*products, *codes]) or products or codes)
    else:
        base = _agreeing(title, [*products, *codes]) or _agreeing(products, codes) or _agreeing_codes(codes)
        base = base or _leading(_by_place(find_goods("summary", facts.summary, 0.6)))
        found = _flat(base) + _flat(_sharing([*products, *codes], base))
        found = found or _by_agency(facts)
    return found + _aspects(facts, found)


_Groups = list[list[Evidence]]  # each group rests on the same words or the same code


def _flat(groups: _Groups) -> list[Evidence]:
    return [each for group in groups for each in group]


def _by_place(found: Sequence[Evidence]) -> _Groups:
    places = dict.fromkeys((each.start, each.end) for each in found)
    return [[each for each in found if (each.start, each.end) == place] for place in places]


def _sharing(groups: _Groups, others: _Groups) -> _Groups:
    """The groups that share a sector with any of the others."""
    known = {each.sector for each in _flat(others)}
    return [group for group in groups if known & {each.sector for each in group}]


def _agreeing(groups: _Groups, others: _Groups) -> _Groups:
    """The groups that the others bear out; all of them where nothing is borne out.

    Codes can't tell a radio from an appliance (HS 85, ICS 33.100 and 33.160), so either bears out the other.
    """
    known = {each.sector for each in _flat(others)}
    known |= _ELECTRONICS if known & _ELECTRONICS else set()
    return [group for group in groups if known & {each.sector for each in group}] or groups


def _agreeing_codes(codes: _Groups) -> _Groups:
    """HS and ICS codes that bear each other out; else all, as nobody can tell which is wrong."""
    hs = [group for group in codes if group[0].rule.startswith("hs:")]
    ics = [group for group in codes if group[0].rule.startswith("ics:")]
    return [*_sharing(hs, ics), *_sharing(ics, hs)] or codes


def _leading(groups: _Groups) -> _Groups:
    """Running text: what it names first, and what shares a sector with that."""
    return _sharing(groups, groups[:1])


def _aspects(facts: Facts, goods: Sequence[Evidence]) -> list[Evidence]:
    found = find_aspects("title", facts.title, 0.85, goods)
    found += find_aspects("products_text", facts.products_text, 0.7, goods)
    return found if facts.title else found + find_aspects("summary", facts.summary, 0.6, goods)


def _family(facts: Facts, *, sorted_out: bool) -> Family | None:
    """The first family that matches; those of no sector only where asked for."""
    title = facts.title[:MAX_TEXT]
    text = f"{title}\n{(facts.summary or '')[:MAX_TEXT]}"
    for family in families():
        if (family.sectors or family.goods or sorted_out) and family.pattern.search(
            title if family.where == "title" else text
        ):
            return family
    return None


def _direct(facts: Facts, family: Family) -> list[Evidence]:
    for field, text in (("title", facts.title[:MAX_TEXT]), ("summary", (facts.summary or "")[:MAX_TEXT])):
        if match := family.pattern.search(text):
            return [Evidence(sector, field, *match.span(), 0.9, family.rule) for sector in family.sectors]
    return []


def _federal_register(facts: Facts) -> list[Evidence]:
    family = _family(facts, sorted_out=True)
    if family is None:
        return _by_agency(facts) if facts.kind in _RULES else []
    if not family.sectors and not family.goods:
        return []
    found = _direct(facts, family) + (find_goods("title", facts.title, 0.85) if family.goods else [])
    return found + find_aspects("title", facts.title, 0.8, found)


def _by_agency(facts: Facts) -> list[Evidence]:
    """What the agency works on, for rules that say nothing else; the summary names it where the record does not."""
    listed = "; ".join(agency.name for agency in facts.agencies)
    slugs = {agency.slug for agency in facts.agencies}
    head = (facts.summary or "")[:_HEAD]
    for authority in authorities():
        if match := authority.names.search(listed):
            return [Evidence(sector, "agencies", *match.span(), 0.6, "agency") for sector in authority.sectors]
        if authority.slug in slugs:
            return [Evidence(sector, "agencies", 0, len(listed), 0.6, "agency") for sector in authority.sectors]
        if match := authority.names.search(head):
            return [Evidence(sector, "summary", *match.span(), 0.6, "agency") for sector in authority.sectors]
    return []
