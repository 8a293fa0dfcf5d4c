"""Outfits keep their rules, whatever the catalogue is like."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.outfits import broken, class_of, person
from recommender.__main__ import main
from recommender.errors import QueryError
from recommender.likeness import Look, look_of_vector
from recommender.outfits import Outfit, OutfitMaker, Slot
from recommender.outfits.harmony import harmonies, harmony, relation
from recommender.outfits.kinds import audience_of
from recommender.outfits.style import Style
from recommender.search import Recommender
from tests import shelves
from tests.outfit_shops import NEVER, Row, motley_rows, sample_rows, shop

ROWS = {"sample": sample_rows(), "motley": motley_rows()}


@pytest.fixture(scope="module", params=list(ROWS))
def stocked(request) -> tuple[list[Row], OutfitMaker]:
    rows = ROWS[request.param]
    return rows, OutfitMaker(shop(rows))


@pytest.fixture(scope="module")
def sample() -> OutfitMaker:
    return OutfitMaker(shop(ROWS["sample"]))


def of_type(kind: str, **more: str) -> str:
    """The id of a sample product."""
    wanted = {"articleType": kind, **more}
    return next(row["id"] for row in ROWS["sample"] if wanted.items() <= row.items())


def shoes_of(outfit: Outfit) -> Slot:
    found = outfit.slot("shoes")
    assert found is not None
    return found


def ids(outfit) -> dict[str, str]:
    return {slot.name: slot.id for slot in outfit.slots}


# The rules, checked by the benchmark's own code


def test_every_outfit_keeps_every_rule(stocked):
    rows, maker = stocked
    table = {row["id"]: row for row in rows}
    filled = 0
    for row in rows:
        outfit = maker.outfit(row["id"])
        pieces = [table[slot.id] for slot in outfit.slots]
        if class_of(row) is None:
            assert not pieces, row
            continue
        assert row["id"] not in ids(outfit).values()
        if all(row[name] for name in ("season", "usage")):
            assert not broken(row, pieces), (row, pieces)
        else:  # What was guessed for the query is not in the table.
            unknown = {"usage", "season"} if not row["usage"] else {"season"}
            assert not set(broken(row, pieces)) - unknown, (row, pieces)
        filled += len(pieces)
    assert filled > 2 * len(rows)


def test_an_adult_gets_nothing_whose_name_says_that_it_is_a_childs():
    rows = ROWS["motley"]
    maker = OutfitMaker(shop(rows, without=["gender"]))
    table = {row["id"]: row for row in rows}
    adults = [row for row in rows if person(row) not in ("boy", "girl", "kid")]
    for row in adults[:200]:
        for slot in maker.outfit(row["id"]).slots:
            assert audience_of(None, table[slot.id]["productDisplayName"]) is None


@pytest.mark.parametrize("words", NEVER)
def test_nothing_is_built_around_what_is_not_worn_so(words):
    rows = ROWS["motley"]
    kinds = ("masterCategory", "subCategory", "articleType")
    row = next(row for row in rows if tuple(row[kind] for kind in kinds) == words)
    outfit = OutfitMaker(shop(rows)).outfit(row["id"])
    assert not outfit.slots
    assert "no outfit is built around" in outfit.notes[0]


def test_what_is_nearly_identical_to_the_query_is_left_out():
    rows = [dict(row) for row in ROWS["sample"]]
    shirt = of_type("Tshirts", gender="Men", usage="Casual")
    stock = shop(rows)
    first = OutfitMaker(stock).outfit(shirt).slots[0]
    place, twin = (stock.catalogue.row_of(name) for name in (shirt, first.id))
    stock.index.embeddings[twin] = stock.index.embeddings[place]
    assert first.id not in ids(OutfitMaker(stock).outfit(shirt)).values()


# Slots


def test_what_completes_what(sample):
    shirt = sample.outfit(of_type("Shirts", gender="Men", usage="Casual"))
    assert {"bottoms", "shoes", "watch"} <= set(ids(shirt))
    assert not {"top", "dress"} & set(ids(shirt))
    dress = sample.outfit(of_type("Dresses", gender="Women", usage="Party"))
    assert {"shoes", "bag", "watch"} <= set(ids(dress))
    assert not {"top", "bottoms"} & set(ids(dress))
    heels = sample.outfit(of_type("Heels", usage="Party"))
    assert "dress" in ids(heels)


def test_a_slot_that_nothing_fills_says_why(sample):
    outfit = sample.outfit(of_type("Shirts", gender="Men", usage="Casual"))
    reasons = {slot.name: slot.reason for slot in outfit.missing}
    assert reasons["belt"] == "there are none in this catalogue"
    girl = sample.outfit(of_type("Tshirts", gender="Girls"))
    told = {slot.name: slot.reason for slot in girl.missing}
    assert told["shoes"].endswith("is for Girls")


def test_every_piece_is_explained_in_one_line(stocked):
    rows, maker = stocked
    for row in rows[:150]:
        for slot in maker.outfit(row["id"]).slots:
            assert slot.because
            assert "\n" not in slot.because
            assert 0 <= slot.score <= 1 + 1e-6


def test_a_shops_own_types_are_placed_by_their_subcategory():
    rows = [dict(row) for row in ROWS["sample"]]
    for row in rows:
        row["articleType"] = {"Jeans": "Dungarees", "Tshirts": "t-shirt"}.get(
            row["articleType"], row["articleType"]
        )
        if row["articleType"] in ("Trousers", "Shorts"):
            row["subCategory"] = "Innerwear"
    shirt = next(row["id"] for row in rows if row["articleType"] == "t-shirt"
                 and row["gender"] == "Men")  # fmt: skip
    bottoms = OutfitMaker(shop(rows)).outfit(shirt).slot("bottoms")
    assert bottoms is not None
    assert bottoms.recommendation.attributes["articleType"] == "Dungarees"


# Exchanging and keeping


def test_the_same_question_has_the_same_answer():
    shirt = of_type("Shirts", gender="Women")
    assert ids(OutfitMaker(shop(ROWS["sample"])).outfit(shirt)) == ids(
        OutfitMaker(shop(ROWS["sample"])).outfit(shirt)
    )


def test_another_piece_is_never_the_same_until_all_were_shown(sample):
    outfit = sample.outfit(of_type("Shirts", gender="Men", usage="Casual"))
    others = {name: piece for name, piece in ids(outfit).items() if name != "shoes"}
    shoes = shoes_of(outfit)
    shown, choices = [shoes.id], shoes.choices
    for _ in range(choices - 1):
        outfit = sample.reroll(outfit, "shoes")
        assert not shoes_of(outfit).again
        shown.append(shoes_of(outfit).id)
        assert {name: ids(outfit)[name] for name in others} == others
    assert len(set(shown)) == choices
    outfit = sample.reroll(outfit, "shoes")
    assert shoes_of(outfit).again
    assert shoes_of(outfit).id != shown[-1]
    # From then on it goes round again.
    again = [shoes_of(outfit).id]
    for _ in range(choices - 1):
        outfit = sample.reroll(outfit, "shoes")
        again.append(shoes_of(outfit).id)
    assert set(again) == set(shown)


def test_a_near_duplicate_of_what_was_shown_is_not_shown():
    rows = [dict(row) for row in ROWS["sample"]]
    stock = shop(rows)
    shirt = of_type("Shirts", gender="Men", usage="Casual")
    first = OutfitMaker(stock).outfit(shirt)
    second = OutfitMaker(stock).reroll(first, "shoes")
    one, other = (stock.catalogue.row_of(shoes_of(o).id) for o in (first, second))
    stock.index.embeddings[other] = stock.index.embeddings[one]
    maker = OutfitMaker(stock)
    outfit, shown = maker.outfit(shirt), []
    while not shoes_of(outfit).again:
        shown.append(shoes_of(outfit).id)
        outfit = maker.reroll(outfit, "shoes")
    twins = {stock.catalogue.items[row].id for row in (one, other)}
    assert len(twins & set(shown)) == 1


def test_all_but_what_is_pinned_is_exchanged(sample):
    outfit = sample.outfit(of_type("Dresses", gender="Women", usage="Casual"))
    free = [slot.name for slot in outfit.slots if slot.name != "bag" and slot.choices > 1]
    again = sample.reroll(outfit, *free)
    assert ids(again)["bag"] == ids(outfit)["bag"]
    assert all(ids(again)[name] != ids(outfit)[name] for name in free)


def test_a_pinned_piece_stays_and_the_others_go_with_it(sample):
    shirt = of_type("Shirts", gender="Men", usage="Casual", season="Summer")
    free = sample.outfit(shirt)
    shoes = shoes_of(sample.reroll(free, "shoes")).id
    assert ids(sample.outfit(shirt, pinned={"shoes": shoes}))["shoes"] == shoes


@pytest.mark.parametrize(
    ("pinned", "rerolls", "message"),
    [
        ({"hat": "900001"}, {}, "no slot 'hat'"),
        ({}, {"hat": ()}, "no slot 'hat'"),
        ({"shoes": "nope"}, {}, "no item 'nope'"),
        ({"shoes": of_type("Heels")}, {}, "does not fit the slot 'shoes'"),
        ({"shoes": of_type("Casual Shoes")}, {"shoes": ()}, "is pinned"),
    ],
)
def test_what_cannot_be_asked_for(sample, pinned, rerolls, message):
    with pytest.raises(QueryError, match=message):
        sample.outfit(of_type("Shirts", gender="Men"), pinned=pinned, rerolls=rerolls)
    with pytest.raises(QueryError, match="no piece 'hat'"):
        sample.reroll(sample.outfit(of_type("Shirts", gender="Men")), "hat")


# Catalogues that tell less, and photos


@pytest.mark.parametrize("column", ["gender", "season", "usage", "baseColour"])
def test_what_the_catalogue_does_not_tell_is_said(column):
    maker = OutfitMaker(shop(ROWS["sample"], without=[column]))
    outfit = maker.outfit(of_type("Tshirts", gender="Men"))
    assert {"bottoms", "shoes"} <= set(ids(outfit))
    told = "colour" if column == "baseColour" else column
    assert outfit.notes == (f"not looked at, for this catalogue does not tell: {told}",)


def test_without_types_there_are_no_outfits():
    with pytest.raises(QueryError, match="articleType"):
        OutfitMaker(shop(ROWS["sample"], without=["articleType"]))


def test_types_alone_are_enough():
    others = ["gender", "masterCategory", "subCategory", "baseColour", "season", "year", "usage"]
    maker = OutfitMaker(shop(ROWS["sample"], without=others))
    outfit = maker.outfit(of_type("Shirts", gender="Men"))
    assert {"bottoms", "shoes"} <= set(ids(outfit))
    assert outfit.harmony is None


def test_a_photo_is_completed_by_what_its_encoder_names_and_its_neighbours_have():
    stock = shelves.shelf(shelves.Knowing)
    look = look_of_vector(stock, shelves.photo())
    assert look.best("articleType") == "Tshirts"
    outfit = OutfitMaker(stock).outfit(look)
    assert set(ids(outfit)) == {"bottoms", "shoes"}
    assert "gender, usage" in outfit.notes[0] or "usage, gender" in outfit.notes[0]


def test_a_photo_needs_no_encoder_that_names_anything(sample):
    stock = shop(ROWS["sample"])
    row = stock.catalogue.row_of(of_type("Shirts", gender="Men", usage="Casual"))
    look = Look(stock.index.embeddings[row])
    outfit = OutfitMaker(stock).outfit(look)
    assert {"bottoms", "shoes"} <= set(ids(outfit))
    assert outfit.notes[0].startswith("guessed from the most similar products: type")


# Colour and style


def test_harmony_is_that_of_a_naive_reading():
    def naive(hues: list[float], weights: list[float], width: float) -> float:
        return min(
            sum(
                weight
                * max(
                    0.0,
                    min(
                        abs((hue - turn + 180) % 360 - 180) - width / 2,
                        abs((hue - turn) % 360 - 180) - 9,
                    ),
                )
                for hue, weight in zip(hues, weights, strict=True)
            )
            for turn in range(0, 360, 2)
        )

    from recommender.colours import rgb_of
    from recommender.lab import to_lab

    for names in (["Red", "Green"], ["Blue", "Orange", "Pink"], ["Black", "Yellow", "Purple"]):
        labs = [to_lab(np.array(rgb_of(name), np.uint8)) for name in names]
        hues = [float(np.degrees(np.arctan2(lab[2], lab[1])) % 360) for lab in labs]
        weights = [min(1.0, float(np.hypot(lab[1], lab[2])) / 60) for lab in labs]
        costs = [naive(hues, weights, width) for width in (18.0, 93.6)]
        expected = sum(1 / (1 + cost / 20) for cost in costs) / 2
        assert harmony(names) == pytest.approx(expected)
        assert harmonies(names[:-1]).max() <= 1


def test_colours_without_one_hue_are_left_out_of_harmony():
    assert harmony(["Red", "Multi"]) is None
    assert harmony(["Red", "Multi", "White"]) == harmony(["Red", "White"])
    assert relation("Red", "Multi") is None


def test_style_does_not_see_type_and_colour():
    stock = shop(ROWS["sample"])
    row = stock.catalogue.row_of(of_type("Shirts", gender="Men"))
    kind, colour = (str(stock.catalogue.items[row].attributes[n])
                    for n in ("articleType", "baseColour"))  # fmt: skip
    before = Style(stock).alike(stock.index.embeddings[row], kind=kind, colour=colour)
    shift = shelves.directions(1, 1, 48)[0]
    for place, item in enumerate(stock.catalogue.items):
        if item.attributes["articleType"] == kind:
            stock.index.embeddings[place] += shift
    after = Style(stock).alike(stock.index.embeddings[row], kind=kind, colour=colour)
    assert after == pytest.approx(before, abs=1e-4)
    assert before[row] == pytest.approx(1, abs=1e-4)


# The command


def test_the_command_answers_in_words_and_in_json(artifacts, capsys, catalogue_folder):
    place = ["--artifacts", str(artifacts)]
    assert main(["outfit", "1001", *place]) == 0
    assert "bottoms" in capsys.readouterr().out
    photo = str(catalogue_folder / "images" / "1002.jpg")
    assert main(["outfit", "1001", photo, "--json", "--reroll", "shoes", *place]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert [piece["slot"] for piece in first["results"]] == ["bottoms", "shoes"]
    assert {"id", "filename", "distance", "similarity", "attributes", "score", "reasons"} <= set(
        first["results"][0]
    )
    assert {missing["slot"] for missing in first["missing"]} >= {"bag", "watch"}
    assert second["query"] == photo
    chosen = first["results"][1]["id"]
    assert main(["outfit", "1001", "--json", "--pin", f"shoes={chosen}", *place]) == 0
    assert json.loads(capsys.readouterr().out)["results"][1]["id"] == chosen


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "neither an item nor a picture"),
        (["1001", "--pin", "shoes=1013", "--reroll", "shoes"], "is pinned"),
        (["1001", "--reroll", "hat"], "no piece 'hat'"),
    ],
)
def test_the_command_refuses_in_one_line(artifacts, capsys, arguments, message):
    assert main(["outfit", *arguments, "--artifacts", str(artifacts)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1


def test_outfits_of_every_item_of_the_drawn_catalogue(artifacts):
    recommender = Recommender.open(artifacts)
    with (Path(recommender.index.dataset) / "styles.csv").open(encoding="utf-8") as file:
        table = {row["id"]: row for row in csv.DictReader(file)}
    maker = OutfitMaker(recommender)
    for item in recommender.catalogue.items:
        outfit = maker.outfit(item.id)
        assert len(outfit.slots) == 2
        assert not broken(table[item.id], [table[slot.id] for slot in outfit.slots])
