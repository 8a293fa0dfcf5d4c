"""How sure a search is of its matches: by the ten nearest of all, whatever it shows."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Item
from recommender.confidence import ConfidenceCurve
from recommender.engines.exact import ExactEngine
from recommender.finding import Finder, Wishes
from recommender.likeness import Look, look_of_item
from recommender.search import Recommender

KINDS = ["Shirts"] * 6 + ["Caps"] * 3 + [None] + ["Belts"] * 5
ANGLES = np.radians([*range(1, 11), *range(60, 65)])
EVEN = ConfidenceCurve((0.0, 1.0), (0.0, 1.0), 0.9)
"""Says the agreement itself."""
QUERY = np.array([1.0, 0.0], np.float32)


def shop(kinds=KINDS, angles=ANGLES, curve=EVEN):
    """Products on a quarter of a circle: the first are the nearest to `QUERY`."""
    items = tuple(
        Item(id=str(i), filename=f"{i}.jpg", title="", attributes={"articleType": kind})
        for i, kind in enumerate(kinds)
    )
    embeddings = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    recommender = Recommender(
        index=cast(
            Any, SimpleNamespace(embeddings=embeddings, manifest=None, head=None, dataset=Path())
        ),
        catalogue=Catalogue(items, ("articleType",)),
        engine=ExactEngine(embeddings),
        weights=None,
    )
    recommender.encoder = cast(Any, object())  # One that names nothing, and has no weights to load.
    finder = Finder(recommender)
    finder.confidence = curve
    return finder


def sure(found):
    return {m.recommendation.item.id: m.confidence for m in found.matches}


def test_a_match_is_as_sure_as_many_of_the_ten_nearest_are_of_its_type():
    said = sure(shop().find(Look(QUERY), Wishes(k=12)))
    assert [said[str(i)] for i in (0, 5)] == pytest.approx([0.6, 0.6])
    assert said["6"] == pytest.approx(0.3)
    assert said["9"] is None  # Its type is unknown.
    assert said["10"] == 0.0


@pytest.mark.parametrize("k", [1, 4])
def test_filters_and_k_change_what_is_shown_but_not_how_sure_it_is(k):
    found = shop().find(Look(QUERY), Wishes(k=k, filters={"articleType": ["Caps", "Belts"]}))
    said = list(sure(found).values())
    assert said == pytest.approx([0.3, 0.3, 0.3, 0.0][:k])
    assert not found.nothing_similar


def test_a_product_is_no_neighbour_of_itself():
    finder = shop()
    look = look_of_item(finder.recommender, "0")
    # Without it there are five shirts, and the nearest belt is the tenth.
    assert sure(finder.find(look, Wishes(k=14))) == pytest.approx(
        {
            **{str(i): 0.5 for i in range(1, 6)},
            **{str(i): 0.3 for i in range(6, 9)},
            "9": None,
            **{str(i): 0.1 for i in range(10, 15)},
        }
    )


def test_the_query_is_where_it_was_steered():
    # At 30 degrees no belt is among the ten nearest; a little nearer to the belts all five are.
    look = Look(np.array([np.cos(np.radians(30)), 0.5], np.float32))
    assert sure(shop().find(look, Wishes(k=15)))["10"] == 0.0
    steered = sure(shop().find(look, Wishes(k=15, liked=("14", "13", "12"))))
    assert steered["10"] == pytest.approx(0.5)


@pytest.mark.parametrize("engine_kinds", [KINDS[:4], KINDS[:1]])
def test_a_small_catalogue_is_asked_as_a_whole(engine_kinds):
    said = sure(shop(engine_kinds, ANGLES[: len(engine_kinds)]).find(Look(QUERY), Wishes(k=3)))
    assert set(said.values()) == {1.0}


def test_without_a_curve_or_a_photo_nothing_is_said():
    found = shop(curve=None).find(Look(-QUERY), Wishes(k=3))
    assert set(sure(found).values()) == {None}
    assert not found.nothing_similar
    assert set(sure(shop().find(None, Wishes(k=3))).values()) == {None}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [(["Shirts"] * 10 + ["Belts"] * 5, True), (KINDS, True), ([None] * 15, True)],
    ids=["they agree", "they differ", "unknown"],
)
def test_far_from_all_it_says_so_whatever_the_types(kinds, expected):
    far = Look(np.array([0.0, -1.0], np.float32))
    assert shop(kinds).find(far, Wishes(k=2)).nothing_similar is expected
    # What is shown agrees with itself here: the nearest of all are what counts.
    if kinds is KINDS:
        shown = shop(kinds).find(far, Wishes(k=4, filters={"articleType": "Shirts"}))
        assert shown.nothing_similar


def test_a_filter_that_leaves_what_is_far_does_not_say_so():
    found = shop().find(Look(QUERY), Wishes(k=3, filters={"articleType": "Belts"}))
    assert max(m.recommendation.similarity for m in found.matches) < EVEN.nothing_below
    assert not found.nothing_similar
