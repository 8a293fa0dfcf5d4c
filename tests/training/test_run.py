"""A whole training run, two steps long: train, stop, go on, export, use."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from recommender.encoders import fashion, get_encoder
from recommender.encoders.frozen import import_tensorflow
from recommender.evaluation.street_types import STREET_TYPES
from recommender.sample import draw_sample, sample_queries
from recommender.training.__main__ import main
from recommender.training.losses import street_loss
from recommender.training.stages import forget_other_networks
from tests.fakes import COLOURS, draw_product

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def arguments(tmp_path_factory):
    """The sample catalogue, a few snapshots, and starting weights from a fixed seed."""
    import_tensorflow()
    import keras

    folder = tmp_path_factory.mktemp("training")
    draw_sample(folder / "data", count=300)
    for name, (_, photo) in zip(list(STREET_TYPES)[:6], sample_queries(), strict=True):
        (folder / "street" / name).mkdir(parents=True)
        for turn in range(4):
            photo.resize((96, 128)).rotate(turn).save(folder / "street" / name / f"{turn}.jpg")
    keras.utils.set_random_seed(0)
    start = folder / "start.weights.h5"
    keras.applications.MobileNetV2(
        include_top=False, weights=None, input_shape=(224, 224, 3)
    ).save_weights(start)
    return [
        *("--data", str(folder / "data"), "--street", str(folder / "street")),
        *("--start", str(start), "--output", str(folder / "run")),
    ]


def test_trains_goes_on_and_exports_an_encoder(arguments):
    assert main([*arguments, "--steps", "1", "--head-steps", "1"]) == 0
    output = Path(arguments[-1])
    views = output / "head" / "features" / "round-0.npz"
    first = views.stat().st_mtime_ns
    assert main([*arguments, "--steps", "1", "--head-steps", "2"]) == 0
    assert views.stat().st_mtime_ns == first  # The network is the same: so are its views.
    for folder, steps in ((output, 1), (output / "head", 2)):
        with np.load(folder / "checkpoint.npz") as stored:
            assert int(stored["step"]) == steps
    card = json.loads((output / "fashion.json").read_text())
    encoder = get_encoder("fashion", weights=output / "fashion.npz")
    assert card["weights_sha256"] == encoder.card.weights_sha256
    vectors = encoder.encode([draw_product("Tshirts", colour) for colour in COLOURS.values()])
    assert vectors.shape == (len(COLOURS), 256)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_what_was_made_with_another_network_is_forgotten(tmp_path):
    head, made = tmp_path / "head", tmp_path / "head" / "round-0.npz"
    one = SimpleNamespace(get_weights=lambda: [np.zeros(3)])
    other = SimpleNamespace(get_weights=lambda: [np.ones(3)])
    forget_other_networks(head, one)
    made.write_text("views")
    forget_other_networks(head, one)
    assert made.is_file()
    forget_other_networks(head, other)
    assert not made.exists()


def test_goes_on_from_weights_of_an_earlier_run(arguments, tmp_path):
    shipped = Path(fashion.__file__).parent / "weights" / "fashion.npz"
    again = [*arguments[:4], "--start", str(shipped), "--output", str(tmp_path)]
    assert main([*again, "--steps", "1", "--head-steps", "1"]) == 0
    assert get_encoder("fashion", weights=tmp_path / "fashion.npz").card.dim == 256


def test_snapshots_lean_to_frequent_types_and_to_what_is_seen():
    tf = import_tensorflow()
    expected = tf.constant([[0.9, 0.1, 0.0], [0.0, 0.0, 0.0]])

    def gradient(logits):
        variable = tf.Variable(logits)
        with tf.GradientTape() as tape:
            loss = street_loss(variable, expected)
        return float(loss), tape.gradient(loss, variable).numpy()

    # Nothing seen: to the frequent one. The rare one is not the way out that it would be if only
    # the sum counted, and a snapshot of which the catalogue has no type teaches nothing.
    _, pull = gradient([[0.0, 0.0, 0.0], [5.0, 1.0, 0.0]])
    assert pull[0, 0] < pull[0, 1] < pull[0, 2]
    assert np.all(pull[1] == 0)
    rare, _ = gradient([[0.0, 5.0, 0.0], [0.0, 0.0, 0.0]])
    frequent, _ = gradient([[5.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    assert frequent < rare
    # Seen clearly, the rare one may be it.
    _, pull = gradient([[0.0, 8.0, 0.0], [0.0, 0.0, 0.0]])
    assert abs(pull[0, 1]) < 0.1


def test_too_small_a_catalogue_is_one_line(arguments, tmp_path, capsys):
    draw_sample(tmp_path / "few", count=12)
    few = ["--data", str(tmp_path / "few"), *arguments[2:-1], str(tmp_path / "run")]
    assert main(few) == 2
    assert "too few named products" in capsys.readouterr().err
