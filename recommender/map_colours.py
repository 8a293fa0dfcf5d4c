"""How the items of a map are coloured: by their type, or by their own colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue
from recommender.colours import Rgb, rgb_of
from recommender.columns import Column
from recommender.likeness import COLOUR
from recommender.neighbourhood import TYPE

# Ten hues told apart on light and on dark, after Tableau's; the most frequent type gets the first.
_HUES = (
    (78, 121, 167), (242, 142, 43), (225, 87, 89), (89, 161, 79), (176, 122, 161),
    (237, 201, 72), (118, 183, 178), (255, 157, 167), (156, 117, 95), (40, 150, 190),
)  # fmt: skip
_OTHER = (150, 142, 136)
_MOST = 250
"""Colour words told apart: their numbers fit a byte."""


@dataclass(frozen=True, kw_only=True)
class Class:
    """Items of one colour on the map.

    Attributes:
        name: what they have in common.
        count: how many.
        rgb: red, green and blue from 0 to 255.
    """

    name: str
    count: int
    rgb: Rgb


@dataclass(frozen=True, eq=False)
class Colouring:
    """The class of each item.

    Attributes:
        classes: the most frequent first; all that is left over, if anything is, last.
        codes: uint8 (n,), the place in `classes`.
    """

    classes: tuple[Class, ...]
    codes: npt.NDArray[np.uint8]


def colourings(catalogue: Catalogue) -> dict[str, Colouring]:
    """Attribute → colouring, of those attributes that the catalogue has.

    By type the ten most frequent have a hue each; by colour each word has the colour that it names.
    Where neither is known, one class, of the attribute "", holds all.
    """
    found = {}
    if TYPE in catalogue.columns:
        column = catalogue.column(TYPE)
        frequent = _frequent(column)[: len(_HUES)]
        found[TYPE] = _colouring(column, list(zip(frequent, _HUES, strict=False)))
    if COLOUR in catalogue.columns:
        column = catalogue.column(COLOUR)
        named = [(code, rgb_of(str(column.values[code]))) for code in _frequent(column)]
        shown = [(code, rgb) for code, rgb in named if rgb is not None]
        found[COLOUR] = _colouring(column, shown[:_MOST])
    if not found:
        everything = Class(name="Products", count=len(catalogue), rgb=_HUES[0])
        found[""] = Colouring((everything,), np.zeros(len(catalogue), np.uint8))
    return found


def _frequent(column: Column) -> list[int]:
    """Codes, the most frequent first."""
    counts = column.counts(np.ones(len(column.codes), bool))
    order: list[int] = np.argsort(-counts, kind="stable").tolist()
    return order


def _colouring(column: Column, shown: list[tuple[int, Rgb]]) -> Colouring:
    # One place more than there are values: it is where an unknown value, as an index, points.
    table = np.full(len(column.values) + 1, len(shown), np.uint8)
    for place, (code, _) in enumerate(shown):
        table[code] = place
    codes = table[column.codes]
    counts = np.bincount(codes, minlength=len(shown) + 1).tolist()
    classes = [
        Class(name=str(column.values[code]), count=counts[place], rgb=rgb)
        for place, (code, rgb) in enumerate(shown)
    ]
    if counts[-1]:
        classes.append(Class(name="Other", count=counts[-1], rgb=_OTHER))
    return Colouring(tuple(classes), codes)
