"""Confidence curves: fitted, stored, put into words, and never used with other weights."""

from __future__ import annotations

import json

import numpy as np
import pytest

from recommender.confidence import (
    WORDS,
    ConfidenceCurve,
    agreement,
    in_words,
    nothing_similar,
    shipped_curve,
)
from recommender.confidence_fit import fit_curve, fit_on_index
from recommender.encoders.base import normalise
from recommender.encoders.fashion import FashionEncoder
from recommender.errors import ArtifactsError
from tests.fakes import FakeEncoder

CURVE = ConfidenceCurve((0.2, 0.5, 0.8), (0.1, 0.4, 0.9), 0.45)


def clusters(n=600, types=4, noise=1.0, seed=0):
    """Embeddings around a centre for each type, so that the most similar are mostly of one type."""
    dice = np.random.default_rng(seed)
    codes = dice.integers(0, types, n)
    centres = dice.normal(size=(types, 24))
    return normalise(centres[codes] + noise * dice.normal(size=(n, 24))), codes.astype(str)


def test_a_curve_runs_straight_between_knots_and_level_beyond():
    assert CURVE([-1, 0.2, 0.35, 0.8, 1]).tolist() == pytest.approx([0.1, 0.1, 0.25, 0.9, 0.9])
    assert CURVE(np.full((2, 3), 0.5, np.float32)).shape == (2, 3)


def test_json_and_back():
    curve = ConfidenceCurve((0.2, 0.8), (0.0, 1.0), 0.3, "fake", "ab")
    assert ConfidenceCurve.from_json(json.loads(json.dumps(curve.to_json()))) == curve


@pytest.mark.parametrize(
    "change",
    [{"agreements": [0.5]}, {"agreements": [0.5, 0.2]}, {"probabilities": [0.9, 0.1]},
     {"probabilities": [0.1, 1.1]}, {"agreements": [0.1, float("nan")]}, {"nothing_below": "x"},
     {"agreements": None}, {"probabilities": [0.0, 0.5, 1.0]}, {"agreements": [0.5, 1.5]},
     {"agreements": [-0.5, 0.5]}],
)  # fmt: skip
def test_what_is_no_curve_is_refused(change):
    stored = ConfidenceCurve((0.2, 0.8), (0.0, 1.0), 0.3).to_json() | change
    with pytest.raises(ArtifactsError) as caught:
        ConfidenceCurve.from_json(stored)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("stored", [None, [], "text", {}])
def test_other_json_is_refused(stored):
    with pytest.raises(ArtifactsError, match="no confidence curve"):
        ConfidenceCurve.from_json(stored)


def test_agreement_is_the_share_of_the_same_type_and_the_unknown_agree_with_nothing():
    types = ["Shirts", "Caps", None, "Shirts", "", "Shirts", None, "", "Belts", "Caps"]
    shares = {"Shirts": 0.3, "Caps": 0.2, "Belts": 0.1}
    assert agreement(types).tolist() == [shares.get(kind or "", 0.0) for kind in types]
    assert agreement(["Caps", "Jeans", None], types).tolist() == [0.2, 0.0, 0.0]
    assert agreement([]).shape == (0,)
    assert agreement(["Caps"], []).tolist() == [0.0]


def test_a_fitted_curve_gives_the_true_probabilities():
    dice = np.random.default_rng(0)
    agreeing = dice.integers(1, 11, 20_000) / 10
    curve = fit_curve(agreeing, dice.random(20_000) < agreeing**2, nothing_below=0.4)
    assert curve is not None
    tenths = np.arange(1, 11) / 10
    assert curve.agreements == pytest.approx([0, *tenths])
    assert np.abs(curve(tenths) - tenths**2).max() < 0.04
    assert curve.nothing_below == 0.4


def test_more_agreement_is_never_less_likely():
    agreeing = np.repeat([0.1, 0.4, 0.6, 0.9], 200)
    same = np.concatenate([np.arange(200) < right for right in (20, 140, 60, 180)])
    curve = fit_curve(agreeing, same, nothing_below=0.0)
    assert curve is not None
    assert curve.probabilities == pytest.approx([0, 0.1, 0.5, 0.5, 0.9])


def test_a_few_lucky_queries_make_no_certainty():
    agreeing = np.repeat([0.2, 0.3, 0.8, 1.0], [500, 5, 500, 30])
    same = np.arange(len(agreeing)) % 2 == 0
    same[500:505], same[-30:] = False, True
    curve = fit_curve(agreeing, same, nothing_below=0.0)
    assert curve is not None
    assert curve.agreements == (0.0, 0.2, 0.8)
    assert 0.4 < curve(0.2) <= curve(1.0) < 0.6


def test_the_same_share_computed_otherwise_is_the_same():
    agreeing = np.repeat([0.1 * 3, 0.3, 0.9], 150)
    curve = fit_curve(agreeing, agreeing > 0.5, nothing_below=0.0)
    assert curve is not None
    assert curve.agreements == (0.0, 0.3, 0.9)


