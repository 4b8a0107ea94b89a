"""What of a document is indexed: token streams per scoring field, and code prefixes. Both engines use exactly this."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from index.plan import FIELD_OF, FIELD_WEIGHTS
from nlp.lexical.analysis import ANALYSIS_VERSION, tokens
from notices.model import Provenance
from notices.search import CodeFilter, CodeTag, IndexDocument

SHAPE_VERSION = 3
"""Raise it when what is indexed changes shape: every index is then built anew."""

ANALYSIS = f"{ANALYSIS_VERSION}/{SHAPE_VERSION}"
"""``Generation.analysis``: an index of another one does not serve and must be built anew."""


class Match(StrEnum):
    """How a code filter holds."""

    DIRECT = "direct"
    BROAD = "broad"


def field_texts(document: IndexDocument) -> dict[str, str]:
    """Each model field's text, its passages joined in order by a line break."""
    texts: dict[str, list[str]] = {}
    for passage in sorted(document.passages, key=lambda passage: (passage.field, passage.start)):
        texts.setdefault(passage.field, []).append(passage.text)
    return {name: "\n".join(parts) for name, parts in texts.items()}


def streams(document: IndexDocument) -> dict[str, list[list[str]]]:
    """Scoring field → one token list per model field that counts as it. All of :data:`FIELD_WEIGHTS` are keys.

    Main tokens stand as in the text and carry phrases; other spellings (8507.60 as 850760) follow them. An engine
    leaves a gap between the lists, so that no phrase crosses from one model field to the next.
    """
    found: dict[str, list[list[str]]] = {name: [] for name in FIELD_WEIGHTS}
    for name, text in field_texts(document).items():
        found[scoring_field(name)].append(tokens(text))
    return found


def scoring_field(name: str) -> str:
    """The scoring field that a model field counts as."""
    return FIELD_OF.get(name, "body")


def hs_prefixes(code: str) -> tuple[str, ...]:
    """The code and every broader one, broadest first: "850760" gives ("85", "8507", "850760")."""
    return (*(code[:width] for width in range(2, len(code), 2)), code)


def ics_prefixes(code: str) -> tuple[str, ...]:
    """The code and every broader one, broadest first: "29.220.10" gives ("29", "29.220", "29.220.10")."""
    parts = code.split(".")
    return tuple(".".join(parts[:count]) for count in range(1, len(parts) + 1))


@lru_cache(maxsize=50_000)
def code_prefixes(system: str, code: str) -> tuple[str, ...]:
    """:func:`hs_prefixes` or :func:`ics_prefixes` by system "hs" or "ics"."""
    return hs_prefixes(code) if system == "hs" else ics_prefixes(code)


def match_code(system: str, wanted: CodeFilter, tag: CodeTag) -> Match | None:
    """How a document's code answers a filter: direct (it or below), broad (above), or not at all."""
    if tag.provenance is Provenance.INFERRED and not wanted.inferred:
        return None
    if tag.code == wanted.code:
        return Match.DIRECT
    if wanted.exact:
        return None
    if wanted.code in code_prefixes(system, tag.code):
        return Match.DIRECT
    return Match.BROAD if tag.code in code_prefixes(system, wanted.code) else None


def best_match(system: str, wanted: Iterable[CodeFilter], tags: Iterable[CodeTag]) -> tuple[Match, str] | None:
    """The best way in which any tag answers any filter, with the tag's code; direct before broad."""
    broad: tuple[Match, str] | None = None
    tags = tuple(tags)
    for each in wanted:
        for tag in tags:
            match = match_code(system, each, tag)
            if match is Match.DIRECT:
                return match, tag.code
            if match is Match.BROAD and broad is None:
                broad = match, tag.code
    return broad


def document_fingerprint(document: IndexDocument) -> str:
    """A hash of all that is indexed of a document; verify compares it with the store's."""
    digest = sha256()
    for part in (
        (document.notice_id, document.revision, document.family, document.source, document.kind, document.title),
        document.markets,
        document.sectors,
        document.symbols,
        document.identifiers,
        tuple((tag.code, str(tag.provenance)) for tag in document.hs),
        tuple((tag.code, str(tag.provenance)) for tag in document.ics),
        (document.published_on, document.comment_until, document.valid_from, document.valid_until),
        tuple((each.field, each.start, each.end, each.heading_path, each.text) for each in document.passages),
    ):
        digest.update("\x1f".join(str(value) for value in part).encode())
        digest.update(b"\x1e")
    return digest.hexdigest()[:32]
