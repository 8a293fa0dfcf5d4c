"""Weighing, folding, variety and order, each beside a plain implementation."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.errors import QueryError
from recommender.ranking import Card, best_first, cards, varied, weighted, without


def drawn(seed, n, dim=6):
    vectors = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_weights_count_relative_to_each_other():
    parts = {"looks": np.array([0.2, 0.8], np.float32), "style": np.array([1.0, 0.0], np.float32)}
    once = weighted(parts, {"looks": 0.1, "style": 0.3})
    assert once == pytest.approx([0.8, 0.2])
    assert weighted(parts, {"looks": 1, "style": 3}) == pytest.approx(once)
    assert weighted(parts, {"looks": 5}) == pytest.approx(parts["looks"])
    assert once.dtype == np.float32


def test_a_weight_without_a_score_takes_nothing_from_the_others():
    parts = {"looks": np.array([0.2, 0.8], np.float32)}
    assert weighted(parts, {"looks": 1, "colour": 9}) == pytest.approx(parts["looks"])


def test_weights_out_of_range_are_refused():
    parts = {"looks": np.array([1], np.float32)}
    with pytest.raises(QueryError, match="negative"):
        weighted(parts, {"looks": -1})
    with pytest.raises(QueryError, match="every weight is 0"):
        weighted(parts, {"looks": 0, "colour": 1})


def naive_cards(rows, embeddings, k, threshold):
    found: list[tuple[int, list[int]]] = []
    for row in rows.tolist():
        alike = [float(embeddings[leader] @ embeddings[row]) for leader, _ in found]
        if alike and max(alike) >= threshold:
            found[int(np.argmax(alike))][1].append(row)
        elif len(found) < k:
            found.append((row, []))
    return [Card(row, tuple(folded)) for row, folded in found]


@pytest.mark.parametrize("threshold", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("k", [1, 4, 100])
def test_folding_equals_the_plain_loop(k, threshold):
    for seed in range(8):
        embeddings = drawn(seed, 60)
        rows = np.random.default_rng(seed).permutation(60)[:50].astype(np.int64)
        found = cards(rows, embeddings, k, fold=True, threshold=threshold)
        assert found == naive_cards(rows, embeddings, k, threshold)


def test_copies_stand_behind_the_best_of_them():
    embeddings = drawn(0, 3)[[0, 0, 1, 0, 2]]
    rows = np.array([1, 2, 0, 4, 3])
    assert cards(rows, embeddings, 5, fold=True) == [Card(1, (0, 3)), Card(2), Card(4)]
    assert cards(rows, embeddings, 1, fold=True) == [Card(1, (0, 3))]
    assert cards(rows, embeddings, 3, fold=False) == [Card(1), Card(2), Card(0)]
    assert cards(rows[:0], embeddings, 3, fold=True) == []


def naive_mmr(rows, scores, embeddings, k, strength):
    pool = min(len(rows), max(100, 10 * k))
    ids = list(range(pool))
    least, most = min(scores[:pool]), max(scores[:pool])
    relevance = [(s - least) / ((most - least) or 1) for s in scores[:pool].astype(float)]
    alike = [
        [min(1.0, max(0.0, float(embeddings[rows[a]] @ embeddings[rows[b]]))) for b in ids]
        for a in ids
    ]
    floor = min(map(min, alike))
    chosen = [0]
    while len(chosen) < min(k, pool):
        left = [i for i in ids if i not in chosen]
        gains = [
            (1 - strength) * relevance[i]
            - strength * max((alike[i][c] - floor) / (1 - floor) for c in chosen)
            for i in left
        ]
        chosen.append(left[int(np.argmax(gains))])
    rest = [i for i in range(len(rows)) if i not in chosen]
    return [int(rows[i]) for i in chosen + rest]


@pytest.mark.parametrize("strength", [0.2, 0.5, 1.0])
@pytest.mark.parametrize(("n", "k"), [(2, 1), (30, 6), (150, 12), (20, 50)])
def test_variety_equals_the_plain_loop(n, k, strength):
    embeddings = drawn(n, n + 5)
    query = drawn(99, 1)[0]
    scores = (embeddings @ query + 1) / 2
    rows = np.argsort(-scores)[:n]
    found = varied(rows, scores[rows], embeddings, k, strength=strength)
    assert found.tolist() == naive_mmr(rows, scores[rows], embeddings, k, strength)


def test_variety_keeps_the_best_first_and_loses_no_row():
    embeddings = drawn(1, 40)
    rows = np.arange(40)[::-1].copy()
    scores = np.linspace(1, 0, 40, dtype=np.float32)
    found = varied(rows, scores, embeddings, 5, strength=0.7)
    assert found[0] == rows[0]
    assert sorted(found.tolist()) == sorted(rows.tolist())
    assert varied(rows, scores, embeddings, 5, strength=0.0).tolist() == rows.tolist()


def test_more_variety_is_less_alike():
    embeddings = drawn(2, 200)
    scores = (embeddings @ drawn(3, 1)[0] + 1) / 2
    rows = np.argsort(-scores)

    def alike(strength):
        shown = embeddings[varied(rows, scores[rows], embeddings, 8, strength=strength)[:8]]
        return float(np.triu(shown @ shown.T, 1).sum())

    assert alike(1.0) < alike(0.5) < alike(0.0)


def test_equal_items_can_be_varied():
    embeddings = drawn(0, 1)[[0] * 7]
    found = varied(np.arange(7), np.ones(7, np.float32), embeddings, 3, strength=0.5)
    assert sorted(found.tolist()) == list(range(7))


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_out_of_range_is_refused(strength):
    with pytest.raises(QueryError, match="between 0 and 1"):
        varied(np.arange(3), np.ones(3, np.float32), drawn(0, 3), 2, strength=strength)


@pytest.mark.parametrize("count", [1, 3, 7, 40, 99])
def test_the_best_come_first_and_ties_by_row(count):
    dice = np.random.default_rng(0)
    scores = dice.integers(0, 4, 40).astype(np.float32)  # Many ties, also at the last place.
    for allowed in (None, dice.random(40) < 0.6):
        rows = range(40) if allowed is None else np.flatnonzero(allowed).tolist()
        expected = sorted(rows, key=lambda row: (-scores[row], row))[:count]
        assert best_first(scores, allowed, count).tolist() == expected


def test_forbidding_rows_leaves_the_mask_alone():
    assert without(None, [], 3) is None
    mask = np.array([True, False, True])
    assert without(mask, [], 3) is mask
    for given, rows, expected in (
        (mask, [2], [True, False, False]),
        (None, [0], [False, True, True]),
    ):
        left = without(given, iter(rows), 3)
        assert left is not None
        assert left.tolist() == expected
    assert mask.tolist() == [True, False, True]
