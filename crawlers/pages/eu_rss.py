"""EUR-Lex RSS of new acts: a second signal beside SPARQL, never a record of its own. Pure.

``pubDate`` is local midnight ("+0200"): the day in UTC would be the one before. ``xmlns:dc`` stands on ``<channel>``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime

from lxml import etree

from crawlers.eu.acts import is_challenge
from notices.errors import Blocked, FetchError, LayoutChanged

FEEDS = {"222": "Official Journal L", "162": "Parliament and Council legislation"}
URL = "https://eur-lex.europa.eu/EN/display-feed.rss?rssId={}"
_CELEX = re.compile(r"CELEX:([0-9A-Z()]+)")


@dataclass(frozen=True, slots=True)
class Announced:
    """An act that the feed lists."""

    celex: str
    published_on: date | None
    title: str


def read_feed(body: bytes) -> tuple[Announced, ...]:
    """What a feed lists. Raises Blocked for the robot check, FetchError for cut bytes, LayoutChanged for no RSS."""
    if is_challenge(body):
        raise Blocked("EUR-Lex answered with a robot check instead of its feed.")
    try:
        root = etree.fromstring(body.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise FetchError(f"The feed is cut off or broken ({error}).") from error
    if root.tag != "rss" or root.find("channel") is None:
        raise LayoutChanged("The answer is no RSS feed.", tag=str(root.tag))
    found = {}
    for item in root.iterfind("channel/item"):
        title = " ".join((item.findtext("title") or "").split())
        celex = _CELEX.search(title) or _CELEX.search(item.findtext("link") or "")
        if celex:
            words = title.partition(": ")[2] if title.startswith("CELEX:") else title
            found[celex[1]] = Announced(celex[1], _local_day(item.findtext("pubDate")), words)
    if root.find("channel/item") is None and root.find("channel/title") is None:
        raise LayoutChanged("The feed has neither title nor items.")
    return tuple(found.values())


def _local_day(text: str | None) -> date | None:
    try:
        return parsedate_to_datetime(text or "").date()
    except ValueError:
        return None
