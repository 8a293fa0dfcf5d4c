"""The contract of every search engine: the nearest rows of a gallery, by Euclidean distance."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.columns import Column
from recommender.errors import QueryError

Allowed = npt.NDArray[np.bool_] | npt.NDArray[np.int64]
"""What a search is restricted to: a mask bool (n,), or row numbers int64 in any order."""
Attributes: TypeAlias = Callable[[], Mapping[str, Column]]
"""Gives the attributes that a gallery is filtered by, one code a row. Asked only when needed."""


@dataclass(frozen=True)
class Hits:
    """What a search found; the nearest come first, equal distances in the order of their rows.

    Attributes:
        rows: int64 (q, k), row numbers of the gallery.
        distances: float32 (q, k), Euclidean, ascending. On unit vectors the cosine similarity
            is 1 - d²/2.
    """

    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float32]


class SearchEngine(ABC):
    """Finds nearest neighbours among the rows that it was built from."""

    def __init__(
        self,
        embeddings: npt.NDArray[np.float32],
        *,
        folder: Path | None = None,
        attributes: Attributes = dict,
    ) -> None:
        """Build from a gallery.

        Args:
            embeddings: float32 (n, dim), C-contiguous, n at least 1; kept, not copied.
            folder: where an engine that takes long to build may keep what it built; None keeps
                nothing.
            attributes: for an engine that keeps them beside the vectors, to filter by itself.
        """
        if embeddings.ndim != 2 or not len(embeddings):
            raise QueryError(f"cannot search in embeddings of shape {embeddings.shape}")
        self._embeddings = embeddings

    def search(
        self, queries: npt.NDArray[np.float32], k: int, *, allowed: Allowed | None = None
    ) -> Hits:
        """The k nearest rows of each query.

        Args:
            queries: float32 (q, dim).
            k: how many; at least 1 and at most n.
            allowed: restricts the gallery; None admits every row. Where fewer than k rows are
                allowed, all of them come back and the arrays are that much narrower.

        Raises:
            QueryError: k or the shape of the queries is out of range.
        """
        n, dim = self._embeddings.shape
        if queries.ndim != 2 or queries.shape[1] != dim:
            raise QueryError(
                f"the query has shape {queries.shape}, but the index has {dim} numbers an image: "
                "use the encoder that made the index"
            )
        if not 1 <= k <= n:
            raise QueryError(f"k is {k}, but must be between 1 and {n}, the size of the index")
        rows = None if allowed is None else _as_rows(allowed, n)
        if rows is not None:
            k = min(k, len(rows))
        if k == 0 or not len(queries):
            shape = (len(queries), k)
            return Hits(np.empty(shape, np.int64), np.empty(shape, np.float32))
        return self._search(np.ascontiguousarray(queries, np.float32), k, rows)

    @abstractmethod
    def _search(
        self, queries: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> Hits:
        """As `search`, with checked arguments; `allowed` is sorted and has at least k rows."""


def rank(
    embeddings: npt.NDArray[np.float32],
    queries: npt.NDArray[np.float32],
    candidates: npt.NDArray[np.int64],
    k: int,
) -> Hits:
    """The k best of some candidates by their exact distance, ties by row number.

    Engines compute distances in different ways and orders; measuring the few candidates again,
    by plain subtraction in float64, makes every engine return the same rows and distances.

    Args:
        embeddings: float32 (n, dim).
        queries: float32 (q, dim).
        candidates: int64 (q, m), m at least k.
        k: how many to keep.
    """
    rows = np.empty((len(queries), k), np.int64)
    distances = np.empty((len(queries), k), np.float32)
    for i, (query, row) in enumerate(zip(queries, candidates, strict=True)):
        difference = embeddings[row].astype(np.float64) - query
        distance = np.sqrt(np.einsum("ij,ij->i", difference, difference)).astype(np.float32)
        order = np.lexsort((row, distance))[:k]
        rows[i], distances[i] = row[order], distance[order]
    return Hits(rows, distances)


def _as_rows(allowed: Allowed, n: int) -> npt.NDArray[np.int64]:
    if allowed.dtype == np.bool_:
        if allowed.shape != (n,):
            raise QueryError(f"the mask has shape {allowed.shape} instead of ({n},)")
        return np.flatnonzero(allowed)
    rows = np.unique(allowed.astype(np.int64))
    if len(rows) and not (rows[0] >= 0 and rows[-1] < n):
        raise QueryError(f"allowed rows must be between 0 and {n - 1}")
    return rows
