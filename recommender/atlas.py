"""The catalogue as a map: every item a place on a plane, alike ones near each other.

Two ways: principal components, at once, and t-SNE, in a minute or two, once an index. On 40,024
products ten neighbours on the plane are of the item's own type for 41 % and 89 %, in the embedding
itself for 91 %: ``benchmarks/maps.py``.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from recommender.errors import ArtifactsError
from recommender.survey import largest
from recommender.whole_files import write_whole

MAP = "map.npz"
MAP_COMMAND = "python -m recommender map"

LANDMARKS = 8000
"""Items that t-SNE arranges; the others go where the landmarks like them are. All 40,024 by t-SNE
take eight times as long, for 89.0 % instead of 88.0 %."""
_FIT = 5000
_COMPONENTS = 50
_PERPLEXITY = 30.0
_ITERATIONS = 500
_BESIDE = 3
_SHARPNESS = 0.03
"""A landmark less alike than another by this cosine similarity counts 1/e as much."""
_BLOCK = 1024

Method = Literal["PCA", "t-SNE"]
Floats = npt.NDArray[np.float32]
OnStep = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, of how many)."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """Where each item of an index is on the map.

    Attributes:
        places: float32 (n, 2), right and up, within -1 to 1.
        method: how they were found.
    """

    places: Floats
    method: Method


def principal_atlas(embeddings: Floats) -> Atlas:
    """The two directions in which the items differ most.

    Args:
        embeddings: float32 (n, dim), unit rows.
    """
    return Atlas(_scaled(_principal(embeddings, 2)), "PCA")


def neighbour_atlas(
    embeddings: Floats, *, landmarks: int = LANDMARKS, on_step: OnStep | None = None
) -> Atlas:
    """t-SNE: what is alike is together, whatever else is lost.

    Of a large catalogue some items, drawn by chance, are arranged; each other one is placed at the
    weighted mean of the three that are most like it. L. van der Maaten & G. Hinton, "Visualizing
    Data using t-SNE", JMLR 9 (2008); D. Kobak & P. Berens, "The art of using t-SNE for single-cell
    transcriptomics", Nature Communications 10 (2019), for placing the rest.

    Args:
        embeddings: float32 (n, dim), unit rows.
        landmarks: how many are arranged; the others are placed beside them.
        on_step: follows the work.
    """
    from sklearn.manifold import TSNE

    n = len(embeddings)
    if n < 5:  # Too few to have neighbourhoods.
        return principal_atlas(embeddings)
    marks = np.arange(n)
    if n > landmarks:
        marks = np.sort(np.random.default_rng(0).choice(n, landmarks, replace=False))
    if on_step is not None:
        on_step("Arranging", 0, len(marks))
    arranged = TSNE(
        perplexity=min(_PERPLEXITY, (len(marks) - 1) / 3),
        init="pca",
        max_iter=_ITERATIONS,
        random_state=0,
        n_jobs=-1,
    ).fit_transform(_principal(embeddings, _COMPONENTS)[marks])
    if on_step is not None:
        on_step("Arranging", len(marks), len(marks))
    places = np.empty((n, 2), np.float32)
    if len(marks) < n:
        _place_beside(embeddings, embeddings[marks], arranged, places, on_step)
    places[marks] = arranged
    return Atlas(_scaled(places), "t-SNE")


def _principal(embeddings: Floats, count: int) -> Floats:
    """Coordinates along the first principal components: float32 (n, count), 0 beyond the rank."""
    from sklearn.decomposition import PCA

    n, dim = embeddings.shape
    places = np.zeros((n, count), np.float32)
    if n == 1:
        return places
    fitted = min(count, n, dim)
    # A few thousand items tell the directions, however many there are.
    some = np.random.default_rng(0).permutation(n)[:_FIT]
    components = PCA(fitted, svd_solver="randomized", random_state=0).fit(embeddings[some])
    places[:, :fitted] = components.transform(embeddings)
    return places


def _place_beside(
    embeddings: Floats, marks: Floats, arranged: Floats, places: Floats, on_step: OnStep | None
) -> None:
    for start in range(0, len(embeddings), _BLOCK):
        alike = embeddings[start : start + _BLOCK] @ marks.T
        nearest, similarity = largest(alike, _BESIDE)
        weights = np.exp((similarity - similarity[:, :1]) / _SHARPNESS)
        weights /= weights.sum(axis=1, keepdims=True)
        places[start : start + _BLOCK] = (arranged[nearest] * weights[..., None]).sum(axis=1)
        if on_step is not None:
            on_step("Placing", min(start + _BLOCK, len(embeddings)), len(embeddings))


def _scaled(places: Floats) -> Floats:
    """Within -1 to 1, both axes by the same factor."""
    least, most = places.min(axis=0), places.max(axis=0)
    reach = float((most - least).max()) / 2 or 1.0
    return np.asarray((places - (least + most) / 2) / reach, np.float32)


def write_map(artifacts: Path, embeddings: Floats, atlas: Atlas) -> None:
    """Keep a map beside the index that it shows.

    Raises:
        StorageError: the folder cannot be written.
    """
    file = io.BytesIO()
    np.savez_compressed(file, places=atlas.places, method=atlas.method, of=_fingerprint(embeddings))
    write_whole(artifacts / MAP, file.getvalue())


def read_map(artifacts: Path, embeddings: Floats) -> Atlas | None:
    """The map of an index; None if none was made.

    Raises:
        ArtifactsError: it is broken, or it shows another index; the message says which.
    """
    path = artifacts / MAP
    again = f"make it again with {MAP_COMMAND}"
    try:
        with np.load(path, allow_pickle=False) as file:
            places, method, of = file["places"], str(file["method"]), str(file["of"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ArtifactsError(f"the map {path} cannot be read ({error}): {again}") from None
    if of != _fingerprint(embeddings):
        raise ArtifactsError(f"the map {path} shows an earlier index: {again}")
    if places.shape != (len(embeddings), 2) or not np.isfinite(places).all():
        raise ArtifactsError(f"the map {path} is broken: {again}")
    return Atlas(places.astype(np.float32), "PCA" if method == "PCA" else "t-SNE")


def _fingerprint(embeddings: Floats) -> str:
    """SHA-256 of the vectors in hex: it takes a tenth of a second for 40,000 items."""
    return hashlib.sha256(np.ascontiguousarray(embeddings).data).hexdigest()
