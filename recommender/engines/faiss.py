"""Approximate search by a graph of neighbours: FAISS's HNSW, for large galleries.

What the graph finds is measured again, so rows, distances and their order are those of an exact
search. The graph misses little where queries lie among the products, and is not asked where it is
known to fail; then the gallery, or what a filter leaves of it, is scanned:

- Small galleries, and few allowed rows: a scan is as quick.
- Filters: the graph is asked for as many more rows as the filter drops, and those that pass are
  kept. faiss's own filter (``IDSelector``) keeps what passes among the rows that it walks by; where
  a filter and a query disagree these are not the nearest: recall@5 was 0.82 with half of the
  products allowed (men's or women's), and 0.1 to 0.8 with one type or colour.
- Queries far from everything, such as the mean of two unlike photos: recall@5 was 0.75.
- More copies of one picture than candidates.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.engines.base import Attributes, Hits, SearchEngine, rank
from recommender.engines.graph import UnfitGraphError, build, index_of, key_of, read, write
from recommender.engines.scan import Scan
from recommender.errors import MissingExtraError

GRAPH = "faiss.graph.npz"
"""The file in the folder of the index."""
SMALL = 10_000
"""Rows below which a scan takes about a millisecond (256 numbers a row): no graph is built."""
_CANDIDATES = 128
"""Rows weighed at a time (efSearch), at least. Recall@5 on 40,024 products was 0.998 to 1.000 with
it, 0.995 to 0.999 with half as many."""
_MARGIN = 8
"""Rows asked for beyond k, so that ties at the k-th place can be seen and broken by row."""
_TIE = 1e-4
"""Squared distances this close, relatively, may be rounding of the same one."""
_FEW = 0.2
"""Share of the rows up to which those allowed are scanned: they take as long as the graph."""
_SPARE = 2
"""A filter that keeps a share s of the rows keeps that share of a query's neighbours, or less."""
_MOST = 0.1
"""Share of the gallery up to which the graph is asked for rows; beyond, a scan is as quick."""
_FAR = 2.0
"""How many times farther than usual the nearest row may be. Up to there recall@5 was above 0.99 for
every kind of query; with 2.2 times as far it began to fall. Of phone photos 95 % are nearer."""
_SAMPLE = 200
_log = logging.getLogger(__name__)


class FaissEngine(SearchEngine):
    """Searches a graph of the gallery, and scans where the graph would miss."""

    def __init__(
        self,
        embeddings: npt.NDArray[np.float32],
        *,
        folder: Path | None = None,
        attributes: Attributes = dict,
    ) -> None:
        """As `SearchEngine`; a graph is built once and then read from the folder.

        Raises:
            MissingExtraError: faiss is not installed.
        """
        super().__init__(embeddings, folder=folder, attributes=attributes)
        self._faiss = _library()
        self._scan = Scan(embeddings)
        self._index: Any = None
        if len(embeddings) >= SMALL:
            self._index = _opened(self._faiss, embeddings, folder)
            self._far = (_FAR * self._usual_distance()) ** 2

    def _search(
        self, queries: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> Hits:
        n = len(self._embeddings)
        share = 1.0 if allowed is None else len(allowed) / n
        wanted = k + _MARGIN
        if allowed is not None:
            wanted = int(np.ceil(wanted * _SPARE / share))
        if self._index is None or share < _FEW or wanted > n * _MOST:
            return self._scan.nearest(queries, k, allowed)
        passes = None
        if allowed is not None:
            passes = np.zeros(n, bool)
            passes[allowed] = True
        squares, rows = self._ask(queries, wanted)
        found = [
            self._settled(query, square[row >= 0], row[row >= 0], k, passes)
            or self._scan.nearest(query[np.newaxis], k, allowed)
            for query, square, row in zip(queries, squares, rows, strict=True)
        ]
        return Hits(
            np.concatenate([hits.rows for hits in found]),
            np.concatenate([hits.distances for hits in found]),
        )

    def _ask(
        self, queries: npt.NDArray[np.float32], wanted: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        """Squared distances, ascending, and rows (q, wanted) as the graph has them; -1 is none."""
        parameters = self._faiss.SearchParametersHNSW(efSearch=max(_CANDIDATES, wanted))
        squares, rows = self._index.search(queries, wanted, params=parameters)
        return squares, rows

    def _settled(
        self,
        query: npt.NDArray[np.float32],
        squares: npt.NDArray[np.float32],
        rows: npt.NDArray[np.int64],
        k: int,
        passes: npt.NDArray[np.bool_] | None,
    ) -> Hits | None:
        """The k nearest of what the graph found; None where it may have missed some."""
        if not len(rows) or squares[0] > self._far:
            return None
        kept = np.arange(len(rows)) if passes is None else np.flatnonzero(passes[rows])
        if len(kept) < k or squares[-1] <= squares[kept[k - 1]] * (1 + _TIE):
            return None
        return rank(self._embeddings, query[np.newaxis], rows[kept][np.newaxis], k)

    def _usual_distance(self) -> float:
        """The median distance of a row from the nearest that is not its copy."""
        n = len(self._embeddings)
        sample = np.random.default_rng(0).permutation(n)[:_SAMPLE]
        squares, _ = self._ask(self._embeddings[sample], 2)
        others = squares[:, 1][squares[:, 1] > _TIE]
        return float(np.sqrt(np.median(others))) if len(others) else 0.0


def _library() -> Any:
    try:
        import faiss
    except ImportError:
        raise MissingExtraError(
            "the engine faiss is not installed: pip install -r requirements-faiss.txt"
        ) from None
    return faiss


def _opened(faiss: Any, embeddings: npt.NDArray[np.float32], folder: Path | None) -> Any:
    """The index of a gallery, from its file or built anew."""
    if folder is None:
        return index_of(faiss, build(faiss, embeddings), embeddings)
    path, key = folder / GRAPH, key_of(embeddings, faiss.__version__)
    try:
        return index_of(faiss, read(path, key), embeddings)
    except FileNotFoundError:
        _log.warning("building the search graph of %d products, once: %s", len(embeddings), path)
    except UnfitGraphError as error:
        _log.warning("building the search graph again, %s: %s", path, error)
    graph = build(faiss, embeddings)
    try:
        write(path, graph, key)
    except OSError as error:
        _log.warning("the search graph cannot be kept, it will be built again: %s", error)
    return index_of(faiss, graph, embeddings)
