"""Give every picture of a catalogue a vector: its old one, or a new one in the journal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.array_pickles import as_float32, row_bytes
from recommender.encoders import Encoder
from recommender.file_lists import FileState
from recommender.journal import Journal
from recommender.manifest import EMBEDDINGS, located
from recommender.previous import Previous
from recommender.reading import Picture, read_ahead, read_picture

_SYNC_SECONDS = 10.0
# How many prepared pictures wait for the model at most, in batches.
_AHEAD = 3

OnProgress = Callable[[int, int], None]
"""Called with (pictures done, pictures to do) after each batch."""


class EmbeddingPass:
    """One pass over a catalogue, after which every usable picture has a vector.

    Attributes:
        states: file name → state, of every picture that has a vector.
        problems: file name → reason, of every picture that cannot be read.
    """

    def __init__(
        self, dataset: Path, names: Sequence[str], previous: Previous | None, journal: Journal
    ) -> None:
        self._dataset = dataset
        self._names = names
        self._previous = previous
        self._old_rows = previous.rows if previous else {}
        self._journal = journal
        self.states: dict[str, FileState] = {}
        self.problems: dict[str, str] = {}

    def embed(self, encoder: Encoder, *, batch_size: int, progress: bool | OnProgress) -> float:
        """Give every picture a vector, in the journal or in the index before.

        Returns:
            images per second.
        """
        todo = [name for name in self._names if not self._is_untouched(name)]
        if not todo:
            return 0.0
        encoder.warm_up()
        started = synced = time.perf_counter()
        embedded = done = 0
        with _reporter(progress, len(todo)) as report:
            try:
                for batch, seen in self._batches(todo, encoder, batch_size):
                    if batch:
                        files = [(name, state) for name, state, _ in batch]
                        self._journal.append(
                            files, encoder.embed(np.stack([pixels for _, _, pixels in batch]))
                        )
                        self.states.update(files)
                        embedded += len(batch)
                    if time.perf_counter() - synced > _SYNC_SECONDS:
                        self._journal.sync()
                        synced = time.perf_counter()
                    done += seen
                    report(done, len(todo))
            except KeyboardInterrupt:
                self._journal.sync()
                raise KeyboardInterrupt(
                    f"stopped: {done} of {len(todo)} pictures are finished and kept; "
                    "run the same command again to go on"
                ) from None
        return embedded / (time.perf_counter() - started)

    def _is_untouched(self, name: str) -> bool:
        """Whether size and time say that the picture is the one its vector was made from."""
        try:
            status = (self._dataset / name).stat()
        except OSError:
            return False
        for state in self._known(name):
            if (state.size, state.mtime_ns) == (status.st_size, status.st_mtime_ns):
                self.states[name] = state
                return True
        return False

    def _known(self, name: str) -> list[FileState]:
        return [rows[name][1] for rows in (self._journal.rows, self._old_rows) if name in rows]

    def _batches(
        self, todo: Sequence[str], encoder: Encoder, size: int
    ) -> Iterator[tuple[list[tuple[str, FileState, npt.NDArray[np.uint8]]], int]]:
        """Full batches of new pictures, each with the number of pictures looked at for it.

        Where a batch ends depends on the pictures alone, never on time: a resumed build makes the
        same batches as an uninterrupted one, and so the same vectors to the last bit.
        """

        def read(name: str) -> tuple[str, Picture]:
            known = {state.sha256 for state in self._known(name)}
            return name, read_picture(self._dataset / name, encoder.load, known=known)

        batch: list[tuple[str, FileState, npt.NDArray[np.uint8]]] = []
        seen = 0
        with closing(read_ahead(todo, read, ahead=_AHEAD * size)) as pictures:
            for name, picture in pictures:
                seen += 1
                if picture.state is None:
                    self.problems[name] = picture.problem
                elif picture.pixels is None:
                    self.states[name] = picture.state
                else:
                    batch.append((name, picture.state, picture.pixels))
                if len(batch) == size:
                    yield batch, seen
                    batch, seen = [], 0
        if seen:
            yield batch, seen

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
