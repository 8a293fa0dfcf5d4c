"""A Ray cluster that embeds the batches of a build."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from recommender.batches import Batch, Recipe, Task
from recommender.distributed.connection import connected, one_line
from recommender.distributed.fitness import Job, refuse_unfit, versions
from recommender.distributed.pipeline import Failure, Pool, finished
from recommender.errors import ClusterError
from recommender.folders import PictureFolder


@dataclass(frozen=True, kw_only=True)
class RayCluster:
    """Workers for `recommender.indexing.build_index` on the machines of a Ray cluster.

    Each worker is an actor that holds the encoder; it reads the pictures of a batch, embeds them
    and sends the vectors back. If its process or its machine dies, Ray has the batch it had in
    hand done again elsewhere. This process writes each batch down as it comes.

    Attributes:
        address: as `ray.init` takes it: ``auto``, ``local`` or ``HOST:PORT``, on one of its
            machines: Ray Data cannot be driven from outside (``ray://``).
        actors: how many workers; None for as many as the cluster has room for.
        cpus: processors of each worker, and threads of its encoder; None for as many as an encoder
            uses in this process. The last bits of a vector depend on the number of threads.
    """

    address: str
    actors: int | None = None
    cpus: int | None = None

    @contextmanager
    def at_work(
        self, folder: PictureFolder, recipe: Recipe, tasks: Sequence[Task]
    ) -> Iterator[Iterator[Batch]]:
        """See `recommender.batches.Workers`."""
        with connected(self.address):
            threads = self.cpus or local_threads()
            job = Job(recipe.make, recipe.encoder.card, folder, threads, versions())
            refuse_unfit(job)
            yield _unpacked(finished(job.packed(), tasks, self._pool(threads, len(tasks))))

    def _pool(self, threads: int, tasks: int) -> Pool:
        import ray

        sizes = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
        # A worker wider than every machine would wait for ever; it shares its threads instead.
        cpus = min(threads, max(sizes))
        room = sum(size // cpus for size in sizes)
        return Pool(actors=min(self.actors or room, tasks), cpus=cpus)


def _unpacked(results: Iterator[bytes]) -> Iterator[Batch]:
    while True:
        try:
            packed = next(results, None)
        # Ray raises errors of many kinds, some of them the text of a whole log.
        except Exception as error:
            raise ClusterError(
                f"the Ray cluster gave up ({one_line(error)}): run the same command again; "
                "finished work is kept"
            ) from error
        if packed is None:
            return
        result: Any = pickle.loads(packed)
        if isinstance(result, Failure):
            raise ClusterError(f"the machine {result.machine}: {result.reason}")
        yield result


def local_threads() -> int:
    """How many threads TensorFlow gives an operation in this process."""
    wanted = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
