"""Batches of pictures: what is to be read and embedded together, and what came of it.

The last bits of a vector depend on the batch that the picture was embedded in: on how many pictures
it held and on the picture's place in it. So batches are settled beforehand, from the names alone,
and whoever works on them, in whatever order, here or on other machines, gets the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recommender.encoders import Encoder
from recommender.file_lists import FileState
from recommender.folders import PictureFolder
from recommender.reading import Picture, read_ahead, read_picture

# How many prepared pictures wait for the model at most, in batches.
_AHEAD = 3


@dataclass(frozen=True)
class Task:
    """Pictures for one batch.

    Attributes:
        pictures: name of each, and the SHA-256 of those of its contents whose vector exists.
    """

    pictures: tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True)
class Batch:
    """What came of a task.

    Attributes:
        files: name and state of each picture that was embedded.
        vectors: float32 (len(files), dim).
        unchanged: name and state of each picture whose content was known.
        problems: name of each picture that cannot be read, and why.
    """

    files: tuple[tuple[str, FileState], ...]
    vectors: npt.NDArray[np.float32]
    unchanged: tuple[tuple[str, FileState], ...]
    problems: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        """How many pictures were looked at."""
        return len(self.files) + len(self.unchanged) + len(self.problems)


@dataclass(frozen=True)
class Recipe:
    """An encoder, and how another process makes the same one.

    Attributes:
        encoder: for this process.
        make: can be pickled as long as the encoder has not been used.
    """

    encoder: Encoder
    make: Callable[[], Encoder]


class Workers(Protocol):
    """Whoever embeds the batches."""

    def at_work(
        self, folder: PictureFolder, recipe: Recipe, tasks: Sequence[Task]
    ) -> AbstractContextManager[Iterator[Batch]]:
        """Get ready; then batches come as they are finished, in any order, each task once.

        Raises:
            RecommenderError: the work cannot be done; when entered, or from the iterator.
        """


class ThisProcess:
    """Reads ahead in threads, and embeds one batch after the other."""

    @contextmanager
    def at_work(
        self, folder: PictureFolder, recipe: Recipe, tasks: Sequence[Task]
    ) -> Iterator[Iterator[Batch]]:
        recipe.encoder.warm_up()
        with closing(_embedded(folder, recipe.encoder, tasks)) as batches:
            yield batches


def _embedded(
    folder: PictureFolder, encoder: Encoder, tasks: Sequence[Task]
) -> Generator[Batch, None, None]:
    ahead = _AHEAD * max(len(task.pictures) for task in tasks)
    wanted = (picture for task in tasks for picture in task.pictures)
    with closing(read_ahead(wanted, reader(folder, encoder), ahead=ahead)) as pictures:
        for task in tasks:
            yield embed(encoder, list(islice(pictures, len(task.pictures))))


def reader(
    folder: PictureFolder, encoder: Encoder
) -> Callable[[tuple[str, frozenset[str]]], tuple[str, Picture]]:
    """A function that reads one picture of a task; thread-safe."""

    def read(wanted: tuple[str, frozenset[str]]) -> tuple[str, Picture]:
        name, known = wanted
        return name, read_picture(folder, name, encoder.load, known=known)

    return read


def embed(encoder: Encoder, pictures: Sequence[tuple[str, Picture]]) -> Batch:
    """Embed what could be read of a task, in its order.

    Args:
        encoder: what embeds it.
        pictures: all of one task, with their names.
    """
    files, pixels, unchanged, problems = [], [], [], []
    for name, picture in pictures:
        if picture.state is None:
            problems.append((name, picture.problem))
        elif picture.pixels is None:
            unchanged.append((name, picture.state))
        else:
            files.append((name, picture.state))
            pixels.append(picture.pixels)
    vectors = encoder.embed(np.stack(pixels)) if pixels else np.empty((0, 0), np.float32)
    return Batch(tuple(files), vectors, tuple(unchanged), tuple(problems))
