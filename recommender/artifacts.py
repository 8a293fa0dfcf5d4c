"""Read, verify and write the index folder.

| file | content |
| --- | --- |
| ``embeddings.pkl`` | pickle, protocol 5, of one C-contiguous float32 (float16) array (n, dim) |
| ``filenames.pkl`` | pickle of a list of n POSIX paths relative to the dataset folder |
| ``manifest.json`` | what made the index, and the SHA-256 of the other files |
| ``files.csv`` | size, time and SHA-256 of every indexed picture, for incremental runs |
| ``skipped.csv`` | every file that was not indexed, with the reason |
| ``map.npz`` | the map of the catalogue, if one was made: `recommender.atlas` |
| ``head.npz`` | in a tuned index only: what `recommender.tuning` learned |

The stored vectors stay those of the encoder, tuned or not: they are what any other program expects,
new pictures join them as ever, and to take the head off is to forget a file. The head is applied
while the index is read, which takes seconds for 40,000 vectors.

A folder without a manifest, as the common tutorials write it, is read too; see
`recommender.tutorials`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from recommender.array_pickles import map_array_pickle
from recommender.encoders.head import Head
from recommender.errors import ArtifactsError
from recommender.manifest import (
    BUILD_COMMAND,
    EMBEDDINGS,
    FILENAMES,
    HEAD,
    MANIFEST,
    Manifest,
    broken,
    located,
    opened,
    read_manifest,
)
from recommender.unpickling import load_pickle

_NORM_TOLERANCE = 1e-3


@dataclass(frozen=True, kw_only=True)
class Index:
    """A verified index in memory.

    Attributes:
        embeddings: float32 (n, dim), C-contiguous, rows of unit L2 norm; the head is applied. May
            be read-only.
        filenames: n POSIX paths relative to `dataset`, aligned with the rows.
        dataset: the folder that the file names are relative to.
        manifest: what made the index; None for one that a tutorial's script wrote.
        head: what `recommender.tuning` learned from the catalogue, if it did.
    """

    embeddings: npt.NDArray[np.float32]
    filenames: list[str]
    dataset: Path
    manifest: Manifest | None
    head: Head | None = None


def read_index(artifacts: Path, *, data: Path | None = None, tuned: bool = True) -> Index:
    """Read an index and verify it.

    Args:
        artifacts: the index folder.
        data: where the dataset is now, if not where the manifest says.
        tuned: apply the head, if the index has one; else its vectors are the encoder's own.

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

        index = read_tutorial_index(artifacts, data=data)
        return _with_head(index, _stray_head(artifacts), artifacts) if tuned else index
    with opened(artifacts, manifest, (EMBEDDINGS, FILENAMES), head=tuned) as (manifest, files):
        embeddings = _read_embeddings(artifacts / EMBEDDINGS, files[EMBEDDINGS], manifest)
        filenames = load_pickle(artifacts / FILENAMES, files[FILENAMES])
        head = files[HEAD].read() if HEAD in files else None
    check_embeddings(embeddings, artifacts / EMBEDDINGS)
    check_filenames(filenames, artifacts / FILENAMES)
    _check_inside(filenames, artifacts / FILENAMES)
    shape = (manifest.n, manifest.encoder.dim)
    if embeddings.shape != shape or len(filenames) != manifest.n:
        raise broken(
            artifacts,
            f"{EMBEDDINGS} holds {embeddings.shape}, {FILENAMES} {len(filenames)} names, but "
            f"{MANIFEST} says {shape}",
        )
    if manifest.dtype == "float16":
        # Rounding has changed the lengths a little.
        embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    index = Index(
        embeddings=embeddings,
        filenames=filenames,
        dataset=data or find_dataset(artifacts, manifest),
        manifest=manifest,
    )
    return _with_head(index, head, artifacts)


def _read_embeddings(path: Path, file: BinaryIO, manifest: Manifest) -> Any:
    """What is stored, as float32: mapped where that can be, else in memory."""
    shape = manifest.n, manifest.encoder.dim
    if manifest.dtype == "float32":
        mapped = map_array_pickle(file, shape=shape, offset=manifest.embeddings_offset)
        if mapped is not None:
            return mapped
        file.seek(0)
    loaded = load_pickle(path, file)
    if manifest.dtype == "float32" or not isinstance(loaded, np.ndarray):
        return loaded
    if loaded.dtype != manifest.dtype:
        raise broken(path.parent, f"{EMBEDDINGS} holds {loaded.dtype}, not {manifest.dtype}")
    return loaded.astype(np.float32)


def _stray_head(artifacts: Path) -> bytes | None:
    """The head of an index without a manifest, which nothing but its being there names."""
    try:
        return (artifacts / HEAD).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ArtifactsError(f"cannot read {artifacts / HEAD}: {error.strerror}") from None


def _with_head(index: Index, stored: bytes | None, artifacts: Path) -> Index:
    if stored is None:
        return index
    head = Head.from_bytes(stored, artifacts / HEAD)
    made_by = None if index.manifest is None else index.manifest.encoder
    if not head.fits(made_by, index.embeddings.shape[1]):
        raise ArtifactsError(
            f"{artifacts / HEAD} was learned for another index: take it off with "
            "python -m recommender tune --remove"
        )
    return replace(index, embeddings=head.apply(index.embeddings), head=head)


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
    if not isinstance(filenames, list) or not all(
        isinstance(name, str) and name and "\0" not in name for name in filenames
    ):
        raise ArtifactsError(f"{path} does not hold a list of file names: build the index again")


def _check_inside(filenames: list[str], path: Path) -> None:
    """Refuse names that lead out of the dataset folder: the app would show what they name."""
    for name in filenames:
        # Colons and backslashes are letters like others, but on Windows they lead elsewhere.
        leads_out = name.startswith("/") or ".." in PurePosixPath(name).parts
        if leads_out or (os.name == "nt" and ("\\" in name or ":" in name)):
            raise ArtifactsError(
                f"{path} names {name!r}, which is not a path inside the dataset folder: "
                "build the index again"
            )


def find_dataset(artifacts: Path, manifest: Manifest) -> Path:
    """Where the dataset of an index is: where it was, or else where it is relative to the index."""
    recorded = Path(manifest.dataset)
    if not recorded.is_dir() and manifest.dataset_relative is not None:
        moved = Path(os.path.normpath(artifacts.resolve() / manifest.dataset_relative))
        if moved.is_dir():
            return moved
    return recorded