@pytest.mark.parametrize("count", [0, 1, 199])
def test_too_few_pairs_make_no_curve(count):
    agreeing = np.arange(count) % 2 / 2
    assert fit_curve(agreeing, agreeing > 0.2, nothing_below=0.1) is None


def test_of_equal_agreement_the_curve_rises_to_what_is_known():
    curve = fit_curve(np.full(500, 0.7), np.arange(500) % 2 == 0, nothing_below=0.1)
    assert curve is not None
    assert curve([0.0, 0.7, 1.0]) == pytest.approx([0.0, 0.5, 0.5])


def test_an_index_teaches_a_curve_that_holds_for_new_queries():
    vectors, types = clusters(1500, noise=2.2)
    curve = fit_on_index(vectors[:1000], types[:1000])
    assert curve is not None
    similar = vectors[1000:] @ vectors[:1000].T
    rows = np.argsort(-similar, axis=1)[:, :10]
    found = types[:1000][rows]
    said = np.stack([curve(agreement(kinds.tolist())) for kinds in found])
    true = found == types[1000:, None]
    assert 0.5 < true.mean() < 0.95
    assert abs(said.mean() - true.mean()) < 0.03
    assert curve(0.1) < 0.5 < curve(1.0)
    assert curve == fit_on_index(vectors[:1000], types[:1000])


def test_the_quick_search_finds_the_best_of_all():
    from recommender import confidence_fit

    vectors, _ = clusters(1300)
    own = np.arange(0, 1300, 130)
    rows, values = confidence_fit._best(vectors, own)
    similar = vectors[own] @ vectors.T
    similar[np.arange(10), own] = -2
    assert np.allclose(values, -np.sort(-similar, axis=1)[:, :10])
    assert np.allclose(np.take_along_axis(similar, rows, axis=1), values)


def test_twins_teach_nothing():
    vectors, types = clusters(400, noise=2.0)
    # Every picture twice, under another type each time: as twins they must not count.
    twice = np.concatenate([vectors, vectors])
    other = np.concatenate([types, np.char.add("not ", types)])
    curve = fit_on_index(twice, other)
    assert curve is not None
    # Of the ten nearest, five pictures under two types each, so that no more than half agree.
    assert max(curve.agreements) == 0.5
    assert curve(0.5) < 0.6


def test_unknown_types_teach_nothing():
    vectors, types = clusters(1200, noise=2.0)
    whole = fit_on_index(vectors, types)
    half = fit_on_index(vectors, np.where(np.arange(1200) % 2, types, ""))
    assert whole is not None
    assert half is not None
    # Half of the nearest agree with nobody, but are no mistakes either.
    assert half(0.5) > whole(0.5) + 0.1


@pytest.mark.parametrize(
    "types", [[None] * 600, [""] * 600, ["Shirts"] * 600], ids=["none", "empty", "one type"]
)
def test_a_catalogue_without_types_has_no_curve(types):
    assert fit_on_index(clusters()[0], types) is None


def test_a_small_catalogue_has_no_curve():
    vectors, types = clusters(15)
    assert fit_on_index(vectors, types) is None
    assert fit_on_index(vectors[:5], types[:5]) is None
    assert fit_on_index(np.tile(vectors[:1], (300, 1)), clusters(300)[1]) is None


def test_words_and_their_limits():
    assert [in_words(least) for least, _ in WORDS] == [words for _, words in WORDS]
    assert in_words(1.0).startswith("likely")
    assert in_words(0.8999).startswith("maybe")
    assert in_words(0.0).startswith("hardly")


@pytest.mark.parametrize(
    ("similarities", "expected"),
    [([0.44, 0.2], True), ([0.2, 0.71], False), ([0.45], False), ([], True),
     ([0.0, 0.5, 0.5, 0.5, 0.5, 0.5], False)],
)  # fmt: skip
def test_nothing_similar_goes_by_the_nearest(similarities, expected):
    assert nothing_similar(similarities, CURVE) is expected
    assert nothing_similar(similarities, None) is False


def test_a_shipped_curve_is_used_with_its_own_weights_only(tmp_path):
    card = FakeEncoder().card
    path = tmp_path / "fake-confidence.json"
    assert shipped_curve(card, tmp_path) is None
    own = ConfidenceCurve((0.2, 0.8), (0.0, 1.0), 0.3, card.name, card.weights_sha256)
    path.write_text(json.dumps(own.to_json()))
    assert shipped_curve(card, tmp_path) == own
    other = FakeEncoder(weights=tmp_path / "other.h5").card
    assert shipped_curve(other, tmp_path) is None


def test_the_curve_of_fashion_belongs_to_the_weights_that_ship_with_it():
    curve = shipped_curve(FashionEncoder().card)
    assert curve is not None, "fit it again: evaluate --encoder fashion --write-confidence"
    assert curve(0.1) < 0.5 < 0.9 < curve(1.0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"agreements": [1]}', "\xff"])
def test_a_damaged_shipped_curve_is_named(tmp_path, text):
    (tmp_path / "fake-confidence.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ArtifactsError, match=r"fake-confidence\.json cannot be used"):
        shipped_curve(FakeEncoder().card, tmp_path)
