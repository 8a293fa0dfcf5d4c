"""Fit a confidence curve: to pairs of query and match, or to an index whose types are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.confidence import MATCHES, ConfidenceCurve, agreement
from recommender.encoders.base import EncoderCard

Floats = npt.NDArray[np.float64]

SAME_PICTURE = 0.995
"""Two products more similar than this are one picture, which teaches nothing."""
NOTHING_QUANTILE = 0.005
"""This share of an index' products lies so far from the five nearest as to be unlike anything."""

_LEAST_PAIRS = 200
_LEAST_AT_A_KNOT = 100
_AT_ONCE = 250
_BLOCK = 64


def fit_curve(
    agreements: npt.ArrayLike,
    same: npt.ArrayLike,
    *,
    nothing_below: float,
    card: EncoderCard | None = None,
) -> ConfidenceCurve | None:
    """Fit a curve to pairs of query and match.

    Args:
        agreements: 0 to 1 (n,), a few values many times over: see `agreement`.
        same: bool (n,), whether the article type is the same.
        nothing_below: see `ConfidenceCurve`.
        card: of the encoder, if the curve is to be shipped with its weights.

    Returns:
        the curve, whose knots are the values of 100 pairs or more, and 0 at 0: of a type that none
        of the nearest has the photo hardly is. None of fewer than 200 pairs.
    """
    x, y = np.asarray(agreements, np.float64).ravel(), np.asarray(same, np.float64).ravel()
    if len(x) < _LEAST_PAIRS:
        return None
    from sklearn.isotonic import IsotonicRegression

    # Rounded, as 3 of 10 may come as 0.3 or as 0.30000000000000004.
    values, place, counts = np.unique(x.round(6), return_inverse=True, return_counts=True)
    shares = np.bincount(place, weights=y) / counts
    regression = IsotonicRegression(y_min=0.0, y_max=1.0)
    fitted = regression.fit(values, shares, sample_weight=counts).predict(values)
    # Ten matches that agree are right or wrong together: a few queries are no knot.
    kept = (counts >= _LEAST_AT_A_KNOT) & (values > 0)
    if not kept.any():
        return None
    name, sha256 = ("", "") if card is None else (card.name, card.weights_sha256)
    # Rounding must not make it fall, or leave 0 to 1.
    rising = np.maximum.accumulate(fitted[kept].clip(0.0, 1.0))
    return ConfidenceCurve(
        (0.0, *values[kept].tolist()), (0.0, *rising.tolist()), nothing_below, name, sha256
    )


def fit_on_index(
    embeddings: npt.NDArray[np.float32],
    types: Sequence[str | None] | npt.NDArray[np.str_],
    *,
    asking: npt.NDArray[np.int64] | None = None,
    sample: int = 1000,
    seed: int = 0,
) -> ConfidenceCurve | None:
    """Fit a curve to an index itself: some of its products query the others.

    For encoders that no curve is shipped for. Pictures of `SAME_PICTURE` are passed over, as an
    upload has no twin in the catalogue.

    Args:
        embeddings: float32 (n, dim), unit rows.
        types: the article type of each, None or "" for unknown.
        asking: rows that may query, such as those that nothing was trained on; None for all.
        sample: how many products query.
        seed: of the draw.

    Returns:
        the curve; None for a catalogue too small, or with fewer than two types.
    """
    names = np.array([kind or "" for kind in types])
    _, codes = np.unique(names, return_inverse=True)
    known = np.flatnonzero(names != "")
    if len(np.unique(codes[known])) < 2 or len(embeddings) <= MATCHES:
        return None
    if asking is not None:
        known = np.intersect1d(known, asking)
    dice = np.random.default_rng(seed)
    queries = np.sort(dice.choice(known, min(sample, len(known)), replace=False))
    agreeing, same, nearest = [], [], []
    for start in range(0, len(queries), _AT_ONCE):
        own = queries[start : start + _AT_ONCE]
        rows, values = _best(embeddings, own)
        five = values[:, :5].mean(axis=1)
        nearest += five[np.isfinite(five)].tolist()
        types_found = np.where(np.isfinite(values), names[rows], "")
        fine = types_found != ""
        agreeing.append(np.stack([agreement(found.tolist()) for found in types_found])[fine])
        same.append((codes[rows] == codes[own][:, None])[fine])
    if not nearest:
        return None
    return fit_curve(
        np.concatenate(agreeing),
        np.concatenate(same),
        nothing_below=float(np.quantile(nearest, NOTHING_QUANTILE)),
    )


def _best(
    embeddings: npt.NDArray[np.float32], own: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Rows and similarities (q, MATCHES) of what is most similar, best first, twins left out.

    Where nothing is left the similarity is minus infinity.
    """
    similar = embeddings[own] @ embeddings.T
    similar[np.arange(len(own)), own] = -np.inf
    similar[similar > SAME_PICTURE] = -np.inf
    # The best of a whole row are among the best of its blocks: far quicker than sorting the row.
    count = len(embeddings) // _BLOCK * _BLOCK
    heads = similar[:, :count].reshape(len(own), -1, _BLOCK).max(axis=2)
    if heads.shape[1] <= MATCHES:
        rows = np.broadcast_to(np.arange(len(embeddings)), similar.shape)
    else:
        blocks = np.argpartition(heads, -MATCHES, axis=1)[:, -MATCHES:]
        rows = (blocks[:, :, None] * _BLOCK + np.arange(_BLOCK)).reshape(len(own), -1)
        tail = np.broadcast_to(
            np.arange(count, len(embeddings)), (len(own), len(embeddings) - count)
        )
        rows = np.concatenate([rows, tail], axis=1)
    values = np.take_along_axis(similar, rows, axis=1).astype(np.float64)
    order = np.argsort(-values, axis=1, kind="stable")[:, :MATCHES]
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(values, order, axis=1)
