"""Which language a page speaks: `?lang=`, then the cookie, then what the browser accepts."""

from __future__ import annotations

import re

from starlette.requests import Request

from api.messages import Lang

COOKIE = "lang"
COOKIE_DAYS = 365
_RANGE = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)


def language_of(request: Request) -> Lang:
    """The language of a request; English when nothing says otherwise."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wanted in tuple(Lang):
            return Lang(wanted)
    return accepted(request.headers.get("accept-language", ""))


def accepted(header: str) -> Lang:
    """The better liked of our languages in an Accept-Language header (RFC 9110 §12.5.4); English in doubt."""
    likes: dict[str, float] = {}
    for part in header[:1000].split(","):
        match = _RANGE.fullmatch(part)
        if match:
            likes.setdefault(match[1].lower(), float(match[2] or 1))
    return Lang.KO if likes.get("ko", 0) > likes.get("en", 0) else Lang.EN
