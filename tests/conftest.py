"""Fixtures that every room shares: where the servers beside the clone are, and what must not be missing.

A test marked ``external("replay")`` and the like is skipped when its server does not answer, and fails instead when
``TONGBO_TEST_REQUIRE`` names it (.ci/run does). Sockets are limited to loopback for every test.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

# Properties are tried on the same examples in CI every time, on new ones at every desk (what a desk finds: a test).
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "desk")

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"

ADDRESSES = {
    "replay": ("TONGBO_TEST_REPLAY_URL", "http://127.0.0.1:8900"),
    "elasticsearch": ("TONGBO_TEST_ES_URL", "http://127.0.0.1:9200"),
    "elasticsearch-secure": ("TONGBO_TEST_ES_SECURE", ""),
    "postgres": ("TONGBO_TEST_POSTGRES_URL", ""),
    "browser": ("TONGBO_TEST_BROWSER", "/usr/bin/chromium"),
    "models": ("TONGBO_TEST_MODELS", ""),
}


@dataclass(frozen=True)
class Replay:
    """A running replay server and its levers."""

    url: str

    def post(self, path: str, body: object) -> object:
        """POST JSON, e.g. ``post("/__clock", {"date": "2024-02-01"})``."""
        request = Request(self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def get(self, path: str) -> object:
        """GET JSON."""
        with urlopen(self.url + path, timeout=60) as answer:
            return json.load(answer)

    def delete(self, path: str) -> None:
        """DELETE, e.g. ``/__fault``."""
        with urlopen(Request(self.url + path, method="DELETE"), timeout=60):
            pass


def required() -> frozenset[str]:
    """What may not be missing in this run."""
    names = os.environ.get("TONGBO_TEST_REQUIRE", "")
    return frozenset(name.strip() for name in names.split(",") if name.strip())


def address(name: str) -> str:
    """Where a thing beside the clone should be; "" when nobody said."""
    variable, default = ADDRESSES[name]
    return os.environ.get(variable, default)


def answers(url: str) -> bool:
    """True when something listens at the url's host and port."""
    parts = urlsplit(url)
    if not parts.hostname or not parts.port:
        return False
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=2):
            return True
    except OSError:
        return False


def present(name: str) -> bool:
    """True when the named thing beside the clone can be used now."""
    where = address(name)
    if name == "browser":
        return Path(where).exists()
    if name == "models":
        return bool(where) and Path(where).is_dir()
    if name == "elasticsearch-secure":
        return bool(where) and answers(json.loads(where)["url"])
    return bool(where) and answers(where)


_PRESENT: dict[str, bool] = {}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Loopback only; skip or fail what needs a server that is not there."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    for marker in item.iter_markers("external"):
        for name in marker.args:
            if name not in _PRESENT:
                _PRESENT[name] = present(name)
            if not _PRESENT[name]:
                _missing(name)


def _missing(name: str) -> None:
    message = f"{name} is not there ({ADDRESSES[name][0]})"
    if name.split("-", maxsplit=1)[0] in required():  # "elasticsearch" asks for the secure node as well
        pytest.fail(f"required but missing: {message}", pytrace=False)
    pytest.skip(message)


@pytest.fixture
def replay_url() -> str:
    """The replay server shared by read-only tests."""
    return address("replay")


@pytest.fixture
def es_url() -> str:
    """A plain Elasticsearch node; use a random index prefix and sweep only that."""
    return address("elasticsearch")


@pytest.fixture
def es_secure() -> dict[str, str]:
    """A node over TLS: {"url", "ca" (file), "auth" ("user:password")}."""
    loaded: dict[str, str] = json.loads(address("elasticsearch-secure"))
    return loaded


@pytest.fixture
def postgres_url() -> str:
    """A PostgreSQL database for tests, as a SQLAlchemy URL; use a schema of your own."""
    return address("postgres")


@pytest.fixture
def browser_path() -> str:
    """The Chromium that Playwright drives."""
    return address("browser")


@pytest.fixture
def models_path() -> Path:
    """A models folder as `tongbo models install` fills it (data/models), with the real weights."""
    return Path(address("models"))


@pytest.fixture(scope="session")
def start_replay() -> Iterator[Callable[[], Replay]]:
    """Starts replay servers that end with the session; each has a clock, events and faults of its own."""
    running: list[subprocess.Popen[str]] = []

    def start() -> Replay:
        program = SHARED / "replay" / "start"
        if not program.exists():
            pytest.skip(f"{program} is not there")
        process = subprocess.Popen([program, "--port", "0"], stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready "), line
        return Replay(line.split()[1])

    yield start
    for process in running:
        process.terminate()
        process.wait(20)
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def own_replay(start_replay: Callable[[], Replay]) -> Replay:
    """A replay server of the test's own. Mark the test external("replay")."""
    return start_replay()
