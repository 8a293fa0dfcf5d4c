"""Read, verify and write the index folder.

| file | content |
| --- | --- |
| ``embeddings.pkl`` | pickle, protocol 5, of one C-contiguous float32 array (n, dim) |
| ``filenames.pkl`` | pickle of a list of n POSIX paths relative to the dataset folder |
| ``manifest.json`` | what made the index, and the SHA-256 of the other files |
| ``files.csv`` | size, time and SHA-256 of every indexed picture, for incremental runs |
| ``skipped.csv`` | every file that was not indexed, with the reason |

A folder without a manifest, as the common tutorials write it, is read too; see
`recommender.tutorials`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from recommender.encoders.base import EncoderCard
from recommender.errors import ArtifactsError
from recommender.unpickling import load_pickle

EMBEDDINGS = "embeddings.pkl"
FILENAMES = "filenames.pkl"
MANIFEST = "manifest.json"
FILES = "files.csv"
SKIPPED = "skipped.csv"
INDEX_FILES = (EMBEDDINGS, FILENAMES, FILES, SKIPPED, MANIFEST)

STAGED = ".staged"
"""Holds a finished index between the moment that it is whole and the moment that each of its files
is in place. What it holds is newer than the same file outside."""

SCHEMA = 1
BUILD_COMMAND = "python build_index.py"
_NORM_TOLERANCE = 1e-3
_PATIENCE = 2.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What made an index.

    Attributes:
        encoder: card of the encoder, its resize rule included.
        weights_file: the file that ``--weights`` named, as an absolute path; None for the
            encoder's own weights.
        n: pictures indexed.
        dim: numbers in an embedding.
        dataset: absolute path of the dataset folder at the time.
        dataset_relative: the same, seen from the index folder, so that both can move together;
            None where no relative path exists (another drive).
        sha256: file name → SHA-256 in hex.
        embeddings_offset: byte in ``embeddings.pkl`` at which the array's numbers start.
        created: UTC time, ISO 8601.
    """

    encoder: EncoderCard
    weights_file: str | None
    n: int
    dim: int
    dataset: str
    dataset_relative: str | None
    sha256: Mapping[str, str]
    embeddings_offset: int
    created: str

    def to_json(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"schema": SCHEMA} | fields | {"encoder": self.encoder.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Manifest:
        fields = {name: data[name] for name in cls.__dataclass_fields__}
        return cls(**fields | {"encoder": EncoderCard.from_json(data["encoder"])})


@dataclass(frozen=True, kw_only=True)
class Index:
    """A verified index in memory.

    Attributes:
        embeddings: float32 (n, dim), C-contiguous, rows of unit L2 norm.
        filenames: n POSIX paths relative to `dataset`, aligned with the rows.
        dataset: the folder that the file names are relative to.
        manifest: what made the index; None for one that a tutorial's script wrote.
    """

    embeddings: npt.NDArray[np.float32]
    filenames: list[str]
    dataset: Path
    manifest: Manifest | None


def read_index(artifacts: Path, *, data: Path | None = None) -> Index:
    """Read an index and verify it.

    Args:
        artifacts: the index folder.
        data: where the dataset is now, if not where the manifest says.

    Raises:
        ArtifactsError: there is no index, or it is broken, hostile or foreign; the message says
            which and what to do.
    """
    if not artifacts.is_dir() or not any(
        located(artifacts, name).exists() for name in (MANIFEST, EMBEDDINGS, FILENAMES)
    ):
        raise ArtifactsError(f"there is no index in {artifacts}: make one with {BUILD_COMMAND}")
    manifest = read_manifest(artifacts)
    if manifest is None:
        from recommender.tutorials import read_tutorial_index

        return read_tutorial_index(artifacts, data=data)
    with opened(artifacts, manifest, (EMBEDDINGS, FILENAMES)) as (manifest, files):
        embeddings = load_pickle(artifacts / EMBEDDINGS, files[EMBEDDINGS])
        filenames = load_pickle(artifacts / FILENAMES, files[FILENAMES])
    check_embeddings(embeddings, artifacts / EMBEDDINGS)
    check_filenames(filenames, artifacts / FILENAMES)
    _check_inside(filenames, artifacts / FILENAMES)
    shape = (manifest.n, manifest.encoder.dim)
    if embeddings.shape != shape or len(filenames) != manifest.n:
        raise _broken(
            artifacts,
            f"{EMBEDDINGS} holds {embeddings.shape}, {FILENAMES} {len(filenames)} names, but "
            f"{MANIFEST} says {shape}",
        )
    return Index(
        embeddings=embeddings,
        filenames=filenames,
        dataset=data or _dataset(artifacts, manifest),
        manifest=manifest,
    )


def read_manifest(artifacts: Path) -> Manifest | None:
    """The manifest of an index folder, or None where there is none.

    Raises:
        ArtifactsError: it cannot be read, or another version of this program wrote it.
    """
    path = located(artifacts, MANIFEST)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError("not an object")  # noqa: TRY004
        schema = data.get("schema")
        if schema == SCHEMA:
            return Manifest.from_json(data)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise _broken(artifacts, f"{MANIFEST} cannot be read ({error})") from None
    raise ArtifactsError(
        f"{artifacts} has an index of schema {schema!r}, but this version reads {SCHEMA}: "
        f"build it again with {BUILD_COMMAND} --rebuild"
    )


def check_embeddings(embeddings: Any, path: Path) -> None:
    """Refuse what is not float32 (n, dim), C-contiguous, finite and of unit norm.

    Raises:
        ArtifactsError: with the reason.
    """
    if not isinstance(embeddings, np.ndarray) or embeddings.ndim != 2 or not embeddings.size:
        raise ArtifactsError(f"{path} does not hold an array of embeddings: build the index again")
    if embeddings.dtype != np.float32 or not embeddings.flags.c_contiguous:
        raise ArtifactsError(
            f"{path} holds {embeddings.dtype} instead of C-contiguous float32: "
            "build the index again"
        )
    norms = np.sqrt(np.einsum("ij,ij->i", embeddings, embeddings))
    bad = np.flatnonzero(~(np.abs(norms - 1) <= _NORM_TOLERANCE))  # NaN is bad too
    if len(bad):
        raise ArtifactsError(
            f"{path}: row {bad[0]} is not a unit vector (norm {norms[bad[0]]:.3g}; {len(bad)} such "
            "rows): build the index again"
        )


def check_filenames(filenames: Any, path: Path) -> None:
    """Refuse what is not a list of strings. Raises ArtifactsError."""
    if not isinstance(filenames, list) or not all(isinstance(name, str) for name in filenames):
        raise ArtifactsError(f"{path} does not hold a list of file names: build the index again")


def _check_inside(filenames: list[str], path: Path) -> None:
    """Refuse names that lead out of the dataset folder: the app would show what they name."""
    for name in filenames:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]:
            raise ArtifactsError(
                f"{path} names {name!r}, which is not a path inside the dataset folder: "
                "build the index again"
            )


