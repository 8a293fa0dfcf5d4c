"""Scores of all products against a query, by looks, colour and style."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.catalogue import Catalogue
from recommender.colours import colour_similarity
from recommender.errors import QueryError, WeightsError
from recommender.likeness import CRITERIA, Likeness, Look, look_of_item, look_of_vector
from recommender.search import Recommender
from tests.fakes import FakeEncoder
from tests.shelves import ENCODERS, Dividing, Knowing, directions, photo, shelf


@pytest.fixture(params=ENCODERS, ids=lambda encoder: encoder.__name__)
def recommender(request):
    return shelf(request.param)


def test_a_photo_is_described_by_what_the_encoder_can_tell():
    assert look_of_vector(shelf(FakeEncoder), photo()).attributes == {}
    look = look_of_vector(shelf(Knowing), photo())
    assert (look.known, look.row) == (False, None)
    assert (look.best("articleType"), look.best("baseColour")) == ("Tshirts", "Navy Blue")
    assert look.best("season") is None
    assert sum(look.attributes["articleType"].values()) == pytest.approx(1, abs=0.01)


def test_an_item_is_described_by_the_catalogue(recommender):
    look = look_of_item(recommender, "11")
    item = recommender.catalogue.items[11]
    assert (look.known, look.row) == (True, 11)
    assert look.vector == pytest.approx(recommender.index.embeddings[11])
    assert look.best("articleType") == item.attributes["articleType"]
    assert "usage" not in look.attributes  # Not known of this one.
    with pytest.raises(QueryError, match="no item 'x'"):
        look_of_item(recommender, "x")


def test_scores_are_between_0_and_1(recommender):
    likeness = Likeness(recommender)
    for look in (look_of_item(recommender, "3"), look_of_vector(recommender, photo())):
        for name, scores in likeness.scores(look).items():
            assert name in CRITERIA
            assert scores.shape == (600,)
            assert scores.dtype == np.float32
            assert scores.min() >= 0
            assert scores.max() <= 1 + 1e-6


def test_an_item_is_most_like_itself_in_everything(recommender):
    scores = Likeness(recommender).scores(look_of_item(recommender, "3"))
    assert set(scores) == set(CRITERIA)
    for values in scores.values():
        assert values[3] == pytest.approx(1, abs=1e-5)
        assert values[3] >= values.max() - 1e-5


def test_only_what_is_wanted_is_scored(recommender):
    likeness = Likeness(recommender)
    look = look_of_item(recommender, "3")
    assert list(likeness.scores(look, {"style": 0.5, "looks": 1})) == ["looks", "style"]
    assert likeness.scores(look, ()) == {}


def test_looks_need_no_encoder():
    class Missing(Recommender):
        @property
        def encoder(self):
            raise WeightsError("no weights")

    full = shelf(FakeEncoder)
    bare = Missing(index=full.index, catalogue=full.catalogue, engine=full._engine, weights=None)
    likeness = Likeness(bare)
    look = look_of_item(bare, "3")
    assert list(likeness.scores(look, ["looks"])) == ["looks"]
    assert likeness.distance(look, 3) == pytest.approx(0)
    with pytest.raises(WeightsError):
        likeness.scores(look, ["colour"])


def test_looks_are_the_match_of_the_cosine(recommender):
    look = look_of_vector(recommender, photo())
    scores = Likeness(recommender).scores(look)["looks"]
    cosine = recommender.index.embeddings @ look.vector
    assert scores == pytest.approx(recommender.match(cosine), abs=1e-6)


@pytest.mark.parametrize("encoder", [FakeEncoder, Knowing])
def test_colour_by_words_is_the_likeness_of_the_words(encoder):
    recommender = shelf(encoder)
    scores = Likeness(recommender).scores(look_of_item(recommender, "3"))["colour"]
    own = str(recommender.catalogue.items[3].attributes["baseColour"])
    for row in range(0, 600, 50):
        other = str(recommender.catalogue.items[row].attributes["baseColour"])
        assert scores[row] == pytest.approx(colour_similarity(own, other), abs=1e-6)


def test_a_guessed_colour_is_an_expectation():
    recommender = shelf(Knowing)
    look = Look(photo(), {"baseColour": {"Red": 0.25, "Black": 0.75}})
    scores = Likeness(recommender).scores(look)["colour"]
    other = str(recommender.catalogue.items[5].attributes["baseColour"])
    red, black = colour_similarity("Red", other), colour_similarity("Black", other)
    assert red is not None
    assert black is not None
    expected = 0.25 * red + 0.75 * black
    assert scores[5] == pytest.approx(expected, abs=1e-6)


def test_colour_by_a_block_is_its_cosine():
    recommender = shelf(Dividing)
    look = look_of_vector(recommender, photo())
    scores = Likeness(recommender).scores(look)["colour"]
    mine, other = look.vector[32:], recommender.index.embeddings[5, 32:]
    cosine = mine @ other / np.linalg.norm(mine) / np.linalg.norm(other)
    assert scores[5] == pytest.approx(max(0, cosine), abs=1e-5)


def test_style_is_what_agrees_of_what_is_known(recommender):
    look = look_of_item(recommender, "3")  # articleType .4, gender .25, usage .15
    scores = Likeness(recommender).scores(look)["style"]
    mine = recommender.catalogue.items[3].attributes
    weights = {"articleType": 0.4, "gender": 0.25, "usage": 0.15}
    for row in range(0, 600, 37):
        other = recommender.catalogue.items[row].attributes
        agreeing = sum(weight for name, weight in weights.items() if mine[name] == other[name])
        assert scores[row] == pytest.approx(agreeing / 0.8, abs=1e-6)


def test_a_photo_of_which_nothing_is_known_has_looks_alone():
    recommender = shelf(FakeEncoder)
    assert list(Likeness(recommender).scores(Look(photo()))) == ["looks"]


def test_criteria_are_those_that_the_catalogue_allows(recommender):
    assert Likeness(recommender).criteria == CRITERIA
    bare = Recommender(
        index=recommender.index,
        catalogue=Catalogue(recommender.catalogue.items),
        engine=recommender._engine,
        weights=None,
    )
    bare.__dict__["encoder"] = recommender.encoder
    divides = isinstance(recommender.encoder, Dividing)
    assert Likeness(bare).criteria == (("looks", "colour") if divides else ("looks",))


def test_a_query_blind_to_colour_sees_none_in_the_products_either():
    recommender = shelf(Dividing)
    likeness = Likeness(recommender)
    look = look_of_item(recommender, "3")
    blind = likeness.without_colour(look)
    assert not blind.vector[32:].any()
    assert np.linalg.norm(blind.vector) == pytest.approx(1, abs=1e-6)
    assert (blind.row, blind.attributes) == (3, look.attributes)
    assert likeness.distance(blind, 3) == pytest.approx(0, abs=1e-6)  # Not the colour's length.
    other = recommender.index.embeddings[5, :32]
    other = other / np.linalg.norm(other)
    expected = np.linalg.norm(other - blind.vector[:32])
    assert likeness.distance(blind, 5) == pytest.approx(expected, abs=1e-6)


def test_an_encoder_without_a_colour_block_cannot_be_blind():
    recommender = shelf(Knowing)
    look = look_of_item(recommender, "3")
    assert Likeness(recommender).without_colour(look) is look


def test_a_query_of_nothing_but_colour_stays():
    recommender = shelf(Dividing)
    vector = np.zeros(48, np.float32)
    vector[32:] = directions(0, 1, 16)[0]
    look = Look(vector)
    assert Likeness(recommender).without_colour(look) is look
