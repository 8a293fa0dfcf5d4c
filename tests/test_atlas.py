"""The map of a catalogue: made, kept, and refused when it shows something else."""

from __future__ import annotations

import os

import numpy as np
import pytest

from recommender.atlas import MAP, Atlas, neighbour_atlas, principal_atlas, read_map, write_map
from recommender.errors import ArtifactsError, StorageError
from tests.fakes import TYPES, FakeEncoder
from tests.shelves import directions, shelf


@pytest.fixture(scope="module")
def shop():
    return shelf(FakeEncoder, 240)


def of_own_type(places, shop):
    """Share of the five nearest on the plane that are of an item's type."""
    kinds = shop.catalogue.column("articleType").codes
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return (kinds[np.argsort(distances, axis=1)[:, :5]] == kinds[:, None]).mean()


def test_alike_products_are_together_whether_arranged_or_placed(shop):
    whole = neighbour_atlas(shop.index.embeddings)
    steps: list[str] = []
    some = neighbour_atlas(
        shop.index.embeddings, landmarks=100, on_step=lambda step, done, total: steps.append(step)
    )
    for atlas in (whole, some):
        assert atlas.method == "t-SNE"
        assert atlas.places.shape == (240, 2)
        assert np.abs(atlas.places).max() == pytest.approx(1)
        assert of_own_type(atlas.places, shop) > 0.9 > 1 / len(TYPES)
    assert dict.fromkeys(steps) == {"Arranging": None, "Placing": None}


def test_the_same_index_gives_the_same_map(shop):
    one, other = (neighbour_atlas(shop.index.embeddings[:60]) for _ in range(2))
    np.testing.assert_array_equal(one.places, other.places)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_even_a_handful_has_a_map(n):
    for atlas in (principal_atlas(directions(0, n, 8)), neighbour_atlas(directions(0, n, 8))):
        assert atlas.places.shape == (n, 2)
        assert np.isfinite(atlas.places).all()


def test_a_map_is_read_as_it_was_written(tmp_path, shop):
    assert read_map(tmp_path, shop.index.embeddings) is None
    atlas = principal_atlas(shop.index.embeddings)
    write_map(tmp_path, shop.index.embeddings, atlas)
    found = read_map(tmp_path, shop.index.embeddings)
    assert found is not None
    np.testing.assert_array_equal(found.places, atlas.places)
    assert found.method == "PCA"
    assert [path.name for path in tmp_path.iterdir()] == [MAP]


def test_a_map_of_another_index_is_said_to_be_one(tmp_path, shop):
    write_map(tmp_path, shop.index.embeddings, principal_atlas(shop.index.embeddings))
    with pytest.raises(ArtifactsError, match="shows an earlier index: make it again with"):
        read_map(tmp_path, shop.index.embeddings[:100])


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04"])
def test_a_broken_map_is_refused(tmp_path, shop, content):
    (tmp_path / MAP).write_bytes(content)
    with pytest.raises(ArtifactsError, match="cannot be read"):
        read_map(tmp_path, shop.index.embeddings)


def test_a_map_that_would_run_code_is_refused(tmp_path, shop):
    class Hostile:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "ran"),))

    np.savez(tmp_path / MAP, places=np.array([Hostile()], dtype=object), method="PCA", of="")
    with pytest.raises(ArtifactsError):
        read_map(tmp_path, shop.index.embeddings)
    assert not (tmp_path / "ran").exists()


def test_a_map_with_nowhere_in_it_is_refused(tmp_path, shop):
    nowhere = Atlas(np.full((240, 2), np.nan, np.float32), "PCA")
    write_map(tmp_path, shop.index.embeddings, nowhere)
    with pytest.raises(ArtifactsError, match="is broken"):
        read_map(tmp_path, shop.index.embeddings)


def test_a_map_that_cannot_be_kept_is_a_clear_error(tmp_path, shop):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot write"):
        write_map(tmp_path / "file", shop.index.embeddings, principal_atlas(shop.index.embeddings))
