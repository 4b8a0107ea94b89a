"""What the page of an EU act shows: its version in words, its days with links to their evidence, a section to read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup, escape

from api.act_service import ActDay, ActView, Entry, Reading, Version, part_of, place_of, read_section
from api.messages import Lang, known, say
from api.notice_service import NoticeView
from api.params import NoticePageParams
from notices.identity import to_url
from notices.model import Facts, Kind

MARK = "mark"
"""The anchor of the marked stretch."""
_LONGEST_MARK = 5_000


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the act in words, with a link to the words of the act that say it."""

    label: str
    when: str
    scope: str
    quote: str
    language: str | None
    href: str
    percent: int


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the table of contents."""

    key: str
    name: str
    depth: int
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text; ``anchor`` where a paragraph or recital of its own begins."""

    anchor: str | None
    text: Markup


@dataclass(frozen=True, slots=True)
class Text:
    """The stretch of the body on the page."""

    name: str | None
    lines: tuple[Paragraph, ...]
    part: int
    parts: int
    earlier: str | None
    later: str | None
    before: ContentsLine | None
    after: ContentsLine | None


@dataclass(frozen=True, slots=True)
class ActPage:
    """Everything the act's parts of the template need."""

    version: str
    in_force: str
    text_status: str
    flawed: bool  # less than a verbatim text
    newest: tuple[str, str] | None  # sentence, address
    original: tuple[str, str] | None
    corrigenda: tuple[tuple[str, str, str], ...]  # number, day, address
    days: tuple[DayRow, ...]
    contents: tuple[ContentsLine, ...]
    text: Text | None


def act_page(view: NoticeView, params: NoticePageParams, lang: Lang) -> ActPage | None:
    """The page's content, None for a notice that is no EU act. Raises NotFound for a section that is not there."""
    act, facts = view.act, view.notice.facts
    if act is None:
        return None
    own = f"/notices/{to_url(view.notice.id)}"
    reading = read_section(facts, act.contents, params.section, params.part) if facts.body else None
    here = reading.entry.key if reading and reading.entry else None
    return ActPage(
        version=_version_words(view, act, lang),
        in_force=say(lang, _FORCE[act.in_force]),
        text_status=known(lang, f"text_status.{act.text_status}", act.text_status),
        flawed=act.text_status != "verbatim",
        newest=_newest(act.newest, lang),
        original=(say(lang, "act.original", name=act.original.celex), _address(act.original)) if act.original else None,
        corrigenda=tuple((each.celex, each.day.isoformat(), _address(each)) for each in act.corrigenda),
        days=tuple(_day_row(day, facts, act, own, lang) for day in act.days),
        contents=tuple(_line(entry, own, here) for entry in act.contents),
        text=_text(facts, reading, own, params.mark) if reading else None,
    )


_FORCE = {True: "act.in_force", False: "act.not_in_force", None: "act.in_force_unsaid"}


def _version_words(view: NoticeView, act: ActView, lang: Lang) -> str:
    facts = view.notice.facts
    if act.consolidated_on:
        return say(lang, "act.amended", day=act.consolidated_on.isoformat())
    if facts.kind is Kind.CORRIGENDUM:
        return say(lang, "act.corrects", name=act.original.celex if act.original else view.notice.family)
    return say(lang, "act.adopted", day=facts.published_on.isoformat())


def _newest(version: Version | None, lang: Lang) -> tuple[str, str] | None:
    if version is None:
        return None
    key = "act.newest_missing" if version.text_status == "missing" else "act.newest"
    return say(lang, key, day=version.day.isoformat()), _address(version)


def _address(version: Version) -> str:
    return f"/notices/{to_url(version.id)}"


def _day_row(day: ActDay, facts: Facts, act: ActView, own: str, lang: Lang) -> DayRow:
    return DayRow(
        label=known(lang, f"label.{day.label}", day.label),
        when=day.day.isoformat() if day.day else say(lang, "act.event", text=day.text),
        scope=day.scope or say(lang, "act.whole"),
        quote=day.quote,
        language=facts.language,
        href=evidence_link(own, facts, act.contents, day.start, day.end),
        percent=round(day.confidence * 100),
    )


def evidence_link(own: str, facts: Facts, contents: tuple[Entry, ...], start: int, end: int) -> str:
    """Where ``body[start:end]`` can be read, marked."""
    entry = place_of(start, contents)
    pairs: list[tuple[str, object]] = [("mark", f"{start}-{end}")]
    if entry is not None:
        part = part_of(start, entry, facts.body or "")
        pairs = [("section", entry.key), *([("part", part)] if part > 1 else []), *pairs]
    return f"{own}?{urlencode(pairs)}#{MARK}"


def _line(entry: Entry, own: str, here: str | None) -> ContentsLine:
    href = f"{own}?{urlencode({'section': entry.key})}#text"
    return ContentsLine(entry.key, entry.name, min(entry.depth, 4), href, entry.key == here)


def _text(facts: Facts, reading: Reading, own: str, mark: str | None) -> Text:
    key = reading.entry.key if reading.entry else None

    def piece(number: int) -> str | None:
        if not 1 <= number <= reading.parts:
            return None
        return f"{own}?{urlencode({**({'section': key} if key else {}), 'part': number})}#text"

    return Text(
        name=reading.entry.name if reading.entry else None,
        lines=tuple(_lines(facts, reading, _span(mark))),
        part=reading.part,
        parts=reading.parts,
        earlier=piece(reading.part - 1),
        later=piece(reading.part + 1),
        before=_line(reading.before, own, None) if reading.before else None,
        after=_line(reading.after, own, None) if reading.after else None,
    )


def _span(mark: str | None) -> tuple[int, int]:
    start, _, end = (mark or "0-0").partition("-")
    return int(start), min(int(end), int(start) + _LONGEST_MARK)


def _lines(facts: Facts, reading: Reading, span: tuple[int, int]) -> Iterable[Paragraph]:
    """The lines of the stretch, each with its anchor and what is to be marked in it."""
    body = facts.body or ""
    starts = {each.start: each for each in facts.sections if each.kind in ("article", "paragraph", "recital", "annex")}
    first = True
    for found in re.finditer(r"[^\n]+", body[reading.start : reading.end]):
        at = reading.start + found.start()
        section = starts.get(at)
        begin, end = max(span[0] - at, 0), min(span[1] - at, len(found[0]))
        text = escape(found[0])
        if begin < end:
            anchor = Markup(' id="{}"').format(MARK) if first else Markup("")
            first = False
            text = Markup("{}<mark{}>{}</mark>{}").format(found[0][:begin], anchor, found[0][begin:end], found[0][end:])
        yield Paragraph(f"{section.kind}-{section.number}" if section and section.number else None, text)
