"""The house rules that a program can check: file sizes, one clock, light imports, layers of the top-level modules."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("notices", "crawlers", "nlp", "index", "chatbot", "api")
TOP_LEVEL = ("settings", "wiring", "jobs", "cli", "cli_output", "cli_progress", "supervisor")


def sources() -> list[Path]:
    rooms = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts]
    return rooms + [ROOT / f"{name}.py" for name in TOP_LEVEL] + list((ROOT / "tools").glob("*.py"))


def test_no_file_is_longer_than_450_lines():
    tests = list((ROOT / "tests").rglob("*.py"))
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources() + tests
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert long == {}


def test_no_function_is_longer_than_sixty_lines():
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 60:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} {length}")
    assert long == []


def test_the_machine_clock_is_read_in_one_place():
    readers = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}:
                owner = ast.unparse(node.value)
                if owner in {"datetime", "date", "datetime.datetime", "datetime.date", "dt", "dt.datetime", "dt.date"}:
                    readers.add(str(path.relative_to(ROOT)))
    assert readers == {"notices/clock.py"}


def test_rooms_never_import_the_entry_points():
    guilty = []
    for path in sources():
        if path.parent == ROOT or path.parent.name == "tools":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module]
            guilty += [f"{path.relative_to(ROOT)} imports {name}" for name in names if name.split(".")[0] in TOP_LEVEL]
    assert guilty == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("api.app", ("scrapy", "twisted", "spacy", "torch", "kiwipiepy", "transformers", "elasticsearch")),
        ("cli", ("scrapy", "twisted", "spacy", "torch", "kiwipiepy", "transformers", "sqlalchemy", "fastapi")),
        ("nlp.lexical.analysis", ("spacy", "torch", "kiwipiepy", "transformers")),
    ],
)
def test_heavy_libraries_are_not_loaded_by(module, heavy):
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
    )
    assert done.stderr == ""
    assert done.stdout.strip() == "[]"


def test_no_name_hides_what_a_module_is_for():
    vague = {"utils", "helpers", "manager", "common", "misc"}
    assert [path.name for path in sources() if path.stem in vague] == []
