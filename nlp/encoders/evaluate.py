"""Measures the installed encoder alone, on a folder with passages.txt (id|text) and queries.txt (id|Korean|English).

    python -m nlp.encoders.evaluate FOLDER --models DATA/models [--runtime onnx] [--threads 1]

Prints JSON: recall at 1, 5 and 10 with 95 % Wilson intervals in each language, speed and memory, and the weights.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoders.folder import open_folder
from nlp.encoders.loading import load_encoder
from nlp.encoders.specs import E5_SMALL
from nlp.evaluate_sectors import wilson
from notices.ports import Encoder

_LANGUAGES = {"ko": 1, "en": 2}


def read_rows(path: Path) -> list[list[str]]:
    """Lines of fields between bars; a passage's text may not hold one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line.strip()]


def ranks(encoder: Encoder, queries: list[str], wanted: list[int], passages: NDArray[np.float32]) -> NDArray[np.int64]:
    """0-based rank of each query's passage by cosine."""
    scores = encoder.encode(queries, kind="query") @ passages.T
    own = scores[np.arange(len(queries)), wanted]
    found: NDArray[np.int64] = (scores > own[:, None]).sum(axis=1)
    return found


def query_times(encoder: Encoder, queries: list[str]) -> dict[str, float]:
    """Milliseconds of one query at a time, wall and CPU."""
    taken, cpu = [], time.process_time()
    for query in queries:
        start = time.perf_counter()
        encoder.encode([query], kind="query")
        taken.append((time.perf_counter() - start) * 1000)
    spent = (time.process_time() - cpu) * 1000 / len(queries)
    return {
        "p50": round(float(np.percentile(taken, 50)), 1),
        "p95": round(float(np.percentile(taken, 95)), 1),
        "cpu": round(spent, 1),
    }


def _rss() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def main() -> None:
    """Parse arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--runtime", choices=("onnx", "torch"), default="onnx")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()

    start = time.perf_counter()
    encoder = load_encoder(given.models, runtime=given.runtime, threads=given.threads)
    report: dict[str, object] = {"load_s": round(time.perf_counter() - start, 2), "rss_loaded_mb": _rss()}
    passages, queries = read_rows(given.folder / "passages.txt"), read_rows(given.folder / "queries.txt")
    places = {row[0]: place for place, row in enumerate(passages)}
    wanted = [places[row[0]] for row in queries]
    start, cpu = time.perf_counter(), time.process_time()
    vectors = encoder.encode([row[1] for row in passages], kind="passage")
    report["passages_per_s"] = round(len(passages) / (time.perf_counter() - start), 1)
    report["passages_per_cpu_s"] = round(len(passages) / (time.process_time() - cpu), 1)
    for language, column in _LANGUAGES.items():
        found = ranks(encoder, [row[column] for row in queries], wanted, vectors)
        report[f"recall_{language}"] = {
            f"@{depth}": [round(value, 3) for value in wilson(int((found < depth).sum()), len(found))]
            for depth in (1, 5, 10)
        }
    report["query_ms"] = query_times(encoder, [row[1] for row in queries])
    report |= {"rss_mb": _rss(), "rss_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}
    report |= {"n": len(queries), "passages": len(passages), "runtime": given.runtime, "threads": given.threads}
    origin = open_folder(given.models / E5_SMALL.name).manifest.origin
    report |= {"weights": f"{encoder.name}: {origin}", "sentinel": encoder.sentinel}
    report["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
