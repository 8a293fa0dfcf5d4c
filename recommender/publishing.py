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
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from recommender.array_pickles import write_array_pickle
from recommender.errors import StorageError
from recommender.file_lists import FileState, write_files, write_skipped
from recommender.manifest import (
    EMBEDDINGS,
    FILENAMES,
    FILES,
    HEAD,
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
    keep_head: bool = False,
) -> Manifest:
    """Write an index and put it in place.

    Args:
        artifacts: the index folder, locked.
        manifest: complete but for `sha256` and `embeddings_offset`, which are found here.
        vectors: the rows' float32 numbers in order, in pieces of any length; they are stored as
            the manifest says.
        files: name and state of each row's picture.
        skipped: name and reason of each picture left out.
        keep_head: take over the head of the index before, made by the same encoder; else it goes.

    Returns:
        the manifest as written.

    Raises:
        OSError: the folder cannot be written; the old index is untouched.
    """
    with _staging(artifacts) as staging:
        with (staging / EMBEDDINGS).open("wb") as file:
            shape = manifest.n, manifest.dim
            offset = write_array_pickle(file, vectors, shape=shape, dtype=manifest.dtype)
        with (staging / FILENAMES).open("wb") as file:
            pickle.dump([name for name, _ in files], file, protocol=5)
        write_files(staging / FILES, files)
        write_skipped(staging / SKIPPED, skipped)
        hashed = [EMBEDDINGS, FILENAMES, FILES]
        if keep_head:
            shutil.copyfile(artifacts / HEAD, staging / HEAD)
            hashed.append(HEAD)
        sha256 = {name: sha256_of(staging / name) for name in hashed}
        manifest = replace(manifest, sha256=sha256, embeddings_offset=offset)
        _write_manifest(staging, manifest)
    _forget_head(artifacts, manifest)
    return manifest


def publish_head(artifacts: Path, manifest: Manifest | None, head: bytes | None) -> None:
    """Give an index a head, or take its head off; nothing else of it changes.

    Args:
        artifacts: the index folder, locked, without an unfinished publication.
        manifest: of the index; None if it has none, as those that the tutorials write.
        head: the file; None takes the head off.

    Raises:
        OSError: the folder cannot be written; the index is what it was.
    """
    if manifest is None:
        if head is None:
            (artifacts / HEAD).unlink(missing_ok=True)
            return
        unfinished = artifacts / f"{HEAD}.unfinished"
        unfinished.write_bytes(head)
        _flush(unfinished)
        _replace(unfinished, artifacts / HEAD)
        return
    sha256 = {name: digest for name, digest in manifest.sha256.items() if name != HEAD}
    with _staging(artifacts) as staging:
        if head is not None:
            (staging / HEAD).write_bytes(head)
            sha256[HEAD] = sha256_of(staging / HEAD)
        manifest = replace(manifest, sha256=sha256)
        _write_manifest(staging, manifest)
    _forget_head(artifacts, manifest)


@contextmanager
def _staging(artifacts: Path) -> Iterator[Path]:
    """A folder for files of an index, which replace the old ones in one step at the end."""
    staging = artifacts / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        yield staging
        for path in staging.iterdir():
            _flush(path)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    staging.rename(artifacts / STAGED)
    _flush_folder(artifacts)
    finish_publishing(artifacts)


def _write_manifest(staging: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest.to_json(), indent=2, ensure_ascii=False) + "\n"
    (staging / MANIFEST).write_text(text, encoding="utf-8")


def _forget_head(artifacts: Path, manifest: Manifest) -> None:
    """Delete a head that the manifest no longer names; readers ignore it already."""
    if not manifest.tuned:
        (artifacts / HEAD).unlink(missing_ok=True)


def finish_publishing(artifacts: Path) -> None:
    """Move a staged index into place; also what is left of one whose move was cut short.

    Raises:
        OSError: a file cannot be replaced, as while another program holds it open on Windows.
    """
    shutil.rmtree(artifacts / _STAGING, ignore_errors=True)
    staged = artifacts / STAGED
    if not staged.is_dir():
        return
    for name in (HEAD, *INDEX_FILES):
        if (staged / name).exists():
            _replace(staged / name, artifacts / name)
    shutil.rmtree(staged)


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
