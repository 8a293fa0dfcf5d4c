"""A search as an address, and back."""

from __future__ import annotations

import random
from urllib.parse import parse_qs, urlencode

import pytest

from recommender.address import METRICS, MOST_K, MOST_WORDS, SearchState
from recommender.catalogue import Catalogue, Item
from recommender.engines import engine_names

COLUMNS = ("gender", "articleType", "baseColour", "year", "k")
ITEMS = tuple(
    Item(
        str(number),
        f"images/{number}.jpg",
        f"Item {number}",
        {
            "gender": "Women",
            "articleType": "Kurta & Salwar",
            "baseColour": ("Red", "Navy Blue")[number % 2],
            "year": 2012,
            "k": "an attribute that is called as a parameter",
        },
    )
    for number in range(60)
)
CATALOGUE = Catalogue(ITEMS, COLUMNS)


def through_an_address(state):
    query = urlencode(state.to_params(), doseq=True)
    return SearchState.from_params(parse_qs(query), CATALOGUE)


def drawn_state(dice):
    ids = [str(number) for number in dice.sample(range(60), 6)]
    weights = {name: dice.randint(0, 20) / 20 for name in ("looks", "colour", "style")}
    chosen = {name: value for name, value in weights.items() if value}
    return SearchState(
        item=dice.choice(["", "7"]),
        words=dice.choice(["", "red & blue=?#%", "größe 40", "a+b"]),
        k=dice.randint(1, MOST_K),
        engine=dice.choice(engine_names()),
        metric=dice.choice(METRICS),
        filters=dice.choice(
            [{}, {"baseColour": ("Red", "Navy Blue")}, {"k": ("x",), "year": ("2012",)}]
        ),
        weights=chosen or {"looks": 1.0},
        in_colour=dice.choice(["", "Red"]),
        diversity=dice.randint(0, 10) / 10,
        fold=dice.random() < 0.5,
        liked=tuple(ids[: dice.randint(0, 3)]),
        disliked=tuple(ids[3 : 3 + dice.randint(0, 3)]),
    )


def test_every_search_survives_its_address():
    dice = random.Random(0)
    for _ in range(300):
        state = drawn_state(dice)
        assert through_an_address(state) == state


def test_the_usual_search_has_an_empty_address():
    assert SearchState().to_params() == {}
    assert SearchState.from_params({}, CATALOGUE) == SearchState()
    assert SearchState(weights={"looks": 1.0, "colour": 0.0}).to_params() == {}


def test_an_empty_filter_is_none():
    assert SearchState(filters={"gender": ()}).to_params() == {}
    assert SearchState.from_params({"where.gender": []}, CATALOGUE).filters == {}


def test_what_a_reset_would_take_back():
    assert not SearchState().steered
    assert not SearchState.from_params({}, CATALOGUE).steered
    assert not SearchState(item="7", k=9, metric="cosine").steered
    assert not SearchState(weights={"looks": 1.0, "style": 0.0}).steered
    for wish in (
        {"words": "red"},
        {"filters": {"gender": ("Men",)}},
        {"weights": {"looks": 1.0, "style": 0.5}},
        {"in_colour": "Red"},
        {"diversity": 0.5},
        {"fold": False},
        {"liked": ("1",)},
        {"disliked": ("1",)},
    ):
        assert SearchState(**wish).steered, wish


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"k": ["0"]}, {"k": 1}),
        ({"k": ["1e9"]}, {"k": MOST_K}),
        ({"k": ["seven"]}, {"k": 5}),
        ({"k": ["inf"]}, {"k": 5}),
        ({"k": []}, {"k": 5}),
        ({"k": ["7", "9"]}, {"k": 7}),
        ({"item": ["nobody"]}, {"item": ""}),
        ({"item": ["nobody", "images/3.jpg"]}, {"item": "images/3.jpg"}),
        ({"engine": ["warp"]}, {"engine": engine_names()[0]}),
        ({"metric": ["taxicab"]}, {"metric": "euclidean"}),
        ({"diversity": ["2"]}, {"diversity": 1.0}),
        ({"diversity": ["-inf"]}, {"diversity": 0.0}),
        ({"looks": ["0"]}, {"weights": {"looks": 1.0}}),
        ({"looks": ["0"], "colour": ["3"]}, {"weights": {"colour": 1.0}}),
        ({"looks": ["nan"]}, {"weights": {"looks": 1.0}}),
        ({"fold": ["maybe"]}, {"fold": True}),
        ({"in_colour": ["octarine"]}, {"in_colour": ""}),
        ({"in_colour": ["navy blue"]}, {"in_colour": "navy blue"}),
        ({"like": ["1", "1", "x", "2"]}, {"liked": ("1", "2")}),
        ({"where.size": ["L"]}, {"filters": {}}),
        ({"where.gender": ["Men", "Men"]}, {"filters": {"gender": ("Men",)}}),
        ({"words": ["x" * 999]}, {"words": "x" * MOST_WORDS}),
    ],
)
def test_nonsense_is_left_out(params, expected):
    state = SearchState.from_params(params, CATALOGUE)
    assert {name: getattr(state, name) for name in expected} == expected


def test_no_address_raises():
    dice = random.Random(1)
    names = [
        "item", "words", "k", "engine", "metric", "in_colour", "looks", "colour", "style",
        "diversity", "fold", "like", "unlike", "where.gender", "where.", "where.k", "", "?",
    ]  # fmt: skip
    values = [
        "",
        "0",
        "-1",
        "1e400",
        "nan",
        "7",
        "Red",
        "no",
        "\x00",
        "\ud800",
        "'; --",
        "9" * 5000,
    ]
    for _ in range(1000):
        params = {
            name: dice.choices(values, k=dice.randint(0, 30))
            for name in dice.sample(names, dice.randint(0, len(names)))
        }
        for catalogue in (CATALOGUE, Catalogue(()), Catalogue(ITEMS)):
            state = SearchState.from_params(params, catalogue)
            assert 1 <= state.k <= MOST_K
            assert 0 <= state.diversity <= 1
            assert len(state.liked) <= 20
            assert sum(state.weights.values()) > 0
            again = SearchState.from_params(state.to_params(), catalogue)
            assert again.to_params() == state.to_params()
