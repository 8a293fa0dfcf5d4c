"""Which engine finds the five nearest how fast, how well, and in how much memory?

    python -m benchmarks.engines --artifacts DIR [--sizes 10000 100000 1000000] [--plot FILE]
                                 [--json FILE]

Besides the vectors of the index, galleries of any size are made like it: each row is one of the
index, drawn by chance, moved in a direction drawn by chance by the distance that another row has
from its nearest neighbour, and put back to length 1. Queries are made in the same way, so none is a
row. (Directions drawn by chance are harder for a graph or trees than real ones.)

Every cell of the table runs in a process of its own, with so many threads for BLAS, OpenMP and
Annoy alike as the column says. "one by one" is the median of single queries, "together" all queries
in one call. Memory is what the process grew by when it built the engine, the gallery itself not
counted; only Linux tells. The graph of `faiss` is built once by one thread and then read from its
file, as in the program; its time is that of the build. So is the database of `milvus`, embedded
unless RECOMMENDER_MILVUS_URI names a server, and left out of galleries of more than 200,000
vectors. "graph alone" is that graph asked directly, without what `recommender.engines.faiss` does
to miss nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.artifacts import read_index
from recommender.engines import get_engine

K = 5
_TREES = 30
_TOGETHER = 200
_SECONDS = 5.0
"""One by one, no more queries are asked than fit into this time."""
_SAMPLE = 500
_MOST_EMBEDDED = 200_000
"""Milvus Lite holds the difference of a query and the whole gallery in memory."""
Vectors: TypeAlias = npt.NDArray[np.float32]
Rows: TypeAlias = npt.NDArray[np.int64]
Ask: TypeAlias = Callable[[Vectors], Rows]
Cell: TypeAlias = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--plot", type=Path, metavar="FILE", help="a picture of the growth")
    parser.add_argument("--json", type=Path, metavar="FILE", help="for benchmarks.capacity")
    parser.add_argument("--cell", nargs=2, metavar=("NAME", "DIR"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        name, folder = options.cell
        print(json.dumps(list(measured(name, Path(folder)))))
        return 0
    real = read_index(options.artifacts).embeddings
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(
        "| vectors | engine | threads | one by one, /s | together, /s | recall@5 | build s "
        "| memory MB |\n|---|---|---|---|---|---|---|---|"
    )
    cells: list[Cell] = []
    for size in [None, *options.sizes]:
        gallery = real if size is None else like(real, size, seed=1)
        title = f"{len(gallery)} x {gallery.shape[1]}, {'real' if size is None else 'made'}"
        with tempfile.TemporaryDirectory() as folder:
            prepare(Path(folder), gallery, like(real, _TOGETHER, seed=2))
            shape = dict(zip(("rows", "dim"), gallery.shape, strict=True))
            del gallery
            for threads in options.threads:
                for name in SUBJECTS:
                    if name == "milvus" and (size or 0) > _MOST_EMBEDDED:
                        continue
                    for cell in run(name, Path(folder), threads):
                        cells.append(cell | shape | {"size": size, "threads": threads})
                        print(f"| {title} | {line(cell, threads)} |", flush=True)
            # After each gallery: a million vectors take long.
            if options.json:
                options.json.write_text(json.dumps(cells))
    if options.plot:
        plot(cells, options.plot)
    return 0


def like(real: Vectors, size: int, *, seed: int) -> Vectors:
    """Vectors float32 (size, dim) made like real ones."""
    dice = np.random.default_rng(seed)
    sample = dice.permutation(len(real))[:_SAMPLE]
    similarity = real[sample] @ real.T
    similarity[np.arange(len(sample)), sample] = -1
    apart = np.sqrt(np.maximum(0, 2 - 2 * similarity.max(axis=1)))
    made = real[dice.integers(0, len(real), size)]
    for start in range(0, size, 10_000):  # In pieces: a million rows fill a gigabyte as it is.
        block = made[start : start + 10_000]
        noise = dice.normal(size=block.shape).astype(np.float32)
        noise *= dice.choice(apart, (len(block), 1)) / np.linalg.norm(noise, axis=1, keepdims=True)
        block += noise
        block /= np.linalg.norm(block, axis=1, keepdims=True)
    return made


def prepare(folder: Path, gallery: Vectors, queries: Vectors) -> None:
    """Write what a cell needs: gallery, queries and the true distances of the fifth nearest."""
    np.save(folder / "gallery.npy", gallery)
    np.save(folder / "queries.npy", queries)
    fifth = [
        get_engine("exact", gallery).search(queries[start : start + 50], K).distances[:, -1]
        for start in range(0, len(queries), 50)
    ]
    np.save(folder / "fifth.npy", np.concatenate(fifth))


def run(name: str, folder: Path, threads: int) -> list[Cell]:
    """Measure one subject in a process of its own."""
    library = SUBJECTS[name][1]
    if find_spec(library) is None:
        print(f"({name} is left out: {library} is not installed)", file=sys.stderr)
        return []
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.engines", "--cell", name, str(folder)],
        env=os.environ | dict.fromkeys(variables, str(threads)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    cells: list[Cell] = json.loads(result.stdout)
    return cells


def measured(name: str, folder: Path) -> Iterator[Cell]:
    """Build a subject and ask it: its figures, once for each way to ask."""
    gallery, queries = np.load(folder / "gallery.npy"), np.load(folder / "queries.npy")
    fifth = np.load(folder / "fifth.npy")
    import_module(SUBJECTS[name][1])  # Before the measuring: the library is no part of the index.
    before, started = resident(), time.perf_counter()
    ways = SUBJECTS[name][0](gallery, folder)
    built, grown = time.perf_counter() - started, resident() - before
    noted = folder / f"{name}.seconds"
    if name in ("faiss", "milvus") and not noted.exists():
        noted.write_text(str(built))
    for way, ask in ways.items():
        ask(queries[:1])  # What is done on first use counts for no query.
        rows = ask(queries)
        started = time.perf_counter()
        ask(queries)
        together = len(queries) / (time.perf_counter() - started)
        distances = np.linalg.norm(gallery[rows] - queries[:, np.newaxis], axis=2)
        yield {
            "engine": way,
            "alone": 1 / np.median(list(one_by_one(ask, queries))),
            "together": together,
            "recall": float(np.mean(distances <= fifth[:, np.newaxis] + 1e-6)),
            "build": float(noted.read_text()) if noted.exists() else built,
            "memory": grown,
        }


def one_by_one(ask: Ask, queries: Vectors) -> Iterator[float]:
    """Seconds of each query."""
    end = time.perf_counter() + _SECONDS
    for query in queries:
        started = time.perf_counter()
        ask(query[np.newaxis])
        yield time.perf_counter() - started
        if time.perf_counter() > end:
            return


def resident() -> float:
    """Memory of this process in MB; not a number where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1e3


