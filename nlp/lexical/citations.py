"""Codes and citations whose parts stand apart: one exact token each, the same for every spelling.

Symbols ("g/tbt/n/usa/1364/add.5"), Federal Register and CFR citations ("89fr375", "40cfr52.21"), standards
("iec62133-2", "un38.3"). Everything here reads folded text (lower case, plain dashes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SYMBOL = re.compile(
    r"(?<![a-z0-9])(?:g ?/ ?)?(tbt|sps) ?/ ?n ?/ ?([a-z]{2,4}) ?/ ?0*(\d{1,6})"
    r"((?: ?/ ?(?:rev|add|corr|suppl) ?\.? ?\d{1,3})*)"
    r"(?![a-z0-9])"
)
_SUFFIX = re.compile(r"(rev|add|corr|suppl) ?\.? ?0*(\d{1,3})")
_FR = re.compile(
    r"(?<![\w.])(\d{2,3}) ?(?:f\.? ?r\.?|fed\. ?reg\.?|fed reg|federal register(?: ?\(fr\))?) ?"
    r"(\d{1,3}(?:,\d{3})|\d{1,6})(?!\d)"
)
_CFR = re.compile(r"(?<![\w.])(\d{1,2}) ?c\.? ?f\.? ?r\.? *(?:parts? |sections? )?(\d{1,4})((?:\.\d{1,4})?)(?!\d)")
_BODIES = (
    r"iso/iec/ieee|iso/iec|iso/tr|iso/ts|iso|iec|bs en|din en|nf en|ks c iec|en iso|en|astm|jis|gb/t|gb/z|gb|ks|din|bs|"
    r"etsi|ansi|ieee|nfpa|sae|cispr|asme|csa|sni|tcvn|gost|nom|nbr|ul|as/nzs|nzs|pns|sans|saso|gso|nmx|iram|cns"
)
_STANDARD = re.compile(
    rf"(?<![a-z0-9])({_BODIES})[ \-]?((?:[a-z] ?)?(?:en |iec |iso )?(?:std )?(?:tr |ts )?)"
    rf"(\d{{2,6}}(?:[-.]\d{{1,5}})*)(?:[:\-](19|20)\d\d)?(?![a-z0-9])"
)
_UN = re.compile(r"(?<![a-z0-9/])(un|unece|un/ece|ece) ?(?:no\.? ?)?(38\.\d|r ?\d{1,3}|\d{4})(?![\d.]*\d)")

TRIGGER = re.compile(
    rf"(?:g/)?(?:tbt|sps)(?![a-z])|(?:{_BODIES}|tbt|sps|fr|f\.r|fed|cfr|c\.f\.r|un|unece|ece)(?![a-z])|\d+-?c?fr(?![a-z])"
)
"""Matches where a chunk may begin or carry a citation; a text without such a chunk needs no second look."""


def citation_tokens(folded: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start, end, exact tokens, the most exact first) of every citation in folded text; some may overlap."""
    for match in _SYMBOL.finditer(folded):
        base = f"g/{match[1]}/n/{match[2]}/{match[3]}"
        whole = base + "".join(f"/{name}.{number}" for name, number in _SUFFIX.findall(match[4]))
        yield match.start(), match.end(), tuple(dict.fromkeys((whole, base)))
    for match in _FR.finditer(folded):
        yield match.start(), match.end(), (f"{match[1]}fr{match[2].replace(',', '').lstrip('0') or '0'}",)
    for match in _CFR.finditer(folded):
        yield (
            match.start(),
            match.end(),
            tuple(dict.fromkeys((f"{match[1]}cfr{match[2]}{match[3]}", f"{match[1]}cfr{match[2]}"))),
        )
    for match in _STANDARD.finditer(folded):
        number = match[3]
        body = re.sub(r"[ \-]", "", match[1] + match[2])
        tokens = [body + number]
        if "-" in number:
            tokens.append(body + number.split("-")[0])
        yield match.start(), match.end(), tuple(tokens)
    for match in _UN.finditer(folded):
        yield match.start(), match.end(), ("un" + match[2].replace(" ", ""),)
