"""Search in a Milvus database: embedded beside the index, or a server of many machines.

Milvus proposes rows; their distances are measured again here, so rows, distances and their order
are those of an exact search. Filters become conditions on attributes, which Milvus applies by
itself (`recommender.engines.conditions`). What it cannot be trusted with is scanned:

- Few allowed rows: a scan takes less time than the way to a server and back, and misses nothing.
- Filters that no conditions describe well: they would let through mostly what is not wanted.
- Answers with too few rows, or that end within a tie.

A graph that a filter is applied to may miss most of what it should find where filter and query
disagree. So a server is tested when it is opened: does it find the shoes that are most like a
shirt? One that fails is asked without filters for as many more rows, and those that pass are kept.
The embedded database, Milvus Lite, compares with every row. Its graph would fail that test, and
most of its time goes elsewhere: on 40,024 products a query took 50 ms with a graph, 84 ms without.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import weakref
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.engines.base import Attributes, Hits, SearchEngine, rank
from recommender.engines.collection import DATABASE, opened
from recommender.engines.conditions import Conditions, conditions_of
from recommender.engines.connection import MILVUS_URI, close
from recommender.engines.scan import Scan

_FEW = 10_000
"""Allowed rows up to which they are scanned."""
_MOST = 1_000
"""Rows that Milvus is asked for, at most: each is sent by itself."""
_MARGIN = 8
"""Rows asked for beyond k, so that ties at the k-th place can be seen and broken by row."""
_SPARE = 2
"""Rows that meet the conditions but are not allowed may lie nearer than usual."""
_TIE = 1e-4
"""Squared distances this close, relatively, may be rounding of the same one."""
_MOST_ATTRIBUTES = 60
"""A collection of a server has 64 fields."""
_DRAWS, _SAMPLE, _NEAREST = 200, 100, 5
"""A server is tested with filters drawn by chance, until so many rows have been asked for."""
_ENOUGH = 0.98
_log = logging.getLogger(__name__)


class MilvusEngine(SearchEngine):
    """Asks Milvus, and scans where Milvus would miss."""

    def __init__(
        self,
        embeddings: npt.NDArray[np.float32],
        *,
        folder: Path | None = None,
        attributes: Attributes = dict,
    ) -> None:
        """As `SearchEngine`; the database is filled once and then found again.

        The environment variable ``RECOMMENDER_MILVUS_URI`` names a server's address, or a file
        that ends in ``.db``; without it the database is embedded, in the folder. The variable
        ``RECOMMENDER_MILVUS_TOKEN`` holds the server's token.

        Raises:
            MissingExtraError: pymilvus or Milvus Lite is not installed.
            EngineError: the database cannot be reached, opened or filled.
        """
        super().__init__(embeddings, folder=folder, attributes=attributes)
        self._scan = Scan(embeddings)
        columns = list(attributes().values())[:_MOST_ATTRIBUTES]
        # From 0, which stands for unknown: a code below it would need a sign.
        self._attributes = [column.codes + np.int32(1) for column in columns]
        uri = os.environ.get(MILVUS_URI)
        if uri:
            self._collection = opened(uri, embeddings, self._attributes)
        elif folder is not None:
            self._collection = opened(str(folder / DATABASE), embeddings, self._attributes)
            self._collection.drop_others()
        else:
            place = tempfile.mkdtemp(prefix="milvus-")
            weakref.finalize(self, _discard, place)
            self._collection = opened(str(Path(place) / DATABASE), embeddings, self._attributes)

        self._filters = self._collection.exact or self._filters_well()

    def _filters_well(self) -> bool:
        """Whether the nearest rows that pass a filter are found where it forbids all around."""
        dice = np.random.default_rng(0)
        n = len(self._embeddings)
        found = wanted = 0
        for _ in range(_DRAWS if self._attributes else 0):
            row, other = dice.integers(n, size=2)
            codes = self._attributes[int(dice.integers(len(self._attributes)))]
            others = np.flatnonzero(codes == codes[other])
            if codes[row] == codes[other] or len(others) <= _FEW or wanted >= _SAMPLE:
                continue
            conditions = conditions_of(others, self._attributes, n)
            query = self._embeddings[row : row + 1]
            nearest = self._scan.nearest(query, min(_NEAREST, len(others)), others).rows
            asked = min(_NEAREST + _MARGIN, len(others))
            proposed = self._collection.nearest(query, asked, conditions.expression)
            found += int(np.isin(nearest, proposed[0]).sum())
            wanted += nearest.size
        if found < wanted * _ENOUGH:
            _log.warning(
                "Milvus found %d of the %d products nearest behind filters: it is asked without",
                found, wanted,
            )  # fmt: skip
            return False
        return True

    def _search(
        self, queries: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None
    ) -> Hits:
        n = len(self._embeddings)
        passes, conditions, wanted = None, Conditions("", n), min(k + _MARGIN, n)
        if allowed is not None:
            if len(allowed) <= _FEW:
                return self._scan.nearest(queries, k, allowed)
            passes = np.zeros(n, bool)
            passes[allowed] = True
            if self._filters:
                conditions = conditions_of(allowed, self._attributes, n)
            if conditions.count > len(allowed):
                share = len(allowed) / conditions.count
                wanted = int(np.ceil((k + _MARGIN) * _SPARE / share))
            wanted = min(wanted, conditions.count)
        if wanted > _MOST:
            return self._scan.nearest(queries, k, allowed)
        proposed = self._collection.nearest(queries, wanted, conditions.expression)
        found = []
        for query, rows in zip(queries, proposed, strict=True):
            hits = None
            if len(rows) == wanted:
                every = len(rows) == conditions.count
                hits = self._settled(query, rows, k, passes, every=every)
            found.append(hits or self._scan.nearest(query[np.newaxis], k, allowed))
        return Hits(
            np.concatenate([hits.rows for hits in found]),
            np.concatenate([hits.distances for hits in found]),
        )

    def _settled(
        self,
        query: npt.NDArray[np.float32],
        rows: npt.NDArray[np.int64],
        k: int,
        passes: npt.NDArray[np.bool_] | None,
        *,
        every: bool,
    ) -> Hits | None:
        """The k nearest of what was proposed; None where others may be as near.

        Args:
            query: float32 (dim,).
            rows: int64 (m,), the nearest m.
            k: how many.
            passes: bool (n,), the rows allowed; None for all.
            every: whether there are no other rows.
        """
        hits = rank(self._embeddings, query[np.newaxis], rows[np.newaxis], len(rows))
        kept = np.arange(len(rows)) if passes is None else np.flatnonzero(passes[hits.rows[0]])
        if len(kept) < k:
            return None
        kept = kept[:k]
        squares = hits.distances[0].astype(np.float64) ** 2
        if not every and squares[-1] <= squares[kept[-1]] * (1 + _TIE):
            return None
        return Hits(hits.rows[:, kept], hits.distances[:, kept])


def _discard(place: str) -> None:
    close(str(Path(place) / DATABASE))
    shutil.rmtree(place, ignore_errors=True)
