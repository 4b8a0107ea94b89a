"""How Cellar is asked for a text and what its answers mean. Pure.

XHTML first (Official Journal, some consolidated versions), then HTML (most consolidated versions), then Formex as one
archive, then Formex as files; 404 and 406 mean "not in this form". Languages are ISO 639-2/T codes of three letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urljoin

from lxml import etree
from lxml import html as lxml_html

from crawlers.eu.acts import is_challenge
from crawlers.eu.dossier import unpack_files
from crawlers.facts import SourceFacts
from crawlers.refusals import refusal, server_name
from notices.errors import Blocked, CrawlError, FetchError, Gone, LayoutChanged

FORMS: tuple[str, ...] = (
    "application/xhtml+xml",
    "text/html",
    "application/zip;mtype=fmx4",
    "application/xml;type=fmx4",
)
LANGUAGE_CODES: Mapping[str, str] = {"en": "eng", "fr": "fra"}
MAX_PARTS = 400
_SMALL = 20_000
_STREAM = re.compile(r"/resource/cellar/[0-9a-f-]{36}[^\s\"'<>]*/DOC_\d+")


def text_url(celex: str) -> str:
    """The live address of an act in whatever form the headers ask for."""
    return f"http://publications.europa.eu/resource/celex/{quote(celex, safe='()')}"


def text_headers(form: str, language: str) -> dict[str, str]:
    """Headers that ask for one form in one language."""
    return {"Accept": form, "Accept-Language": LANGUAGE_CODES[language]}


def cellar_refusal(facts: SourceFacts, status: int, body: bytes, headers: Mapping[str, str]) -> CrawlError | None:
    """The error that an answer is, or None for a text, an archive or a list of parts (300)."""
    who = server_name(facts)
    if status in (202, 403) or is_challenge(body):
        return Blocked(f"{who} refuses us (a robot check)", status=status)
    if status == 406:
        return Gone(f"{who} has no such form (406)", status=status)
    if status not in (200, 300):
        return refusal(facts, status, body, headers)
    if not body.strip():
        return FetchError(f"{who} sent an empty answer", status=status)
    if status == 200 and len(body) < _SMALL and b"eli-" not in body and b"class=" not in body:
        return _small_page(facts, body, headers)
    return None


def _small_page(facts: SourceFacts, body: bytes, headers: Mapping[str, str]) -> CrawlError | None:
    """A short page without any class of an act may be a notice of maintenance."""
    fault = refusal(facts, 200, body, headers)
    return None if isinstance(fault, LayoutChanged) else fault


def check_form(form: str, headers: Mapping[str, str]) -> None:
    """Raise LayoutChanged when the answer is of another type than asked (RDF comes for ``*/*``)."""
    wanted, got = form.partition(";")[0], headers.get("content-type", "").partition(";")[0].strip()
    alike = {"application/xhtml+xml", "text/html"}
    if got != wanted and not {got, wanted} <= alike and not (wanted == "application/xml" and got == "text/xml"):
        raise LayoutChanged(f"Asked for {wanted}, got {got or 'no type'}.", form=form)


def part_addresses(body: bytes, base: str) -> tuple[str, ...]:
    """The addresses on a page of 300 Multiple Choices, each once, in order. Raises LayoutChanged without any."""
    try:
        root = lxml_html.document_fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise LayoutChanged("The list of parts can't be read.") from error
    found = dict.fromkeys(
        urljoin(base, link.get("href") or "")
        for link in root.iter("a", "{*}a")
        if _STREAM.search(link.get("href") or "")
    )
    if not 0 < len(found) <= MAX_PARTS:
        raise LayoutChanged(f"The list of parts names {len(found)} parts.")
    return tuple(found)


def archive_files(body: bytes) -> Sequence[tuple[str, bytes]]:
    """The XML files of a Formex archive under plain names. Raises FetchError, LayoutChanged for one without any."""
    files = [(_plain_name(name, at), data) for at, (name, data) in enumerate(unpack_files(body))]
    kept = [(name, data) for name, data in files if name.lower().endswith(".xml")]
    if not kept:
        raise LayoutChanged("The Formex archive holds no XML file.")
    return kept


def _plain_name(name: str, position: int) -> str:
    """A file name without folders or odd characters; the position keeps the names apart and in order."""
    return f"{position:03d}-{re.sub(r'[^A-Za-z0-9._()-]', '_', name.rpartition('/')[2])[:120]}"
