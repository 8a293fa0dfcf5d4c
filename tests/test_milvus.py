"""The engine `milvus`: its collection, the conditions it asks by, and what it scans instead."""

from __future__ import annotations

import re
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from recommender.columns import code_column
from recommender.engines import collection as store
from recommender.engines import connection, get_engine, installed_engines
from recommender.engines import milvus as engine_milvus
from recommender.engines.collection import DATABASE, PREFIX, Collection
from recommender.engines.conditions import conditions_of
from recommender.engines.connection import MILVUS_TOKEN, MILVUS_URI
from recommender.engines.milvus import MilvusEngine
from recommender.engines.scan import Scan
from recommender.errors import EngineError, MissingExtraError
from tests.galleries import Groups
from tests.milvus_places import SERVER, milvus_place

N, KINDS = 1200, 6
GROUPS = Groups(N, kinds=KINDS, queries=10)
DICE, DIM, KIND, CENTRES = GROUPS.dice, GROUPS.dim, GROUPS.kind, GROUPS.centres
GALLERY, QUERIES = GROUPS.gallery, GROUPS.queries
EXACT = get_engine("exact", GALLERY)
HOSTILE = ('a"] or row >= 0 or "" in ["', "b' or 1 == 1 --", "c\\", "{d}", "日本\n", "null")
TYPES = code_column([HOSTILE[kind] for kind in KIND])
COLOURS = code_column([[None, "Red", "Blue", "red"][row % 4] for row in range(N)])
YEARS = code_column([2010 + row % 7 for row in range(N)])


def attributes():
    return {'type"; drop': TYPES, "colour": COLOURS, "year": YEARS}


pytestmark = pytest.mark.skipif(
    "milvus" not in installed_engines(), reason="pymilvus is not installed"
)
embedded = pytest.mark.skipif(SERVER is not None, reason="of the embedded database alone")


@pytest.fixture(autouse=True)
def _place(monkeypatch):
    monkeypatch.setattr(engine_milvus, "_FEW", 0)
    with milvus_place(monkeypatch):
        yield


@pytest.fixture
def asked(monkeypatch):
    """The expressions that Milvus was asked by."""
    expressions = []
    nearest = Collection.nearest

    def noting(self, queries, k, expression):
        expressions.append(expression)
        return nearest(self, queries, k, expression)

    monkeypatch.setattr(Collection, "nearest", noting)
    return expressions


@pytest.fixture
def scans(monkeypatch):
    """How many queries were answered by a scan."""
    counted = []

    class Counting(Scan):
        def nearest(self, queries, k, allowed):
            counted.extend(queries)
            return super().nearest(queries, k, allowed)

    monkeypatch.setattr(engine_milvus, "Scan", Counting)
    return counted


@pytest.fixture
def put(monkeypatch):
    """The numbers of the rows that were put, batch by batch; batches are of 100."""
    batches = []
    monkeypatch.setattr(store, "_BATCH_BYTES", 100 * 4 * DIM)
    client = __import__("pymilvus").MilvusClient
    upsert = client.upsert

    def noting(self, name, data, **more):
        batches.append([one["row"] for one in data])
        return upsert(self, name, data, **more)

    monkeypatch.setattr(client, "upsert", noting)
    return batches


def same(hits, allowed=None, k=5):
    expected = EXACT.search(QUERIES, k, allowed=allowed)
    return np.array_equal(hits.rows, expected.rows) and np.array_equal(
        hits.distances, expected.distances
    )


def test_without_its_library_the_error_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(MissingExtraError, match=r"pip install -r requirements-milvus\.txt"):
        get_engine("milvus", GALLERY)


@embedded
def test_without_milvus_lite_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "milvus_lite", None)
    with pytest.raises(MissingExtraError, match=r"pip install -r requirements-milvus\.txt"):
        get_engine("milvus", GALLERY)


