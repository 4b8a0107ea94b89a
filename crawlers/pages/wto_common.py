"""What the web API, the official API and the workbook of ePing share, so that all three give identical values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from crawlers.facts import SourceFacts
from notices.errors import UnexpectedValue
from notices.identity import wto_id
from notices.model import Kind, Link, LinkRole, Relation, RelationType
from notices.symbols import Symbol, parse_symbol, parse_symbol_list

_SEARCH = "https://eping.wto.org/en/Search?viewData="
_LANGUAGES = {"e": "en", "f": "fr", "s": "es"}  # _x is "another language", which the address does not name
_FILE_LANGUAGE = re.compile(r"_([efsx])\.\w{2,5}$", re.IGNORECASE)
_STAMP = re.compile(r"[?&]v=\d+$")
_URL_START = re.compile(r"\s*[,;\s]\s*(?=https?://)")
_BY_SUFFIX = {
    "Add": RelationType.AMENDS,
    "Corr": RelationType.CORRECTS,
    "Rev": RelationType.REVISES,
    "Suppl": RelationType.SUPPLEMENTS,
}
_OBJECTIVES = (
    "Protection of human health or safety",
    "Protection of animal or plant life or health",
    "Protection of the environment",
    "Prevention of deceptive practices and consumer protection",
    "Consumer information, labelling",
    "Quality requirements",
    "Harmonization",
    "Reducing trade barriers and facilitating trade",
    "Cost saving and productivity enhancement",
    "National security requirements",
    "Not specified",
    "Other",
)
"""ePing's vocabulary (reference: form of G/TBT/35); one of them holds a comma, so a list is never split on commas."""

_DOMAIN = " (TBT)"
_KNOWN_OBJECTIVE = re.compile(
    "|".join(rf"{re.escape(name)}(?:\s*\(TBT\))?" for name in sorted(_OBJECTIVES, key=len, reverse=True))
    + r"|[^,;\n][^;\n]*?\(TBT\)",
    re.IGNORECASE,
)
_CANONICAL = {name.casefold(): name + _DOMAIN for name in _OBJECTIVES}
KNOWN_OBJECTIVES = frozenset(_CANONICAL.values())


def read_symbols(text: object) -> tuple[Symbol, ...]:
    """The symbol list of a document, blanks and all. Raises UnexpectedValue."""
    try:
        return parse_symbol_list(str(text or ""))
    except ValueError as error:
        raise UnexpectedValue(f"documentSymbol: {error}", value=str(text)[:200]) from error


def kind_of(text: str | None, facts: SourceFacts) -> Kind:
    """The kind that a notification type names. Raises UnexpectedValue."""
    kind = facts.kinds.get(" ".join((text or "").split()).casefold())
    if kind is None:
        raise UnexpectedValue(f"Unknown notification type {text!r}.", value=text)
    return kind


def skip_area(area: str, facts: SourceFacts) -> bool:
    """Whether records of this area are left out on purpose. Raises UnexpectedValue for an unknown area."""
    rule = facts.areas.get(area.strip().upper())
    if rule is None:
        raise UnexpectedValue(f"Unknown area {area!r}.", value=area)
    return rule == "skip"


def objective(text: str) -> str:
    """One objective in ePing's own spelling: "Quality requirements (TBT)"; an unknown one as it stands."""
    bare = re.sub(r"\s*\(TBT\)$", "", text.strip(), flags=re.IGNORECASE)
    return _CANONICAL.get(bare.casefold(), text.strip())


def split_objectives(text: str | None) -> tuple[str, ...]:
    """The objectives of a comma-joined cell; "Consumer information, labelling" stays whole."""
    left, found = text or "", []
    while left := left.lstrip(" ,;\n"):
        match = _KNOWN_OBJECTIVE.match(left)
        if match is None or (match.end() < len(left) and left[match.end()] not in " ,;\n"):
            following = re.search(r"[,;\n]\s*(?=" + _KNOWN_OBJECTIVE.pattern + ")|[;\n]|$", left, re.IGNORECASE)
            end = following.start() if following else len(left)
        else:
            end = match.end()
        found.append(objective(left[:end].strip()))
        left = left[end:]
    return tuple(sorted(set(filter(None, found))))


def relations_of(symbols: Sequence[Symbol]) -> tuple[Relation, ...]:
    """What an Add, Corr, Rev or Suppl changes: the notice one suffix shorter. Empty for a base symbol."""
    parent = symbols[0].parent
    if parent is None:
        return ()
    suffix = symbols[0].suffixes[-1][0]
    return (Relation(_BY_SUFFIX[suffix], wto_id((parse_symbol(parent),))),)


def source_link(symbols: Sequence[Symbol]) -> Link:
    """ePing's own page of the notice."""
    return Link(_SEARCH + quote(str(symbols[0]), safe=""), LinkRole.SOURCE)


def form_links(*addresses: str | None) -> tuple[Link, ...]:
    """The notification form; time stamps in the address are dropped."""
    clean = {_STAMP.sub("", address.strip()) for address in addresses if address and address.strip()}
    return tuple(sorted(Link(address, LinkRole.FORM) for address in clean if _is_web(address)))


def attachments_of(text: str | None) -> tuple[Link, ...]:
    """The notified documents out of a comma- or line-joined list, with the language that the file name tells."""
    addresses = {_STAMP.sub("", (part.split() or [""])[0].strip(",;")) for part in _URL_START.split(text or "")}
    return tuple(
        sorted(Link(address, LinkRole.DOCUMENT, None, _language(address)) for address in addresses if _is_web(address))
    )


def _language(address: str) -> str | None:
    match = _FILE_LANGUAGE.search(address.partition("?")[0])
    return _LANGUAGES.get(match[1].lower()) if match else None


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://")) and len(address) <= 2000


def split_codes(text: str | None) -> tuple[str, ...]:
    """Codes of one cell or text field, verbatim, each once, sorted."""
    parts = {" ".join(part.split()) for part in re.split(r"[,;\n]", text or "")}
    return tuple(sorted(filter(None, parts)))
