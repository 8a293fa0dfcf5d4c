"""The nearest neighbours of every item of an index at once, and which items are one product.

One pass over all pairs answers both, block by block: memory grows with the number of items, never
with that of the pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_BLOCK = 512
_GROUP = 64
"""So many similarities are represented by their largest when the best of a row are looked for."""
NOBODY = -1

OnProgress = Callable[[int, int], None]
"""Called with (items done, of how many)."""
Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Survey:
    """What surrounds every item of an index.

    Attributes:
        rows: int32 (n, k), the nearest other items, the most similar first, ties by row;
            `NOBODY` in the places that a very small index leaves over.
        similarities: float32 (n, k), their cosine similarities; -inf in such places.
        leaders: int32 (n,), of each item the row that stands for its product: its own, or that of
            the near-duplicate before it that is most like it, as `recommender.ranking.cards` folds.
    """

    rows: Rows
    similarities: Floats
    leaders: Rows

    def groups(self) -> list[npt.NDArray[np.int64]]:
        """Rows of the items that are one product, for each product that is there more than once.

        Returns:
            int64 arrays, the leader first, then in the order of the catalogue; the largest first.
        """
        order = np.argsort(self.leaders, kind="stable")
        starts = np.flatnonzero(np.diff(self.leaders[order], prepend=NOBODY))
        found = [group for group in np.split(order, starts[1:]) if len(group) > 1]
        return sorted(found, key=lambda group: (-len(group), int(group[0])))


def survey(
    embeddings: Floats,
    k: int,
    *,
    threshold: float,
    own: Floats | None = None,
    progress: OnProgress | None = None,
) -> Survey:
    """Find them.

    Args:
        embeddings: float32 (n, dim), unit rows.
        k: neighbours an item, at least 1.
        threshold: inner product of `own` from which two items are one product.
        own: float32 (n, d), what tells one product from two; None for the embeddings.
        progress: follows the work.
    """
    n = len(embeddings)
    rows = np.full((n, k), NOBODY, np.int32)
    similarities = np.full((n, k), -np.inf, np.float32)
    leaders = np.full(n, NOBODY, np.int32)
    closeness = np.full(n, -np.inf, np.float32)
    kept = min(k, n - 1)
    for start in range(0, n, _BLOCK):
        block = embeddings[start : start + _BLOCK] @ embeddings.T
        places = np.arange(len(block))
        alike = block if own is None else own[start : start + _BLOCK] @ own.T
        _lead(alike, start, threshold, leaders, closeness)
        block[places, places + start] = -np.inf
        if kept:
            part = slice(start, start + len(block))
            rows[part, :kept], similarities[part, :kept] = largest(block, kept)
        if progress is not None:
            progress(min(start + _BLOCK, n), n)
    return Survey(rows, similarities, leaders)


def _lead(block: Floats, start: int, threshold: float, leaders: Rows, closeness: Floats) -> None:
    """Let each row of a block that no row before it is like lead the rows after it."""
    alike = block >= threshold
    several = alike.sum(axis=1) > 1
    for place in range(len(block)):
        row = start + place
        if leaders[row] != NOBODY:
            continue
        leaders[row] = row
        if several[place]:
            after = row + 1 + np.flatnonzero(alike[place, row + 1 :])
            closer = after[block[place, after] > closeness[after]]
            leaders[closer] = row
            closeness[closer] = block[place, closer]


def largest(scores: Floats, k: int) -> tuple[Rows, Floats]:
    """The k largest of each row: their columns, and themselves; ties by column.

    Args:
        scores: float32 (q, n).
        k: from 1 to n.

    Returns:
        int32 (q, k) and float32 (q, k), descending.

    >>> columns, values = largest(np.float32([[1, 3, 2, 3]]), 3)
    >>> columns.tolist(), values.tolist()
    ([[1, 3, 2]], [[3.0, 3.0, 2.0]])
    """
    rows = np.empty((len(scores), k), np.int32)
    values = np.empty((len(scores), k), np.float32)
    bounds = _lower_bounds(scores, k)
    for place, (row, bound) in enumerate(zip(scores, bounds, strict=True)):
        candidates = np.flatnonzero(row >= bound)
        order = np.lexsort((candidates, -row[candidates]))[:k]
        rows[place] = candidates[order]
        values[place] = row[rows[place]]
    return rows, values


def _lower_bounds(scores: Floats, k: int) -> Floats:
    """Of each row a number that at least k of its scores reach, and few more: float32 (q,).

    The k-th largest of the groups' largest is one, as k groups have a score that high; it is found
    much sooner than the k-th largest score.
    """
    whole = scores.shape[1] // _GROUP
    if whole < k:
        return np.partition(scores, scores.shape[1] - k, axis=1)[:, scores.shape[1] - k]
    peaks = scores[:, : whole * _GROUP].reshape(len(scores), whole, _GROUP).max(axis=2)
    return np.asarray(np.partition(peaks, whole - k, axis=1)[:, whole - k])
