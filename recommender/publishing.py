"""Write a whole index, then put it in place in one step.

The files are written and flushed in a folder aside. Renaming that folder to `STAGED` is the moment
that the new index takes effect: readers look there first. Moving the files out of it can be cut
short at any point and is finished by the next build.
"""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from recommender.errors import StorageError
from recommender.file_lists import FileState, write_files, write_skipped
from recommender.manifest import (
    EMBEDDINGS,
    FILENAMES,
    FILES,
    INDEX_FILES,
    MANIFEST,
    SKIPPED,
    STAGED,
    Manifest,
    sha256_of,
)

_STAGING = ".staging"
_LOCK = ".lock"
_PATIENCE = 5.0  # seconds


@contextmanager
def locked(artifacts: Path) -> Iterator[None]:
    """Keep other builds out of an index folder, which is made if it is missing.

    Raises:
        StorageError: the folder cannot be written, or another build is at work in it.
    """
    from filelock import FileLock, Timeout

    try:
        artifacts.mkdir(parents=True, exist_ok=True)
        lock = FileLock(artifacts / _LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise StorageError(
            f"another build is writing {artifacts}: wait for it, or name another --artifacts"
        ) from None
    except OSError as error:
        raise unwritable(artifacts, error) from None
    try:
        yield
    finally:
        lock.release()


def unwritable(artifacts: Path, error: OSError) -> StorageError:
    """The error for a folder that takes no more writes."""
    reason = error.strerror or error
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"cannot write {artifacts} ({reason}): free some space and run the same command again; "
            "finished work is kept"
        )
    return StorageError(
        f"cannot write {artifacts} ({reason}): change its permissions, or name another folder with "
        "--artifacts"
    )


def publish(
    artifacts: Path,
    *,
    manifest: Manifest,
    vectors: Iterable[bytes],
    files: Sequence[tuple[str, FileState]],
    skipped: Sequence[tuple[str, str]],
) -> Manifest:
    """Write an index and put it in place.

    Args:
        artifacts: the index folder, locked.
        manifest: complete but for `sha256` and `embeddings_offset`, which are found here.
        vectors: the rows' float32 numbers in order, in pieces of any length.
        files: name and state of each row's picture.
        skipped: name and reason of each picture left out.

    Returns:
        the manifest as written.

    Raises:
        OSError: the folder cannot be written; the old index is untouched.
    """
    staging = artifacts / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        with (staging / EMBEDDINGS).open("wb") as file:
            offset = write_array_pickle(file, vectors, shape=(manifest.n, manifest.dim))
        with (staging / FILENAMES).open("wb") as file:
            pickle.dump([name for name, _ in files], file, protocol=5)
        write_files(staging / FILES, files)
        write_skipped(staging / SKIPPED, skipped)
        sha256 = {name: sha256_of(staging / name) for name in (EMBEDDINGS, FILENAMES, FILES)}
        manifest = replace(manifest, sha256=sha256, embeddings_offset=offset)
        text = json.dumps(manifest.to_json(), indent=2, ensure_ascii=False) + "\n"
        (staging / MANIFEST).write_text(text, encoding="utf-8")
        for name in INDEX_FILES:
            _flush(staging / name)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    staging.rename(artifacts / STAGED)
    _flush_folder(artifacts)
    finish_publishing(artifacts)
    return manifest


def finish_publishing(artifacts: Path) -> None:
    """Move a staged index into place; also what is left of one whose move was cut short.

    Raises:
        OSError: a file cannot be replaced, as while another program holds it open on Windows.
    """
    shutil.rmtree(artifacts / _STAGING, ignore_errors=True)
    staged = artifacts / STAGED
    if not staged.is_dir():
        return
    for name in INDEX_FILES:
        if (staged / name).exists():
            _replace(staged / name, artifacts / name)
    shutil.rmtree(staged)


def write_array_pickle(file: BinaryIO, pieces: Iterable[bytes], *, shape: tuple[int, int]) -> int:
    """Write the pickle of a float32 array without ever holding the array.

    The pickle is one call, ``numpy.ndarray(shape, "<f4", bytearray)``, spelt in the format's own
    opcodes; every numpy reads it.

    Args:
        file: open for writing, at its start.
        pieces: the array's bytes in C order, little-endian.
        shape: of the array.

    Returns:
        the offset in bytes at which the numbers start.

    Raises:
        ValueError: the pieces are more or fewer bytes than the shape says.
    """
    size = shape[0] * shape[1] * 4
    file.write(pickle.PROTO + b"\x05" + _text("numpy") + _text("ndarray") + pickle.STACK_GLOBAL)
    file.write(pickle.MARK)
    file.write(pickle.MARK + b"".join(map(_integer, shape)) + pickle.TUPLE)
    file.write(_text("<f4"))
    file.write(pickle.BYTEARRAY8 + struct.pack("<Q", size))
    offset = file.tell()
    for piece in pieces:
        file.write(piece)
    if file.tell() - offset != size:
        raise ValueError(f"{file.tell() - offset} bytes of vectors for an array of {size}")
    file.write(pickle.TUPLE + pickle.REDUCE + pickle.STOP)
    return offset


def _text(text: str) -> bytes:
    return pickle.SHORT_BINUNICODE + bytes([len(text)]) + text.encode()


def _integer(value: int) -> bytes:
    encoded = pickle.encode_long(value)
    return pickle.LONG1 + bytes([len(encoded)]) + encoded


def _replace(source: Path, target: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            source.replace(target)
            return
        except PermissionError:
            # Windows: a reader has the old file open, for as long as it takes to load it.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    if os.name == "posix":  # Windows cannot open a folder, and does not need to.
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
