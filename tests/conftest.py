"""Fixtures shared by all the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender import encoders
from tests.fakes import FakeEncoder, draw_catalogue


@pytest.fixture(autouse=True)
def _registered_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_registered", {"fake": FakeEncoder})


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def catalogue_folder(tmp_path: Path) -> Path:
    """18 drawn products with a ``styles.csv``."""
    return draw_catalogue(tmp_path / "data")


@pytest.fixture
def artifacts(tmp_path: Path, catalogue_folder: Path) -> Path:
    """An index of the drawn products, made with the fake encoder."""
    from recommender.indexing import build_index

    folder = tmp_path / "artifacts"
    build_index(catalogue_folder, folder, encoder="fake", progress=False)
    return folder
