"""Filters with live counts, against counting the slow way."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Item
from recommender.errors import QueryError
from recommender.facets import Facets, FacetValue, Relaxation

COLUMNS = ("gender", "articleType", "baseColour", "year")
CHOICES: dict[str, list[Any]] = {
    "gender": ["Men", "Women", "Kids", None],
    "articleType": ["Shirts", "Tshirts", "Casual Shoes", "Watches"],
    "baseColour": ["Navy Blue", "Red", "RED", "Green", None],
    "year": [2010, 2011, 2012, 2016, None],
}
FILTERS: list[dict[str, Any]] = [
    {},
    {"gender": "men"},
    {"gender": ["Men", "women"], "baseColour": "red"},
    {"gender": "Women", "baseColour": ["Navy Blue", "red"], "year": [2011, "2012"]},
    {"gender": "Women", "articleType": "Skirts"},
    {"gender": "Kids", "articleType": [], "year": 2016},
]


def catalogue_of(rows, columns=COLUMNS):
    items = (
        Item(str(number), f"{number}.jpg", f"Item {number}", dict(zip(columns, row, strict=True)))
        for number, row in enumerate(rows)
    )
    return Catalogue(tuple(items), columns)


@pytest.fixture
def catalogue():
    chance = random.Random(0)
    return catalogue_of([[chance.choice(CHOICES[name]) for name in COLUMNS] for _ in range(300)])


def passes(item, filters):
    """One item, the slow way."""
    for name, wanted in filters.items():
        wanted = [wanted] if isinstance(wanted, str | int) else wanted
        value = item.attributes[name]
        if value is None or str(value).lower() not in {str(one).lower() for one in wanted}:
            return False
    return True


@pytest.mark.parametrize("filters", FILTERS)
def test_the_mask_agrees_with_a_look_at_each_item(catalogue, filters):
    expected = [passes(item, filters) for item in catalogue.items]
    for mask in (Facets(catalogue).mask(filters), catalogue.mask(filters)):
        assert mask.dtype == bool
        assert mask.tolist() == expected


@pytest.mark.parametrize("filters", FILTERS)
def test_a_count_is_what_choosing_the_value_leaves(catalogue, filters):
    facets = Facets(catalogue).counts(filters)
    for name in COLUMNS:
        others = {key: wanted for key, wanted in filters.items() if key != name}
        expected: dict[str, int] = {}
        for value in {str(v).lower() for v in CHOICES[name] if v is not None}:
            count = sum(passes(item, others | {name: value}) for item in catalogue.items)
            if count:
                expected[value] = count
        found = {str(one.value).lower(): one.count for one in facets.get(name, ()) if one.count}
        assert found == expected
    if not filters:
        assert sum(one.count for one in facets["articleType"]) == 300


def test_the_most_frequent_come_first_and_years_descend():
    rows = [("Red", 2010), ("Blue", 2012), ("Blue", 2010), ("Acid", 2011), ("Blue", 2010)]
    facets = Facets(catalogue_of(rows, ("colour", "year"))).counts({})
    assert [one.value for one in facets["colour"]] == ["Blue", "Acid", "Red"]
    assert [(one.value, one.count) for one in facets["year"]] == [(2012, 1), (2011, 1), (2010, 3)]


def test_what_is_selected_stays_even_if_nothing_has_it():
    facets = Facets(catalogue_of([("Red", "S"), ("Blue", "L")], ("colour", "size")))
    counts = facets.counts({"colour": ["red", "Mauve"], "size": "L"})
    assert counts["colour"] == (
        FacetValue("Blue", 1, False),
        FacetValue("Red", 0, True),
        FacetValue("Mauve", 0, True),
    )
    assert counts["size"] == (FacetValue("S", 1, False), FacetValue("L", 0, True))


def test_an_attribute_without_a_choice_is_left_out_unless_it_is_filtered_by():
    rows = [("Red", "one", None), ("Blue", "One", None)]
    facets = Facets(catalogue_of(rows, ("colour", "same", "empty")))
    assert set(facets.counts({})) == {"colour"}
    assert facets.counts({"same": "one"})["same"] == (FacetValue("one", 2, True),)


def test_the_fewest_filters_to_give_up_best_first():
    rows = [("Men", "Red", 1), ("Men", "Red", 1), ("Men", "Blue", 2), ("Women", "Blue", 1)]
    facets = Facets(catalogue_of(rows, ("gender", "colour", "size")))
    assert facets.relaxations({"gender": "Women", "colour": "Red"}) == (
        Relaxation(("gender",), 2),
        Relaxation(("colour",), 1),
    )
    assert facets.relaxations({"gender": "Women", "colour": "Red", "size": 2}) == (
        Relaxation(("gender", "size"), 2),
        Relaxation(("gender", "colour"), 1),
        Relaxation(("colour", "size"), 1),
    )
    everything: dict[str, Any] = {"gender": "None such", "colour": "Mauve", "size": 9}
    assert facets.relaxations(everything) == (Relaxation(("gender", "colour", "size"), 4),)
    assert facets.relaxations({"gender": "Men"}) == ()
    assert Facets(catalogue_of([])).relaxations({"gender": "Men"}) == ()


def test_each_relaxation_admits_what_it_says(catalogue):
    chance = random.Random(1)
    tried = 0
    for _ in range(200):
        filters = {name: chance.choice(CHOICES[name]) or "Mauve" for name in COLUMNS}
        relaxations = Facets(catalogue).relaxations(filters)
        assert bool(relaxations) == (not catalogue.mask(filters).any())
        if not relaxations:
            continue
        tried += 1
        size = len(relaxations[0].attributes)
        expected: dict[frozenset[str], int] = {}
        for given_up in combinations(COLUMNS, size):
            rest = {name: value for name, value in filters.items() if name not in given_up}
            if count := int(catalogue.mask(rest).sum()):
                expected[frozenset(given_up)] = count
        assert {frozenset(one.attributes): one.count for one in relaxations} == expected
        for given_up in combinations(COLUMNS, size - 1):
            rest = {name: value for name, value in filters.items() if name not in given_up}
            assert not catalogue.mask(rest).any()
    assert tried > 20


def test_a_slip_of_the_pen_is_named_with_what_was_meant(catalogue):
    facets = Facets(catalogue)
    with pytest.raises(QueryError, match=r"^no baseColour 'Nvy Blue': did you mean 'Navy Blue'\?$"):
        facets.check({"gender": "men", "baseColour": ["red", "Nvy Blue"]})
    with pytest.raises(QueryError, match="did you mean 'Tshirts'"):
        facets.check({"articleType": "t-shirt"})
    facets.check({"gender": "WOMEN", "baseColour": "Mauve", "year": [2017, "2012"]})


@pytest.mark.parametrize("method", ["mask", "counts", "relaxations", "check"])
def test_an_unknown_attribute_is_refused(catalogue, method):
    with pytest.raises(QueryError, match="no attribute 'size'"):
        getattr(Facets(catalogue), method)({"size": "L"})


def test_no_items_and_no_columns():
    facets = Facets(Catalogue(()))
    assert facets.counts({}) == {}
    assert facets.mask({}).shape == (0,)
    assert facets.relaxations({}) == ()


def test_codes_are_shared_with_the_catalogue(catalogue):
    assert catalogue.column("year") is catalogue.column("year")
    known = [item.attributes["year"] is not None for item in catalogue.items]
    assert np.array_equal(catalogue.column("year").codes >= 0, known)
