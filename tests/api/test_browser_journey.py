"""A person's way through the pages in a real browser: search, notice, sources; wide and on a phone."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app

pytestmark = pytest.mark.external("browser")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def address(world) -> Iterator[str]:
    """The application of the shared world on a loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        create_app(world.services), host="127.0.0.1", port=port, log_level="warning", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        path = os.environ.get("TONGBO_TEST_BROWSER", "/usr/bin/chromium")
        launched = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield launched
        launched.close()


def open_page(browser: Browser, width: int, lang: str) -> tuple[Page, list[str]]:
    """A fresh page that notes every console message, failed request and request to another host."""
    page = browser.new_context(viewport={"width": width, "height": 850}, locale=lang).new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("request", lambda request: None if "127.0.0.1" in request.url else faults.append(request.url))
    return page, faults


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(("lang", "nothing_lost"), [("ko-KR", "의견 마감 D-29"), ("en-US", "29 days left")])
@pytest.mark.parametrize("width", [1280, 390])
def test_search_notice_sources_without_faults_or_sideways_scrolling(address, browser, width, lang, nothing_lost):
    page, faults = open_page(browser, width, lang)
    page.goto(address)
    assert overflow(page) <= 0
    page.fill("input[name=q]", "lithium battery")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit mark")
    assert overflow(page) <= 0
    page.click(".hit h3 a")
    page.wait_for_selector(".detail h1")
    assert nothing_lost in page.inner_text(".status")
    assert overflow(page) <= 0
    page.click("nav a[href='/sources']")
    page.wait_for_selector(".ledger")
    assert overflow(page) <= 0
    page.click("a.language")
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == ("en" if lang == "ko-KR" else "ko")
    page.goto(f"{address}/docs")
    assert overflow(page) <= 0
    assert faults == []
    page.context.close()


def test_a_hostile_title_runs_nothing(address, browser):
    page, faults = open_page(browser, 1280, "en-US")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{address}/notices/wto:G~TBT~N~EU~7007")
    page.hover("h1")
    assert "<script>" in page.inner_text("h1")
    assert (dialogs, faults) == ([], [])
    page.context.close()


def test_everything_can_be_reached_by_keyboard(address, browser):
    page, _ = open_page(browser, 1280, "en-US")
    page.goto(f"{address}/?q=batter*")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _step in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("(document.activeElement.getAttribute('href') || document.activeElement.name || '')"))
    assert {"q", "/sources"} <= reached
    assert any(each.startswith("/notices/") for each in reached)
    assert any("market=" in each for each in reached)
    page.context.close()
