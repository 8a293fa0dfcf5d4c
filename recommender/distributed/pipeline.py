"""The work itself, as Ray Data sees it: one row in, one row out for each batch."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from recommender.batches import Batch, Task, embed, reader
from recommender.distributed.fitness import take_on
from recommender.errors import RecommenderError
from recommender.reading import read_ahead


@dataclass(frozen=True)
class Pool:
    """How the work is shared out.

    Attributes:
        actors: how many workers.
        cpus: processors that each one takes of its machine.
    """

    actors: int
    cpus: int


@dataclass(frozen=True)
class Failure:
    """Why a worker cannot go on; another one could not either.

    Attributes:
        machine: its address.
        reason: one line.
    """

    machine: str
    reason: str


class Worker:
    """Holds the encoder in a process of its own, and turns tasks into batches."""

    def __init__(self, job: bytes) -> None:
        """Load the model.

        Args:
            job: a packed `Job`.
        """
        self._problem = ""
        try:
            # Again, as a machine may have joined after the others were looked at.
            self._job, self._encoder = take_on(job)
            self._encoder.warm_up()
        except RecommenderError as error:
            self._problem = str(error)

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[bytes]]:
        """Pickled tasks → pickled batches, or failures."""
        results = [self._result(pickle.loads(task)) for task in rows["task"]]
        return {"batch": [pickle.dumps(result, protocol=5) for result in results]}

    def _result(self, task: Task) -> Batch | Failure:
        if self._problem:
            return _failure(self._problem)
        try:
            read = reader(self._job.folder, self._encoder)
            pictures = list(read_ahead(task.pictures, read, ahead=len(task.pictures)))
            return embed(self._encoder, pictures)
        except RecommenderError as error:
            return _failure(str(error))


def _failure(reason: str) -> Failure:
    import ray

    return Failure(ray.util.get_node_ip_address(), reason)


def finished(job: bytes, tasks: Sequence[Task], pool: Pool) -> Iterator[bytes]:
    """Have tasks done by the cluster that this process is a driver of.

    A worker that dies is started again, and the batch it had in hand is done again, without limit:
    both are what Ray Data does with its actors.

    Args:
        job: a packed `Job`.
        tasks: one batch each.
        pool: how many workers, and how wide.

    Yields:
        a pickled `Batch` or `Failure` for each task, as they are finished.
    """
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    rows = [{"task": pickle.dumps(task, protocol=5)} for task in tasks]
    results = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        Worker,
        batch_size=1,
        fn_constructor_args=(job,),
        num_cpus=pool.cpus,
        compute=ray.data.ActorPoolStrategy(
            min_size=1,  # The work goes on while some of the machines are gone.
            max_size=pool.actors,
            initial_size=pool.actors,
        ),
    )
    for block in results.iter_batches(batch_size=None, prefetch_batches=0):
        yield from block["batch"]
