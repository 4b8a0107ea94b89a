"""HTML in a field → plain text, once and for good: offsets of findings point into what this gives."""

from __future__ import annotations

import html
import re

import nh3

LIMIT = 500_000
"""Characters of one field that we keep; a longer one is cut (hostile or broken)."""

_TAGS = (
    "a|abbr|address|article|b|big|blockquote|body|br|caption|center|code|col|dd|del|div|dl|dt|em|embed|font|form|"
    "h[1-6]|head|hr|html|i|iframe|img|input|ins|li|link|mark|meta|o:p|object|ol|p|pre|q|s|script|section|small|span|"
    "strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul"
)
# A tag that HTML knows, a comment, or an entity: "the limit is <5 mg" and "AT&T" are text.
_MARKUP = re.compile(
    rf"</?(?:{_TAGS})(?:[\s/][^<>]*)?>|<!--|&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]{{1,30}});", re.IGNORECASE
)
_BLOCK = re.compile(
    r"</?(?:address|article|blockquote|br|caption|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|tbody|td|"
    r"tfoot|th|thead|tr|ul)(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff]")


def plain_text(value: str | None) -> str | None:
    """The text without markup, entities decoded once, every run of white space one blank; None when nothing is left.

    Already plain text goes through unchanged but for white space, so the ``…Plain`` twins, the HTML fields and the
    workbook's cells of one record give the same text.
    """
    if value is None:
        return None
    text = value[:LIMIT]
    if _MARKUP.search(text):
        text = nh3.clean(_BLOCK.sub(" ", text), tags=set(), strip_comments=True)
        text = html.unescape(text)
    return " ".join(_INVISIBLE.sub("", text).split()) or None
