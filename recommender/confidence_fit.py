"""Fit a confidence curve: to pairs of query and match, or to an index whose types are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.confidence import ConfidenceCurve
from recommender.encoders.base import EncoderCard

Floats = npt.NDArray[np.float64]

MATCHES = 10
"""How many of the best matches of a query a curve is fitted on: about as many as are shown."""
SAME_PICTURE = 0.995
"""Two products more similar than this are one picture, which teaches nothing."""
NOTHING_QUANTILE = 0.005
"""This share of an index' products lies so far from the five nearest as to be unlike anything."""

_LEAST_PAIRS = 200
_LEAST_IN_A_STEP = 30
_KNOTS = 24
_AT_ONCE = 250
_BLOCK = 64


def fit_curve(
    similarities: npt.ArrayLike,
    same: npt.ArrayLike,
    *,
    nothing_below: float,
    card: EncoderCard | None = None,
) -> ConfidenceCurve | None:
    """Fit a curve to pairs of query and match.

    Args:
        similarities: cosine similarities (n,).
        same: bool (n,), whether the article type is the same.
        nothing_below: see `ConfidenceCurve`.
        card: of the encoder, if the curve is to be shipped with its weights.

    Returns:
        the curve; None of fewer than 200 pairs, or if all are equally similar.
    """
    x, y = np.asarray(similarities, np.float64).ravel(), np.asarray(same, np.float64).ravel()
    if len(x) < _LEAST_PAIRS:
        return None
    from sklearn.isotonic import IsotonicRegression

    order = np.argsort(x, kind="stable")
    x = x[order]
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0).fit_transform(x, y[order])
    # The regression's steps at both ends may rest on a single pair: a knot stands for 30 or more.
    knots_x, knots_y, start = [], [], 0
    for edge in np.linspace(x[0], x[-1], _KNOTS + 1)[1:]:
        stop = int(np.searchsorted(x, edge, side="right"))
        if stop == len(x) or (stop - start >= _LEAST_IN_A_STEP <= len(x) - stop):
            knots_x.append(float(x[start:stop].mean()))
            knots_y.append(float(fitted[start:stop].mean()))
            start = stop
        if stop == len(x):
            break
    if len(knots_x) < 2:
        return None
    name, sha256 = ("", "") if card is None else (card.name, card.weights_sha256)
    rising = np.maximum.accumulate(np.clip(knots_y, 0.0, 1.0))
    return ConfidenceCurve(tuple(knots_x), tuple(rising.tolist()), nothing_below, name, sha256)


def fit_on_index(
    embeddings: npt.NDArray[np.float32],
    types: Sequence[str | None] | npt.NDArray[np.str_],
    *,
    sample: int = 1000,
    seed: int = 0,
) -> ConfidenceCurve | None:
    """Fit a curve to an index itself: some of its products query the others.

    For encoders that no curve is shipped for. Pictures of `SAME_PICTURE` are passed over, as an
    upload has no twin in the catalogue.

    Args:
        embeddings: float32 (n, dim), unit rows.
        types: the article type of each, None or "" for unknown.
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
    dice = np.random.default_rng(seed)
    queries = np.sort(dice.choice(known, min(sample, len(known)), replace=False))
    similar, same, nearest = [], [], []
    for start in range(0, len(queries), _AT_ONCE):
        own = queries[start : start + _AT_ONCE]
        rows, values = _best(embeddings, own)
        five = values[:, :5].mean(axis=1)
        nearest += five[np.isfinite(five)].tolist()
        fine = np.isfinite(values) & (names[rows] != "")
        similar.append(np.where(fine, values, np.nan))
        same.append(codes[rows] == codes[own][:, None])
    pairs, right = np.concatenate(similar), np.concatenate(same)
    fine = np.isfinite(pairs)
    if not nearest:
        return None
    return fit_curve(
        pairs[fine], right[fine], nothing_below=float(np.quantile(nearest, NOTHING_QUANTILE))
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