@pytest.mark.parametrize(
    ("mask", "expression"),
    [
        (KIND == 2, r"attribute_0 in \[\d\]"),
        (np.isin(KIND, [0, 4]), r"attribute_0 in \[\d,\d\]"),
        (COLOURS.among(["RED"]), r"attribute_1 in \[1\]"),
        (COLOURS.codes < 0, r"attribute_1 in \[0\]"),
        (~COLOURS.among(["blue"]), r"attribute_1 in \[0,1\]"),
        ((KIND == 1) & YEARS.among([2011, 2013]), r"attribute_0 in .* and attribute_2 in .*"),
    ],
)
def test_filters_become_conditions(asked, scans, mask, expression):
    engine = MilvusEngine(GALLERY, attributes=attributes)
    asked.clear()
    assert same(engine.search(QUERIES, 5, allowed=mask), mask)
    if engine._filters:
        assert len(asked) == 1
        assert re.fullmatch(expression, asked[0])
        assert not scans


def test_no_text_of_the_catalogue_is_in_an_expression(asked):
    """Whatever a product's type is called, its products are found, and they alone."""
    engine = MilvusEngine(GALLERY, attributes=attributes)
    asked.clear()
    for value in HOSTILE:
        mask = TYPES.among([value])
        assert same(engine.search(QUERIES, 5, allowed=mask), mask)
    if engine._filters:
        assert len(asked) == len(HOSTILE)
        assert all(re.fullmatch(r"attribute_0 in \[\d\]", expression) for expression in asked)


def test_a_few_rows_less_than_the_conditions_admit(asked, scans):
    """Products that a visitor does not like are left out besides the filter."""
    mask = np.isin(KIND, [0, 4])
    mask[EXACT.search(QUERIES, 4, allowed=mask).rows.ravel()] = False
    engine = MilvusEngine(GALLERY, attributes=attributes)
    asked.clear()
    scans.clear()
    assert same(engine.search(QUERIES, 5, allowed=mask), mask)
    if engine._filters:
        assert len(asked) == 1
        assert len(scans) < len(QUERIES) / 2


def test_rows_that_no_condition_describes(asked, scans):
    mask = DICE.random(N) < 0.6
    engine = MilvusEngine(GALLERY, attributes=attributes)
    asked.clear()
    scans.clear()
    assert same(engine.search(QUERIES, 5, allowed=mask), mask)
    assert asked == [""]
    assert len(scans) < len(QUERIES) / 2


def test_few_allowed_rows_are_scanned(monkeypatch, asked):
    mask = KIND == 3
    engine = MilvusEngine(GALLERY, attributes=attributes)
    asked.clear()
    monkeypatch.setattr(engine_milvus, "_FEW", int(mask.sum()))
    assert same(engine.search(QUERIES, 5, allowed=mask), mask)
    assert not asked


def test_many_are_scanned(monkeypatch, asked):
    monkeypatch.setattr(engine_milvus, "_MOST", 100)
    assert same(MilvusEngine(GALLERY).search(QUERIES, 200), k=200)
    assert not asked


@embedded
@pytest.mark.parametrize("lossy", [False, True])
def test_a_server_that_loses_rows_behind_filters_is_asked_without(monkeypatch, caplog, lossy):
    nearest = Collection.nearest

    def losing(self, queries, k, expression):
        """As a graph that walks past what a filter forbids: it finds others, far away."""
        if not (lossy and expression):
            return nearest(self, queries, k, expression)
        farther = nearest(self, queries, 100, expression)
        return [rows[np.argsort(GALLERY[rows] @ query)[:k]]
                for query, rows in zip(queries, farther, strict=True)]  # fmt: skip

    monkeypatch.setattr(Collection, "nearest", losing)
    fill = Collection.fill

    def fill_one_with_a_graph(self, *what):
        fill(self, *what)
        self.exact = False

    monkeypatch.setattr(Collection, "fill", fill_one_with_a_graph)
    engine = MilvusEngine(GALLERY, attributes=lambda: {"type": TYPES})
    assert engine._filters != lossy
    assert ("behind filters" in caplog.text) == lossy
    mask = KIND == 2
    assert same(engine.search(QUERIES, 5, allowed=mask), mask)


