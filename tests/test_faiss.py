"""The engine `faiss`: its graph, the file that keeps it, and where it scans instead."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from recommender.engines import faiss as engine_faiss
from recommender.engines import get_engine, graph, installed_engines
from recommender.engines.faiss import GRAPH, FaissEngine
from recommender.engines.scan import Scan
from recommender.errors import MissingExtraError
from tests.galleries import Groups, unit

N, KINDS = 3000, 12
GROUPS = Groups(N, kinds=KINDS, queries=40)
DICE, DIM, KIND, CENTRES = GROUPS.dice, GROUPS.dim, GROUPS.kind, GROUPS.centres
GALLERY, QUERIES = GROUPS.gallery, GROUPS.queries
EXACT = get_engine("exact", GALLERY)

needs_faiss = pytest.mark.skipif(
    "faiss" not in installed_engines(), reason="faiss-cpu is not installed"
)


@pytest.fixture
def small(monkeypatch):
    """A gallery as small as this gets a graph, too."""
    monkeypatch.setattr(engine_faiss, "SMALL", 1000)


@pytest.fixture
def scans(monkeypatch):
    """How many queries were answered by a scan."""
    counted = []

    class Counting(Scan):
        def nearest(self, queries, k, allowed):
            counted.extend(queries)
            return super().nearest(queries, k, allowed)

    monkeypatch.setattr(engine_faiss, "Scan", Counting)
    return counted


def agreement(hits, expected):
    return np.mean(
        [len(set(a) & set(b)) / len(b) for a, b in zip(hits.rows, expected.rows, strict=True)]
    )


def test_without_its_library_the_error_names_the_command(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "faiss", None)
    with pytest.raises(MissingExtraError, match=r"pip install -r requirements-faiss\.txt"):
        get_engine("faiss", GALLERY)


@needs_faiss
def test_the_graph_answers_as_a_scan_would(small, scans):
    engine = FaissEngine(GALLERY)
    for k in (1, 5, 20):
        hits = engine.search(QUERIES, k)
        assert agreement(hits, EXACT.search(QUERIES, k)) >= 0.99
    assert len(scans) < 6  # Nearly all came from the graph.


@needs_faiss
@pytest.mark.parametrize("k", [200, 1000, N])
def test_many_are_as_exact_as_few(small, k):
    hits = FaissEngine(GALLERY).search(QUERIES[:4], k)
    assert np.array_equal(hits.rows, EXACT.search(QUERIES[:4], k).rows)


@needs_faiss
def test_a_filter_that_disagrees_with_the_query_loses_nothing(small, scans):
    """Half of the products pass, and none of those around the query."""
    engine = FaissEngine(GALLERY)
    allowed = np.flatnonzero(KIND % 2 == 0)
    for row in np.flatnonzero(KIND % 2 == 1)[:8]:
        hits = engine.search(GALLERY[row : row + 1], 5, allowed=allowed)
        assert np.array_equal(
            hits.rows, EXACT.search(GALLERY[row : row + 1], 5, allowed=allowed).rows
        )
    assert len(scans) == 8
    scans.clear()
    for row in allowed[:8]:
        hits = engine.search(GALLERY[row : row + 1], 5, allowed=allowed)
        assert np.array_equal(
            hits.rows, EXACT.search(GALLERY[row : row + 1], 5, allowed=allowed).rows
        )
    assert len(scans) < 4  # Where they agree, the graph was asked.


@needs_faiss
def test_few_allowed_rows_are_scanned(small, scans):
    allowed = np.flatnonzero(KIND == 3)
    hits = FaissEngine(GALLERY).search(QUERIES, 5, allowed=allowed)
    assert np.array_equal(hits.rows, EXACT.search(QUERIES, 5, allowed=allowed).rows)
    assert len(scans) == len(QUERIES)


@needs_faiss
def test_a_query_far_from_everything_is_scanned(small, scans):
    far = unit(DICE.normal(size=(6, DIM)) - CENTRES.sum(axis=0))
    hits = FaissEngine(GALLERY).search(far, 5)
    assert np.array_equal(hits.rows, EXACT.search(far, 5).rows)
    assert len(scans) == 6


@needs_faiss
def test_more_copies_than_candidates_come_in_the_order_of_their_rows(small):
    gallery = GALLERY.copy()
    twins = np.random.default_rng(2).permutation(N)[:100]
    gallery[twins] = gallery[twins[0]]
    hits = FaissEngine(gallery).search(gallery[twins[:1]], 5)
    assert hits.rows[0].tolist() == sorted(twins)[:5]


@needs_faiss
def test_nothing_but_copies_is_searched_too(small):
    hits = FaissEngine(np.repeat(GALLERY[:1], 1500, axis=0)).search(GALLERY[:1], 5)
    assert hits.rows[0].tolist() == [0, 1, 2, 3, 4]


@needs_faiss
def test_the_same_vectors_make_the_same_graph():
    faiss = engine_faiss._library()
    one, other = graph.build(faiss, GALLERY), graph.build(faiss, GALLERY)
    assert np.array_equal(one.levels, other.levels)
    assert np.array_equal(one.links, other.links)
    assert one.entry == other.entry


@needs_faiss
def test_the_graph_is_kept_and_read_again(small, tmp_path, monkeypatch, caplog):
    first = FaissEngine(GALLERY, folder=tmp_path).search(QUERIES, 5)
    assert [path.name for path in tmp_path.iterdir()] == [GRAPH]
    assert len(caplog.messages) == 1  # It takes a while: it is said.
    caplog.clear()
    monkeypatch.setattr(engine_faiss, "build", lambda *_: pytest.fail("built again"))
    again = FaissEngine(GALLERY, folder=tmp_path).search(QUERIES, 5)
    assert np.array_equal(again.rows, first.rows)
    assert not caplog.messages


@needs_faiss
@pytest.mark.parametrize("change", ["vectors", "version", "parameters", "cut short", "nonsense"])
def test_a_graph_of_something_else_is_built_again(small, tmp_path, monkeypatch, caplog, change):
    FaissEngine(GALLERY, folder=tmp_path)
    path, gallery = tmp_path / GRAPH, GALLERY
    if change == "vectors":
        gallery = GALLERY[::-1].copy()
    elif change == "version":
        monkeypatch.setattr(engine_faiss._library(), "__version__", "0.1")
    elif change == "parameters":
        monkeypatch.setattr(graph, "BREADTH", 50)
    elif change == "cut short":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        path.write_bytes(b"nonsense")
    caplog.clear()
    hits = FaissEngine(gallery, folder=tmp_path).search(gallery[:20], 1)
    assert hits.rows[:, 0].tolist() == list(range(20))
    assert len(caplog.messages) == 1
    assert "building the search graph again" in caplog.text
    caplog.clear()
    FaissEngine(gallery, folder=tmp_path)
    assert not caplog.messages


@needs_faiss
@pytest.mark.parametrize("harm", ["row", "negative", "layer", "levels", "entry", "length", "kind"])
def test_links_that_lead_out_of_the_gallery_are_refused(tmp_path, harm):
    faiss = engine_faiss._library()
    sound = graph.build(faiss, GALLERY)
    levels, links, entry = sound.levels.copy(), sound.links.copy(), sound.entry
    high = int(np.flatnonzero(levels > 1)[0])
    if harm == "row":
        links[7] = N
    elif harm == "negative":
        links[7] = -2
    elif harm == "layer":
        # A row that is in the lowest layer alone has no links above it.
        links[int(sound.offsets[high]) + 2 * graph.LINKS] = int(np.flatnonzero(levels == 1)[0])
    elif harm == "levels":
        levels[0] = 1000
    elif harm == "entry":
        entry = int(np.flatnonzero(levels == 1)[0])
    elif harm == "length":
        links = links[:-1]
    else:
        links = links.astype(np.int64)
    key = graph.key_of(GALLERY, faiss.__version__)
    graph.write(tmp_path / GRAPH, sound, key)
    assert np.array_equal(graph.read(tmp_path / GRAPH, key).links, sound.links)
    graph.write(tmp_path / GRAPH, graph.Graph(levels, links, entry), key)
    with pytest.raises(graph.UnfitGraphError, match="broken"):
        graph.read(tmp_path / GRAPH, key)


@needs_faiss
def test_a_folder_that_cannot_be_written_is_said_once(small, tmp_path, monkeypatch, caplog):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", str(tmp_path / GRAPH))

    monkeypatch.setattr(engine_faiss, "write", refuse)
    with caplog.at_level(logging.WARNING):
        hits = FaissEngine(GALLERY, folder=tmp_path).search(QUERIES, 5)
    assert hits.rows.shape == (len(QUERIES), 5)
    assert sum("cannot be kept" in message for message in caplog.messages) == 1


@needs_faiss
def test_small_galleries_have_no_graph(tmp_path):
    hits = FaissEngine(GALLERY, folder=tmp_path).search(QUERIES, 5)
    assert np.array_equal(hits.rows, EXACT.search(QUERIES, 5).rows)
    assert not list(tmp_path.iterdir())
