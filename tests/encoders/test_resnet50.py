"""The real ResNet50, on weights that the tests make: the ImageNet ones need a network."""

from __future__ import annotations

import shutil
import time

import numpy as np
import pytest

from recommender.encoders import get_encoder, weights_files
from recommender.encoders.frozen import import_tensorflow
from recommender.encoders.weights_files import keras_download
from recommender.errors import WeightsError
from recommender.indexing import build_index
from recommender.search import Recommender
from tests.fakes import COLOURS, TYPES, draw_product

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Drawn products as PNG files, in sizes below and above the model's."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = []
    for i, kind in enumerate(TYPES):
        for size in ((60, 80), (300, 400)):
            path = folder / f"{kind}-{size[0]}.png"
            draw_product(kind, list(COLOURS.values())[i], size=size).save(path)
            paths.append(path)
    return paths


def tutorial_vector(model, path, interpolation):
    """The recipe of the tutorials, word for word: load, resize, preprocess, predict, divide."""
    import keras

    image = keras.utils.load_img(path, target_size=(224, 224), interpolation=interpolation)
    array = np.expand_dims(keras.utils.img_to_array(image), axis=0)
    features = model.predict(keras.applications.resnet50.preprocess_input(array), verbose=0)
    features = features.flatten()
    return features / np.linalg.norm(features)


@pytest.fixture(scope="module")
def tutorial_model(resnet50_weights):
    import_tensorflow()
    import keras

    base = keras.applications.ResNet50(
        weights=str(resnet50_weights), include_top=False, input_shape=(224, 224, 3)
    )
    base.trainable = False
    return keras.Sequential([base, keras.layers.GlobalMaxPooling2D()])


@pytest.mark.parametrize("resize", ["bilinear", "nearest"])
def test_equals_the_tutorial_recipe(tutorial_model, resnet50_weights, pictures, resize):
    encoder = get_encoder("resnet50", weights=resnet50_weights, resize=resize)
    batch = np.stack([encoder.load(path) for path in pictures])
    expected = [tutorial_vector(tutorial_model, path, resize) for path in pictures]
    assert np.abs(encoder.embed(batch) - expected).max() < 1e-5


def test_clearing_the_keras_session_does_not_slow_it_down(resnet50_weights):
    # Streamlit does so after every run of a script.
    import_tensorflow()
    import keras

    encoder = get_encoder("resnet50", weights=resnet50_weights)
    encoder.warm_up()

    def seconds() -> float:
        start = time.process_time()
        encoder.warm_up()
        return time.process_time() - start

    usual = max(seconds() for _ in range(3))
    keras.backend.clear_session()
    assert seconds() < 10 * usual


def test_legacy_and_keras_3_layouts_give_the_same_vectors(
    resnet50_weights, resnet50_legacy_weights, pictures
):
    vectors = []
    for path in (resnet50_weights, resnet50_legacy_weights):
        encoder = get_encoder("resnet50", weights=path)
        vectors.append(encoder.embed(np.stack([encoder.load(picture) for picture in pictures])))
    assert np.array_equal(vectors[0], vectors[1])


@pytest.fixture(scope="module")
def other_weights(tmp_path_factory):
    """Weights files of other models and of none."""
    import_tensorflow()
    import h5py
    import keras

    from tests.conftest import save_legacy

    folder = tmp_path_factory.mktemp("other")
    mobilenet = keras.applications.MobileNetV2(weights=None, include_top=False)
    mobilenet.save_weights(folder / "mobilenet.weights.h5")
    save_legacy(mobilenet, folder / "mobilenet.h5")
    resnet101 = keras.applications.ResNet101(weights=None, include_top=False)
    resnet101.save_weights(folder / "resnet101.weights.h5")
    save_legacy(resnet101, folder / "resnet101.h5")
    v2 = keras.applications.ResNet50V2(weights=None, include_top=False)
    save_legacy(v2, folder / "v2.h5")
    v2.save_weights(folder / "v2.weights.h5")
    top = keras.applications.ResNet50(weights=None)
    save_legacy(top, folder / "top.h5")
    (folder / "text.h5").write_text("hello")
    with h5py.File(folder / "data.h5", "w") as file:
        file["x"] = [1, 2, 3]
    return folder


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("mobilenet.weights.h5", "does not hold the weights of ResNet50"),
        ("mobilenet.h5", "does not hold the weights of ResNet50"),
        ("resnet101.weights.h5", "does not hold the weights of ResNet50"),
        ("resnet101.h5", "does not hold the weights of ResNet50"),
        ("v2.weights.h5", "does not hold the weights of ResNet50"),
        ("v2.h5", "does not hold the weights of ResNet50"),
        ("top.h5", "does not hold the weights of ResNet50"),
        ("text.h5", "not a readable HDF5 file"),
        ("data.h5", "not of Keras weights"),
        ("none.h5", "there is no weights file"),
    ],
)
def test_weights_of_another_model_are_refused(
    other_weights, tmp_path, catalogue_folder, name, reason
):
    with pytest.raises(WeightsError, match=reason) as raised:
        build_index(catalogue_folder, tmp_path / "a", weights=other_weights / name, progress=False)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "a" / "embeddings.pkl").exists()


@pytest.mark.parametrize("name", ["copy.h5", "copy.keras"])
def test_a_name_that_keras_would_misread_is_explained(resnet50_weights, tmp_path, name):
    shutil.copy(resnet50_weights, tmp_path / name)
    with pytest.raises(WeightsError, match="rename it"):
        get_encoder("resnet50", weights=tmp_path / name).warm_up()


def test_a_truncated_file_is_refused(resnet50_weights, tmp_path):
    data = resnet50_weights.read_bytes()
    (tmp_path / "cut.weights.h5").write_bytes(data[: len(data) // 2])
    with pytest.raises(WeightsError):
        get_encoder("resnet50", weights=tmp_path / "cut.weights.h5").warm_up()


def test_without_a_network_the_remedy_is_named(tmp_path, monkeypatch, catalogue_folder):
    import keras

    def offline(*_, **__):
        raise Exception("URL fetch failure on https://x: None -- [Errno -3] Name or service")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(keras.utils, "get_file", offline)
    with pytest.raises(
        WeightsError, match=r"https://.*notop\.h5.*--weights.*--encoder fashion"
    ) as raised:
        build_index(catalogue_folder, tmp_path / "a", progress=False)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "a").exists()


def test_a_cached_download_is_used_without_a_network(tmp_path, monkeypatch):
    import hashlib

    import keras

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    cached = tmp_path / "models" / "some.h5"
    cached.write_bytes(b"weights")
    monkeypatch.setattr(keras.utils, "get_file", lambda *_, **__: 1 / 0)
    md5 = hashlib.md5(b"weights").hexdigest()
    assert keras_download("https://example.org/some.h5", md5=md5) == cached
    assert weights_files.file_sha256(cached) == hashlib.sha256(b"weights").hexdigest()


def test_the_main_job_end_to_end(resnet50_legacy_weights, tmp_path, catalogue_folder):
    report = build_index(
        catalogue_folder, tmp_path / "a", weights=resnet50_legacy_weights, batch_size=7,
        progress=False,
    )  # fmt: skip
    assert report.total == 18
    recommender = Recommender.open(tmp_path / "a")
    assert recommender.index.embeddings.shape == (18, 2048)
    for number in (1001, 1009, 1018):
        first = recommender.search(catalogue_folder / "images" / f"{number}.jpg")[0]
        assert first.id == str(number)
        assert first.distance < 1e-3
