"""Exact nearest neighbours of single queries, as fast as one product of matrix and vector.

Euclidean distances rank as e·q - |e|²/2 does, which float32 arithmetic finds for a whole gallery
in one pass. What rounding can have done to it is bounded: a product of d terms, summed in any
order, is wrong by at most γ(d)·|e||q|, where γ(d) = d·u / (1 - d·u) and u = 2⁻²⁴ (Higham, Accuracy
and Stability of Numerical Algorithms, 2nd edition, 3.1). So all rows within twice the bound of the
k-th best are measured again, exactly, and none of the k nearest can be missed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.engines.base import Hits, rank

_ROUNDING = 2.0**-24
_BLOCK = 1 << 20
"""Numbers of the gallery gathered at a time: they stay in the processor's cache."""
_SCATTERED = 0.4
"""Share of the rows up to which only those allowed are read. Above, to read the whole gallery in
one sweep was faster (40,024 x 256, one thread)."""


class Scan:
    """Scans a gallery, or the part of it that is allowed, without copying it."""

    def __init__(self, embeddings: npt.NDArray[np.float32]) -> None:
        """Keep the gallery.

        Args:
            embeddings: float32 (n, dim), C-contiguous.
        """
        self._embeddings = embeddings
        squares = np.einsum("ij,ij->i", embeddings, embeddings, dtype=np.float64)
        self._halves = (squares / 2).astype(np.float32)
        self._longest = float(np.sqrt(squares.max()))

    def nearest(
        self, queries: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> Hits:
        """The k nearest rows of each query, ties by row number.

        Args:
            queries: float32 (q, dim).
            k: how many; at least 1.
            allowed: the rows to search in, at least k, ascending; None for all.
        """
        found = [
            rank(self._embeddings, query[np.newaxis], self._candidates(query, k, allowed), k)
            for query in queries
        ]
        return Hits(
            np.concatenate([hits.rows for hits in found]),
            np.concatenate([hits.distances for hits in found]),
        )

    def _candidates(
        self, query: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> npt.NDArray[np.int64]:
        """Rows int64 (1, m) that may be among the k nearest, in ascending order."""
        closeness = self._closeness(query, allowed)
        kth = np.partition(closeness, len(closeness) - k)[-k]
        least = np.nextafter(np.float32(float(kth) - self._slack(query)), np.float32(-np.inf))
        places = np.flatnonzero(closeness >= least)
        return (places if allowed is None else allowed[places])[np.newaxis]

    def _closeness(
        self, query: npt.NDArray[np.float32], allowed: npt.NDArray[np.int64] | None
    ) -> npt.NDArray[np.float32]:
        """e·q - |e|²/2 of each allowed row: float32, higher is nearer."""
        gallery = self._embeddings
        n, dim = gallery.shape
        if allowed is None:
            return np.asarray(gallery @ query - self._halves)
        if len(allowed) > n * _SCATTERED:
            return np.asarray((gallery @ query - self._halves)[allowed])
        step = max(1, _BLOCK // dim)
        products = [
            gallery.take(allowed[start : start + step], axis=0) @ query
            for start in range(0, len(allowed), step)
        ]
        return np.asarray(np.concatenate(products) - self._halves[allowed])

    def _slack(self, query: npt.NDArray[np.float32]) -> float:
        """How far below the k-th best a row can seem to be and still be among the k nearest."""
        length = float(np.linalg.norm(query.astype(np.float64)))
        # Four more terms than the product has: the half, its subtraction, and room.
        terms = (len(query) + 4) * _ROUNDING
        error = terms / (1 - terms) * (self._longest * length + self._longest**2 / 2)
        # Ties are of distances in float32, which rounding may have made equal.
        ties = 2 * _ROUNDING * (self._longest + length) ** 2
        return 2 * error + ties + float(np.finfo(np.float32).tiny)
