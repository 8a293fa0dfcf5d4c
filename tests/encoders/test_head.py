"""A head: the arithmetic of its embedding, and its file."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.confidence import ConfidenceCurve
from recommender.encoders.aspects import AspectEncoder
from recommender.encoders.attributes import AttributePredictor
from recommender.encoders.head import Head
from recommender.encoders.tuned import TunedEncoder
from recommender.errors import ArtifactsError
from tests.fakes import FakeEncoder
from tests.heads import random_head
from tests.shelves import Dividing, directions

PATH = Path("head.npz")


def test_cosines_are_half_the_base_s_and_half_the_attributes():
    head, vectors = random_head(None), directions(3, 20, 48)
    tuned = head.apply(vectors)
    assert tuned.shape == (20, head.dim) == (20, 48 + 8 + 8)
    assert np.allclose(np.linalg.norm(tuned, axis=1), 1, atol=1e-6)
    parts = [vectors]
    for name, place in (("articleType", slice(48, 56)), ("baseColour", slice(56, 64))):
        block = tuned[:, place] / np.linalg.norm(tuned[:, place], axis=1, keepdims=True)
        proxies = next(h.proxies for h in head.attributes if h.name == name)
        assert np.allclose(head.cosines(tuned)[name], block @ proxies.T, atol=1e-6)
        parts.append(block)
    expected = sum(
        share * part @ part.T for share, part in zip((0.5, 0.375, 0.125), parts, strict=True)
    )
    assert np.abs(tuned @ tuned.T - expected).max() < 1e-5


def test_a_row_does_not_depend_on_its_block(monkeypatch):
    head, vectors = random_head(None), directions(3, 20, 48)
    whole = head.apply(vectors)
    monkeypatch.setattr("recommender.encoders.head._AT_ONCE", 7)
    assert np.abs(head.apply(vectors) - whole).max() < 1e-6


def test_the_file_holds_all_of_it():
    head, vectors = random_head(FakeEncoder().card), directions(3, 5, 48)
    data = head.to_bytes()
    assert data == random_head(FakeEncoder().card).to_bytes()
    curve = ConfidenceCurve((0.0, 1.0), (0.0, 0.9), 0.4)
    sure = replace(head, confidence=curve)
    assert Head.from_bytes(sure.to_bytes(), PATH).confidence == curve
    again = Head.from_bytes(data, PATH)
    assert again.confidence is None
    assert again.base == head.base
    assert again.sha256 == head.sha256
    assert np.array_equal(again.apply(vectors), head.apply(vectors))
    scores, expected = (h.attributes_of(head.apply(vectors)) for h in (again, head))
    assert scores["articleType"].best()[0] == expected["articleType"].best()[0]
    assert scores["articleType"].labels == ("Shirts", "Jeans", "Größe")


def test_it_fits_the_encoder_it_was_learned_on():
    card = FakeEncoder().card
    head = random_head(card)
    assert head.fits(card, 48)
    assert head.fits(replace(card, licence="other words"), 48)
    assert not head.fits(FakeEncoder(resize="nearest").card, 48)
    assert not head.fits(card, 64)
    assert not head.fits(None, 48)
    assert random_head(None).fits(None, 48)


def damaged(**changes):
    arrays = dict(np.load(io.BytesIO(random_head(None).to_bytes())))
    meta = json.loads(arrays["meta"].tobytes()) | changes.pop("meta", {})
    arrays |= changes | {"meta": np.frombuffer(json.dumps(meta).encode(), np.uint8)}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def array_file():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        array_file(),
        random_head(None).to_bytes()[:-30],
        damaged(meta={"schema": 2}),
        damaged(meta={"attributes": []}),
        damaged(meta={"base": {}}),
        damaged(meta={"confidence": {"agreements": [1]}}),
        damaged(bias=np.zeros(3, np.float32)),
        damaged(mean=np.full(48, np.nan, np.float32)),
        damaged(hidden=np.zeros((48, 16))),
        damaged(hidden=np.array([{"a": "hostile"}])),
    ],
)
def test_other_files_are_refused_on_one_line(data):
    with pytest.raises(ArtifactsError, match=r"head.npz holds no head .*--remove") as refused:
        Head.from_bytes(data, PATH)
    assert "\n" not in str(refused.value)


def test_a_tuned_encoder_names_attributes_and_has_no_aspects():
    encoder = TunedEncoder(Dividing(), random_head(Dividing().card))
    assert isinstance(encoder, AttributePredictor)
    assert not isinstance(encoder, AspectEncoder)
    batch = np.full((2, *encoder.input_size, 3), 90, np.uint8)
    scores = encoder.predict_attributes(batch)
    assert scores["baseColour"].labels == ("Red", "Navy Blue")
    assert np.allclose(scores["articleType"].probabilities.sum(axis=1), 1, atol=1e-5)
    assert encoder.card.name == "fake+head"
