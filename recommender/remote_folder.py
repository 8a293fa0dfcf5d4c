"""A catalogue behind an address: ``s3://``, ``gs://``, ``hdfs://`` and whatever PyArrow reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, BinaryIO, NoReturn, cast

from recommender.catalogue import IMAGES, STYLES_CSV
from recommender.errors import CatalogueError, MissingExtraError
from recommender.folders import Stamp
from recommender.images import looks_like_picture, without_copies


class RemoteFolder:
    """A dataset folder on a file system of PyArrow, which finds the credentials in its own ways."""

    def __init__(self, address: str) -> None:
        """Name the folder; nothing is read yet.

        Args:
            address: as ``s3://bucket/catalogue?region=eu-central-1``.
        """
        self._given = address

    def __str__(self) -> str:
        return self._given

    def __reduce__(self) -> tuple[type[RemoteFolder], tuple[str]]:
        return RemoteFolder, (self._given,)  # What is listed is needed where it was listed only.

    @property
    def address(self) -> str:
        return self._given

    def names(self) -> list[str]:
        images = f"{self._root}/{IMAGES}"
        below = images if self._is(images, "Directory") else self._root
        inside = len(below) + 1
        found = [path[inside:] for path in self._listed(below) if looks_like_picture(path[inside:])]
        prefix = below[len(self._root) + 1 :]
        places = {name: f"{prefix}/{name}" if prefix else name for name in found}

        def same(one: str, other: str) -> bool:
            return self._same(places[one], places[other])

        return sorted(places[name] for name in without_copies(found, same))

    def stamp(self, name: str) -> Stamp | None:
        info = self._infos.get(f"{self._root}/{name}")
        return None if info is None or not info.mtime_ns else (info.size, info.mtime_ns)

    def exists(self, name: str) -> bool:
        return f"{self._root}/{name}" in self._infos

    @contextmanager
    def open(self, name: str) -> Iterator[tuple[BinaryIO, Stamp]]:
        path = f"{self._root}/{name}"
        info = self._system.get_file_info(path)
        try:
            with self._system.open_input_file(path) as file:
                yield cast(BinaryIO, file), (info.size or 0, info.mtime_ns or 0)
        except OSError as error:
            if error.errno is None:
                raise
            # PyArrow's own text holds the path and the reason twice.
            raise OSError(error.errno, os.strerror(error.errno)) from None

    def styles(self) -> bytes | None:
        path = f"{self._root}/{STYLES_CSV}"
        if not self._is(path, "File"):
            return None
        try:
            with self._system.open_input_stream(path) as file:
                return bytes(file.read())
        except OSError as error:
            self._refuse(error)

    @cached_property
    def _infos(self) -> dict[str, Any]:
        """Path → what the last listings said of the file."""
        return {}

    @cached_property
    def _place(self) -> tuple[Any, str]:
        """(file system, path on it) of the address."""
        try:
            from pyarrow import fs
        except ImportError:
            raise MissingExtraError(
                f"PyArrow, which reads {self}, is not installed: "
                "pip install -r requirements-ray.txt"
            ) from None
        try:
            system, path = fs.FileSystem.from_uri(self._given)
        except (ValueError, OSError, NotImplementedError) as error:
            self._refuse(error)
        return system, path.rstrip("/")

    @property
    def _system(self) -> Any:
        return self._place[0]

    @cached_property
    def _root(self) -> str:
        """The folder that holds the catalogue: as `recommender.catalogue.dataset_folder` says."""
        root = self._place[1]
        if not self._is(root, "Directory"):
            self._refuse("there is no such folder")
        if self._is(f"{root}/{IMAGES}", "Directory") or self._is(f"{root}/{STYLES_CSV}", "File"):
            return root
        inner = [
            folder
            for folder in self._folders(root)
            if self._is(f"{folder}/{IMAGES}", "Directory")
            and self._is(f"{folder}/{STYLES_CSV}", "File")
        ]
        return inner[0] if len(inner) == 1 else root

    def _is(self, path: str, kind: str) -> bool:
        try:
            return bool(self._system.get_file_info(path).type.name == kind)
        except (OSError, ValueError) as error:
            self._refuse(error)

    def _folders(self, root: str) -> list[str]:
        infos = self._select(root, recursive=False)
        return [info.path for info in infos if info.type.name == "Directory"]

    def _listed(self, folder: str) -> list[str]:
        infos = self._select(folder, recursive=True)
        self._infos.update({info.path: info for info in infos if info.type.name == "File"})
        return [info.path for info in infos if info.type.name == "File"]

    def _select(self, folder: str, *, recursive: bool) -> list[Any]:
        from pyarrow import fs

        try:
            found: list[Any] = self._system.get_file_info(
                fs.FileSelector(folder, recursive=recursive)
            )
        except (OSError, ValueError) as error:
            self._refuse(error)
        return found

    def _same(self, one: str, other: str) -> bool:
        infos = [self._infos[f"{self._root}/{name}"] for name in (one, other)]
        if infos[0].size != infos[1].size:
            return False
        try:
            with self.open(one) as (first, _), self.open(other) as (second, _):
                return first.read() == second.read()
        except OSError:
            return False  # An unreadable file is reported by the one who decodes it.

    def _refuse(self, error: object) -> NoReturn:
        reason = " ".join(str(error).split())
        raise CatalogueError(
            f"the catalogue {self} cannot be read ({reason}): check the address and its credentials"
        ) from None
