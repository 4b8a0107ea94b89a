"""``tongbo up``: the pages and, beside them, the chain; the chain may end, the pages may not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType

from rich.console import Console

from settings import Settings

START_TIMEOUT_S = 60
STOP_GRACE_S = 20
LOOK_EVERY_S = 0.5


def up(settings: Settings, console: Console) -> int:
    """Serve and crawl until stopped; gives the exit code. Children never outlive this call."""
    signal.signal(signal.SIGTERM, _leave)
    children: list[subprocess.Popen[bytes]] = []
    try:
        server = _start(children, "serve")
        if not _answers(settings, server):
            console.print("tongbo: the server did not start; its own message stands above", markup=False)
            return 1
        console.print(f"Tongbo serves on {settings.address} (Ctrl-C ends it)", markup=False)
        chain = _start(children, "crawl", "--index")
        return _watch(server, chain, console)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)


def _start(children: list[subprocess.Popen[bytes]], *words: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen([sys.executable, "-m", "cli", *words])  # noqa: S603 - our own interpreter and module
    children.append(child)
    return child


def _answers(settings: Settings, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers /healthz; False when it died or took too long."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1" if settings.host == "0.0.0.0" else settings.host, settings.port, 2)  # noqa: S104 - asks, does not listen
        with suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return True
        connection.close()
        with suppress(subprocess.TimeoutExpired):
            server.wait(LOOK_EVERY_S)
    return False


def _watch(server: subprocess.Popen[bytes], chain: subprocess.Popen[bytes], console: Console) -> int:
    """Until the server ends. A chain that failed is said; the pages go on with what there is."""
    told = False
    while server.poll() is None:
        if not told and chain.poll() is not None:
            told = True
            state = (
                "everything is in" if chain.returncode == 0 else "not everything could be read: see `tongbo sources`"
            )
            console.print(f"Crawl ended; {state}. Serving goes on.", markup=False)
        with suppress(subprocess.TimeoutExpired):
            server.wait(LOOK_EVERY_S)
    return server.returncode


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _leave(signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
