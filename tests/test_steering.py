"""Queries made of several pictures."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.errors import QueryError
from recommender.steering import fuse, steer

NONE = np.empty((0, 8), np.float32)


def unit(*shape):
    vectors = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def test_one_photo_fused_is_itself():
    vector = unit(1, 8)
    assert fuse(vector) == pytest.approx(vector[0], abs=1e-6)


def test_a_fusion_is_of_unit_length_and_in_no_order():
    vectors = unit(5, 8)
    fused = fuse(vectors)
    assert fused.dtype == np.float32
    assert np.linalg.norm(fused) == pytest.approx(1, abs=1e-6)
    assert fuse(vectors[::-1]) == pytest.approx(fused, abs=1e-6)
    assert (vectors @ fused > 0).sum() > 2


def test_without_examples_a_query_stays_where_it_is():
    query = unit(8)
    assert steer(query, liked=NONE, disliked=NONE) == pytest.approx(query, abs=1e-6)


def test_rocchio_by_hand():
    query, *others = unit(5, 8)
    liked, disliked = np.stack(others[:2]), np.stack(others[2:])
    moved = steer(query, liked=liked, disliked=disliked)
    expected = query + 0.75 * (liked[0] + liked[1]) / 2 - 0.25 * (disliked[0] + disliked[1]) / 2
    assert moved == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)
    assert moved.dtype == np.float32


def test_a_query_moves_towards_what_is_liked_and_away_from_what_is_not():
    query, one, other = unit(3, 8)
    towards = steer(query, liked=one[None], disliked=NONE)
    away = steer(query, liked=NONE, disliked=other[None])
    assert one @ towards > one @ query
    assert other @ away < other @ query
    assert query @ towards > 0.5
    assert query @ away > 0.5


def test_what_cancels_out_is_refused():
    vector = unit(1, 8)
    with pytest.raises(QueryError, match="at least one"):
        fuse(NONE)
    with pytest.raises(QueryError, match="cancel each other out"):
        fuse(np.concatenate([vector, -vector]))
    with pytest.raises(QueryError, match="take one of them back"):
        steer(vector[0] * 0, liked=NONE, disliked=NONE)
    with pytest.raises(QueryError, match="take one of them back"):
        steer(vector[0], liked=-vector, disliked=vector)
