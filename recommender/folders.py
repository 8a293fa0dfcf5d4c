"""Where the pictures of a catalogue are: in a folder of this machine, or behind an address."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from recommender.catalogue import catalogue_images, dataset_folder

Stamp = tuple[int, int]
"""(size in bytes, time of the last change in nanoseconds) of a file."""


class PictureFolder(Protocol):
    """A dataset folder: ``images/`` and, optionally, ``styles.csv``; or any folder of pictures.

    It can be pickled, and then reads the same pictures on another machine. Names are POSIX paths
    relative to it.
    """

    @property
    def address(self) -> str:
        """Where it is, for whoever looks for the pictures later."""

    def names(self) -> list[str]:
        """Every picture, sorted.

        Raises:
            RecommenderError: the folder cannot be read.
        """

    def stamp(self, name: str) -> Stamp | None:
        """Size and time of a file; None if it is gone or nobody can tell."""

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""

    def open(self, name: str) -> AbstractContextManager[tuple[BinaryIO, Stamp]]:
        """Open a file for reading, with its size and time at that moment. Raises OSError."""

    def styles(self) -> bytes | None:
        """The bytes of ``styles.csv``, if it must be kept to be read later."""


class LocalFolder:
    """A folder that every machine at work sees under the same path."""

    def __init__(self, data: Path) -> None:
        """Find the folder that holds the catalogue. Raises CatalogueError."""
        self.path = dataset_folder(data)

    def __str__(self) -> str:
        return str(self.path)

    def __reduce__(self) -> tuple[type[LocalFolder], tuple[Path]]:
        return LocalFolder, (self.path.resolve(),)

    @property
    def address(self) -> str:
        return str(self.path.resolve())

    def names(self) -> list[str]:
        return [path.relative_to(self.path).as_posix() for path in catalogue_images(self.path)]

    def stamp(self, name: str) -> Stamp | None:
        try:
            status = (self.path / name).stat()
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns

    def exists(self, name: str) -> bool:
        return (self.path / name).exists()

    @contextmanager
    def open(self, name: str) -> Iterator[tuple[BinaryIO, Stamp]]:
        with (self.path / name).open("rb") as file:
            status = os.fstat(file.fileno())
            yield file, (status.st_size, status.st_mtime_ns)

    def styles(self) -> None:
        return None


def picture_folder(data: str | Path) -> PictureFolder:
    """The folder that ``--data`` names: a path, or an address such as ``s3://bucket/catalogue``.

    Raises:
        CatalogueError: there is no such folder.
    """
    if is_address(data):
        from recommender.remote_folder import RemoteFolder

        return RemoteFolder(str(data))
    return LocalFolder(Path(data))


def is_address(data: str | Path) -> bool:
    """Whether it is the address of a file system, not a path.

    >>> is_address("s3://bucket/catalogue"), is_address("C:/catalogue")
    (True, False)
    """
    return "://" in str(data)
