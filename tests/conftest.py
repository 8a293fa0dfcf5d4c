"""Fixtures shared by all the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recommender import encoders
from tests.fakes import FakeEncoder, draw_catalogue

# Scripts for Streamlit, which runs them itself.
collect_ignore_glob = ["ui/pages/*.py"]


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


@pytest.fixture(scope="session")
def resnet50_network() -> Any:
    """ResNet50 without its top, with random weights from a fixed seed."""
    from recommender.encoders.frozen import import_tensorflow

    import_tensorflow()
    import keras

    keras.utils.set_random_seed(0)
    return keras.applications.ResNet50(weights=None, include_top=False)


@pytest.fixture(scope="session")
def resnet50_weights(resnet50_network: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its weights in Keras 3's layout."""
    path = tmp_path_factory.mktemp("weights") / "resnet50.weights.h5"
    resnet50_network.save_weights(path)
    return path


@pytest.fixture(scope="session")
def _exports_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keras")


@pytest.fixture
def exports_kept(_exports_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of exported networks for all the tests, instead of the user's."""
    monkeypatch.setenv("KERAS_HOME", str(_exports_folder))


@pytest.fixture(scope="session")
def resnet50_legacy_weights(
    resnet50_network: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same weights in the layout of Keras' published files."""
    path = tmp_path_factory.mktemp("weights") / "resnet50_notop.h5"
    save_legacy(resnet50_network, path)
    return path


def save_legacy(model: Any, path: Path) -> None:
    """Write weights as Keras 1 and 2 did: a group a layer, in order, with named arrays."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = b"2.2.4"
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{weight.name}:0" for weight in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, layer.weights, strict=True):
                group[name] = weight.numpy()
