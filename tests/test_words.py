"""Search by words: typos, plurals, and what words say about attributes."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Item, load_catalogue
from recommender.spelling import canonical, typos_between, words_in
from recommender.words import Understood, WordIndex

COLUMNS = ("gender", "articleType", "baseColour", "usage", "year")
COLOURS = ("Red", "Navy Blue", "Blue", "Green", "Grey", "Black")
TYPES = {
    "Shirts": "Shirt", "Tshirts": "T-shirt", "Casual Shoes": "Sneakers", "Watches": "Watch",
    "Perfume and Body Mist": "Rose Perfume",
}  # fmt: skip
BRANDS = ("Northwind", "Calypso", "Umbra")


def product(row, gender, kind, colour, brand, *, pattern="Solid"):
    name = f"{brand} {gender}'s {colour} {pattern} {TYPES[kind]}"
    values = (gender, kind, colour, "Sports" if row % 7 == 0 else "Casual", 2010 + row % 3)
    return Item(str(row), f"{row}.jpg", name, dict(zip(COLUMNS, values, strict=True)))


@pytest.fixture(scope="module")
def catalogue():
    made: list[Item] = []
    for gender in ("Men", "Women", "Boys", "Girls"):
        for kind in TYPES:
            for colour in COLOURS:
                pattern = "Striped" if len(made) % 5 == 0 else "Solid"
                brand = BRANDS[len(made) % 3]
                made.append(product(len(made), gender, kind, colour, brand, pattern=pattern))
    # A colour that roses in names have nothing to do with.
    odd: dict[str, str | int | None] = {
        "gender": "Women",
        "articleType": "Shirts",
        "baseColour": "Rose",
        "year": 2011,
    }
    made.append(Item("odd", "odd.jpg", "Umbra Women's Blouse", odd))
    return Catalogue(tuple(made), COLUMNS)


@pytest.fixture(scope="module")
def index(catalogue):
    return WordIndex(catalogue)


def best(index, catalogue, text):
    return catalogue.items[int(np.argmax(index.scores(text)))].title


def test_scores_are_cosines_one_an_item(index, catalogue):
    scores = index.scores("northwind red shirt")
    assert (scores.dtype, scores.shape) == (np.float32, (len(catalogue),))
    assert 0 <= scores.min() < scores.max() <= 1
    title = catalogue.items[int(scores.argmax())].title
    assert title.startswith("Northwind")
    assert title.endswith("Shirt")
    exact = index.scores(catalogue.items[7].title)
    assert exact[7] == exact.max() > 0.9


def test_case_plural_and_hyphens_do_not_matter(index):
    one = index.scores("red t-shirt")
    for other in ("RED T-Shirts", "t shirt, red!", "tees red", "the red tshirt"):
        np.testing.assert_array_equal(index.scores(other), one)
    assert not np.array_equal(index.scores("red shirt"), one)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("nothrwind", "Northwind"), ("calipso", "Calypso"), ("stirped", "Striped"),
     ("greeen", "Green"), ("persume", "Perfume")],
)  # fmt: skip
def test_a_typo_finds_what_was_meant(index, catalogue, typo, meant):
    assert meant in best(index, catalogue, typo)


def test_nothing_like_the_words_scores_nothing(index, catalogue):
    for text in ("", "!?", "qqqqqqq", "the of and"):
        assert not index.scores(text).any()
        assert index.scores(text).shape == (len(catalogue),)


def test_attributes_count_where_the_name_is_silent(index, catalogue):
    scores = index.scores("sports")
    sports = [item.attributes.get("usage") == "Sports" for item in catalogue.items]
    assert (scores > 0).tolist() == sports


def test_a_catalogue_without_words():
    for items in ((), (Item("1", "1.jpg", "!!", {}),)):
        index = WordIndex(Catalogue(items))
        assert index.scores("red").tolist() == [0.0] * len(items)
        assert index.understand("red striped") == Understood(rest="red striped")


@pytest.mark.parametrize(
    ("text", "filters", "rest"),
    [
        ("red", {"baseColour": ["Red"]}, ""),
        ("this but in RED with stripes", {"baseColour": ["Red"]}, "stripes"),
        ("navy blue womens shirt",
         {"baseColour": ["Navy Blue"], "gender": ["Women"], "articleType": ["Shirts"]}, ""),
        ("navy", {"baseColour": ["Navy Blue"]}, ""),
        ("blue or red tees", {"baseColour": ["Blue", "Red"], "articleType": ["Tshirts"]}, ""),
        ("T-shirts for kids", {"articleType": ["Tshirts"], "gender": ["Boys", "Girls"]}, ""),
        ("girl's watch 2011",
         {"gender": ["Girls"], "articleType": ["Watches"], "year": ["2011"]}, ""),
        ("casualshoes for ladies", {"articleType": ["Casual Shoes"], "gender": ["Women"]}, ""),
        ("Umbra perfume", {"articleType": ["Perfume and Body Mist"]}, "Umbra"),
        ("rose", {}, "rose"),
        ("Northwind striped", {}, "Northwind striped"),
        ("boots", {}, "boots"),
        ("", {}, ""),
    ],
)  # fmt: skip
def test_words_that_name_values_become_filters(index, text, filters, rest):
    understood = index.understand(text)
    assert (understood.filters, understood.rest) == (filters, rest)
    assert (understood.notes, understood.excluded) == ((), {})


def test_a_trade_name_filters_by_what_is_so_called_and_stays_a_word(index):
    understood = index.understand("grey sneakers")
    assert understood.filters == {"baseColour": ["Grey"], "articleType": ["Casual Shoes"]}
    assert understood.rest == "sneakers"
    assert understood.notes == ("'sneakers' taken as articleType 'Casual Shoes'",)


@pytest.mark.parametrize(
    ("text", "filters", "read"),
    [("shrit", {"articleType": ["Shirts"]}, "shirt"), ("wacthes", {"articleType": ["Watches"]},
      "watch"), ("blak", {"baseColour": ["Black"]}, "black"),
     ("womans", {"gender": ["Women"]}, None)],
)  # fmt: skip
def test_a_typo_names_a_value_and_is_told(index, text, filters, read):
    understood = index.understand(text)
    assert understood.filters == filters
    assert understood.notes == ((f"{text!r} read as {read!r}",) if read else ())


@pytest.mark.parametrize("text", ["gren", "stipred", "rad", "blunt", "umbrella"])
def test_a_doubtful_typo_names_nothing(index, text):  # gren: green or grey
    assert index.understand(text) == Understood(rest=text)


def test_what_is_not_wanted_is_excluded(index, catalogue):
    understood = index.understand("shirts, not red or navy blue, but striped")
    assert understood.filters == {"articleType": ["Shirts"]}
    assert understood.excluded == {"baseColour": ["Red", "Navy Blue"]}
    assert (understood.rest, understood.wording) == ("striped", "Shirts striped")
    expected = [
        item.attributes["articleType"] == "Shirts"
        and item.attributes["baseColour"] not in ("Red", "Navy Blue")
        for item in catalogue.items
    ]
    assert understood.mask(catalogue).tolist() == expected
    assert index.understand("without a hood").notes == (
        "'hood' cannot be excluded: no attribute has this value",
    )


def test_the_drawn_catalogue_is_understood(catalogue_folder):
    names = [f"images/{number}.jpg" for number in range(1001, 1019)]
    index = WordIndex(load_catalogue(catalogue_folder, names))
    understood = index.understand("pink casual shoes")
    assert understood.filters == {"baseColour": ["Pink"], "articleType": ["Casual Shoes"]}
    assert names[int(index.scores("yelow trouzers").argmax())] == "images/1010.jpg"


def test_typos_are_counted_letter_by_letter():
    others = {"shirt": 0, "shrit": 1, "shir": 1, "skirts": 2, "": 5}
    assert {other: typos_between("shirt", other) for other in others} == others
    assert words_in("Levi\u2019s 501, navy_blue") == ["Levi\u2019s", "501", "navy", "blue"]
    assert {canonical(word) for word in ("Kids", "kid's", "kids'", "kid\u2019s")} == {"kid"}
