"""The grammar of WTO notification symbols.

``G/TBT/N/<M>/<n>`` and then any of ``/Rev.<n>``, ``/Add.<n>``, ``/Corr.<n>``, ``/Suppl.<n>``, stackable in order.
M is 2 to 4 capitals: ISO 3166-1 alpha-3 mostly, EU (formerly EEC), TPKM (Chinese Taipei), HKG, MAC.
The family key is the symbol without its suffixes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUFFIX_NAMES = {"rev": "Rev", "add": "Add", "corr": "Corr", "suppl": "Suppl"}
_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9])G\s*/\s*(?P<body>TBT|SPS)\s*/\s*N\s*/\s*(?P<member>[A-Z]{2,4})\s*/\s*(?P<number>\d{1,6})"
    r"(?P<suffixes>(?:\s*/\s*(?:Rev|Add|Corr|Suppl)\s*\.?\s*\d{1,3})*)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"/\s*(Rev|Add|Corr|Suppl)\s*\.?\s*(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Symbol:
    """One parsed symbol; ``str()`` gives its normal spelling."""

    body: str  # TBT or SPS
    member: str
    number: int
    suffixes: tuple[tuple[str, int], ...] = ()  # (("Rev", 1), ("Add", 2))

    def __str__(self) -> str:
        tail = "".join(f"/{name}.{number}" for name, number in self.suffixes)
        return f"{self.base}{tail}"

    @property
    def base(self) -> str:
        """The family key: the symbol without suffixes."""
        return f"G/{self.body}/N/{self.member}/{self.number}"

    @property
    def parent(self) -> str | None:
        """The symbol one suffix shorter, or None for a base symbol."""
        if not self.suffixes:
            return None
        return str(Symbol(self.body, self.member, self.number, self.suffixes[:-1]))


def _symbol(match: re.Match[str]) -> Symbol:
    suffixes = tuple((_SUFFIX_NAMES[name.lower()], int(number)) for name, number in _SUFFIX.findall(match["suffixes"]))
    return Symbol(match["body"].upper(), match["member"].upper(), int(match["number"]), suffixes)


def parse_symbol(text: str) -> Symbol:
    """The one symbol that the text is, whatever its case and blanks. Raises ValueError."""
    match = _SYMBOL.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a WTO notification symbol: {text!r}")
    return _symbol(match)


def parse_symbol_list(text: str) -> tuple[Symbol, ...]:
    """The symbols of a document's symbol list (", " between them), in the order given, each once. Raises ValueError."""
    parts = [part for part in re.split(r"[,;\n]", text) if part.strip()]
    if not parts:
        raise ValueError(f"empty symbol list: {text!r}")
    return tuple(dict.fromkeys(parse_symbol(part) for part in parts))


def find_symbols(text: str) -> list[tuple[int, int, Symbol]]:
    """Every symbol inside running text as (start, end, symbol)."""
    return [(match.start(), match.end(), _symbol(match)) for match in _SYMBOL.finditer(text)]
