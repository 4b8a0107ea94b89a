"""Case, width and compatibility forms folded away, with a way back to the original offsets."""

from __future__ import annotations

import re
import unicodedata

# A base character with all that composes onto it: combining marks, Hangul vowels and finals, halfwidth kana voicing.
_CLUSTER = re.compile(
    r".[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e"
    r"\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f"
    r"\u00ad\u200c\u200d\u2060]*",
    re.DOTALL,
)
# One for one, so offsets stay: dashes to "-", quotes to "'" and '"', blanks, signs and direction marks to " ".
_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2018\u2019\u201b\u2032\uff07\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u2026\u2022\u00b7\u00a7", " "),
    **dict.fromkeys("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff", " "),
    **dict.fromkeys("\u00ae\u2122\u00a9\u2120\u2264\u2265", " "),
}
_IGNORED = re.compile("[\u00ad\u200c\u200d\u2060]")  # soft hyphen, zero-width joiners
_ODD = re.compile("[" + "".join(_PLAIN) + "]")


def _straighten(match: re.Match[str]) -> str:
    return _PLAIN[match[0]]


def fold(text: str) -> tuple[str, list[int] | None]:
    """The text in NFKC and casefolded, with plain dashes, quotes and blanks.

    The second value maps each folded character to where its cluster begins in the original text (one entry more than
    characters, the last is the text's length); None when every offset is the same.
    """
    if text.isascii():
        return text.lower(), None
    plain = _ODD.sub(_straighten, text)
    ignored = _IGNORED.search(plain) is not None
    if not ignored and unicodedata.is_normalized("NFKC", plain):
        folded = plain.casefold()
        # Folding never shrinks a character, so an equal length means one for one; but it can undo NFKC (U+1E9E).
        if len(folded) == len(text) and unicodedata.is_normalized("NFKC", folded):
            return folded, None
    pieces: list[str] = []
    origin: list[int] = []
    for match in _CLUSTER.finditer(plain):
        cluster = _IGNORED.sub("", match[0]) if ignored else match[0]
        piece = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
        pieces.append(piece)
        origin.extend([match.start()] * len(piece))
    origin.append(len(text))
    return "".join(pieces), origin


def original_span(origin: list[int] | None, start: int, end: int) -> tuple[int, int]:
    """Where a non-empty folded stretch stands in the original text: whole clusters, never empty."""
    if origin is None:
        return start, end
    first, last = origin[start], origin[end - 1]
    follow = end
    while origin[follow] == last:
        follow += 1
    return first, origin[follow]


def strip_marks(word: str) -> str:
    """Accents off Latin and Greek letters, vowel points and tatweel off Arabic ones; other scripts stay as they are."""
    if word.isascii():
        return word
    if "\u0600" <= word[0] <= "\u06ff":
        return re.sub("[\u0610-\u061a\u0640\u064b-\u065f\u0670]", "", word)
    if word[0] > "\u03ff" and not "\u1e00" <= word[0] <= "\u1fff":
        return word
    bare = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("æ", "ae")
