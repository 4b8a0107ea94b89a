"""The whole program against a replay: one full crawl for the session, copied for whoever wants to change it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAST_DAY = "2026-09-30"


@dataclass
class Tongbo:
    """The command line over one data folder and one replay."""

    data: Path
    mirror: str
    clock: str = LAST_DAY
    since: str = "2000-01-01"
    extra: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Settings of this installation and none of the machine's own."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("TONGBO_")}
        own = {
            "TONGBO_DATA_DIR": str(self.data),
            "TONGBO_MIRROR": self.mirror,
            "TONGBO_CLOCK": self.clock,
            "TONGBO_BACKFILL_SINCE": self.since,
        }
        return {**plain, **own, **self.extra}

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin a verb in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end; ``code`` None accepts any exit code."""
        done = subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert code is None or done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *words: str, code: int | None = 0) -> object:
        """Run a verb with --json and read what it prints."""
        return json.loads(self.run(*words, "--json", code=code).stdout)

    def copy(self, folder: Path) -> Tongbo:
        """The same installation in another folder."""
        shutil.copytree(self.data, folder)
        return Tongbo(folder, self.mirror, self.clock, self.since, dict(self.extra))


@pytest.fixture(scope="session")
def new_tongbo() -> type[Tongbo]:
    """Makes installations: ``new_tongbo(folder, mirror, clock=…, since=…)``."""
    return Tongbo


@pytest.fixture(scope="session")
def whole_replay(start_replay):
    """A replay at its last day, with all records visible. Nobody changes it."""
    return start_replay()


@pytest.fixture(scope="session")
def full(whole_replay, tmp_path_factory) -> Tongbo:
    """Everything crawled, enriched and indexed once. Nobody changes it: copy it first."""
    tongbo = Tongbo(tmp_path_factory.mktemp("full") / "data", whole_replay.url)
    tongbo.run("crawl", "wto-eping", "us-fr")
    tongbo.run("enrich")
    tongbo.run("index")
    return tongbo