def plain_sklearn(gallery: Vectors, folder: Path) -> dict[str, Ask]:
    from sklearn.neighbors import NearestNeighbors

    neighbours = NearestNeighbors(n_neighbors=K, algorithm="brute", metric="euclidean")
    neighbours.fit(gallery)
    return {"scikit-learn, as in tutorials": lambda queries: neighbours.kneighbors(queries)[1]}


def exact(gallery: Vectors, folder: Path) -> dict[str, Ask]:
    engine = get_engine("exact", gallery)
    return {"`exact`": lambda queries: engine.search(queries, K).rows}


def product(gallery: Vectors, folder: Path) -> dict[str, Ask]:
    def ask(queries: Vectors) -> Rows:
        found = []
        step = max(1, (1 << 26) // len(gallery))
        for start in range(0, len(queries), step):
            block = queries[start : start + step]
            # One query is a vector: BLAS has a quicker way for it than for a matrix of one row.
            likeness = (gallery @ block[0])[None] if len(block) == 1 else block @ gallery.T
            found.append(np.argpartition(likeness, -K, axis=1)[:, -K:])
        return np.concatenate(found)

    return {"a plain matrix product": ask}


def flat(gallery: Vectors, folder: Path) -> dict[str, Ask]:
    import faiss

    index = faiss.IndexFlatL2(gallery.shape[1])
    index.add(gallery)
    return {"faiss, flat": lambda queries: index.search(queries, K)[1]}


def graph(gallery: Vectors, folder: Path) -> dict[str, Ask]:
    from recommender.engines.faiss import FaissEngine

    engine = FaissEngine(gallery, folder=folder)
    ways: dict[str, Ask] = {"`faiss`": lambda queries: engine.search(queries, K).rows}
    if engine._index is not None:
        ways["faiss, graph alone"] = lambda queries: engine._ask(queries, K)[1]
    return ways


def milvus(gallery: Vectors, folder: Path) -> dict[str, Ask]:
    engine = get_engine("milvus", gallery, folder=folder)
    return {"`milvus`": lambda queries: engine.search(queries, K).rows}


def annoy(gallery: Vectors, folder: Path) -> dict[str, Ask]:
    from annoy import AnnoyIndex

    index = AnnoyIndex(gallery.shape[1], "euclidean")
    index.set_seed(1)
    for row, vector in enumerate(gallery):
        index.add_item(row, vector)
    index.build(_TREES, n_jobs=int(os.environ["OMP_NUM_THREADS"]))

    def ask(queries: Vectors) -> Rows:
        return np.array([index.get_nns_by_vector(query, K) for query in queries])

    return {f"Annoy, {_TREES} trees": ask}


SUBJECTS: dict[str, tuple[Callable[[Vectors, Path], dict[str, Ask]], str]] = {
    "scikit-learn": (plain_sklearn, "sklearn.neighbors"),
    "exact": (exact, "sklearn.neighbors"),
    "product": (product, "numpy"),
    "flat": (flat, "faiss"),
    "faiss": (graph, "faiss"),
    "milvus": (milvus, "pymilvus"),
    "annoy": (annoy, "annoy"),
}
"""Name → what builds it and returns the ways to ask it, and the library that it needs."""


def line(cell: Cell, threads: int) -> str:
    return (
        f"{cell['engine']} | {threads} | {cell['alone']:.0f} | {cell['together']:.0f} "
        f"| {cell['recall']:.4f} | {cell['build']:.1f} | {cell['memory']:.0f}"
    )


def plot(cells: list[Cell], path: Path) -> None:
    """Queries a second, one by one, by the size of the made galleries; both axes by powers."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    fewest = min(cell["threads"] for cell in cells)
    made = [cell for cell in cells if cell["size"] and cell["threads"] == fewest]
    for engine in dict.fromkeys(cell["engine"] for cell in made):
        points = [(cell["size"], cell["alone"]) for cell in made if cell["engine"] == engine]
        axes.plot(*zip(*points, strict=True), marker="o", label=engine)
    axes.set(xscale="log", yscale="log", xlabel="vectors", ylabel="queries/s, one by one")
    axes.set_title(f"Threads: {fewest}")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    sys.exit(main())
