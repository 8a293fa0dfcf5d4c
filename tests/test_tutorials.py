"""The pickles that the common tutorials write are read as what they are."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from PIL import Image

from recommender.artifacts import read_index
from recommender.errors import ArtifactsError
from recommender.manifest import EMBEDDINGS, FILENAMES


def vectors_of(n, dim=2048):
    rows = np.random.default_rng(1).normal(size=(n, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def written(tmp_path):
    """Writes such pickles beside a dataset of three pictures."""
    (tmp_path / "data" / "images").mkdir(parents=True)
    for i in range(3):
        Image.new("RGB", (4, 4)).save(tmp_path / "data" / "images" / f"{i}.jpg")

    def write(names, vectors=None):
        folder = tmp_path / "artifacts"
        folder.mkdir(exist_ok=True)
        vectors = vectors_of(len(names)) if vectors is None else vectors
        (folder / EMBEDDINGS).write_bytes(pickle.dumps(vectors))
        (folder / FILENAMES).write_bytes(pickle.dumps(names))
        return folder

    return write


POSIX = [f"images/{i}.jpg" for i in range(3)]


@pytest.mark.parametrize(
    "prefix",
    ["images\\", "images/", "C:\\Users\\me\\shop\\images\\", "/home/me/shop/images/",
     "..\\data\\images\\", "D:/fashion/small/images/"],
)  # fmt: skip
def test_paths_of_any_machine_lead_to_the_files(written, prefix):
    index = read_index(written([f"{prefix}{i}.jpg" for i in range(3)]))
    assert index.filenames == POSIX
    assert index.manifest is None


def test_absolute_paths_that_exist_stay_inside_the_dataset(written, tmp_path):
    names = [str(tmp_path / "data" / "images" / f"{i}.jpg") for i in range(3)]
    index = read_index(written(names))
    assert index.filenames == POSIX
    assert index.dataset == tmp_path / "data"


def test_a_list_of_arrays_becomes_one_array(written):
    vectors = vectors_of(3)
    index = read_index(written(POSIX, [row.astype(np.float64)[None] for row in vectors]))
    assert index.embeddings.dtype == np.float32
    assert np.allclose(index.embeddings, vectors)


def test_a_picture_that_is_gone_keeps_its_place(written, tmp_path):
    (tmp_path / "data" / "images" / "0.jpg").unlink()
    index = read_index(written([f"C:\\x\\images\\{i}.jpg" for i in range(3)]))
    assert index.filenames == POSIX


def test_none_of_the_pictures_there_names_the_remedy(written, tmp_path):
    folder = written(["images/a.jpg", "images/b.jpg"])
    with pytest.raises(ArtifactsError, match="--data"):
        read_index(folder, data=tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("vectors", "reason"),
    [
        (vectors_of(3, 512), "512 numbers an image instead of ResNet50's 2048"),
        (vectors_of(2), "2 embeddings but 3 file names"),
        (vectors_of(3) * 7, "unit vector"),
        ([vectors_of(1)[0], vectors_of(1)[0][:5], vectors_of(1)[0]], "equally long"),
        ("hello", "equally long"),
        (7, "equally long"),
    ],
)
def test_other_pickles_are_refused_with_the_reason(written, vectors, reason):
    with pytest.raises(ArtifactsError, match=reason):
        read_index(written(POSIX, vectors))


def test_half_an_index_is_named(written, tmp_path):
    (written(POSIX) / FILENAMES).unlink()
    with pytest.raises(ArtifactsError, match=r"filenames\.pkl"):
        read_index(tmp_path / "artifacts")