@pytest.mark.parametrize("lost", [1, 3, 13])
def test_an_answer_with_too_few_rows_is_topped_up(monkeypatch, scans, lost):
    nearest = Collection.nearest
    monkeypatch.setattr(
        Collection, "nearest", lambda *asked: [rows[lost:] for rows in nearest(*asked)]
    )
    assert same(MilvusEngine(GALLERY).search(QUERIES, 5))
    assert len(scans) == len(QUERIES)


def test_the_least_conditions_are_taken():
    rng = np.random.default_rng(0)
    names = rng.integers(0, 3000, 5000).astype(np.int32)
    halves = (names < 1500).astype(np.int32)
    rows = np.flatnonzero(halves == 1)
    # The many names of the half say the same, at greater length.
    assert conditions_of(rows, [names, halves], 5000).expression == "attribute_1 in [1]"
    assert conditions_of(rows, [names], 5000).expression == ""
    assert conditions_of(np.arange(5000), [names, halves], 5000).count == 5000


def test_the_collection_is_filled_once(tmp_path, put, caplog):
    first = MilvusEngine(GALLERY, folder=tmp_path, attributes=attributes)
    assert [row for batch in put for row in batch] == list(range(N))
    assert caplog.text.count("putting 1200 products into Milvus, once") == 1
    put.clear()
    caplog.clear()
    again = MilvusEngine(GALLERY, folder=tmp_path, attributes=attributes)
    assert not put
    assert "putting" not in caplog.text
    assert same(first.search(QUERIES, 5))
    assert same(again.search(QUERIES, 5))


@pytest.mark.parametrize("change", ["vectors", "attributes"])
def test_a_changed_index_gets_another_collection(tmp_path, put, change):
    old = MilvusEngine(GALLERY, folder=tmp_path, attributes=attributes)._collection
    put.clear()
    gallery, of = GALLERY, attributes
    if change == "vectors":
        gallery = GALLERY[::-1].copy()
    else:
        of = lambda: {**attributes(), "colour": code_column(["Red"] * N)}  # noqa: E731
    new = MilvusEngine(gallery, folder=tmp_path, attributes=of)
    assert len(put) == N / 100
    assert new.search(gallery[:5], 1).rows[:, 0].tolist() == [0, 1, 2, 3, 4]
    there = new._collection._client.list_collections()
    assert new._collection._name in there
    # In the file beside the index the old one is of no use; on a server it may be another's.
    assert (old._name in there) == (SERVER is not None)


@embedded
def test_in_a_file_that_was_named_nothing_is_dropped(tmp_path, monkeypatch):
    monkeypatch.setenv(MILVUS_URI, str(tmp_path / "shared.db"))
    one = MilvusEngine(GALLERY, folder=tmp_path / "one")
    other = MilvusEngine(GALLERY[:500], folder=tmp_path / "other")
    assert len(other._collection._client.list_collections()) == 2
    assert same(one.search(QUERIES, 5))


def test_a_build_that_was_cut_short_goes_on(tmp_path, put, monkeypatch):
    client = __import__("pymilvus").MilvusClient
    upsert = client.upsert

    def cut_short(self, name, data, **more):
        if data[0]["row"] == 700:
            raise KeyboardInterrupt
        return upsert(self, name, data, **more)

    with monkeypatch.context() as patch:
        patch.setattr(client, "upsert", cut_short)
        with pytest.raises(KeyboardInterrupt):
            MilvusEngine(GALLERY, folder=tmp_path)
    put.clear()
    assert same(MilvusEngine(GALLERY, folder=tmp_path).search(QUERIES, 5))
    assert [batch[0] for batch in put] == [700, 800, 900, 1000, 1100]


