"""The fast scan against scikit-learn's own neighbours, where floating point is at its worst."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from recommender.engines import get_engine, scan
from recommender.engines.scan import Scan

N = 400


def unit(rows):
    return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def spread(dice, dim):
    return unit(dice.normal(size=(N, dim)))


def copies(dice, dim):
    return np.repeat(unit(dice.normal(size=(N // 40, dim))), 40, axis=0)[dice.permutation(N)]


def nearly_copies(dice, dim):
    """Apart by a few units in the last place: a product in float32 cannot tell them apart."""
    rows = np.repeat(unit(dice.normal(size=(4, dim))), N // 4, axis=0)
    steps = dice.integers(-2, 3, rows.shape).astype(np.float32)
    return rows + steps * np.spacing(rows)


def one_point(dice, dim):
    return np.repeat(unit(dice.normal(size=(1, dim))), N, axis=0)


def a_line(dice, dim):
    """Distances that grow by less than rounding."""
    start, way = unit(dice.normal(size=(2, dim)))
    return unit(start + 1e-7 * np.arange(N)[:, np.newaxis] * way)


def of_many_lengths(dice, dim):
    return (spread(dice, dim) * dice.uniform(0.01, 30, (N, 1))).astype(np.float32)


def exactly(gallery, queries, k, rows):
    """Rows in the order of their float32 distances, then their numbers; computed the slow way."""
    found = []
    for query in queries.astype(np.float64):
        distance = np.sqrt(((gallery[rows].astype(np.float64) - query) ** 2).sum(axis=1))
        found.append(rows[np.lexsort((rows, distance.astype(np.float32)))[:k]])
    return np.array(found)


@pytest.mark.parametrize("dim", [3, 48, 512])
@pytest.mark.parametrize(
    "make", [spread, copies, nearly_copies, one_point, a_line, of_many_lengths]
)
@pytest.mark.parametrize("share", [None, 1.0, 0.7, 0.1])
def test_it_finds_what_scikit_learn_finds(make, dim, share, monkeypatch):
    monkeypatch.setattr(scan, "_BLOCK", 7 * dim)  # Several blocks, the last one shorter.
    dice = np.random.default_rng(dim)
    gallery = make(dice, dim)
    queries = np.concatenate([gallery[:2], unit(dice.normal(size=(2, dim)))])
    allowed = None if share is None else np.flatnonzero(dice.random(N) < share)
    rows = np.arange(N) if allowed is None else allowed
    plain = NearestNeighbors(algorithm="brute").fit(gallery[rows].astype(np.float64))
    for k in (1, 5, len(rows)):
        hits = Scan(gallery).nearest(queries, k, allowed)
        assert np.array_equal(hits.rows, exactly(gallery, queries, k, rows))
        distances, _ = plain.kneighbors(queries.astype(np.float64), n_neighbors=k)
        # Its distances come out of |a|² + |b|² - 2ab, which loses half of the digits near 0.
        scale = float(np.abs(gallery).max()) * 30
        assert np.allclose(hits.distances, distances, rtol=1e-6, atol=3e-7 * scale)


def test_few_and_many_queries_are_answered_alike():
    dice = np.random.default_rng(0)
    gallery = np.concatenate([spread(dice, 48), copies(dice, 48)])
    queries = np.concatenate([gallery[::50], unit(dice.normal(size=(20, 48)))])
    engine = get_engine("exact", gallery)
    for allowed in (None, np.arange(0, len(gallery), 3)):
        many = engine.search(queries, 9, allowed=allowed)
        one_by_one = [engine.search(query[np.newaxis], 9, allowed=allowed) for query in queries]
        assert np.array_equal(many.rows, np.concatenate([hits.rows for hits in one_by_one]))
        assert np.array_equal(
            many.distances, np.concatenate([hits.distances for hits in one_by_one])
        )


def test_hardly_more_is_measured_than_asked_for():
    """What makes it fast: a bound that leaves few candidates."""
    gallery = spread(np.random.default_rng(1), 256)
    candidates = Scan(gallery)._candidates(gallery[0], 10, None)
    assert candidates.shape[1] <= 12
