"""Retrieval and classification metrics as pure functions of arrays.

Each takes what was retrieved for every query, best first, and returns one value a query, so that
means, macro averages and intervals are made in one place. A query for which nothing relevant exists
has no value: NaN, which `summarise` counts apart.

Sources: mean average precision and nDCG as in Manning, Raghavan & Schütze, "Introduction to
Information Retrieval", 2008, chapter 8; expected calibration error as in Guo et al., "On
Calibration of Modern Neural Networks", ICML 2017; bootstrap intervals as in Efron & Tibshirani,
"An Introduction to the Bootstrap", 1993.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]

_SAMPLES = 1000


def precision_at_k(relevant: Bools, available: Ints) -> Floats:
    """Share of the k retrieved that are relevant.

    Args:
        relevant: bool (q, k), best first.
        available: int (q,), how many relevant items the gallery holds.

    Returns:
        float64 (q,), NaN where nothing is available.

    >>> precision_at_k(np.array([[True, False], [False, False]]), np.array([3, 0]))
    array([0.5, nan])
    """
    share: Floats = relevant.mean(axis=1)
    share[available <= 0] = np.nan
    return share


def average_precision_at_k(relevant: Bools, available: Ints) -> Floats:
    """Precision at every relevant rank, averaged over min(k, available) of them.

    Args:
        relevant: bool (q, k), best first.
        available: int (q,).

    Returns:
        float64 (q,), NaN where nothing is available.

    >>> average_precision_at_k(np.array([[True, False, True]]), np.array([2])).round(3)
    array([0.833])
    """
    ranks = np.arange(1, relevant.shape[1] + 1)
    precisions = np.cumsum(relevant, axis=1) / ranks
    best = np.minimum(available, relevant.shape[1])
    return _divide((precisions * relevant).sum(axis=1), best)


def ndcg_at_k(gains: Floats, ideal: Floats) -> Floats:
    """Gains discounted by the logarithm of the rank, relative to the best possible order.

    Args:
        gains: float (q, k) of what was retrieved, best first.
        ideal: float (q, k), the k largest gains in the gallery, descending.

    Returns:
        float64 (q,), NaN where every gain is 0.

    >>> ndcg_at_k(np.array([[0.0, 3.0]]), np.array([[3.0, 0.0]])).round(3)
    array([0.631])
    """
    discounts = 1.0 / np.log2(np.arange(2, gains.shape[1] + 2))
    return _divide((gains * discounts).sum(axis=1), (ideal * discounts).sum(axis=1))


def hit(relevant: Bools) -> Floats:
    """1 if anything relevant was retrieved, else 0: recall when one item is looked for.

    >>> hit(np.array([[False, True], [False, False]]))
    array([1., 0.])
    """
    return np.asarray(relevant.any(axis=1), dtype=np.float64)


def reciprocal_rank(ranks: Ints) -> Floats:
    """1 / rank of the first relevant item.

    Args:
        ranks: int (q,), from 1.

    >>> reciprocal_rank(np.array([1, 4]))
    array([1.  , 0.25])
    """
    return np.asarray(1.0 / ranks, dtype=np.float64)


def macro_average(values: Floats, classes: npt.NDArray[np.str_]) -> float:
    """Mean of the means of the classes, so that a rare class counts as much as a common one.

    Args:
        values: float (q,), NaN left out.
        classes: str (q,).

    >>> macro_average(np.array([1.0, 1.0, 0.0]), np.array(["a", "a", "b"]))
    0.5
    """
    known = ~np.isnan(values)
    names, index = np.unique(classes[known], return_inverse=True)
    if not len(names):
        return float("nan")
    sums = np.bincount(index, weights=values[known])
    return float((sums / np.bincount(index)).mean())


def f1_by_class(truth: npt.NDArray[np.str_], said: npt.NDArray[np.str_]) -> dict[str, float]:
    """F1 of every class that occurs in the truth; its mean is the macro-F1.

    >>> f1_by_class(np.array(["a", "a", "b"]), np.array(["a", "b", "b"]))
    {'a': 0.6666666666666666, 'b': 0.6666666666666666}
    """
    result = {}
    for name in np.unique(truth):
        both = int(((truth == name) & (said == name)).sum())
        result[str(name)] = 2 * both / (int((truth == name).sum()) + int((said == name).sum()))
    return result


def expected_calibration_error(confidence: Floats, right: Bools, *, bins: int = 15) -> float:
    """How far confidence is from accuracy, averaged over equally wide bins of confidence.

    Args:
        confidence: float (q,), of what was said, 0 to 1.
        right: bool (q,), whether it was right.
        bins: how many.

    >>> expected_calibration_error(np.array([0.8, 0.8]), np.array([True, False])).__round__(3)
    0.3
    """
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gap = np.bincount(place, weights=confidence - right, minlength=bins)
    return float(np.abs(gap).sum() / len(confidence))


def confusion(truth: npt.NDArray[np.str_], said: npt.NDArray[np.str_], names: list[str]) -> Ints:
    """How often each of `names` (rows) was called each of them or anything else (last column).

    >>> confusion(np.array(["a", "b"]), np.array(["a", "z"]), ["a", "b"]).tolist()
    [[1, 0, 0], [0, 0, 1]]
    """
    index = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(names), len(names) + 1), np.int64)
    for was, called in zip(truth, said, strict=True):
        if was in index:
            table[index[was], index.get(called, len(names))] += 1
    return table


@dataclass(frozen=True)
class Estimate:
    """A mean with its uncertainty.

    Attributes:
        value: the mean over the queries that have a value.
        low: lower end of the 95 % bootstrap interval.
        high: its upper end.
        queries: how many queries have a value.
        left_out: how many have none, as nothing relevant exists for them.
    """

    value: float
    low: float
    high: float
    queries: int
    left_out: int

    def to_json(self) -> dict[str, float | int]:
        """As plain JSON types, rounded to five places."""
        return {
            "value": round(self.value, 5),
            "low": round(self.low, 5),
            "high": round(self.high, 5),
            "queries": self.queries,
            "left_out": self.left_out,
        }


def summarise(values: Floats, clusters: Ints | None = None, *, seed: int = 0) -> Estimate:
    """Mean and 95 % bootstrap interval.

    Args:
        values: float (q,), NaN for queries without a value.
        clusters: int (q,): queries of one cluster (near-identical pictures) are drawn together,
            as they are no independent evidence. None: each query is its own.
        seed: of the draws.

    >>> summarise(np.array([1.0, 1.0, np.nan])).to_json()
    {'value': 1.0, 'low': 1.0, 'high': 1.0, 'queries': 2, 'left_out': 1}
    """
    known = ~np.isnan(values)
    if not known.any():
        return Estimate(float("nan"), float("nan"), float("nan"), 0, len(values))
    kept = values[known]
    ids = np.arange(len(kept)) if clusters is None else clusters[known]
    _, index = np.unique(ids, return_inverse=True)
    sums, sizes = np.bincount(index, weights=kept), np.bincount(index)
    dice = np.random.default_rng(seed)
    means = np.empty(_SAMPLES)
    for sample in range(_SAMPLES):
        drawn = np.bincount(dice.integers(len(sums), size=len(sums)), minlength=len(sums))
        means[sample] = (drawn @ sums) / (drawn @ sizes)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(
        float(kept.mean()), float(low), float(high), int(known.sum()), int((~known).sum())
    )


def _divide(numerator: Floats, denominator: Floats | Ints) -> Floats:
    result = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=result, where=np.asarray(denominator > 0))
    return result