def test_gaps_are_filled(tmp_path, put):
    there = MilvusEngine(GALLERY, folder=tmp_path)._collection
    there._client.delete(there._name, filter="row in [3,250,251]")
    put.clear()
    again = MilvusEngine(GALLERY, folder=tmp_path)
    assert again.search(GALLERY[[3, 250]], 1).rows[:, 0].tolist() == [3, 250]
    assert sum(map(len, put)) >= N


def test_rows_of_something_else_are_noticed(tmp_path):
    there = MilvusEngine(GALLERY, folder=tmp_path)._collection
    there._client.upsert(there._name, [{"row": N, "vector": GALLERY[0]}])
    there._client.flush(there._name)
    with pytest.raises(EngineError, match=f"has {N + 1} rows instead of {N}"):
        MilvusEngine(GALLERY, folder=tmp_path)


@embedded
@pytest.mark.skipif(sys.platform == "win32", reason="locks otherwise")
def test_a_file_that_another_process_has_open(tmp_path, caplog, capfd):
    import fcntl

    (tmp_path / DATABASE).mkdir()
    with (tmp_path / DATABASE / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(EngineError, match=r"another process has .*milvus\.db open") as error:
            MilvusEngine(GALLERY, folder=tmp_path)
    assert "\n" not in str(error.value)
    assert not caplog.messages
    assert capfd.readouterr().err == ""
    assert same(MilvusEngine(GALLERY, folder=tmp_path).search(QUERIES, 5))


@embedded
def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / DATABASE).write_bytes(b"of an earlier Milvus Lite")
    with pytest.raises(EngineError, match=r"Milvus Lite cannot open .*: delete it") as error:
        MilvusEngine(GALLERY, folder=tmp_path)
    assert "\n" not in str(error.value)


@embedded
def test_a_database_that_goes_away(tmp_path, monkeypatch, capfd):
    engine = MilvusEngine(GALLERY, folder=tmp_path)
    monkeypatch.setattr(store, "_SECONDS", 0.5)
    connection.close(str(tmp_path / DATABASE))
    with pytest.raises(EngineError, match="does not answer") as error:
        engine.search(QUERIES, 5)
    assert "\n" not in str(error.value)
    assert capfd.readouterr().err == ""


def test_a_server_that_cannot_be_reached(monkeypatch, capfd):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv(MILVUS_URI, f"http://me:secret@{address}")
    monkeypatch.setenv(MILVUS_TOKEN, "me:hidden")
    monkeypatch.setattr(connection, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(EngineError, match=f"Milvus at http://{address} does not answer") as error:
        MilvusEngine(GALLERY)
    assert "\n" not in str(error.value)
    assert not re.search("secret|hidden", str(error.value) + "".join(capfd.readouterr()))


def test_a_wrong_token(monkeypatch, caplog, capfd):
    import grpc

    class Refusing(grpc.GenericRpcHandler):  # type: ignore[misc]
        def service(self, _):
            def refuse(request, context):
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure, me:hidden")

            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(ThreadPoolExecutor(2), handlers=[Refusing()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv(MILVUS_URI, f"http://127.0.0.1:{port}")
    monkeypatch.setenv(MILVUS_TOKEN, "me:hidden")
    try:
        with pytest.raises(EngineError, match="refuses the token") as error:
            MilvusEngine(GALLERY)
    finally:
        server.stop(0)
    assert MILVUS_TOKEN in str(error.value)
    assert "hidden" not in str(error.value) + caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("address", ["localhost:19530", "ftp://me:secret@host/x", "milvus"])
def test_what_is_no_address(monkeypatch, address):
    monkeypatch.setenv(MILVUS_URI, address)
    with pytest.raises(EngineError, match="must begin with http://") as error:
        MilvusEngine(GALLERY)
    assert "secret" not in str(error.value)


@embedded
def test_without_a_folder_nothing_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    engine = MilvusEngine(GALLERY)
    assert list(tmp_path.iterdir())
    assert engine._collection._name.startswith(PREFIX)
    del engine
    assert not list(tmp_path.iterdir())
