"""Fetched text made safe to show anywhere: a page, a terminal, a log."""

from __future__ import annotations

import re

# Control characters move cursors and forge lines; bidi overrides let a title rewrite its line (CVE-2021-42574).
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def safe_text(text: str) -> str:
    """The text without control and bidi-override characters; tabs and line feeds stay."""
    return _UNSAFE.sub("", text)
