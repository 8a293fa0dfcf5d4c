"""Hostile pickles are refused by name, before anything in them runs."""

from __future__ import annotations

import builtins
import os
import pickle
import subprocess

import numpy as np
import pytest

from recommender.errors import ArtifactsError
from recommender.unpickling import load_pickle


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.fixture
def written(tmp_path):
    def write(thing, protocol=5):
        path = tmp_path / "thing.pkl"
        path.write_bytes(thing if isinstance(thing, bytes) else pickle.dumps(thing, protocol))
        return path

    return write


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "wrap", [lambda x: x, lambda x: [x], lambda x: {"a": (1, [x])}, lambda x: ["a.jpg", x]]
)
def test_a_pickle_that_runs_a_command_is_refused(written, tmp_path, protocol, wrap):
    victim = tmp_path / "victim"
    path = written(wrap(Calls(os.system, f"touch {victim}")), protocol)
    with pytest.raises(ArtifactsError, match=r"(posix|nt)\.system.*attack"):
        load_pickle(path)
    assert not victim.exists()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (Calls(eval, "1+1"), r"(builtins|__builtin__)\.eval"),
        (Calls(builtins.exec, "x=1"), r"\.exec"),
        (Calls(builtins.getattr, "x", "upper"), r"\.getattr"),
        (Calls(subprocess.Popen, ["true"]), r"subprocess\.Popen"),
        (Calls(np.load, "x.npy"), r"numpy.*load"),
        (Calls(np.memmap, "x"), r"numpy.*memmap"),
    ],
)
def test_other_functions_are_refused_by_name(written, call, name):
    with pytest.raises(ArtifactsError, match=name):
        load_pickle(written([call]))


def test_a_payload_inside_an_object_array_is_refused(written, tmp_path):
    victim = tmp_path / "victim"
    array = np.array([Calls(os.system, f"touch {victim}"), 1], dtype=object)
    with pytest.raises(ArtifactsError):
        load_pickle(written(array))
    assert not victim.exists()


@pytest.mark.parametrize("dtype", [object, "U3", "V8", [("a", "O")], "M8[s]"])
@pytest.mark.parametrize("protocol", [2, 5])
def test_arrays_of_anything_but_numbers_are_refused(written, dtype, protocol):
    with pytest.raises(ArtifactsError, match="not of numbers"):
        load_pickle(written(np.zeros(3, dtype=dtype), protocol))


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8, ">f4"])
def test_arrays_of_numbers_come_back_equal(written, protocol, order, dtype):
    array = np.asarray(np.arange(12).reshape(3, 4), dtype=dtype, order=order)
    loaded = load_pickle(written([array, array[0]], protocol))
    assert np.array_equal(loaded[0], array)
    assert loaded[0].dtype == pickle.loads(pickle.dumps(array, protocol)).dtype
    assert np.array_equal(loaded[1], array[0])


@pytest.mark.parametrize("protocol", range(6))
def test_lists_strings_and_numpy_scalars_come_back_equal(written, protocol):
    thing = ["images/1.jpg", "Grün.jpg", (1, 2.5), np.float32(3)]
    assert load_pickle(written(thing, protocol)) == thing


@pytest.mark.parametrize("data", [b"", b"garbage", pickle.dumps(list("abc"))[:-2], b"\x80\x05."])
def test_damage_is_one_line(written, data):
    with pytest.raises(ArtifactsError, match="damaged") as raised:
        load_pickle(written(data))
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ArtifactsError, match=r"there is no .*none\.pkl"):
        load_pickle(tmp_path / "none.pkl")


class Dtype:
    """Pickles as a dtype of 4 bytes with a state of our choosing, as numpy never would."""

    def __init__(self, state):
        self.state = state

    def __reduce__(self):
        return np.dtype, ("f4", False, True), self.state


HOSTILE_STATES = [
    (3, "<", (np.dtype("f4"), (50_000_000,)), None, None, -1, -1, 0),
    (3, "|", None, None, None, -1, -1, 63),
    (3, "<", None, ("a",), {"a": (np.dtype("f4"), 10_000)}, -1, -1, 0),
]


@pytest.mark.parametrize("state", HOSTILE_STATES)
@pytest.mark.parametrize(
    "make",
    [
        lambda dtype: Calls(np.ndarray, (2,), dtype, bytearray(8)),
        lambda dtype: Calls(
            np.zeros(1, np.float32).__reduce_ex__(5)[0], b"8 bytes!", dtype, (2,), "C"
        ),
    ],
)
def test_a_made_up_type_never_reads_beyond_the_buffer(written, state, make):
    try:
        loaded = load_pickle(written(make(Dtype(state))))
    except ArtifactsError:
        return
    assert loaded.dtype == np.float32
    assert loaded.nbytes == 8


def test_big_endian_arrays_keep_their_values(written):
    for protocol in range(6):
        array = np.array([[1.5, -2.25]], dtype=">f4")
        assert np.array_equal(load_pickle(written(array, protocol)), array)
        assert np.array_equal(load_pickle(written([array], protocol))[0], array)
