"""How much memory does the app take for a catalogue of what size? (Linux)

    python -m benchmarks.memory --artifacts DIR [--sizes 1000 10000 ...]

Makes a catalogue of each size out of the one there is: its products drawn at random, with their
names and attributes and with vectors a little moved, so that none is another's duplicate. Starts
the real app on it, searches as a visitor does, and reads what the system says of the process.
Pictures are left out: the app keeps 2,000 thumbnails at most, about 30 MB, whatever the size.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.visitor import Visitor
from benchmarks.visitors import APP, memory, phone_photo, serving
from recommender.file_lists import FileState
from recommender.publishing import publish
from recommender.search import Recommender

_SIZES = (1_000, 10_000, 40_000, 100_000, 200_000)
_NOISE = 0.05
"""Length of the step by which a vector is moved; far less than to the nearest other product."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--searches", type=int, default=10)
    options = parser.parse_args()
    if not Path("/proc/self/status").is_file():
        raise SystemExit("this system does not tell a process's memory in /proc: run it on Linux")
    recommender = Recommender.open(options.artifacts)
    photo = phone_photo()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("\n| products | vectors MB | index folder MB | memory MB | at most MB |")
    print("|---|---|---|---|---|")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            artifacts = resized(recommender, size, Path(folder))
            disk = sum(file.stat().st_size for file in artifacts.iterdir()) / 1e6
            with serving(APP, artifacts) as (address, process), Visitor(address) as visitor:
                visitor.search(options.searches, photo, pictures=False)
                taken, most = memory(process), memory(process, peak=True)
            vectors = size * recommender.index.embeddings.shape[1] * 4 / 1e6
            print(
                f"| {size:,} | {vectors:.0f} | {disk:.0f} | {taken:.0f} | {most:.0f} |",
                flush=True,
            )
    return 0


def resized(recommender: Recommender, size: int, folder: Path) -> Path:
    """The index folder of a catalogue of `size` products like those of the recommender's."""
    manifest = recommender.index.manifest
    if manifest is None:
        raise SystemExit("the index has no manifest: build one with build_index.py")
    random = np.random.default_rng(0)
    rows = random.integers(0, len(recommender), size)
    data, artifacts = folder / "data", folder / "artifacts"
    data.mkdir()
    artifacts.mkdir()
    columns = list(recommender.catalogue.columns)
    with (data / "styles.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", *columns, "productDisplayName"])
        for number, row in enumerate(rows.tolist()):
            item = recommender.catalogue.items[row]
            values = ["" if v is None else v for v in (item.attributes.get(c) for c in columns)]
            table.writerow([number, *values, item.title])
    state = FileState(size=1, mtime_ns=1, sha256="0" * 64)

    def vectors() -> Iterator[bytes]:
        for start in range(0, size, 4096):
            some = recommender.index.embeddings[rows[start : start + 4096]]
            step = random.standard_normal(some.shape)
            some = some + _NOISE * step / np.linalg.norm(step, axis=1, keepdims=True)
            some /= np.linalg.norm(some, axis=1, keepdims=True)
            yield some.astype("<f4").tobytes()

    publish(
        artifacts,
        manifest=replace(manifest, n=size, dataset=str(data), dataset_relative="../data"),
        vectors=vectors(),
        files=[(f"images/{number}.jpg", state) for number in range(size)],
        skipped=[],
    )
    return artifacts


if __name__ == "__main__":
    sys.exit(main())
