"""The wheel carries everything it needs: it is built, installed in an empty environment elsewhere, and used."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """An environment with the wheel alone; its dependencies are borrowed from this one, but not its editable Tongbo."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet", str(wheel)]
    subprocess.run(install, check=True, timeout=120, capture_output=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def run(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(installed / "venv" / "bin" / words[0]), *words[1:]],
        cwd=installed,
        env={"PATH": "/usr/bin:/bin", "TONGBO_DATA_DIR": str(installed / "data"), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_data_file_of_the_rooms_is_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    rooms = ("notices/", "crawlers/", "nlp/", "index/", "api/")
    wanted = {name for name in listed if name.startswith(rooms) and not name.endswith((".md", "build_tables.py"))}
    assert {name for name in wanted if (ROOT / name).exists()} - names == set()


def test_the_installed_command_starts_elsewhere(installed):
    done = run(installed, "tongbo", "--help")
    assert done.returncode == 0, done.stderr
    assert "search" in done.stdout


def test_the_installed_command_opens_a_store_and_reads_its_sources(installed):
    done = run(installed, "tongbo", "sources")
    assert done.returncode == 0, done.stderr
    assert "us-fr" in done.stdout


def test_the_installed_pages_and_tables_are_complete(installed):
    code = (
        "import cli, notices.nomenclature.hs as hs; from nlp.lexical.glossary import expand;"
        "from fastapi.testclient import TestClient; from settings import load_settings; from wiring import Wiring;"
        "w = Wiring(load_settings()); page = TestClient(w.app()).get('/sources?lang=ko');"
        "print(cli.__file__, page.status_code, hs.exists('850760'), bool(expand('리튬이온 배터리')))"
    )
    done = run(installed, "python", "-W", "ignore", "-c", code)
    assert done.stdout.split()[1:] == ["200", "True", "True"], done.stderr
    assert str(installed) in done.stdout
