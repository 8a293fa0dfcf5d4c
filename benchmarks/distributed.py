"""What does a Ray cluster bring, and is its index that of a local run?

    python -m benchmarks.distributed --data DIR [--encoder fashion] [--images 2000] [--workers 1 2]

Builds the index in this process, and then with a Ray cluster of so many machines as there are
workers at most; here they are Ray nodes on this one machine, which share its processors, so the
table tells what Ray costs, not what more machines would bring. "images/s" counts from the first
finished batch to the last, when everything is loaded; "seconds in all" is the whole call, with the
start of the workers and the loading of the model.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.batches import Workers
from recommender.distributed import RayCluster
from recommender.distributed.cluster import local_threads
from recommender.indexing import build_index
from recommender.manifest import EMBEDDINGS, FILENAMES, FILES, SKIPPED, sha256_of

_OBJECT_STORE = 200 << 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="data", metavar="DIR")
    parser.add_argument("--encoder", default="fashion", metavar="NAME")
    parser.add_argument("--weights", type=Path, metavar="FILE")
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    options = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| | images | images/s | seconds in all | embeddings.pkl | all files as local |")
    print("|---|---|---|---|---|---|")
    local = measured("this process", options, None)
    with machines(max(options.workers, default=0)) as address:
        for actors in options.workers:
            cluster = RayCluster(address=address, actors=actors)
            local = measured(f"Ray, {actors} worker(s)", options, cluster, local)
    return 0


def measured(
    title: str,
    options: argparse.Namespace,
    workers: Workers | None,
    local: dict[str, str] | None = None,
) -> dict[str, str]:
    """Build an index, print its row, and return the hashes of the local one's files."""
    seen: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        report = build_index(
            options.data, folder, encoder=options.encoder, weights=options.weights,
            limit=options.images, workers=workers,
            progress=lambda done, _: seen.append((time.perf_counter(), done)),
        )  # fmt: skip
        seconds = time.perf_counter() - started
        hashes = {
            name: sha256_of(Path(folder, name)) for name in (EMBEDDINGS, FILENAMES, FILES, SKIPPED)
        }
    (first, before), (last, after) = seen[0], seen[-1]
    speed = (after - before) / (last - first) if len(seen) > 1 else float("nan")
    same = "" if local is None else "yes" if hashes == local else "no"
    print(
        f"| {title} | {report.total} | {speed:.1f} | {seconds:.1f} | {hashes[EMBEDDINGS][:12]} "
        f"| {same} |",
        flush=True,
    )
    return local or hashes


@contextmanager
def machines(count: int) -> Iterator[str]:
    """The address of a cluster of so many nodes, each as wide as this machine."""
    if not count:
        yield ""
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    node = {
        "num_cpus": local_threads(),
        "object_store_memory": _OBJECT_STORE,
        "include_dashboard": False,
    }
    cluster = Cluster(initialize_head=True, head_node_args=node)
    try:
        for _ in range(count - 1):
            cluster.add_node(**node)
        yield cluster.address
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    sys.exit(main())
