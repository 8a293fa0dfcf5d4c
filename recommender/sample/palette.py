"""The colours of the sample: Kaggle's names, one nominal colour each, and what goes with what."""

import random
from collections.abc import Mapping
from types import MappingProxyType

from recommender.sample.canvas import Colour

NOMINAL: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {
        "Black": (34, 34, 38),
        "White": (244, 243, 240),
        "Grey": (140, 143, 149),
        "Navy Blue": (34, 46, 92),
        "Blue": (54, 108, 194),
        "Red": (202, 40, 48),
        "Green": (50, 132, 78),
        "Yellow": (242, 200, 58),
        "Pink": (238, 138, 172),
        "Purple": (116, 72, 154),
        "Orange": (236, 124, 44),
        "Brown": (116, 74, 48),
        "Beige": (219, 199, 166),
        "Maroon": (120, 28, 50),
        "Teal": (26, 130, 136),
        "Olive": (112, 114, 60),
        "Silver": (194, 197, 202),
        "Gold": (206, 165, 84),
    }
)
"""Kaggle's `baseColour` to red, green, blue from 0 to 255."""

_PARTNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Black": ("White", "Red", "Beige", "Yellow", "Grey"),
        "White": ("Navy Blue", "Red", "Teal", "Pink", "Black", "Blue"),
        "Grey": ("White", "Navy Blue", "Yellow", "Maroon"),
        "Navy Blue": ("White", "Red", "Beige", "Orange"),
        "Blue": ("White", "Navy Blue", "Yellow", "Beige"),
        "Red": ("White", "Navy Blue", "Black", "Beige"),
        "Green": ("White", "Beige", "Navy Blue", "Yellow"),
        "Yellow": ("White", "Navy Blue", "Teal", "Brown"),
        "Pink": ("White", "Maroon", "Grey", "Purple"),
        "Purple": ("White", "Pink", "Yellow", "Black"),
        "Orange": ("White", "Navy Blue", "Teal", "Brown"),
        "Brown": ("Beige", "White", "Orange", "Teal"),
        "Beige": ("Brown", "Navy Blue", "White", "Olive", "Maroon"),
        "Maroon": ("Beige", "White", "Pink", "Grey"),
        "Teal": ("White", "Yellow", "Navy Blue", "Beige"),
        "Olive": ("Beige", "White", "Orange", "Black"),
        "Silver": ("Black", "Navy Blue", "White"),
        "Gold": ("Black", "White", "Brown"),
    }
)

SILVER: Colour = (0.77, 0.78, 0.80)
GOLD: Colour = (0.83, 0.68, 0.38)
WHITE: Colour = (0.96, 0.955, 0.945)
DARK: Colour = (0.15, 0.15, 0.17)


def nominal(name: str) -> Colour:
    """The colour a name stands for."""
    r, g, b = NOMINAL[name]
    return r / 255, g / 255, b / 255


def dyed(name: str, rng: random.Random) -> Colour:
    """The named colour as one dye lot of it: a few hundredths off, so that no two are the same."""
    r, g, b = nominal(name)
    lot = rng.uniform(-0.016, 0.016)
    return tuple(min(1.0, max(0.0, c + lot + rng.uniform(-0.01, 0.01))) for c in (r, g, b))  # type: ignore[return-value]


def partner(name: str, rng: random.Random) -> Colour:
    """A second colour that suits the first and can be told from it."""
    return nominal(rng.choice(_PARTNERS[name]))


def lightness(colour: Colour) -> float:
    """Perceived lightness from 0 (black) to 1 (white)."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
