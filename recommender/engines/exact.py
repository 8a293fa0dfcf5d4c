"""Exact search: one product of the gallery with the query, and the few best measured again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.engines.base import Hits, SearchEngine, rank

# A product of float32 is off by about a millionth of what is added up. Whatever may be nearer than
# the k-th row by so much is measured again, ties at the k-th place with it.
_ROUNDING = 1e-5
# Of fewer allowed rows than this share a copy is scanned, and else the whole gallery: copying a row
# costs several times what multiplying it does.
_FEW = 1 / 8


class ExactEngine(SearchEngine):
    """Scans the whole gallery; the result is exact and the order deterministic."""

    def __init__(self, embeddings: npt.NDArray[np.float32]) -> None:
        super().__init__(embeddings)
        self._squares = np.einsum("ij,ij->i", embeddings, embeddings)
        self._longest = float(self._squares.max())

    def _search(
        self, queries: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> Hits:
        hits = [
            rank(self._embeddings, query[None], self._candidates(query, k, allowed)[None], k)
            for query in queries
        ]
        return Hits(
            np.concatenate([hit.rows for hit in hits]),
            np.concatenate([hit.distances for hit in hits]),
        )

    def _candidates(
        self, query: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> npt.NDArray[np.int64]:
        """Rows int64 (m,), among them the k nearest and all that tie with the last of these."""
        if allowed is None:
            # The query's own square is the same in every distance, and left out.
            far = self._squares - 2 * (self._embeddings @ query)
        elif len(allowed) < _FEW * len(self._embeddings):
            far = self._squares[allowed] - 2 * (self._embeddings[allowed] @ query)
        else:
            far = self._squares[allowed] - 2 * (self._embeddings @ query)[allowed]
        slack = _ROUNDING * (self._longest + float(query @ query))
        near = np.flatnonzero(far <= np.partition(far, k - 1)[k - 1] + slack)
        return near if allowed is None else allowed[near]
