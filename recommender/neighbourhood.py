"""What surrounds a query in the whole catalogue, whatever the filters: it tells what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Item
from recommender.confidence import MATCHES, agreement
from recommender.likeness import Look
from recommender.search import Recommender

TYPE = "articleType"


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


def neighbourhood_of(recommender: Recommender, look: Look) -> Neighbourhood:
    """The ten products nearest to a query."""
    itself = look.row is not None
    hits = recommender.nearest(look.vector, MATCHES, spare=int(itself))
    rows, distances = hits.rows[0], hits.distances[0].astype(np.float64)
    if itself:
        others = rows != look.row
        rows, distances = rows[others], distances[others]
    rows, distances = rows[:MATCHES], distances[:MATCHES]
    items = recommender.catalogue.items
    return Neighbourhood(1 - distances**2 / 2, tuple(type_of(items[row]) for row in rows))


def type_of(item: Item) -> str | None:
    """An item's article type; None if it is unknown."""
    kind = item.attributes.get(TYPE)
    return None if kind is None else str(kind)
