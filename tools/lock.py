"""Write requirements.lock and requirements-dev.lock from the present environment.

`make install` uses the first (what the application needs), `make test` the second as well.
"""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"\[([^\]]*)\]")


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(requirements: list[str]) -> dict[str, str]:
    """name → pinned version of everything that the requirements need, as installed here."""
    found: dict[str, str] = {}
    queue = [(Requirement(text), "") for text in requirements]
    seen: set[tuple[str, str]] = set()
    while queue:
        requirement, _ = queue.pop()
        for extra in ["", *requirement.extras]:
            if (_key(requirement.name), extra) in seen:
                continue
            seen.add((_key(requirement.name), extra))
            distribution = metadata.distribution(requirement.name)
            found[_key(requirement.name)] = distribution.version
            for text in distribution.requires or []:
                wanted = Requirement(text)
                if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                    queue.append((wanted, extra))
    return found


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = closure([*project["project"]["dependencies"], "setuptools"])
    everything = closure(project["dependency-groups"]["dev"])
    dev = {name: version for name, version in everything.items() if name not in runtime}
    for file, pins in (("requirements.lock", runtime), ("requirements-dev.lock", dev)):
        lines = [f"{name}=={version}" for name, version in sorted(pins.items())]
        head = f"# Written by `make lock`; used by `make {'install' if pins is runtime else 'test'}`.\n"
        (ROOT / file).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
        print(f"{file}: {len(pins)} packages")


if __name__ == "__main__":
    main()
