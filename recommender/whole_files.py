"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from recommender.errors import StorageError


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place, then move it there: a reader sees the old one or the new one.

    Raises:
        StorageError: it cannot be written; the old one is untouched.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with aside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: OSError) -> StorageError:
    """The error for a place that takes no writes."""
    return StorageError(
        f"cannot write {path} ({error.strerror or error}): free some space, change its "
        "permissions, or name another folder"
    )