def write_skipped(path: Path, skipped: Iterable[tuple[str, str]]) -> None:
    """Write (file, reason) pairs as CSV."""
    _write_csv(path, ("filename", "reason"), skipped)


@dataclass(frozen=True)
class FileState:
    """What tells whether a picture has changed since it was indexed."""

    size: int
    mtime_ns: int
    sha256: str


def write_files(path: Path, states: Iterable[tuple[str, FileState]]) -> None:
    """Write the state of each indexed picture, in the order of the rows."""
    rows = ((name, s.size, s.mtime_ns, s.sha256) for name, s in states)
    _write_csv(path, ("filename", "size", "mtime_ns", "sha256"), rows)


def read_files(artifacts: Path) -> list[tuple[str, FileState]]:
    """The state of each indexed picture, in the order of the rows.

    Raises:
        ArtifactsError: the file is missing or damaged.
    """
    try:
        with located(artifacts, FILES).open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            return [(name, FileState(int(s), int(t), sha)) for name, s, t, sha in reader]
    except (OSError, ValueError, StopIteration, csv.Error) as error:
        raise _broken(artifacts, f"{FILES} cannot be read ({error})") from None


def read_skipped(artifacts: Path) -> list[tuple[str, str]]:
    """(file name, reason) of each picture left out; empty without the file."""
    path = located(artifacts, SKIPPED)
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in list(csv.reader(file))[1:] if len(row) == 2]


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def located(artifacts: Path, name: str) -> Path:
    """Where the newest whole version of an index file is; it may not exist."""
    staged = artifacts / STAGED / name
    return staged if staged.exists() else artifacts / name


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


@contextmanager
def opened(
    artifacts: Path, manifest: Manifest, names: Sequence[str]
) -> Iterator[tuple[Manifest, dict[str, BinaryIO]]]:
    """Open index files that belong together: each has the hash that the manifest names.

    A build may be moving a new index into place at this moment, so look again for a while; what is
    open stays what it was, whatever is moved over it.

    Yields:
        the manifest that fits, and the open files by name.

    Raises:
        ArtifactsError: a file is missing or another one than the manifest names.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        with ExitStack() as stack:
            try:
                files: dict[str, BinaryIO] = {
                    name: stack.enter_context(located(artifacts, name).open("rb")) for name in names
                }
                wrong = [n for n in names if _digest(files[n]) != manifest.sha256.get(n)]
            except OSError as error:
                wrong = [f"{Path(error.filename or '').name} ({error.strerror})"]
            if not wrong:
                yield manifest, files
                return
        if time.monotonic() > deadline:
            raise _broken(
                artifacts, f"{', '.join(wrong)} is missing or not the one that {MANIFEST} names"
            )
        time.sleep(0.05)
        manifest = read_manifest(artifacts) or manifest


def _dataset(artifacts: Path, manifest: Manifest) -> Path:
    recorded = Path(manifest.dataset)
    if not recorded.is_dir() and manifest.dataset_relative is not None:
        moved = Path(os.path.normpath(artifacts.resolve() / manifest.dataset_relative))
        if moved.is_dir():
            return moved
    return recorded


def _broken(artifacts: Path, reason: str) -> ArtifactsError:
    return ArtifactsError(
        f"the index in {artifacts} is broken: {reason}; "
        f"build it again with {BUILD_COMMAND} --rebuild"
    )
