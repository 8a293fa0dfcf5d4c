"""Give every picture of a catalogue a vector: its old one, or a new one in the journal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from recommender.array_pickles import as_float32, row_bytes
from recommender.batches import Recipe, Task, Workers
from recommender.file_lists import FileState
from recommender.folders import PictureFolder
from recommender.journal import Journal
from recommender.manifest import EMBEDDINGS, located
from recommender.previous import Previous

_SYNC_SECONDS = 10.0

OnProgress = Callable[[int, int], None]
"""Called with (pictures done, pictures to do) after each batch."""


class EmbeddingPass:
    """One pass over a catalogue, after which every usable picture has a vector.

    Attributes:
        states: file name → state, of every picture that has a vector.
        problems: file name → reason, of every picture that cannot be read.
    """

    def __init__(
        self,
        folder: PictureFolder,
        names: Sequence[str],
        previous: Previous | None,
        journal: Journal,
    ) -> None:
        self._folder = folder
        self._names = names
        self._previous = previous
        self._old_rows = previous.rows if previous else {}
        self._journal = journal
        self.states: dict[str, FileState] = {}
        self.problems: dict[str, str] = {}

    def embed(
        self, workers: Workers, recipe: Recipe, *, batch_size: int, progress: bool | OnProgress
    ) -> float:
        """Give every picture a vector, in the journal or in the index before.

        Returns:
            images per second.
        """
        tasks = self._tasks(batch_size)
        if not tasks:
            return 0.0
        total = sum(len(task.pictures) for task in tasks)
        embedded = done = 0
        with (
            workers.at_work(self._folder, recipe, tasks) as batches,
            _reporter(progress, total) as report,
        ):
            started = synced = time.perf_counter()
            try:
                for batch in batches:
                    if batch.files:
                        self._journal.append(batch.files, batch.vectors)
                    self.states.update((*batch.files, *batch.unchanged))
                    self.problems.update(batch.problems)
                    embedded += len(batch.files)
                    if time.perf_counter() - synced > _SYNC_SECONDS:
                        self._journal.sync()
                        synced = time.perf_counter()
                    done += len(batch)
                    report(done, total)
            except KeyboardInterrupt:
                self._journal.sync()
                raise KeyboardInterrupt(
                    f"stopped: {done} of {total} pictures are finished and kept; "
                    "run the same command again to go on"
                ) from None
            seconds = time.perf_counter() - started
        return embedded / seconds

    def _tasks(self, size: int) -> list[Task]:
        """The batches to be made.

        Each is a run of pictures that the index before does not have, finished ones of this build
        left out afterwards. So a resumed build makes the batches that an uninterrupted one would
        have made, and the same vectors to the last bit; a batch with a picture that cannot be read
        is one smaller.
        """
        new = [name for name in self._names if not self._is_untouched(name, self._old_rows)]
        tasks = []
        for start in range(0, len(new), size):
            run = new[start : start + size]
            todo = [name for name in run if not self._is_untouched(name, self._journal.rows)]
            if todo:
                tasks.append(Task(tuple((name, self._known(name)) for name in todo)))
        return tasks

    def _is_untouched(self, name: str, rows: Mapping[str, tuple[int, FileState]]) -> bool:
        """Whether size and time say that the picture is the one its vector was made from."""
        if name not in rows:
            return False
        state = rows[name][1]
        if self._folder.stamp(name) != (state.size, state.mtime_ns):
            return False
        self.states[name] = state
        return True

    def _known(self, name: str) -> frozenset[str]:
        both = (self._journal.rows, self._old_rows)
        return frozenset(rows[name][1].sha256 for rows in both if name in rows)

    def in_journal(self, name: str, state: FileState) -> bool:
        """Whether the vector of a picture is in the journal, not in the index before."""
        rows = self._journal.rows
        return name in rows and rows[name][1].sha256 == state.sha256

    def vectors(self, artifacts: Path, files: Sequence[tuple[str, FileState]]) -> Iterator[bytes]:
        """The vectors of the pictures, float32, row by row, from wherever each one is."""
        with ExitStack() as stack:
            fresh = stack.enter_context(self._journal.reader())
            if self._previous:
                old = stack.enter_context(located(artifacts, EMBEDDINGS).open("rb"))
                before = self._previous.manifest
                size = row_bytes(before.dim, before.dtype)
            for name, state in files:
                if self.in_journal(name, state):
                    yield self._journal.read(fresh, self._journal.rows[name][0])
                else:
                    old.seek(before.embeddings_offset + self._old_rows[name][0] * size)
                    yield as_float32(old.read(size), before.dtype)


@contextmanager
def _reporter(progress: bool | OnProgress, total: int) -> Iterator[OnProgress]:
    if callable(progress):
        yield progress
        return
    from tqdm import tqdm

    # In a log file a line every ten seconds is enough.
    interval = 0.1 if sys.stderr.isatty() else 10.0
    with tqdm(
        total=total, desc="Indexing", unit=" images", disable=not progress, mininterval=interval
    ) as bar:
        yield lambda done, _: bar.update(done - bar.n)
