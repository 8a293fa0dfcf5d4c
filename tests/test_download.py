"""Fetching the Kaggle catalogue, with a stand-in for kagglehub: the tests have no network."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from recommender.download import download_catalogue
from recommender.errors import CatalogueError, MissingExtraError
from recommender.indexing import build_index


@pytest.fixture
def kaggle(monkeypatch, catalogue_folder):
    """kagglehub, whose download is the drawn catalogue; lists what was asked for."""
    asked = []

    def dataset_download(handle):
        asked.append(handle)
        return str(catalogue_folder)

    module = SimpleNamespace(dataset_download=dataset_download)
    monkeypatch.setitem(sys.modules, "kagglehub", module)
    return asked


def test_downloads_a_pinned_version_once_and_links_it(kaggle, tmp_path):
    data = tmp_path / "shop" / "data"
    assert download_catalogue(data) == data
    assert build_index(data, tmp_path / "a", encoder="fake", progress=False).total == 18
    download_catalogue(data)
    assert kaggle == ["paramaggarwal/fashion-product-images-small/versions/1"]


def test_copies_where_links_are_not_permitted(kaggle, tmp_path, monkeypatch):
    def refused(*_, **__):
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refused)
    data = download_catalogue(tmp_path / "copy")
    assert not (data / "images").is_symlink()
    assert len(list((data / "images").iterdir())) == 18
    assert sorted(path.name for path in data.iterdir()) == ["images", "styles.csv"]


def test_a_missing_extra_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(MissingExtraError, match=r"pip install -r requirements-kaggle\.txt"):
        download_catalogue(tmp_path / "new")


def test_offline_it_says_how_to_do_it_by_hand(tmp_path, monkeypatch):
    def offline(_):
        raise ConnectionError("HTTPSConnectionPool(host='www.kaggle.com'):\nMax retries exceeded")

    module = SimpleNamespace(dataset_download=offline)
    monkeypatch.setitem(sys.modules, "kagglehub", module)
    with pytest.raises(CatalogueError, match=r"by hand from https://www\.kaggle\.com/.*") as raised:
        download_catalogue(tmp_path / "new")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "new").exists()


def test_another_catalogue_is_left_alone(kaggle, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "styles.csv").write_text("id\n1\n")
    with pytest.raises(CatalogueError, match="move it away"):
        download_catalogue(tmp_path / "mine")
    assert (tmp_path / "mine" / "styles.csv").read_text() == "id\n1\n"
    assert kaggle == []


def test_an_incomplete_download_is_named(kaggle, tmp_path, catalogue_folder):
    (catalogue_folder / "styles.csv").unlink()
    with pytest.raises(CatalogueError, match=r"lacks images/ or styles\.csv"):
        download_catalogue(tmp_path / "new")
