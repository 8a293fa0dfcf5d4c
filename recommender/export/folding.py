"""The neighbours of every product, each product counted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.survey import Survey, survey

# Neighbours looked at for each one wanted, before a product is looked into more closely.
_AMPLE, _SPARE = 2, 10


@dataclass(frozen=True)
class Neighbour:
    """A product that looks like another one.

    Attributes:
        row: of the index.
        similarity: cosine; higher is better.
    """

    row: int
    similarity: float


def folded_neighbours(
    embeddings: npt.NDArray[np.float32],
    k: int,
    *,
    threshold: float,
    own: npt.NDArray[np.float32] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[list[Neighbour]], Survey]:
    """The k products most like each one; of nearly identical listings only the best stands there.

    Args:
        embeddings: float32 (n, dim), unit rows.
        k: how many; fewer only where the catalogue has no more products.
        threshold: inner product of `own` from which two listings are one product.
        own: float32 (n, d), what tells one product from two; None for the embeddings.
        progress: called with (products done, of how many).

    Returns:
        a list a row, the most similar first, and the survey that they come from.
    """
    n = len(embeddings)
    surveyed = survey(
        embeddings, min(n, _AMPLE * k + _SPARE), threshold=threshold, own=own, progress=progress
    )
    found = []
    for row in range(n):
        neighbours = _folded(row, surveyed.rows[row], surveyed.similarities[row], surveyed, k)
        if len(neighbours) < k and n > len(surveyed.rows[row]) + 1:
            # Most of those looked at are one product: rank all.
            alike = embeddings @ embeddings[row]
            alike[row] = -np.inf
            order = np.argsort(-alike, kind="stable").astype(np.int32)
            neighbours = _folded(row, order[:-1], alike[order[:-1]], surveyed, k)
        found.append(neighbours)
    return found, surveyed


def _folded(
    row: int,
    candidates: npt.NDArray[np.int32],
    similarities: npt.NDArray[np.float32],
    surveyed: Survey,
    k: int,
) -> list[Neighbour]:
    seen = {int(surveyed.leaders[row])}
    found: list[Neighbour] = []
    for candidate, similarity in zip(candidates.tolist(), similarities.tolist(), strict=True):
        if candidate < 0 or len(found) == k:
            break
        leader = int(surveyed.leaders[candidate])
        if leader not in seen:
            seen.add(leader)
            found.append(Neighbour(candidate, similarity))
    return found
