"""From scores to what is shown: criteria weighed, near-duplicates folded, variety if wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.errors import QueryError

NEARLY_IDENTICAL = 0.997
"""Likeness from which two items of a catalogue count as one product: the share of the way from the
cosine similarity of chance to that of identity. Measured by ``benchmarks/folding.py`` on 40,024
products with the encoder that ships: from 0.99 on only 36 % of the pairs are one product, from
0.995 on 70 %, from 0.997 on 89 %, from 0.998 on 97 %."""
_PAIRS = 2000
"""Pairs of products by which chance is measured."""
_POOL = 10
"""Items that variety chooses from, for each one it shows."""


@dataclass(frozen=True)
class Card:
    """One place in the results.

    Attributes:
        row: of the index.
        folded: rows of near-duplicates that stand behind it, the best first.
    """

    row: int
    folded: tuple[int, ...] = ()


def weighted(
    parts: Mapping[str, npt.NDArray[np.float32]], weights: Mapping[str, float]
) -> npt.NDArray[np.float32]:
    """The weighted mean of several scores, each float32 (n,) in 0 to 1; higher is better.

    Raises:
        QueryError: a weight is negative, or all that have a score are 0.

    >>> weighted({"looks": np.float32([1, 0]), "colour": np.float32([0, 1])},
    ...          {"looks": 3, "colour": 1}).tolist()
    [0.75, 0.25]
    """
    if any(weight < 0 for weight in weights.values()):
        raise QueryError("a weight is negative: weights start at 0")
    total = sum(weights.get(name, 0.0) for name in parts)
    if not total:
        raise QueryError("every weight is 0: raise at least one")
    mixed = sum(np.float32(weights.get(name, 0.0) / total) * part for name, part in parts.items())
    return np.asarray(mixed, np.float32)


def cards(
    rows: npt.NDArray[np.int64],
    embeddings: npt.NDArray[np.float32],
    k: int,
    *,
    fold: bool,
    threshold: float = NEARLY_IDENTICAL,
) -> list[Card]:
    """The first k products of a ranking; a near-duplicate of an earlier one stands behind it.

    Args:
        rows: int64 (m,), best first.
        embeddings: float32 (n, dim), unit rows.
        k: how many cards; fewer come back if `rows` runs out.
        fold: whether near-duplicates share a card.
        threshold: cosine similarity from which they do.
    """
    if not fold:
        return [Card(int(row)) for row in rows[:k]]
    vectors = embeddings[rows]
    # Of each row: the leader most like it among the leaders before it, and how much.
    leader = np.full(len(rows), -1, np.int64)
    nearest = np.full(len(rows), -np.inf, np.float32)
    places: list[int] = []
    place = 0
    while place < len(rows) and len(places) < k:
        alike = vectors[place + 1 :] @ vectors[place]
        after, best = leader[place + 1 :], nearest[place + 1 :]
        closer = (alike >= threshold) & (alike > best)
        after[closer] = len(places)
        best[closer] = alike[closer]
        places.append(place)
        free = np.flatnonzero(after < 0)
        place = len(rows) if not len(free) else place + 1 + int(free[0])
    return [
        Card(int(rows[place]), tuple(rows[leader == number].tolist()))
        for number, place in enumerate(places)
    ]


def varied(
    rows: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float32],
    embeddings: npt.NDArray[np.float32],
    k: int,
    *,
    strength: float,
) -> npt.NDArray[np.int64]:
    """Reorder the head of a ranking so that what follows differs from what came before.

    Maximal marginal relevance: each place goes to the item with the largest
    (1 - strength) · score - strength · (largest similarity to those placed before). J. Carbonell &
    J. Goldstein, "The Use of MMR, Diversity-Based Reranking", SIGIR 1998.

    Args:
        rows: int64 (m,), best first.
        scores: float32 (m,) in the same order, in 0 to 1; higher is better.
        embeddings: float32 (n, dim), unit rows.
        k: how many places are chosen this way; the rest of the ranking follows as it was.
        strength: 0 changes nothing; 1 asks for variety alone.

    Returns:
        int64 (m,), the same rows.

    Raises:
        QueryError: `strength` is not between 0 and 1.
    """
    if not 0 <= strength <= 1:
        raise QueryError(f"diversity is {strength:g}, but must be between 0 and 1")
    pool = min(len(rows), max(100, _POOL * k))
    if strength == 0 or pool < 2:
        return rows
    vectors = embeddings[rows[:pool]]
    # Scores are spread over the pool: similarities within it differ by as little as they do.
    spread = float(np.ptp(scores[:pool])) or 1.0
    relevance = (scores[:pool] - scores[:pool].min()) / spread
    alike = np.clip(vectors @ vectors.T, 0.0, 1.0)
    floor = float(alike.min())
    alike = (alike - floor) / max(1.0 - floor, 1e-6)
    chosen = [0]
    nearest = alike[0].copy()
    free = np.ones(pool, bool)
    free[0] = False
    while len(chosen) < min(k, pool):
        gain = (1 - strength) * relevance - strength * nearest
        gain[~free] = -np.inf
        best = int(gain.argmax())
        chosen.append(best)
        free[best] = False
        nearest = np.maximum(nearest, alike[best])
    return np.concatenate([rows[chosen], rows[:pool][free], rows[pool:]])


def best_first(
    scores: npt.NDArray[np.float32], allowed: npt.NDArray[np.bool_] | None, count: int
) -> npt.NDArray[np.int64]:
    """Rows of the `count` largest scores among the allowed, ties by row: int64 (m,)."""
    rows = np.arange(len(scores)) if allowed is None else np.flatnonzero(allowed)
    if count < len(rows):
        # All that tie with the last place stay, so that ties are broken by row and not by chance.
        least = np.partition(scores[rows], len(rows) - count)[len(rows) - count]
        rows = rows[scores[rows] >= least]
    order = np.lexsort((rows, -scores[rows]))[:count]
    return rows[order]


def without(
    allowed: npt.NDArray[np.bool_] | None, rows: Iterable[int], n: int
) -> npt.NDArray[np.bool_] | None:
    """A mask that also forbids these rows; None stays None if there are none."""
    forbidden = list(rows)
    if not forbidden:
        return allowed
    mask = np.ones(n, bool) if allowed is None else allowed.copy()
    mask[forbidden] = False
    return mask


def chance_product(vectors: npt.NDArray[np.float32]) -> float:
    """Mean inner product of two different rows picked by chance; 0 of a single row."""
    n = len(vectors)
    if n < 2:
        return 0.0
    random = np.random.default_rng(0)
    one = random.integers(0, n, _PAIRS)
    other = (one + random.integers(1, n, _PAIRS)) % n
    return float(np.mean([a @ b for a, b in zip(vectors[one], vectors[other], strict=True)]))
