"""The encoder that ships: reference numbers, attributes, and refusal of other files."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from recommender.encoders import get_encoder
from recommender.encoders.fashion import FashionEncoder, as_often_right
from recommender.encoders.fashion_weights import WEIGHTS
from recommender.encoders.recall import recalled
from recommender.errors import WeightsError
from tests.fakes import COLOURS, draw_product

SHIRT = draw_product("Tshirts", COLOURS["Red"])
SHOE = draw_product("Casual Shoes", COLOURS["Navy Blue"])
PLACES = [0, 50, 130, 170, 200, 230, 250]


def test_the_weights_that_ship_are_those_of_the_card():
    assert WEIGHTS.stat().st_size < 12_000_000
    card = json.loads(WEIGHTS.with_suffix(".json").read_text())
    assert card["weights_sha256"] == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert card["dim"] == get_encoder("fashion").card.dim <= 256


@pytest.mark.slow
def test_reference_numbers():
    vectors = get_encoder("fashion").encode([SHIRT, SHOE])
    expected = [
        [0.0634, -0.0807, 0.0698, -0.0480, 0.0020, -0.0063, -0.0186],
        [0.0448, -0.1026, 0.0897, 0.0509, 0.0210, 0.0443, 0.0145],
    ]
    assert np.abs(vectors[:, PLACES] - expected).max() < 2e-3
    assert vectors[0] @ vectors[1] == pytest.approx(0.1488, abs=5e-3)


@pytest.mark.slow
def test_attributes_are_probabilities_and_name_the_obvious():
    encoder = FashionEncoder()
    scores = encoder.attributes_of(encoder.encode([SHIRT]))
    assert set(scores) == {"articleType", "baseColour", "gender"}
    for score in scores.values():
        assert score.probabilities.shape == (1, len(score.labels))
        assert score.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert scores["articleType"].best()[0] == ["Tshirts"]
    assert scores["baseColour"].best()[0] == ["Red"]


def test_a_mended_probability_never_changes_what_is_likeliest():
    dice = np.random.default_rng(0)
    probabilities = dice.dirichlet(np.ones(4), 200).astype(np.float32)
    mended = as_often_right(probabilities, ((0.3, 0.9), (0.1, 0.8)))
    assert np.array_equal(mended.argmax(axis=1), probabilities.argmax(axis=1))
    assert np.allclose(mended.sum(axis=1), 1, atol=1e-5)
    sure = probabilities.max(axis=1) > 0.8
    assert mended[sure].max(axis=1).max() <= 0.8


@pytest.mark.slow
def test_what_is_taken_for_the_same_comes_closer():
    proxies = np.eye(3, dtype=np.float32)
    seen = np.array([[0.8, 0.6, 0.0], [0.8, -0.6, 0.0], [0.0, 0.6, 0.8]], np.float32)
    drawn = np.asarray(recalled(seen, proxies, sharpness=20.0, share=0.7))
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)
    assert drawn[0] @ drawn[1] > seen[0] @ seen[1]  # Both are taken for the first value.
    assert drawn[0] @ drawn[2] < seen[0] @ seen[2]
    assert np.allclose(recalled(seen, proxies, sharpness=20.0, share=0.0), seen, atol=1e-6)


@pytest.mark.slow  # Loads TensorFlow, which slows down every test after it.
@pytest.mark.parametrize("content", [b"", b"no weights", None])
def test_other_files_are_refused_with_one_line(tmp_path, content):
    path = tmp_path / "other.npz"
    if content is None:
        np.savez(path, x=np.zeros(3))
    else:
        path.write_bytes(content)
    with pytest.raises(WeightsError) as raised:
        get_encoder("fashion", weights=path).warm_up()
    assert "\n" not in str(raised.value)
    with pytest.raises(WeightsError):
        get_encoder("fashion", weights=tmp_path / "none.npz").warm_up()
