"""The colour words of the catalogue as colours: how alike two are, and what one is called.

The words are those of the Kaggle dataset "Fashion Product Images". A shop's own words are no
error: what is not in the table has no colour, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.lab import difference, to_lab

Rgb = tuple[int, int, int]


class _Word(NamedTuple):
    rgb: Rgb
    family: str
    flat: bool = True
    shades: tuple[Rgb, ...] = ()


# `shades` are what else goes by the word: blue is more than one colour. `flat` is false of words
# that name a sheen, a weave or another word's colour: no flat patch of colour is called so.
# Nominal colours, moved towards what photographed cloth, leather and metal of that name look like:
# a camera makes black lighter and bright colours duller than the swatch cards are.
_WORDS: Mapping[str, _Word] = MappingProxyType(
    {
        "Black": _Word((34, 34, 37), "black", shades=((54, 54, 55), (70, 70, 71))),
        "Charcoal": _Word((84, 85, 88), "grey"),
        "Grey": _Word((138, 138, 140), "grey", shades=((112, 112, 114), (172, 172, 174))),
        "Grey Melange": _Word((170, 170, 172), "grey", flat=False),
        "Silver": _Word((196, 197, 200), "grey", flat=False),
        "Steel": _Word((168, 170, 174), "grey", flat=False),
        "Metallic": _Word((125, 125, 128), "grey", flat=False),
        "White": _Word((243, 243, 243), "white", shades=((222, 222, 224), (204, 202, 204))),
        "Off White": _Word((236, 231, 218), "white"),
        "Cream": _Word((238, 225, 193), "white"),
        "Beige": _Word((211, 192, 163), "beige"),
        "Skin": _Word((222, 184, 158), "beige", flat=False),
        "Nude": _Word((219, 182, 152), "beige", flat=False),
        "Khaki": _Word((163, 147, 112), "beige"),
        "Taupe": _Word((143, 128, 116), "brown"),
        "Tan": _Word((181, 130, 86), "brown"),
        "Brown": _Word((98, 66, 47), "brown", shades=((126, 92, 72), (70, 57, 52))),
        "Coffee Brown": _Word((67, 49, 41), "brown"),
        "Mushroom Brown": _Word((142, 120, 98), "brown"),
        "Rust": _Word((166, 73, 38), "brown"),
        "Bronze": _Word((135, 108, 76), "brown", flat=False),
        "Copper": _Word((168, 106, 75), "brown", flat=False),
        "Gold": _Word((203, 170, 104), "yellow", flat=False),
        "Mustard": _Word((204, 152, 44), "yellow"),
        "Yellow": _Word((240, 208, 62), "yellow"),
        "Orange": _Word((232, 112, 44), "orange"),
        "Peach": _Word((246, 178, 146), "orange"),
        "Red": _Word((190, 36, 44), "red", shades=((242, 70, 72),)),
        "Maroon": _Word((112, 28, 42), "red"),
        "Burgundy": _Word((94, 30, 46), "red"),
        "Pink": _Word((232, 132, 164), "pink", shades=((236, 186, 200), (226, 92, 128))),
        "Rose": _Word((222, 150, 150), "pink"),
        "Magenta": _Word((186, 34, 112), "pink"),
        "Purple": _Word((98, 58, 126), "purple", shades=((90, 62, 88), (140, 90, 160))),
        "Lavender": _Word((188, 170, 210), "purple"),
        "Mauve": _Word((158, 122, 140), "purple"),
        "Navy Blue": _Word((36, 44, 78), "blue", shades=((46, 56, 74), (46, 48, 62))),
        "Blue": _Word(
            (58, 104, 168), "blue", shades=((96, 160, 226), (128, 150, 192), (86, 108, 140))
        ),
        "Turquoise Blue": _Word((56, 178, 190), "blue"),
        "Teal": _Word((22, 104, 112), "green"),
        "Sea Green": _Word((92, 176, 150), "green"),
        "Green": _Word(
            (52, 124, 70), "green", shades=((122, 160, 98), (38, 70, 52), (150, 180, 140))
        ),
        "Lime Green": _Word((164, 206, 72), "green"),
        "Fluorescent Green": _Word((190, 240, 60), "green"),
        "Olive": _Word((98, 98, 60), "green"),
    }
)
MIXED = "Multi"
"""The word for products of many colours: a word of the catalogue, but not one colour."""

_HALF = 16.0
"""CIEDE2000 at which two colours are half alike: navy and black, or pink and peach."""

_KEYS = {word.casefold(): word for word in _WORDS}


def colour_names() -> tuple[str, ...]:
    """The words that stand for one colour each: 45."""
    return tuple(_WORDS)


def rgb_of(name: str) -> Rgb | None:
    """The colour a word stands for; None for one that stands for none, or that is not known.

    Args:
        name: in any case, such as ``Navy Blue``.

    Returns:
        red, green and blue from 0 to 255.

    >>> rgb_of("navy blue"), rgb_of("Multi"), rgb_of("petrol")
    ((36, 44, 78), None, None)
    """
    word = _word(name)
    return None if word is None else _WORDS[word].rgb


def family_of(name: str) -> str | None:
    """One of twelve plain words, such as ``blue``, for a colour word; None for an unknown one.

    >>> family_of("Navy Blue"), family_of("Steel"), family_of("petrol")
    ('blue', 'grey', None)
    """
    word = _word(name)
    return None if word is None else _WORDS[word].family


def colour_similarity(one: str | Rgb, other: str | Rgb) -> float | None:
    """How alike two colours look: 1 for the same, 1/2 at a CIEDE2000 of 16, 0 for opposites.

    Args:
        one: a colour word, or red, green and blue from 0 to 255.
        other: likewise.

    Returns:
        0 to 1; None if a word is not known, unless both are the same, or is ``Multi``: of two
        products of many colours nothing follows.

    >>> colour_similarity("Red", "red"), colour_similarity("Red", "Multi")
    (1.0, None)
    >>> colour_similarity("Navy Blue", "Black") > colour_similarity("Navy Blue", "Yellow")
    True
    """
    if isinstance(one, str) and isinstance(other, str) and _plain(one) == _plain(other):
        return None if _plain(one) == _plain(MIXED) else 1.0
    colours = [rgb_of(colour) if isinstance(colour, str) else colour for colour in (one, other)]
    if colours[0] is None or colours[1] is None:
        return None
    labs = to_lab(np.array(colours, np.uint8))
    return float(0.5 ** ((difference(labs[0], labs[1]) / _HALF) ** 2))


def nearest_name(rgb: Rgb) -> str:
    """The word for a colour. Never one for a sheen or a weave, such as Gold or Grey Melange.

    Args:
        rgb: red, green and blue from 0 to 255.

    >>> nearest_name((250, 250, 250)), nearest_name((30, 40, 90))
    ('White', 'Navy Blue')
    """
    return nearest_names(np.array([rgb], np.uint8))[0]


def nearest_names(rgb: npt.NDArray[np.uint8]) -> list[str]:
    """The same of many colours: uint8 (n, 3)."""
    # Light and shade move lightness most, and a word is about the hue: lightness counts less.
    apart = difference(to_lab(rgb)[:, None, :], _SHADES_LAB[None, :, :], lightness=1.5)
    return [_SHADES[row][0] for row in apart.argmin(axis=1)]


def _word(name: str) -> str | None:
    return _KEYS.get(_plain(name))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold().replace("gray", "grey")


_SHADES = tuple(
    (name, shade)
    for name, word in _WORDS.items()
    if word.flat
    for shade in (word.rgb, *word.shades)
)
_SHADES_LAB = to_lab(np.array([shade for _, shade in _SHADES], np.uint8))
