"""Live addresses and their twins on a mirror."""

from typing import Protocol

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawlers.facts import all_facts
from crawlers.mirror import LIVE_BASES, PREFIXES, MirrorMiddleware, is_loopback, to_live, to_mirror

MIRROR = "http://127.0.0.1:8900"


class _Replay(Protocol):
    def get(self, path: str) -> dict[str, dict[str, str]]: ...


@pytest.mark.parametrize(
    ("live", "mirrored"),
    [
        ("https://eping.wto.org/api/v1/x?a=1&b=%2F", f"{MIRROR}/eping/api/v1/x?a=1&b=%2F"),
        ("https://www.federalregister.gov/api/v1/documents.json", f"{MIRROR}/federalregister/api/v1/documents.json"),
        ("https://api.wto.org/eping/members", f"{MIRROR}/wtoapi/eping/members"),
    ],
)
def test_a_live_address_goes_to_the_mirror_and_back(live: str, mirrored: str) -> None:
    assert to_mirror(live, MIRROR) == mirrored
    assert to_live(mirrored, MIRROR) == live
    assert to_mirror(mirrored, MIRROR) == mirrored
    assert to_live(live, MIRROR) == live
    assert to_live(live, None) == live


def test_every_source_can_be_found_on_a_mirror() -> None:
    assert all(to_mirror(facts.url, MIRROR) for facts in all_facts())


def test_with_a_mirror_nothing_leaves_for_other_hosts() -> None:
    middleware = MirrorMiddleware(MIRROR)
    with pytest.raises(IgnoreRequest):
        middleware.process_request(Request("https://example.org/x"))
    rewritten = middleware.process_request(Request("https://eping.wto.org/x"))
    assert rewritten is not None
    assert rewritten.url == f"{MIRROR}/eping/x"
    assert middleware.process_request(rewritten) is None


@pytest.mark.parametrize(("url", "near"), [(MIRROR, True), ("http://localhost:1", True), ("https://m.example", False)])
def test_only_this_machine_is_loopback(url: str, near: bool) -> None:
    assert is_loopback(url) is near


@pytest.mark.external("replay")
def test_the_table_is_the_replays_own(replay: _Replay) -> None:
    hosts = replay.get("/__hosts")
    assert hosts == {"hosts": PREFIXES, "live": LIVE_BASES}
