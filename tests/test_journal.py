"""What a build has finished survives a crash at any byte."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from recommender.file_lists import FileState
from recommender.journal import BATCHES, VECTORS, Journal

DIM = 4


def batch(start, size=3):
    files = [(f"{i}.jpg", FileState(i, i, f"sha{i}")) for i in range(start, start + size)]
    vectors = np.arange(start * DIM, (start + size) * DIM, dtype=np.float32).reshape(size, DIM)
    return files, vectors


def rows_of(journal):
    """File name → the vector that the journal has for it."""
    with journal.reader() as reader:
        return {
            name: np.frombuffer(journal.read(reader, row), np.float32).tolist()
            for name, (row, _) in journal.rows.items()
        }


EXPECTED = {f"{i}.jpg": list(np.arange(i * DIM, (i + 1) * DIM, dtype=float)) for i in range(9)}


@pytest.fixture
def full(tmp_path):
    """A journal of three batches, closed."""
    journal = Journal(tmp_path / "journal", plan="a", dim=DIM)
    for start in (0, 3, 6):
        journal.append(*batch(start))
    journal.close()
    return tmp_path / "journal"


def test_comes_back_as_it_was(full):
    journal = Journal(full, plan="a", dim=DIM)
    assert rows_of(journal) == EXPECTED
    assert journal.rows["4.jpg"][1] == FileState(4, 4, "sha4")
    journal.close()


def test_another_plan_starts_empty(full):
    journal = Journal(full, plan="b", dim=DIM)
    assert journal.rows == {}
    journal.close()
    assert (full / VECTORS).stat().st_size == 0


@pytest.mark.parametrize("name", [BATCHES, VECTORS])
def test_a_cut_at_any_byte_loses_only_the_torn_batch(full, tmp_path, name):
    size = (full / name).stat().st_size
    for length in range(0, size + 1, 1 if name == VECTORS else 7):
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(full, copy)
        with (copy / name).open("r+b") as file:
            file.truncate(length)
        journal = Journal(copy, plan="a", dim=DIM)
        kept = len(journal.rows)
        assert kept % 3 == 0
        assert kept == 9 or length < size
        for start in range(kept, 9, 3):
            journal.append(*batch(start))
        journal.close()
        again = Journal(copy, plan="a", dim=DIM)
        assert rows_of(again) == EXPECTED
        again.close()


def test_damaged_vectors_are_noticed(full):
    data = bytearray((full / VECTORS).read_bytes())
    data[4 * DIM * 4] ^= 1  # In the second batch.
    (full / VECTORS).write_bytes(data)
    journal = Journal(full, plan="a", dim=DIM)
    assert len(journal.rows) == 3
    journal.close()


def test_a_picture_embedded_twice_counts_as_it_was_last(full):
    journal = Journal(full, plan="a", dim=DIM)
    journal.append([("4.jpg", FileState(9, 9, "new"))], np.full((1, DIM), 7, np.float32))
    journal.close()
    again = Journal(full, plan="a", dim=DIM)
    assert again.rows["4.jpg"][1].sha256 == "new"
    assert rows_of(again)["4.jpg"] == [7.0] * DIM
    again.close()
