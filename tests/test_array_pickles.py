"""The pickle of the vectors: any reader's, and mapped."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pytest

from recommender.array_pickles import STORED, map_array_pickle, write_array_pickle
from recommender.unpickling import load_pickle

# Numbers of different lengths, which move what stands behind them.
SHAPES = [(1, 1), (3, 48), (300, 7), (129, 256), (40_000, 3)]
posix = pytest.mark.skipif(os.name != "posix", reason="no mapped file can be replaced")


def rows_of(shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def written(path, rows, dtype="float32"):
    with path.open("wb") as file:
        pieces = (row.tobytes() for row in rows)
        return write_array_pickle(file, pieces, shape=rows.shape, dtype=dtype)


def mapped(path, shape, offset):
    with path.open("rb") as file:
        return map_array_pickle(file, shape=shape, offset=offset)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", STORED)
def test_any_program_reads_it(tmp_path, shape, dtype):
    rows, path = rows_of(shape), tmp_path / "x.pkl"
    offset = written(path, rows, dtype)
    assert offset % 64 == 0
    data = path.read_bytes()
    assert data[offset:].startswith(rows.astype(dtype).tobytes())
    for loaded in (pickle.loads(data), load_pickle(path)):
        assert loaded.dtype == dtype
        assert np.array_equal(loaded, rows.astype(dtype))


@posix
@pytest.mark.parametrize("shape", SHAPES)
def test_mapped_it_is_the_same(tmp_path, shape):
    rows, path = rows_of(shape), tmp_path / "x.pkl"
    found = mapped(path, shape, written(path, rows))
    assert np.array_equal(found, rows)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    assert found.flags.aligned
    assert not found.flags.writeable


@posix
def test_what_is_replaced_stays_for_those_who_map_it(tmp_path):
    rows, path = rows_of((3, 48)), tmp_path / "x.pkl"
    found = mapped(path, rows.shape, written(path, rows))
    written(tmp_path / "new", -rows)
    (tmp_path / "new").replace(path)
    assert np.array_equal(found, rows)


def test_only_exactly_such_a_file_is_mapped(tmp_path):
    rows, path = rows_of((3, 48)), tmp_path / "x.pkl"
    offset = written(path, rows)
    data = path.read_bytes()
    assert mapped(path, (48, 3), offset) is None
    assert mapped(path, (3, 48), 0) is None
    assert mapped(path, (3, 48), offset + 4) is None
    middle = offset // 2
    for other in (
        data + b"x",
        data[:-1],
        data[:-1] + b"x",
        data[:middle] + b"x" + data[middle + 1 :],
        pickle.dumps(rows, protocol=5),
        b"",
    ):
        path.write_bytes(other)
        assert mapped(path, (3, 48), offset) is None


def test_where_mapped_files_cannot_be_replaced_nothing_is_mapped(tmp_path, monkeypatch):
    rows, path = rows_of((3, 48)), tmp_path / "x.pkl"
    offset = written(path, rows)
    with path.open("rb") as file:
        monkeypatch.setattr(os, "name", "nt")
        found = map_array_pickle(file, shape=rows.shape, offset=offset)
        monkeypatch.undo()
    assert found is None
