"""What does it cost to store vectors as float16, and what does it save to map them? (Linux)

    python -m benchmarks.storage --artifacts DIR

Copies the index in every way that it can be stored and opens each copy in processes of their own.
Prints the size of ``embeddings.pkl``; seconds to open the index; the memory of a process that has
it open, without that of its imports, as the system tells it: of its own, and mapped, which all
processes that have the same index open share; and recall@5: of the five nearest products by float32
vectors, the share found by the stored ones, and how far their distances are off at most. Queries
are products of the catalogue, each without itself.

``loaded`` is how float32 is read where no mapped file can be replaced, on Windows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender import artifacts as reading
from recommender.array_pickles import STORED, Stored
from recommender.artifacts import Index, read_index
from recommender.engines.exact import ExactEngine
from recommender.file_lists import FileState
from recommender.manifest import EMBEDDINGS
from recommender.publishing import publish

_K = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--open", choices=("mapped", "loaded"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not Path("/proc/self/status").is_file():
        raise SystemExit("this system does not tell a process's memory in /proc: run it on Linux")
    if options.open:
        print(json.dumps(_opened(options.artifacts, mapped=options.open == "mapped")))
        return 0
    index = read_index(options.artifacts, tuned=False)
    queries = np.random.default_rng(0).permutation(len(index.filenames))[: options.queries]
    truth = _nearest(index.embeddings, queries)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; ")
    print(f"{len(index.filenames):,} vectors of {index.embeddings.shape[1]} numbers\n")
    print("| | MB on disk | s to open | MB of its own | MB shared | recall@5 | distances off by |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for dtype in STORED:
            place = _copied(index, dtype, Path(folder) / dtype)
            rows, distances = _nearest(read_index(place).embeddings, queries)
            found = [len(set(a) & set(b)) / len(a) for a, b in zip(truth[0], rows, strict=True)]
            tail = f"{statistics.fmean(found):.4f} | {np.abs(distances - truth[1]).max():.1e}"
            disk = (place / EMBEDDINGS).stat().st_size / 1e6
            for way in ("loaded", "mapped") if dtype == "float32" else ("loaded",):
                taken = [_in_a_process(place, way) for _ in range(options.rounds)]
                seconds, own, shared = (
                    statistics.median(one[key] for one in taken)
                    for key in ("seconds", "own", "shared")
                )
                print(
                    f"| {dtype}, {way} | {disk:.1f} | {seconds:.2f} | {own:.1f} | {shared:.1f} "
                    f"| {tail} |"
                )
    return 0


def _copied(index: Index, dtype: Stored, folder: Path) -> Path:
    manifest = index.manifest
    if manifest is None:
        raise SystemExit("the index has no manifest: build one with build_index.py")

    def vectors() -> Iterator[bytes]:
        for row in index.embeddings:
            yield row.tobytes()

    folder.mkdir()
    state = FileState(size=1, mtime_ns=1, sha256="0" * 64)
    publish(
        folder,
        manifest=replace(manifest, dtype=dtype),
        vectors=vectors(),
        files=[(name, state) for name in index.filenames],
        skipped=[],
    )
    return folder


def _nearest(
    embeddings: npt.NDArray[np.float32], queries: npt.NDArray[np.int64]
) -> tuple[list[list[int]], npt.NDArray[np.float32]]:
    """The `_K` nearest rows of each row asked for, itself left out, and their distances."""
    hits = ExactEngine(embeddings).search(embeddings[queries], _K + 1)
    kept = [
        [place for place, row in enumerate(rows) if row != query][:_K]
        for query, rows in zip(queries, hits.rows, strict=True)
    ]
    rows = np.take_along_axis(hits.rows, np.array(kept), axis=1)
    return rows.tolist(), np.take_along_axis(hits.distances, np.array(kept), axis=1)


def _in_a_process(folder: Path, way: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.storage", "--artifacts", str(folder)]
    output = subprocess.run([*command, "--open", way], check=True, stdout=subprocess.PIPE).stdout
    result: dict[str, float] = json.loads(output)
    return result


def _opened(folder: Path, *, mapped: bool) -> dict[str, Any]:
    if not mapped:
        setattr(reading, "map_array_pickle", lambda *_, **__: None)  # noqa: B010
    own, shared = _memory()
    started = time.perf_counter()
    index = read_index(folder)
    seconds = time.perf_counter() - started
    index.embeddings @ index.embeddings[0]
    own_now, shared_now = _memory()
    return {"seconds": seconds, "own": own_now - own, "shared": shared_now - shared}


def _memory() -> tuple[float, float]:
    """(of its own, mapped from files) of this process, in MB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    own, shared = (int(status[name].split()[0]) * 1024 / 1e6 for name in ("RssAnon", "RssFile"))
    return own, shared


if __name__ == "__main__":
    sys.exit(main())
