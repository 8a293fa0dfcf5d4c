"""Exact search: scikit-learn's brute-force nearest neighbours, or proved to be the same.

scikit-learn computes in float64, block by block: many queries share the work of converting the
gallery, a single one pays for all of it. So few queries go through `recommender.engines.scan`,
which finds the same neighbours in a fraction of the time, and many go through scikit-learn.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.engines.base import Attributes, Hits, SearchEngine, rank
from recommender.engines.scan import Scan

_MANY = 4
"""Queries from which scikit-learn is faster (40,024 x 256, one thread)."""
# Neighbours asked for beyond k, so that ties at the k-th place can be seen and broken by row.
_MARGIN = 8
# Distances this close may be rounding of the same one: scikit-learn's come out of a matrix product.
_TIE = 1e-5


class ExactEngine(SearchEngine):
    """Scans the whole gallery; the result is exact and the order deterministic."""

    def __init__(
        self,
        embeddings: npt.NDArray[np.float32],
        *,
        folder: Path | None = None,
        attributes: Attributes = dict,
    ) -> None:
        super().__init__(embeddings, folder=folder, attributes=attributes)
        self._scan = Scan(embeddings)

    @cached_property
    def _neighbours(self) -> object:
        return _fit(self._embeddings)

    def _search(
        self, queries: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> Hits:
        if len(queries) < _MANY:
            return self._scan.nearest(queries, k, allowed)
        if allowed is None:
            return _nearest(self._neighbours, self._embeddings, queries, k)
        part = self._embeddings[allowed]
        hits = _nearest(_fit(part), part, queries, k)
        return Hits(allowed[hits.rows], hits.distances)


def _fit(embeddings: npt.NDArray[np.float32]) -> object:
    # On first use: scikit-learn takes about a second to import.
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(algorithm="brute", metric="euclidean").fit(embeddings)


def _nearest(
    neighbours: object,
    embeddings: npt.NDArray[np.float32],
    queries: npt.NDArray[np.float32],
    k: int,
) -> Hits:
    n = len(embeddings)
    margin = _MARGIN
    while True:
        wanted = min(n, k + margin)
        distances, rows = neighbours.kneighbors(queries, n_neighbors=wanted)  # type: ignore[attr-defined]
        # Whatever ties with the k-th neighbour must be among the candidates: where the last one
        # still does (many copies of one picture), look further.
        if wanted == n or np.all(distances[:, -1] > distances[:, k - 1] + _TIE):
            return rank(embeddings, queries, rows.astype(np.int64), k)
        margin *= 8
