"""A walk through the catalogue, its facts, and the colours of its map."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.artifacts import read_index
from recommender.browsing import PAGE_SIZE, Browsing, pages, sorts
from recommender.catalogue import Catalogue, Item
from recommender.facts import facts_of
from recommender.indexing import build_index
from recommender.map_colours import colourings
from recommender.search import Recommender


@pytest.fixture
def catalogue(artifacts):
    return Recommender.open(artifacts).catalogue


def test_a_link_reproduces_what_is_shown(catalogue):
    params = {"view": ["map"], "sort": ["year"], "page": ["2"], "item": ["1003"],
              "where.articleType": ["Tshirts", "Trousers"]}  # fmt: skip
    browsing = Browsing.from_params(params, catalogue)
    assert browsing.to_params() == params
    assert Browsing.from_params(browsing.to_params(), catalogue) == browsing


@pytest.mark.parametrize(
    "params",
    [{"view": ["x"]}, {"page": ["0"]}, {"page": ["²"]}, {"page": ["9" * 5000]}, {"sort": [""]},
     {"item": ["nobody"]}, {"where.price": ["1"]}, {"page": []}],
)  # fmt: skip
def test_nonsense_in_an_address_is_left_out(params, catalogue):
    assert Browsing.from_params(params, catalogue).to_params() == {}


def test_only_the_filters_of_a_search_count(catalogue):
    browsing = Browsing.from_params({"words": ["red"], "k": ["9"]}, catalogue)
    assert browsing == Browsing()


def test_orders(catalogue):
    assert Browsing().rows(catalogue).tolist() == list(range(18))
    names = [catalogue.items[row].title for row in Browsing(sort="name").rows(catalogue)]
    assert names == sorted(names)
    years = [catalogue.items[r].attributes["year"] for r in Browsing(sort="year").rows(catalogue)]
    assert years == sorted(years, reverse=True)
    filtered = Browsing.from_params({"where.articleType": ["Trousers"]}, catalogue)
    assert len(filtered.rows(catalogue)) == 6


def test_an_unknown_year_comes_last_and_no_year_is_no_order():
    items = [Item(str(i), f"{i}.jpg", "", {"year": year}) for i, year in enumerate((None, 2012))]
    assert Browsing(sort="year").rows(Catalogue(tuple(items), ("year",))).tolist() == [1, 0]
    assert "year" not in sorts(Catalogue(()))


def test_pages_hold_them_all():
    assert pages(PAGE_SIZE * 3) == 3
    assert pages(PAGE_SIZE * 3 + 1) == 4
    assert Browsing(page=3).on(-5).page == 1


def test_the_facts_of_an_index(tmp_path, catalogue_folder):
    (catalogue_folder / "images" / "x.jpg").write_bytes(b"")
    (catalogue_folder / "images" / "y.jpg").write_bytes(b"")
    artifacts = tmp_path / "a"
    build_index(catalogue_folder, artifacts, encoder="fake", progress=False)
    facts = facts_of(read_index(artifacts), artifacts)
    assert (facts.items, facts.dim, facts.encoder) == (18, 48, "fake 1")
    assert facts.bytes_on_disk == sum(
        path.stat().st_size for path in artifacts.iterdir() if path.name != ".lock"
    )
    assert [count for _, count in facts.reasons] == [2]
    (artifacts / "manifest.json").unlink()


def test_types_have_hues_and_colours_have_their_own(catalogue):
    found = colourings(catalogue)
    assert list(found) == ["articleType", "baseColour"]
    types, colours = found.values()
    assert [one.count for one in types.classes] == [6, 6, 6]
    assert len({one.rgb for one in types.classes}) == 3
    navy = next(one for one in colours.classes if one.name == "Navy Blue")
    assert navy.rgb[2] > navy.rgb[0]
    for row, item in enumerate(catalogue.items):
        assert types.classes[types.codes[row]].name == item.attributes["articleType"]
        assert colours.classes[colours.codes[row]].name == item.attributes["baseColour"]


def test_what_is_rare_or_unknown_is_other():
    kinds = [f"kind {i}" for i in range(12) for _ in range(12 - i)] + [None]
    catalogue = Catalogue(
        tuple(Item(str(i), "", "", {"articleType": kind}) for i, kind in enumerate(kinds)),
        ("articleType",),
    )
    (types,) = colourings(catalogue).values()
    assert len(types.classes) == 11
    assert (types.classes[-1].name, types.classes[-1].count) == ("Other", 4)
    assert types.codes[-1] == 10
    assert np.bincount(types.codes).sum() == len(kinds)


def test_without_attributes_all_are_of_one_colour():
    (colouring,) = colourings(Catalogue((Item("1", "1.jpg", "One"),))).values()
    assert [one.count for one in colouring.classes] == [1]
    assert colouring.codes.tolist() == [0]
