"""Templates, and what makes fetched text safe and readable in them."""

from __future__ import annotations

import hashlib
import re
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.messages import Lang, known, say
from api.safe_text import safe_text
from api.services import Services
from api.web.language import COOKIE, COOKIE_DAYS, language_of
from notices.search import Highlight

HERE = Path(__file__).parent
_STATIC = HERE.parent / "static"


def clean(value: object) -> object:
    """What every expression of a template passes through before it is escaped."""
    if isinstance(value, Markup):
        return Markup(safe_text(value))  # noqa: S704 - it was Markup before
    return safe_text(value) if isinstance(value, str) else value


def marked(highlight: Highlight) -> Markup:
    """The stretch of text with its matches in ``<mark>``; everything in it is escaped."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(highlight.marks):
        if spans and start <= spans[-1][1]:  # bigrams of Chinese touch: one mark, not two
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    text, parts, done = highlight.text, [], 0
    for start, end in spans:
        parts += [escape(text[done:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
        done = end
    return Markup("").join([*parts, escape(text[done:])])


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a plain text."""
    return [part.strip() for part in re.split(r"\n\s*\n|\n", text or "") if part.strip()]


@cache
def environment() -> Environment:
    """The one Jinja environment: everything escaped, nothing undefined."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=clean,
    )
    env.filters.update(marked=marked, paragraphs=paragraphs)
    env.globals["asset"] = asset
    return env


@cache
def asset(name: str) -> str:
    """The address of a static file; its hash makes browsers take a new one."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def page(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **context: object
) -> HTMLResponse:
    """Render a page in the request's language. A `?lang=` is remembered in a cookie."""
    services: Services = request.app.state.services
    lang = language_of(request)
    html = environment().get_template(template).render(
        lang=lang,
        t=partial(say, lang),
        known=partial(known, lang),
        replayed=services.replayed,
        other_language=_other_language(request, lang),
        path=request.url.path,
        **context,
    )  # fmt: skip
    response = HTMLResponse(
        html, status, {"vary": "Accept-Language, Cookie", "cache-control": "no-cache", **(headers or {})}
    )
    response.headers["content-language"] = lang
    if request.query_params.get("lang") == lang:
        response.set_cookie(COOKIE, lang, COOKIE_DAYS * 86_400, httponly=True, samesite="lax")
    return response


def _other_language(request: Request, lang: Lang) -> str:
    """The same page in the other language."""
    other = Lang.EN if lang is Lang.KO else Lang.KO
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"?{urlencode([*kept, ('lang', str(other))])}"
