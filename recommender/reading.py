"""Read pictures ahead of the model, in parallel and in order."""

from __future__ import annotations

import hashlib
import io
import os
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from recommender.errors import ImageError
from recommender.file_lists import FileState
from recommender.folders import PictureFolder
from recommender.images import ImageSource

Task = TypeVar("Task")
Result = TypeVar("Result")

# Larger files are read twice, for the hash and for the pixels, instead of being held in memory.
_HELD_BYTES = 64 << 20


@dataclass(frozen=True)
class Picture:
    """One file of the catalogue, read.

    Attributes:
        state: what tells it from another version of itself; None if it could not be read.
        pixels: uint8 (height, width, 3); None if it is unchanged or could not be read.
        problem: why it could not be read, if it could not.
    """

    state: FileState | None = None
    pixels: npt.NDArray[np.uint8] | None = None
    problem: str = ""


def read_picture(
    folder: PictureFolder,
    name: str,
    load: Callable[[ImageSource], npt.NDArray[np.uint8]],
    *,
    known: Collection[str] = (),
) -> Picture:
    """Read one file; what is wrong with it is told, not raised.

    Args:
        folder: where it is.
        name: of the file.
        load: makes the encoder's input of it.
        known: SHA-256 of the contents whose vector exists; those are not decoded again.
    """
    try:
        with folder.open(name) as (file, (size, mtime_ns)):
            held = file.read() if size <= _HELD_BYTES else None
            digest = hashlib.sha256(held or b"")
            if held is None:
                while block := file.read(1 << 20):
                    digest.update(block)
                file.seek(0)
            state = FileState(size, mtime_ns, digest.hexdigest())
            if state.sha256 in known:
                return Picture(state)
            if size == 0:
                return Picture(problem="the file is empty (0 bytes): replace it")
            return Picture(state, load(file if held is None else _named(held, name)))
    except ImageError as error:
        return Picture(problem=str(error))
    except OSError as error:
        return Picture(problem=f"the file cannot be opened ({error.strerror or error})")


def _named(data: bytes, name: str) -> io.BytesIO:
    # The name lets the message about a format that cannot be read say more.
    source = io.BytesIO(data)
    source.name = name
    return source


def read_ahead(
    tasks: Iterable[Task], function: Callable[[Task], Result], *, ahead: int
) -> Generator[Result, None, None]:
    """Apply a function in several threads; results come in the order of the tasks.

    Args:
        tasks: what to apply it to.
        function: thread-safe.
        ahead: how many results, at most, wait to be taken; bounds the memory they hold.
    """
    with ThreadPoolExecutor(max_workers=min(8, (os.cpu_count() or 1) + 1)) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(function, task))
                if len(waiting) >= ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
