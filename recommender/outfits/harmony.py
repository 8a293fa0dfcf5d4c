"""Whether colours go together: templates of hues on CIELAB's hue circle.

The method is that of D. Cohen-Or et al., "Color Harmonization", ACM Transactions on Graphics 25(3),
2006, with its templates, which go back to M. Tokumaru et al. (2002) and Y. Matsuda: colours are in
harmony as far as their hues lie in the sectors of one template, turned as suits them best; what a
hue is off counts by how saturated it is, so that black, white and grey go with everything.

What is ours: hue and saturation are those of CIELAB (hue angle and C*) and not of HSV; a colour is
the word that the catalogue has for it (`recommender.colours`), and not each pixel; and of the eight
templates only four are used, for the others admit nearly any few colours: "I", one hue and its
opposite, and "Y", neighbouring hues and their opposite, which have "i" and "V" in them. The mean of
both is taken, so that nearer hues count for more, as L. Ou & M. Luo (Color Research & Application
31(3), 2006) and K. Schloss & S. Palmer (Attention, Perception & Psychophysics 73, 2011) found that
they do. None of this was measured on clothes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from recommender.colours import colour_names, rgb_of
from recommender.lab import to_lab

_SECTORS = {"I": ((0.0, 18.0), (180.0, 18.0)), "Y": ((0.0, 93.6), (180.0, 18.0))}
"""Template → (centre, width) of its sectors in degrees."""
_FULL = 60.0
"""C* from which a hue counts in full."""
_HALF = 20.0
"""Degrees, weighted and summed, at which harmony is a half."""
_NEUTRAL, _MUTED = 13.0, 24.0
"""C* below which a colour is called so."""
Floats = npt.NDArray[np.float64]


def harmony(colours: Iterable[str]) -> float | None:
    """How well colours go together: 1 for perfect harmony, 1/2 for 20 weighted degrees off.

    Args:
        colours: colour words; those that stand for no one colour are left out.

    Returns:
        above 0, up to 1; None for fewer than two known colours.

    >>> harmony(["Navy Blue", "White", "Black"]) > 0.99
    True
    >>> harmony(["Red", "Yellow", "Blue"]) < harmony(["Red", "Orange", "White"])
    True
    """
    places = [place for name in colours if (place := place_of(name)) is not None]
    if len(places) < 2:
        return None
    return float(_from_costs([costs[:, places].sum(axis=1).min() for costs in _costs()]))


def harmonies(colours: Iterable[str]) -> Floats:
    """The harmony that each colour word makes with these: float64 (45,), as in `colour_names`.

    Args:
        colours: of what is worn already; those that stand for no one colour are left out.
    """
    places = [place for name in colours if (place := place_of(name)) is not None]
    return _from_costs(
        [(costs[:, places].sum(axis=1)[:, None] + costs).min(axis=0) for costs in _costs()]
    )


def relation(one: str, other: str) -> str | None:
    """What the second colour is to the first, in words; None if either is no one colour.

    >>> relation("Blue", "Black"), relation("Blue", "Navy Blue")
    ('Black is neutral', 'Navy Blue shares the hue of Blue')
    """
    first, second = place_of(one), place_of(other)
    if first is None or second is None:
        return None
    hues, chromas = _lch()
    if chromas[second] < _NEUTRAL:
        return f"{other} is neutral"
    if chromas[first] < _NEUTRAL:
        return f"{one} is neutral and takes {other}"
    apart = abs((hues[second] - hues[first] + 180) % 360 - 180)
    if apart <= 18:
        return f"{other} again" if first == second else f"{other} shares the hue of {one}"
    if apart <= 93.6:
        return f"{other} is a neighbouring hue of {one}"
    if apart >= 124.2:
        return f"{other} lies opposite to {one}"
    if min(chromas[first], chromas[second]) < _MUTED:
        muted = other if chromas[second] < chromas[first] else one
        return f"{muted} is muted enough for {one if muted == other else other}"
    return f"{other} contrasts with {one}"


def place_of(name: str) -> int | None:
    """The place of a colour word in `colour_names`; None for one that is not there."""
    return _places().get(" ".join(name.split()).casefold().replace("gray", "grey"))


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    return {name.casefold(): place for place, name in enumerate(colour_names())}


@lru_cache(maxsize=1)
def _lch() -> tuple[Floats, Floats]:
    """Hue angle in degrees and C* of the colour words."""
    lab = to_lab(np.array([rgb_of(name) for name in colour_names()], np.uint8))
    return np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360, np.hypot(lab[:, 1], lab[:, 2])


@lru_cache(maxsize=1)
def _costs() -> list[Floats]:
    """For each template float64 (turns, words): weighted degrees that a word is off it."""
    hues, chromas = _lch()
    turns = np.arange(0.0, 360.0, 2.0)[:, None]
    weights = np.minimum(1.0, chromas / _FULL)
    costs = []
    for sectors in _SECTORS.values():
        off = [
            np.maximum(np.abs((hues - turns - centre + 180) % 360 - 180) - width / 2, 0.0)
            for centre, width in sectors
        ]
        costs.append(np.minimum.reduce(off) * weights)
    return costs


def _from_costs(costs: list[Floats]) -> Floats:
    return np.asarray(np.mean([1 / (1 + cost / _HALF) for cost in costs], axis=0))
