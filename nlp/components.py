"""What we work out about a notice, component by component, in ONE table.

A component reads the notice of ``work_of(doc)`` and what earlier ones found, and adds findings through ``add``; it
never touches facts. Raise its version when its findings may change: it alone then runs again on everything.
"""

from __future__ import annotations

from spacy.tokens import Doc

from nlp.act_days import ACT_DAYS_VERSION, find_act_days
from nlp.deadlines import find_deadlines
from nlp.documents import Component, add, work_of
from nlp.lexical.calendar import Precision, bounds
from nlp.lexical.codes import CODE_FIELDS, list_codes, text_codes
from nlp.lexical.dates import find_dates, form_date
from nlp.lexical.language import UNKNOWN, detect_language
from nlp.lexical.plausibility import flag_implausible
from nlp.lexical.references import find_references
from nlp.lexical.spots import Spot
from nlp.sectors import SECTORS_VERSION, find_sectors
from notices.model import Notice


def _language(doc: Doc) -> None:
    """The language of the title and prose, and of the original title."""
    texts = work_of(doc).texts()
    main = max(("title", "summary", "body"), key=lambda field: len(texts.get(field, "")))
    for field in dict.fromkeys((main, "title_original")):
        language = detect_language(texts.get(field, ""))
        if language != UNKNOWN:
            add(doc, "language", [Spot("language", language, field, 0, len(texts[field]), "language.words", 0.9)])


def _codes(doc: Doc) -> None:
    """HS and ICS codes: the source's own lists first, then the products field, then codes cued in prose."""
    notice = work_of(doc).notice
    facts = notice.facts
    spots = list_codes("hs", facts.hs_codes) + list_codes("ics", facts.ics_codes)
    prose: list[Spot] = []
    for field, text in work_of(doc).texts().items():
        if field not in CODE_FIELDS:
            (spots if field == "products_text" else prose).extend(text_codes(text, field))
    declared = flag_implausible(spots, facts.products_text or "", facts.title)
    known = {(spot.label, spot.value) for spot in declared}
    add(doc, "codes", [*declared, *(spot for spot in prose if (spot.label, spot.value) not in known)])


def _references(doc: Doc) -> None:
    for field, text in work_of(doc).texts().items():
        add(doc, "references", find_references(text, field))


_DATE_FIELDS = ("dates_text", "adopted_text", "in_force_text")
_DEADLINE_FIELDS = ("dates_text", "summary", "body")


def _dates(doc: Doc) -> None:
    """Dates of the date fields; a comment deadline in words when the source gives none as a date."""
    notice = work_of(doc).notice
    facts, day_first = notice.facts, notice.source != "us-fr"  # American dates put the month first
    texts = work_of(doc).texts()
    for field in _DATE_FIELDS:
        text = texts.get(field, "")
        form = form_date(text, day_first=day_first) if text and field != "dates_text" else None
        spans = [form] if form else find_dates(text, day_first=day_first)
        anchors = {"notification": facts.published_on}
        spots = []
        for span in spans:
            days = bounds(span.value, span.precision, anchors) if span.precision is Precision.RELATIVE else None
            value = days[0].isoformat() if days else span.value
            spots.append(
                Spot("date", value, field, span.start, span.end, f"{span.rule}:{span.precision}", span.confidence)
            )
        add(doc, "dates", spots)
    if facts.comment_until is None:
        _add_deadlines(doc, notice, texts, day_first)


def _add_deadlines(doc: Doc, notice: Notice, texts: dict[str, str], day_first: bool) -> None:
    for field in _DEADLINE_FIELDS:
        found = find_deadlines(texts.get(field, ""), notice.facts.published_on, day_first=day_first)
        if found:
            last = found[0]
            add(
                doc,
                "dates",
                [Spot("deadline", last.day.isoformat(), field, last.start, last.end, last.rule, last.confidence)],
            )
            return


def _sectors(doc: Doc) -> None:
    """Sectors of the goods, from the words and from the codes that ``codes`` found."""
    work = work_of(doc)
    known = [finding for findings in work.findings.values() for finding in findings]
    work.findings["sectors"].extend(find_sectors(work.notice, known))


COMPONENTS: tuple[Component, ...] = (
    Component("language", 1, _language),
    Component("codes", 1, _codes),
    Component("references", 2, _references),
    Component("dates", 1, _dates),
    Component("act_dates", ACT_DAYS_VERSION, find_act_days),
    Component("sectors", SECTORS_VERSION, _sectors, requires=("doc._.work", "doc.spans")),
)
"""In the order in which they run: ``sectors`` builds on ``codes``."""
