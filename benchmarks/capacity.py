"""What a catalogue of any size needs, worked out from what was measured on one machine.

    python -m benchmarks.engines --artifacts DIR --json engines.json
    python -m benchmarks.capacity engines.json --images-per-second 146

The time of a query grows as a power of the number of vectors; the power is fitted to the galleries
of made vectors (least squares of the logarithms). Memory and disk grow in proportion. A "~" stands
before times for more than ten times the largest gallery measured. The app keeps the catalogue and
the vectors, and with `faiss` the graph, in the memory of one machine; a Milvus cluster has a graph
and vectors of its own, spread over as many machines as it takes, each of which searches its part at
the speed of the graph alone. A catalogue that one machine cannot keep is split among several apps,
which is up to whoever runs them. The network is not counted, for it was not measured.
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
QUICK = 20.0
"""Milliseconds that a search may take to be worth choosing."""
_FREE = 0.75
"""Share of a machine's memory that may be taken."""
_OF_LINES = 250
"""Bytes that names, attributes and the lists of files take on disk for a product."""


@dataclass(frozen=True)
class Growth:
    """How an engine grows.

    Attributes:
        scale: milliseconds of a query at one vector.
        power: of the number of vectors.
        memory: bytes of memory a vector, besides the vector itself.
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
    parser.add_argument(
        "--app-bytes", type=int, default=2500, metavar="N",
        help="memory of the app a product, vector and catalogue, by benchmarks.memory",
    )  # fmt: skip
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    cells = json.loads(options.engines.read_text())
    growths = {name: growth(cells, row, threads=options.threads) for name, row in ENGINES.items()}
    for name, of in growths.items():
        print(
            f"{name}: {of.milliseconds(1e6):.1f} ms at a million vectors, growing with the power "
            f"{of.power:.2f}; {of.memory:,.0f} bytes of memory a vector besides it"
        )
    print(
        "\n| products | index on one machine | engine | disk GB | memory of the app GB "
        "| of the cluster GB | machines | ms a query | |\n|---|---|---|---|---|---|---|---|---|"
    )
    for size in options.sizes:
        lines(size, growths, options, vector=4 * cells[0]["dim"])
    return 0


def growth(cells: Sequence[dict[str, Any]], engine: str, *, threads: int) -> Growth:
    """Fit what was measured of an engine.

    >>> cells = [{"engine": "a", "threads": 1, "size": n, "rows": n, "dim": 2, "memory": n / 1e6,
    ...           "alone": 1e6 / n} for n in (1000, 10_000)]
    >>> found = growth(cells, "a", threads=1)
    >>> round(found.power, 6), round(found.milliseconds(100_000), 6), found.memory
    (1.0, 100.0, 1.0)
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
    own = max(0.0, largest["memory"] * 1e6 / largest["rows"])
    return Growth(math.exp(logarithm), float(power), own, largest["rows"])


def lines(
    size: int, growths: dict[str, Growth], options: argparse.Namespace, *, vector: int
) -> None:
    """Print what each engine needs for a catalogue; `vector` is the bytes of one."""
    room = options.machine_gb * _FREE * 1e9
    hours = size / options.images_per_second / 3600
    chosen = False
    for name, of in growths.items():
        spread = name.startswith("milvus")
        graph = 0 if spread else of.memory
        app, cluster = size * (options.app_bytes + graph), size * (vector + of.memory)
        apps, others = math.ceil(app / room), math.ceil(cluster / room) if spread else 0
        part = size / (others or apps)
        took = of.milliseconds(part)
        disk = size * (vector + _OF_LINES + graph) / 1e9
        best = not chosen and took <= QUICK and (spread or apps == 1)
        chosen |= best
        print(
            f"| {size:,} | {hours:,.1f} h | {name} | {disk:,.1f} "
            f"| {app / 1e9:,.1f} | {f'{cluster / 1e9:,.1f}' if spread else ''} "
            f"| {apps:,}{f' + {others:,}' if spread else ''} "
            f"| {'~' if part > 10 * of.most else ''}{took:,.1f} | {'choose' if best else ''} |"
        )


if __name__ == "__main__":
    sys.exit(main())
