"""What a running build has finished, on disk, so that nothing is computed twice.

Two files that only grow: the vectors, raw, and one line of JSON for each finished batch, written
after its vectors. A batch counts when its line is whole and its vectors match the checksum in it;
whatever a crash left behind that is cut off.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from recommender.file_lists import FileState

VECTORS = "vectors.f32"
BATCHES = "batches.jsonl"


class Journal:
    """Finished batches of one build plan."""

    def __init__(self, folder: Path, *, plan: str, dim: int) -> None:
        """Open the journal in `folder`, keeping what it holds if it belongs to this plan.

        Args:
            folder: made if missing.
            plan: what the vectors depend on besides the pictures; a journal of another plan is
                emptied.
            dim: numbers in a vector.

        Raises:
            OSError: the folder cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.row_bytes = dim * 4
        self._rows: dict[str, tuple[int, FileState]] = {}
        self._count = 0
        self._vectors = _open(folder / VECTORS)
        self._batches = _open(folder / BATCHES)
        header = json.dumps({"plan": plan}) + "\n"
        self._vectors_path = folder / VECTORS
        if not self._restore(header.encode()):
            self._truncate(0, 0)
            self._batches.write(header.encode())

    @property
    def rows(self) -> dict[str, tuple[int, FileState]]:
        """File name → (row in the journal, state of the file when it was embedded)."""
        return self._rows

    def append(
        self, files: Sequence[tuple[str, FileState]], vectors: npt.NDArray[np.float32]
    ) -> None:
        """Add a finished batch.

        It outlives the process at once, and a crash of the machine after the next `sync`.

        Args:
            files: name and state of each picture.
            vectors: float32 (len(files), dim).
        """
        data = np.ascontiguousarray(vectors, np.float32).tobytes()
        line = {
            "files": [(name, *astuple(state)) for name, state in files],
            "crc": zlib.crc32(data),
        }
        self._vectors.write(data)
        self._vectors.flush()
        self._batches.write((json.dumps(line) + "\n").encode())
        self._batches.flush()
        self._add(files)

    def sync(self) -> None:
        """Force everything to disk: vectors first, so that a line never runs ahead of them."""
        for file in (self._vectors, self._batches):
            file.flush()
            os.fsync(file.fileno())

    def reader(self) -> BinaryIO:
        """The vectors file, opened for `read`."""
        self.sync()
        return self._vectors_path.open("rb")

    def read(self, reader: BinaryIO, row: int) -> bytes:
        """The float32 numbers of one row."""
        reader.seek(row * self.row_bytes)
        return reader.read(self.row_bytes)

    def close(self) -> None:
        """Close the files. What no longer fits on a full disk is lost; what was synced stays."""
        for file in (self._vectors, self._batches):
            with suppress(OSError):
                file.close()

    def _add(self, files: Sequence[tuple[str, FileState]]) -> None:
        for name, state in files:
            self._rows[name] = (self._count, state)
            self._count += 1

    def _restore(self, header: bytes) -> bool:
        self._batches.seek(0)
        if self._batches.readline() != header:
            return False
        good_lines = self._batches.tell()
        for line, files in _whole_lines(self._batches):
            data = self._vectors.read(len(files) * self.row_bytes)
            if zlib.crc32(data) != json.loads(line)["crc"]:
                break
            self._add(files)
            good_lines += len(line)
        self._truncate(good_lines, self._count * self.row_bytes)
        return True

    def _truncate(self, batches: int, vectors: int) -> None:
        for file, size in ((self._batches, batches), (self._vectors, vectors)):
            file.truncate(size)
            file.seek(size)


def _whole_lines(file: BinaryIO) -> Iterator[tuple[bytes, list[tuple[str, FileState]]]]:
    for line in file:
        if not line.endswith(b"\n"):
            return
        try:
            files = [(name, FileState(*state)) for name, *state in json.loads(line)["files"]]
        except (ValueError, KeyError, TypeError):
            return
        yield line, files


def _open(path: Path) -> BinaryIO:
    return open(path, "r+b" if path.exists() else "w+b")  # noqa: PTH123
