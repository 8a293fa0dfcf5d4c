"""The colours found in drawn garments."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.colours import Rgb
from recommender.lab import difference, to_lab
from recommender.swatches import swatches
from tests.fakes import COLOURS, TYPES, draw_product


def apart(one: Rgb, other: Rgb) -> float:
    labs = to_lab(np.array([one, other], np.uint8))
    return float(difference(labs[0], labs[1]))


def on_floor(garment: Rgb, floor: Rgb) -> Image.Image:
    """A snapshot: grainy, a garment of a third of the picture on a floor."""
    picture = Image.new("RGB", (300, 400), floor)
    ImageDraw.Draw(picture).rectangle([65, 100, 235, 330], fill=garment)
    noise = np.random.default_rng(0).normal(0, 6, (400, 300, 3))
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("name", COLOURS)
def test_a_product_on_white_has_its_own_colour(kind, name):
    first = swatches(draw_product(kind, COLOURS[name], size=(60, 80)))[0]
    assert apart(first.rgb, COLOURS[name]) < 8
    assert first.name == name


@pytest.mark.parametrize("size", [(60, 80), (360, 480)])
@pytest.mark.parametrize("white", [(250, 250, 250), (235, 235, 235)])
def test_a_white_garment_on_white_is_white(size, white):
    picture = Image.new("RGB", (240, 320), "white")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(60, 60), (180, 60), (190, 270), (50, 270)], fill=white, outline=(205,) * 3,
                 width=4)  # fmt: skip
    first = swatches(picture.resize(size))[0]
    assert first.name == "White"
    assert first.share > 0.6


def test_an_outline_with_gaps_still_holds_a_white_garment():
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([12, 12, 48, 68], outline=(150, 150, 155))
    draw.rectangle([26, 10, 34, 14], fill="white")  # The neck is open: the white flows in.
    assert swatches(picture)[0].name == "White"


def test_the_garment_counts_and_not_the_floor():
    found = swatches(on_floor((30, 60, 160), (200, 185, 160)))
    assert found[0].name == "Blue"
    assert found[0].share > 0.6
    found = swatches(on_floor((240, 240, 240), (90, 60, 40)))
    assert found[0].name == "White"


def test_two_colours_have_their_shares():
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([10, 10, 49, 54], fill=COLOURS["Red"])
    draw.rectangle([10, 55, 49, 69], fill=COLOURS["Navy Blue"])
    one, other = swatches(picture)
    assert (one.name, other.name) == ("Red", "Navy Blue")
    assert 0.6 < one.share < 0.9
    assert 0.1 < other.share < 0.4


def test_light_and_shade_are_one_colour():
    shade = np.linspace(0.7, 1, 80)[:, None, None] * np.array([190, 40, 50])
    pixels = np.broadcast_to(shade, (80, 60, 3)).astype(np.uint8)
    assert len(swatches(Image.fromarray(pixels))) == 1


@pytest.mark.parametrize("count", [1, 2, 5])
def test_count_shares_and_order(count):
    stripes = np.random.default_rng(1).integers(0, 256, (1, 9, 3), dtype=np.uint8)
    picture = Image.fromarray(np.repeat(np.repeat(stripes, 90, axis=0), 10, axis=1))
    found = swatches(picture, count)
    assert 1 <= len(found) <= count
    shares = [swatch.share for swatch in found]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1
    assert found == swatches(picture, count)


@pytest.mark.parametrize(
    "picture",
    [Image.new("RGB", (60, 80), "white"), Image.new("RGB", (1, 1), "red"),
     Image.new("L", (5, 300), 90), Image.new("RGB", (300, 2), "black")],
)  # fmt: skip
def test_odd_pictures_have_a_colour_too(picture):
    found = swatches(picture)
    assert found[0].share > 0.9


def test_a_count_below_one_is_refused():
    with pytest.raises(ValueError, match="count is 0"):
        swatches(Image.new("RGB", (9, 9)), 0)


def test_it_is_quick():
    picture = on_floor((30, 60, 160), (200, 185, 160)).resize((360, 480))
    best = np.inf
    for _ in range(7):
        began = time.perf_counter()
        swatches(picture)
        best = min(best, time.perf_counter() - began)
    assert best < 0.05  # About 0.005 on an idle machine.
