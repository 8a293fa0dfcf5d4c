"""One contract for every encoder."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from recommender.encoders import RUNTIMES, encoder_names, get_encoder
from recommender.encoders.base import EncoderCard, normalise
from recommender.encoders.tuned import TunedEncoder
from recommender.errors import ImageError, RecommenderError
from tests.fakes import COLOURS, TYPES, FakeEncoder, draw_product
from tests.heads import random_head

PICTURES = [draw_product(kind, colour) for kind in TYPES for colour in list(COLOURS.values())[:3]]


@pytest.fixture(
    params=[
        "fake",
        "tuned",
        pytest.param("fashion", marks=pytest.mark.slow),
        pytest.param("resnet50", marks=pytest.mark.slow),
        pytest.param("fashion openvino", marks=pytest.mark.slow),
        pytest.param("resnet50 openvino", marks=pytest.mark.slow),
    ]
)
def any_encoder(request):
    if request.param == "tuned":
        return TunedEncoder(FakeEncoder(), random_head(FakeEncoder().card))
    name, _, runtime = request.param.partition(" ")
    return on_runtime(request, name, runtime or "tensorflow")


def on_runtime(request, name, runtime):
    if runtime == "openvino":
        pytest.importorskip("openvino")
        request.getfixturevalue("exports_kept")
    weights = request.getfixturevalue("resnet50_weights") if name == "resnet50" else None
    return get_encoder(name, weights=weights, runtime=runtime)


def test_embeddings_are_unit_rows_of_the_promised_shape(any_encoder):
    vectors = any_encoder.encode(PICTURES, batch_size=4)
    assert vectors.shape == (len(PICTURES), any_encoder.card.dim)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_vector_does_not_depend_on_its_batch(any_encoder):
    together = any_encoder.encode(PICTURES, batch_size=9)
    alone = any_encoder.encode(PICTURES, batch_size=1)
    assert np.abs(together - alone).max() < 1e-5


def test_the_same_batch_gives_the_same_bits(any_encoder):
    batch = np.stack([any_encoder.prepare(picture) for picture in PICTURES])
    assert np.array_equal(any_encoder.embed(batch), any_encoder.embed(batch))


def test_prepare_and_load_agree(any_encoder):
    height, width = any_encoder.input_size
    prepared = any_encoder.prepare(PICTURES[0])
    assert prepared.shape == (height, width, 3)
    assert prepared.dtype == np.uint8
    assert np.array_equal(prepared, any_encoder.load(PICTURES[0]))
    with pytest.raises(ImageError):
        any_encoder.load(b"no picture")


def test_the_card_survives_json(any_encoder):
    card = any_encoder.card
    assert EncoderCard.from_json(card.to_json()) == card
    assert card.input_size == any_encoder.input_size
    assert card.resize == any_encoder.resize
    assert len(card.weights_sha256) == 64


def test_nothing_in_nothing_out(any_encoder):
    height, width = any_encoder.input_size
    assert any_encoder.encode([]).shape == (0, any_encoder.card.dim)
    empty = np.empty((0, height, width, 3), np.uint8)
    assert any_encoder.embed(empty).shape == (0, any_encoder.card.dim)


def test_other_batches_are_refused(any_encoder):
    height, width = any_encoder.input_size
    for batch in (
        np.zeros((height, width, 3), np.uint8),
        np.zeros((1, height, width, 3), np.float32),
        np.zeros((1, height + 1, width, 3), np.uint8),
    ):
        with pytest.raises(ValueError, match="takes uint8"):
            any_encoder.embed(batch)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fashion", "resnet50"])
def test_the_runtimes_give_the_same_vectors(request, name):
    one, other = (on_runtime(request, name, runtime) for runtime in RUNTIMES)
    assert one.card == other.card
    batch = np.stack([one.prepare(picture) for picture in PICTURES])
    assert (one.embed(batch) * other.embed(batch)).sum(axis=1).min() > 0.9999
    if name == "fashion":
        tuned = [
            TunedEncoder(base, random_head(base.card, dim=base.card.dim)) for base in (one, other)
        ]
        assert (tuned[0].embed(batch) * tuned[1].embed(batch)).sum(axis=1).min() > 0.9999


def test_batches_are_as_large_as_asked():
    encoder = FakeEncoder()
    encoder.encode(PICTURES, batch_size=4)
    assert encoder.batches == [4, 4, 1]


def test_nearest_takes_source_pixels_and_bilinear_blends_them():
    checkers = np.indices((320, 240)).sum(axis=0) % 2 * 255
    picture = Image.fromarray(checkers.astype(np.uint8)).convert("RGB")
    assert set(np.unique(FakeEncoder(resize="nearest").prepare(picture))) <= {0, 255}
    assert np.abs(FakeEncoder().prepare(picture).astype(int) - 127).max() < 20


def test_normalise_refuses_what_has_no_direction():
    for row in ([0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]):
        with pytest.raises(RecommenderError, match="empty or infinite"):
            normalise([[1.0, 0.0], row])


def test_cards_tell_what_differs():
    one = FakeEncoder().card
    assert one.differences(FakeEncoder(resize="nearest").card) == [
        "resize bilinear instead of nearest"
    ]
    assert one.differences(one) == []


def test_names():
    assert encoder_names()[0] == "resnet50"
    with pytest.raises(RecommenderError, match="no encoder 'vgg'"):
        get_encoder("vgg")
