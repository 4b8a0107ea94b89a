"""Bytes of an act, in whatever form the Publications Office gave it → its text, structure and standing. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree
from lxml import html as lxml_html

from crawlers.eu.formex import formex_blocks
from crawlers.eu.html_acts import html_blocks
from crawlers.eu.nodes import class_names, is_element, local_name, words
from crawlers.eu.outline import Outline, OutlineBuilder
from notices.errors import Blocked, FetchError, LayoutChanged

LIMIT = 60_000_000
"""Bytes of one file that we read; the longest act of the stock (2018/858) has 5 million."""
_CHALLENGE = (b"awswaf", b"gokuprops", b"challenge-container")
_HEAD = 4_000
_STATUS = re.compile(r"(reconstructed|excerpt) (?:made )?by the replay server", re.IGNORECASE)
_OJ_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_VERSION = re.compile(r"[—–-]\s*(\d{3}\.\d{3})\s*$")
_CELEX_TITLE = re.compile(r"\d\d{4}[A-Z]{1,2}\d{4}(?:R\(\d{2}\))?")
FORMEX_NAMES = ("ACT", "CONS.ACT", "ANNEX", "DOC", "PUBLICATION")


@dataclass(frozen=True, slots=True)
class ActText:
    """One text of an act in one language."""

    outline: Outline
    status: str  # verbatim | excerpt | reconstructed
    published_on: date | None  # the Official Journal's date, where the text says it
    version: str  # a consolidated version's own number ("002.004"), "" otherwise
    altered_by: tuple[str, ...]  # CELEX numbers of acts and corrigenda that a consolidated text has taken in


def is_challenge(body: bytes) -> bool:
    """Whether these bytes are a robot check of the web application firewall, not a document."""
    head = body[:20_000].lower()
    return any(marker in head for marker in _CHALLENGE)


def read_act(files: Sequence[tuple[str, bytes]]) -> ActText:
    """The act out of (media type, bytes) of one HTML page or of all files of a Formex edition.

    Raises Blocked for a challenge page, FetchError for cut or garbled bytes, LayoutChanged for what is no act.
    """
    for _, body in files:
        if is_challenge(body):
            raise Blocked("The source answered with a robot check instead of the act.")
        if len(body) > LIMIT:
            raise FetchError(f"A file of {len(body):,} bytes is more than an act has.")
    if not files:
        raise LayoutChanged("There is no file to read.")
    if all("html" not in media for media, _ in files):
        return _read_formex([body for _, body in files])
    return _read_html([body for _, body in files])


def check_complete(files: Sequence[tuple[str, bytes]]) -> None:
    """Raise FetchError for bytes that are cut off or garbled, so that they are asked for again."""
    for media, body in files:
        if "html" in media:
            if "</html>" not in _decode(body)[-2_000:].lower():
                raise FetchError("The page of the act is cut off.")
        else:
            _formex_root(body)


def _read_html(bodies: Sequence[bytes]) -> ActText:
    """One page, or the pages of an act in several parts, in order."""
    builder = OutlineBuilder()
    roots = []
    for body in bodies:
        text = _decode(body)
        if "</html>" not in text[-2_000:].lower():
            raise FetchError("The page of the act is cut off.")
        roots.append(_html_root(body, text))
        builder.add_all(html_blocks(roots[-1]))
    root = roots[0]
    outline = _checked(builder.finish(), root)
    said = _STATUS.search(_decode(bodies[0])[:_HEAD])
    return ActText(
        outline,
        said[1].casefold() if said else "verbatim",
        _first_date(_classed(root, "hd-date") or _classed(root, "title-doc-oj-reference")),
        _version(_classed(root, "reference")),
        _altered_by(root),
    )


def _checked(outline: Outline, root: etree._Element) -> Outline:
    """The outline, unless the page has none of the classes we know: then it is the page that changed."""
    if not outline.body:
        raise LayoutChanged("The page holds no text of an act.")
    known = {"doc-ti", "title-doc-first", "normal", "norm", "ti-art", "title-article-norm"}
    if not any(class_names(element) & known for element in root.iter() if is_element(element)):
        raise LayoutChanged("The page has none of the classes of the Official Journal or of consolidated texts.")
    articles = outline.count("article")
    headings = sum(1 for element in root.iter("{*}p", "p") if "title-article-norm" in class_names(element))
    enacting = any(element.get("id") == "enc_1" for element in root.iter("{*}div", "div"))
    if articles < headings or (enacting and not articles):
        raise LayoutChanged(f"The page shows {max(headings, 1)} articles or more, but {articles} can be told.")
    return outline


def _html_root(body: bytes, text: str) -> etree._Element:
    """XHTML by the strict parser; older HTML by the forgiving one."""
    try:
        return etree.fromstring(body.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        pass
    try:
        return lxml_html.document_fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise LayoutChanged(f"The page can't be read as HTML ({error}).") from error


def _decode(body: bytes) -> str:
    """The text in its declared encoding. Raises FetchError for broken bytes."""
    declared = re.search(rb"(?:encoding=|charset=)[\"']?([\w-]+)", body[:1_000])
    name = declared[1].decode() if declared else "utf-8"
    try:
        return body.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise FetchError(f"The bytes of the act are no {name} text.") from error


def _read_formex(bodies: Sequence[bytes]) -> ActText:
    roots = [_formex_root(body) for body in bodies]
    unknown = [str(root.tag) for root in roots if root.tag not in FORMEX_NAMES]
    if unknown:
        raise LayoutChanged(f"A Formex file begins with {unknown[0]!r}.", tag=unknown[0])
    builder = OutlineBuilder()
    builder.add_all(formex_blocks(roots))
    outline = builder.finish()
    if not outline.body:
        raise LayoutChanged("The Formex files hold no text of an act.")
    main = next((root for root in roots if root.tag in ("ACT", "CONS.ACT")), roots[0])
    info = main.find("INFO.CONSLEG")
    sequence = "" if info is None else (info.get("PROD.SEQ") or "")
    published = next((root.find("PUBLICATION.REF/DATE") for root in roots if root.tag == "DOC"), None)
    return ActText(
        outline,
        "verbatim",
        None if published is None else _compact_date(published.get("ISO") or ""),
        sequence.removesuffix(".0"),
        tuple(dict.fromkeys(found.text for found in main.iterfind(".//GR.MOD.ACT//NO.CELEX") if found.text)),
    )


def _formex_root(body: bytes) -> etree._Element:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise FetchError(f"A Formex file is cut off or broken ({error}).") from error


def _classed(root: etree._Element, name: str) -> str:
    for element in root.iter():
        if is_element(element) and name in class_names(element):
            return words(element)
    return ""


def _first_date(text: str) -> date | None:
    found = _OJ_DATE.search(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _compact_date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def _version(reference: str) -> str:
    found = _VERSION.search(reference)
    return found[1] if found else ""


def _altered_by(root: etree._Element) -> tuple[str, ...]:
    """What the header of a consolidated text lists under "Amended by" and "Corrected by"; ►B is the act itself."""
    found: dict[str, None] = {}
    for element in root.iter():
        if not is_element(element):
            continue
        classes = class_names(element)
        if "eli-container" in classes:
            break
        if local_name(element) == "p" and "arrow" in classes:
            for link in element.iter("{*}a", "a"):
                title = (link.get("title") or "").strip()
                if not re.search(r"\bB\b", words(link)) and _CELEX_TITLE.fullmatch(title):
                    found[title] = None
    return tuple(found)
