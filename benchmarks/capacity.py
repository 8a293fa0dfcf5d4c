"""What a catalogue of any size needs, worked out from what was measured on one machine.

    python -m benchmarks.engines --artifacts DIR --json engines.json
    python -m benchmarks.capacity engines.json --images-per-second 146

The time of a query grows as a power of the number of vectors; the power is fitted to the galleries
of made vectors (least squares of the logarithms). Memory and disk grow in proportion. A "~" stands
before what is more than ten times larger than the largest gallery measured. What needs more memory
than a machine has is spread over several: each searches its part at the speed of the graph alone.
The network between them is not counted, for it was not measured.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SIZES = (44_441, 1_000_000, 10_000_000, 1_000_000_000)
ENGINES = {"exact": "`exact`", "faiss": "`faiss`", "milvus, a cluster": "faiss, graph alone"}
"""Engine → the row of the table of engines that tells its time and its memory."""
QUICK = 100.0
"""Milliseconds that a search may take to be worth choosing."""
_FREE = 0.75
"""Share of a machine's memory that vectors may take."""
_OF_LINES = 250
"""Bytes that names, attributes and the lists of files take on disk for a product."""


@dataclass(frozen=True)
class Growth:
    """How an engine grows.

    Attributes:
        scale: milliseconds of a query at one vector.
        power: of the number of vectors.
        memory: bytes of memory a vector, the vector itself counted.
        most: vectors of the largest gallery measured.
    """

    scale: float
    power: float
    memory: float
    most: int

    def milliseconds(self, vectors: float) -> float:
        """Of one query."""
        return float(self.scale * vectors**self.power)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engines", type=Path, help="what benchmarks.engines wrote with --json")
    parser.add_argument("--images-per-second", type=float, required=True, metavar="N")
    parser.add_argument("--threads", type=int, default=2, help="that a query has")
    parser.add_argument("--machine-gb", type=float, default=64.0, help="memory of one machine")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    cells = json.loads(options.engines.read_text())
    growths = {name: growth(cells, row, threads=options.threads) for name, row in ENGINES.items()}
    for name, of in growths.items():
        print(
            f"{name}: {of.milliseconds(1e6):.1f} ms at a million vectors, growing with the power "
            f"{of.power:.2f}; {of.memory:,.0f} bytes of memory a vector"
        )
    print(
        "\n| products | index on one machine | engine | memory GB | disk GB | machines "
        "| ms a query | |\n|---|---|---|---|---|---|---|---|"
    )
    for size in options.sizes:
        lines(size, growths, options.images_per_second, options.machine_gb, cells[0]["dim"])
    return 0


def growth(cells: Sequence[dict[str, Any]], engine: str, *, threads: int) -> Growth:
    """Fit what was measured of an engine.

    >>> cells = [{"engine": "a", "threads": 1, "size": n, "rows": n, "dim": 2, "memory": n / 1e6,
    ...           "alone": 1e6 / n} for n in (1000, 10_000)]
    >>> found = growth(cells, "a", threads=1)
    >>> round(found.power, 6), round(found.milliseconds(100_000), 6), found.memory
    (1.0, 100.0, 9.0)
    """
    made = [
        cell
        for cell in cells
        if cell["engine"] == engine and cell["threads"] == threads and cell["size"]
    ]
    if len(made) < 2:
        raise SystemExit(
            f"error: {engine} was measured with fewer than two sizes of made vectors: run "
            "benchmarks.engines with --sizes 10000 100000"
        )
    rows = [cell["rows"] for cell in made]
    times = [1000 / cell["alone"] for cell in made]
    power, logarithm = np.polyfit(np.log(rows), np.log(times), 1)
    largest = max(made, key=lambda cell: cell["rows"])
    vector = 4 * largest["dim"]
    own = max(0.0, largest["memory"] * 1e6 / largest["rows"])
    return Growth(math.exp(logarithm), float(power), vector + own, largest["rows"])


def lines(
    size: int, growths: dict[str, Growth], images: float, machine_gb: float, dim: int
) -> None:
    """Print what each engine needs for a catalogue."""
    chosen = False
    for name, of in growths.items():
        memory = of.memory * size / 1e9
        machines = math.ceil(memory / (machine_gb * _FREE))
        spread = name.startswith("milvus")
        guess = "~" if size > 10 * of.most else ""
        graph = 0 if name == "exact" else of.memory - 4 * dim
        disk = (4 * dim + _OF_LINES + graph) * size / 1e9
        took = of.milliseconds(size / machines if spread else size)
        told = f"{guess}{took:,.1f}" if spread or machines == 1 else "does not fit"
        best = not chosen and (spread or machines == 1) and took <= QUICK
        chosen |= best
        hours = size / images / 3600
        print(
            f"| {size:,} | {hours:,.1f} h | {name} | {memory:,.1f} | {disk:,.1f} | {machines:,} "
            f"| {told} | {'choose' if best else ''} |"
        )


if __name__ == "__main__":
    sys.exit(main())
