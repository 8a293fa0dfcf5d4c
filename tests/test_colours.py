"""Colour words, CIELAB and CIEDE2000, against published values."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.catalogue import ATTRIBUTES
from recommender.colours import (
    colour_names,
    colour_similarity,
    family_of,
    nearest_name,
    nearest_names,
    rgb_of,
)
from recommender.lab import difference, to_lab, to_rgb

# Sharma, Wu & Dalal 2005, table 1: two colours and their difference. Among them hues on either side
# of 0°, a colour beside a grey, and blues, for which the formula has a term of its own.
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "expected"), PUBLISHED)
def test_ciede2000_equals_the_published_values(one, other, expected):
    for a, b in ((one, other), (other, one)):
        assert difference(np.array(a), np.array(b)) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("rgb", "lab"),  # of the sRGB primaries, as commonly tabulated for D65
    [
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ],
)
def test_lab_of_known_colours(rgb, lab):
    assert to_lab(np.array(rgb, np.uint8)) == pytest.approx(lab, abs=0.02)


def test_lab_and_back_is_the_same_colour():
    rgb = np.random.default_rng(0).integers(0, 256, (500, 3), dtype=np.uint8)
    assert (to_rgb(to_lab(rgb)) == rgb).all()


def test_differences_broadcast_and_lightness_can_count_less():
    labs = to_lab(np.array([[0, 0, 0], [128, 128, 128], [200, 30, 40]], np.uint8))
    table = difference(labs[:, None], labs[None])
    assert table.shape == (3, 3)
    assert np.allclose(table, table.T)
    assert np.allclose(np.diag(table), 0)
    assert difference(labs[0], labs[1], lightness=2.0) == pytest.approx(table[0, 1] / 2)


def test_every_word_has_a_colour_and_a_family():
    assert len(colour_names()) == 45
    for name in colour_names():
        rgb = rgb_of(name)
        assert rgb is not None
        assert all(0 <= channel <= 255 for channel in rgb)
        assert family_of(name)
    assert len({rgb_of(name) for name in colour_names()}) == 45
    assert "baseColour" in ATTRIBUTES


@pytest.mark.parametrize("name", ["Multi", "NA", "Petrol", ""])
def test_words_without_a_colour_say_nothing(name):
    assert rgb_of(name) is None
    assert family_of(name) is None
    assert colour_similarity(name, "Red") is None
    assert colour_similarity((1, 2, 3), name) is None


def test_similarity_follows_the_eye():
    assert colour_similarity("Red", "Red") == 1
    assert colour_similarity("Petrol", "petrol") == 1
    assert colour_similarity("Multi", "Multi") is None
    assert colour_similarity("Black", "White") == pytest.approx(0, abs=1e-3)
    near, far = colour_similarity("Maroon", "Burgundy"), colour_similarity("Maroon", "Teal")
    assert near is not None
    assert far is not None
    assert near > 0.8 > 0.2 > far >= 0
    assert colour_similarity("Red", (190, 36, 44)) == 1


@pytest.mark.parametrize(
    ("rgb", "name"),
    [((10, 10, 10), "Black"), ((128, 128, 128), "Grey"), ((30, 60, 200), "Blue"),
     ((250, 235, 90), "Yellow"), ((60, 20, 90), "Purple"), ((20, 130, 60), "Green")],
)  # fmt: skip
def test_nearest_words(rgb, name):
    assert nearest_name(rgb) == name


def test_a_words_own_colour_is_called_so_unless_it_is_a_sheen():
    names = colour_names()
    said = nearest_names(np.array([rgb_of(name) for name in names], np.uint8))
    sheens = {"Gold", "Silver", "Steel", "Metallic", "Bronze", "Copper"}
    assert not sheens & set(said)
    differing = {name for name, word in zip(names, said, strict=True) if name != word}
    assert differing == {*sheens, "Grey Melange", "Skin", "Nude"}
