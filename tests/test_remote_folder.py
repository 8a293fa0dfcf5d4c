"""A catalogue behind an address; ``file://`` goes through PyArrow as ``s3://`` does."""

from __future__ import annotations

import shutil

import pytest

from recommender.errors import CatalogueError
from recommender.folders import LocalFolder, picture_folder
from recommender.indexing import build_index
from recommender.manifest import EMBEDDINGS, FILENAMES, FILES, SKIPPED, read_manifest
from recommender.search import Recommender
from recommender.styles import STYLES_COPY

pytest.importorskip("pyarrow")


def build(data, artifacts, **options):
    return build_index(data, artifacts, encoder="fake", batch_size=4, progress=False, **options)


def test_the_index_is_that_of_the_folder(catalogue_folder, tmp_path):
    (catalogue_folder / "images" / "1003.jpg").write_bytes(b"no picture")
    (catalogue_folder / "images" / "1005.jpg").write_bytes(b"")
    near, far = tmp_path / "near", tmp_path / "far"
    build(catalogue_folder, near)
    report = build(f"file://{catalogue_folder}", far)
    assert (report.total, len(report.skipped)) == (16, 2)
    for name in (EMBEDDINGS, FILENAMES, FILES, SKIPPED):
        assert (far / name).read_bytes() == (near / name).read_bytes()
    assert build(f"file://{catalogue_folder}", far).reused == 16


def test_products_are_described_without_the_dataset(catalogue_folder, tmp_path):
    artifacts = tmp_path / "artifacts"
    build(f"file://{catalogue_folder}", artifacts)
    recommender = Recommender.open(artifacts)
    assert not recommender.index.dataset.exists()
    assert recommender.catalogue.items[0].attributes["articleType"] == "Tshirts"
    manifest = read_manifest(artifacts)
    assert manifest is not None
    assert manifest.dataset == f"file://{catalogue_folder}"
    build(catalogue_folder, artifacts)
    assert not (artifacts / STYLES_COPY).exists()


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("without_images", [False, True])
def test_the_same_pictures_are_found(catalogue_folder, tmp_path, wrapped, without_images):
    images = catalogue_folder / "images"
    (images / ".hidden.jpg").write_bytes(b"x")
    (images / "notes.txt").write_text("no picture")
    (images / "more").mkdir()
    shutil.copy(images / "1001.jpg", images / "more" / "new.JPG")
    shutil.copy(images / "1001.jpg", images / "more" / "1001.jpg")  # A copy of the other.
    shutil.copy(images / "1002.jpg", images / "more" / "1001.jpeg")
    if without_images:
        images.rename(catalogue_folder / "pictures")
    folder = catalogue_folder.parent / "above" if wrapped else catalogue_folder
    if wrapped:
        folder.mkdir()
        catalogue_folder.rename(folder / "unpacked")
    local = LocalFolder(folder)
    names = picture_folder(f"file://{folder}").names()
    assert names == local.names()
    assert len(names) == (21 if without_images else 20)


@pytest.mark.parametrize("address", ["file:///no/such/folder", "nothing://at/all", "s3://"])
def test_an_address_that_leads_nowhere_is_one_line(tmp_path, address):
    with pytest.raises(CatalogueError, match=r"check the address") as raised:
        build(address, tmp_path / "artifacts")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "artifacts").exists()
