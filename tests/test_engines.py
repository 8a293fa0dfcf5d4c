"""One contract for every engine: the rows and distances of a naive scan, in a fixed order."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import pytest

from recommender.engines import engine_names, get_engine, installed_engines
from recommender.engines import faiss as engine_faiss
from recommender.engines import milvus as engine_milvus
from recommender.errors import QueryError
from tests.milvus_places import milvus_place

N, DIM = 300, 16
GRAPH = "faiss, by its graph"
FILTERING = "milvus, filtering by itself"


@pytest.fixture(params=[*engine_names(), GRAPH, FILTERING])
def name(request, monkeypatch):
    """Every engine; two of them also as they are with galleries greater than these."""
    engine = {GRAPH: "faiss", FILTERING: "milvus"}.get(request.param, request.param)
    if engine not in installed_engines():
        pytest.skip(f"the library of the engine {engine} is not installed")
    if request.param == GRAPH:
        monkeypatch.setattr(engine_faiss, "SMALL", 1)
        monkeypatch.setattr(engine_faiss, "_MOST", 1.0)
    if request.param == FILTERING:
        monkeypatch.setattr(engine_milvus, "_FEW", 0)
    with milvus_place(monkeypatch) if engine == "milvus" else nullcontext():
        yield engine


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


GALLERY = unit(np.random.default_rng(0).normal(size=(N, DIM)))
QUERIES = unit(np.random.default_rng(1).normal(size=(9, DIM)))


def naive(gallery, queries, k, rows=None):
    rows = np.arange(len(gallery)) if rows is None else np.asarray(rows)
    found, distances = [], []
    for query in queries.astype(float):
        distance = np.linalg.norm(gallery[rows].astype(float) - query, axis=1)
        order = np.lexsort((rows, distance.astype(np.float32)))[:k]
        found.append(rows[order])
        distances.append(distance[order])
    return np.array(found), np.array(distances)


@pytest.mark.parametrize("k", [1, 5, 50, N])
def test_agrees_with_a_naive_scan(name, k):
    hits = get_engine(name, GALLERY).search(QUERIES, k)
    rows, distances = naive(GALLERY, QUERIES, k)
    assert hits.rows.dtype == np.int64
    assert hits.distances.dtype == np.float32
    assert np.array_equal(hits.rows, rows)
    assert np.allclose(hits.distances, distances, atol=1e-6)


@pytest.mark.parametrize("allowed", [[7], [3, 1, 2], list(range(0, N, 3)), list(range(N))])
@pytest.mark.parametrize("kind", ["mask", "rows"])
def test_searches_only_what_is_allowed(name, allowed, kind):
    restriction = np.array(allowed)
    if kind == "mask":
        restriction = np.zeros(N, bool)
        restriction[allowed] = True
    hits = get_engine(name, GALLERY).search(QUERIES, 5, allowed=restriction)
    rows, distances = naive(GALLERY, QUERIES, 5, sorted(allowed))
    assert hits.rows.shape == (len(QUERIES), min(5, len(allowed)))
    assert np.array_equal(hits.rows, rows)
    assert np.allclose(hits.distances, distances, atol=1e-6)


def test_nothing_allowed_finds_nothing(name):
    hits = get_engine(name, GALLERY).search(QUERIES, 5, allowed=np.zeros(N, bool))
    assert hits.rows.shape == hits.distances.shape == (len(QUERIES), 0)


def test_no_query_finds_nothing(name):
    assert get_engine(name, GALLERY).search(QUERIES[:0], 5).rows.shape == (0, 5)


def test_a_row_finds_itself_at_distance_zero(name):
    hits = get_engine(name, GALLERY).search(GALLERY, 1)
    assert np.array_equal(hits.rows[:, 0], np.arange(N))
    assert np.all(hits.distances[:, 0] == 0)


@pytest.mark.parametrize("copies", [3, 40])
def test_ties_come_in_the_order_of_their_rows(name, copies):
    gallery = GALLERY.copy()
    twins = np.random.default_rng(2).permutation(N)[:copies]
    gallery[twins] = gallery[twins[0]]
    hits = get_engine(name, gallery).search(gallery[twins[:1]], 3)
    assert hits.rows[0].tolist() == sorted(twins)[:3]


def test_a_gallery_of_one(name):
    hits = get_engine(name, GALLERY[:1]).search(QUERIES, 1)
    assert np.all(hits.rows == 0)


def test_a_mixed_batch_is_answered_query_by_query(name):
    far = unit(-GALLERY.sum(axis=0, keepdims=True))
    queries = np.concatenate([GALLERY[:3], far, QUERIES])
    for allowed in (None, np.arange(0, N, 2)):
        engine = get_engine(name, GALLERY)
        together = engine.search(queries, 7, allowed=allowed)
        for i in range(len(queries)):
            alone = engine.search(queries[i : i + 1], 7, allowed=allowed)
            assert np.array_equal(together.rows[i], alone.rows[0])
            assert np.array_equal(together.distances[i], alone.distances[0])


@pytest.mark.parametrize("k", [0, -1, N + 1])
def test_an_impossible_k_is_refused(name, k):
    with pytest.raises(QueryError, match=f"between 1 and {N}"):
        get_engine(name, GALLERY).search(QUERIES, k)


def test_wrong_shapes_are_refused(name):
    engine = get_engine(name, GALLERY)
    with pytest.raises(QueryError, match="numbers an image"):
        engine.search(QUERIES[:, :-1], 5)
    with pytest.raises(QueryError, match="mask"):
        engine.search(QUERIES, 5, allowed=np.ones(N - 1, bool))
    with pytest.raises(QueryError, match="between 0 and"):
        engine.search(QUERIES, 5, allowed=np.array([N]))
    with pytest.raises(QueryError, match="embeddings of shape"):
        get_engine(name, GALLERY[:0])


def test_unknown_engines_are_refused(name):
    with pytest.raises(QueryError, match=f"choose one of: .*{name}"):
        get_engine("none", GALLERY)
