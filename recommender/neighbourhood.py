"""What surrounds a query in the whole catalogue, whatever the filters: it tells what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Item
from recommender.confidence import MATCHES, agreement
from recommender.engines import Hits
from recommender.likeness import Look
from recommender.search import Recommender

TYPE = "articleType"
Rows: TypeAlias = npt.NDArray[np.int64]
Similarities: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The products that look most like a query, itself left out.

    Attributes:
        similarities: cosine similarities float64 (k,), the best first; ten, or as many as there
            are.
        types: the article type of each, None for unknown.
    """

    similarities: npt.NDArray[np.float64]
    types: tuple[str | None, ...]

    def agreement(self, item: Item) -> float | None:
        """Share of these products that are of an item's type, 0 to 1; None if it has none."""
        kind = type_of(item)
        if kind is None or not self.types:
            return None
        return float(agreement([kind], self.types)[0])


class Nearest:
    """The products nearest to a query, whatever the filters; the engine is asked but once."""

    def __init__(self, recommender: Recommender, look: Look) -> None:
        """Ask nothing yet."""
        self._recommender = recommender
        self._look = look
        self._hits: Hits | None = None

    def best(self, count: int, *, leaving_out: Sequence[int] = ()) -> tuple[Rows, Similarities]:
        """So many products, the nearest first, or as many as there are.

        Args:
            count: how many.
            leaving_out: rows that are none of them.

        Returns:
            rows int64 (k,), cosine similarities float64 (k,).
        """
        wanted = min(count + len(leaving_out), len(self._recommender))
        if self._hits is None or self._hits.rows.shape[1] < wanted:
            # Enough for the neighbourhood too: itself, and those around it.
            self._hits = self._recommender.nearest(self._look.vector, max(wanted, MATCHES + 1))
        rows, distances = self._hits.rows[0], self._hits.distances[0].astype(np.float64)
        fine = ~np.isin(rows, leaving_out)
        return rows[fine][:count], 1 - distances[fine][:count] ** 2 / 2

    def neighbourhood(self) -> Neighbourhood:
        """The ten products nearest to the query."""
        row = self._look.row
        rows, similarities = self.best(MATCHES, leaving_out=() if row is None else (row,))
        items = self._recommender.catalogue.items
        return Neighbourhood(similarities, tuple(type_of(items[row]) for row in rows))


def type_of(item: Item) -> str | None:
    """An item's article type; None if it is unknown."""
    kind = item.attributes.get(TYPE)
    return None if kind is None else str(kind)
