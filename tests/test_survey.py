"""All neighbours at once are those that a plain look at every pair finds."""

from __future__ import annotations

import numpy as np
import pytest

from recommender import survey as module
from recommender.ranking import cards
from recommender.survey import NOBODY, largest, survey
from tests.fakes import FakeEncoder
from tests.shelves import COPIES, directions, shelf

ALIKE = 0.99


@pytest.fixture(scope="module")
def embeddings():
    return shelf(FakeEncoder, 300).index.embeddings


def test_neighbours_are_those_of_a_full_sort(embeddings, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 37)  # The last block is not full.
    found = survey(embeddings, 9, threshold=ALIKE)
    alike = embeddings @ embeddings.T
    np.fill_diagonal(alike, -np.inf)
    expected = np.sort(alike, axis=1)[:, ::-1][:, :9]
    np.testing.assert_allclose(found.similarities, expected, atol=1e-6)
    assert not (found.rows == np.arange(300)[:, None]).any()
    rows = np.arange(300)[:, None]
    np.testing.assert_allclose(alike[rows, found.rows], found.similarities, atol=1e-6)


def test_leaders_are_those_that_the_page_folds_by(embeddings, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 37)
    found = survey(embeddings, 1, threshold=ALIKE)
    expected = np.arange(300)
    for card in cards(np.arange(300), embeddings, 300, fold=True, threshold=ALIKE):
        expected[list(card.folded)] = card.row
    assert found.leaders.tolist() == expected.tolist()
    groups = found.groups()
    assert len(groups[0]) >= COPIES
    assert all(group[0] == found.leaders[group[0]] == group.min() for group in groups)
    assert sorted(map(len, groups), reverse=True) == list(map(len, groups))


def test_the_progress_ends_at_the_end(embeddings):
    told: list[tuple[int, int]] = []
    survey(embeddings, 1, threshold=ALIKE, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300)


def test_a_tiny_index_leaves_places_over():
    found = survey(directions(0, 3, 8), 5, threshold=ALIKE)
    assert (found.rows[:, 2:] == NOBODY).all()
    assert (found.similarities[:, 2:] == -np.inf).all()
    assert sorted(found.rows[0, :2].tolist()) == [1, 2]
    alone = survey(directions(0, 1, 8), 2, threshold=ALIKE)
    assert alone.rows.tolist() == [[NOBODY, NOBODY]]
    assert alone.groups() == []


def test_one_picture_many_times_over_is_one_group():
    embeddings = np.repeat(directions(0, 1, 8), 200, axis=0)
    found = survey(embeddings, 3, threshold=ALIKE)
    assert [group.tolist() for group in found.groups()] == [list(range(200))]
    assert found.rows[5].tolist() == [0, 1, 2]


@pytest.mark.parametrize("n", [5, 640, 1000])
def test_the_largest_are_the_largest_and_ties_go_by_column(n):
    scores = np.random.default_rng(0).integers(0, 50, (20, n)).astype(np.float32)
    columns, values = largest(scores, 5)
    expected = np.lexsort((np.broadcast_to(np.arange(n), scores.shape), -scores), axis=1)[:, :5]
    assert columns.tolist() == expected.tolist()
    assert values.tolist() == np.take_along_axis(scores, expected, 1).tolist()
