"""The colours that a picture's garment shows most of.

Catalogue pictures stand on white, which is not the garment's; a snapshot has a garment in its
middle, and around it what belongs to the room. White garments on white are kept: the white that is
joined to the border is background only as far as a garment's outline lets it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from recommender.colours import Rgb, nearest_name
from recommender.lab import difference, to_lab, to_rgb

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_LONGEST = 96
_WHITE = 244
"""Pixels with no channel below this may be background; the white of photographed cloth is lower."""
_PALE = 120
"""A garment is white if half of its pixels have no channel below this, shaded as they are."""
_CLUSTERS = 7
_ROUNDS = 6
_SAME = 9.0
"""Colours closer than this in CIEDE2000, lightness counting half, are one in light and shade."""
_LEAST = 0.05
"""Share of the garment below which a colour is not named, unless there is no other."""


@dataclass(frozen=True)
class Swatch:
    """One colour of a garment.

    Attributes:
        rgb: red, green and blue from 0 to 255.
        share: of the garment that has about this colour, above 0 to 1.
        name: the colour word nearest to it.
    """

    rgb: Rgb
    share: float
    name: str


def swatches(image: Image.Image, count: int = 3) -> tuple[Swatch, ...]:
    """The dominating colours of the garment in a picture.

    Args:
        image: RGB, of any size: a product on white, or a snapshot with the garment in the middle.
        count: how many at most.

    Returns:
        at least one, the largest first; their shares add to at most 1.

    Raises:
        ValueError: `count` is below 1.

    >>> [(s.name, s.share) for s in swatches(Image.new("RGB", (60, 80), (30, 40, 90)))]
    [('Navy Blue', 1.0)]
    """
    if count < 1:
        raise ValueError(f"count is {count}, but must be at least 1")
    pixels = _small(image)
    weights = garment_weights(pixels)
    counted = weights > 0
    labs, weights = to_lab(pixels[counted]), weights[counted]
    centres, shares = _merged(*_clusters(labs, weights / weights.sum()))
    order = [i for i in np.argsort(-shares, kind="stable") if shares[i] >= _LEAST][:count]
    found = []
    for i in order or [int(shares.argmax())]:
        red, green, blue = (int(value) for value in to_rgb(centres[i]))
        rgb = (red, green, blue)
        found.append(Swatch(rgb, min(1.0, round(float(shares[i]), 4)), nearest_name(rgb)))
    return tuple(found)


def _small(image: Image.Image) -> npt.NDArray[np.uint8]:
    rgb = image.convert("RGB")
    scale = _LONGEST / max(rgb.size)
    if scale < 1:
        width, height = (max(1, round(side * scale)) for side in rgb.size)
        rgb = rgb.resize((width, height), Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(rgb)


def garment_weights(pixels: npt.NDArray[np.uint8]) -> Floats:
    """How much each pixel speaks for the garment.

    Args:
        pixels: uint8 (height, width, 3).

    Returns:
        float64 (height, width), at least 0, somewhere above 0.
    """
    middle = _middle(pixels.shape[0], pixels.shape[1])
    light = pixels.min(axis=2) >= _WHITE
    outside = _joined_to_border(light)
    if _border(outside).mean() < 0.4:
        return middle * _unlike_border(pixels)
    garment = ~light
    # What is white inside is garment if the garment is white; else it is a hole, as in a belt.
    if not garment.any() or np.median(pixels[garment].min(axis=1)) >= _PALE:
        garment = _within_outline(~outside)
    # The outermost pixels are part garment, part background, and part of what JPEG adds.
    inner = _shrunk(garment)
    chosen = inner if inner.sum() >= 0.3 * garment.sum() else garment
    return middle * chosen if chosen.any() else middle


def _middle(height: int, width: int) -> Floats:
    """1 in the middle, about a quarter in the corners."""
    y = np.linspace(-1, 1, height)[:, None]
    x = np.linspace(-1, 1, width)[None, :]
    return np.asarray(np.exp(-0.7 * (x**2 + y**2)))


def _joined_to_border(light: Bools) -> Bools:
    """The part of `light` that can be walked to from the border, along rows and columns."""
    # Gaps a pixel wide count as closed, so that the white does not leak into a garment.
    open_ = ~_grown(~light)
    for side in range(4):
        np.rot90(open_, side)[0] = np.rot90(light, side)[0]
    reached = np.zeros_like(light)
    for side in range(4):
        np.rot90(reached, side)[0] = np.rot90(light, side)[0]
    before = -1
    while (now := int(reached.sum())) != before:
        before = now
        for side in range(4):
            reached = np.rot90(_swept(np.rot90(reached, side), np.rot90(open_, side)), -side)
    return _grown(reached) & light


def _swept(reached: Bools, open_: Bools) -> Bools:
    """`reached` and what is open to the right of it, up to the next closed pixel: whole rows."""
    place = np.arange(reached.shape[1])[None, :]
    start = np.maximum.accumulate(np.where(reached, place, -1), axis=1)
    closed = np.maximum.accumulate(np.where(open_, -1, place), axis=1)
    return np.asarray(start > closed)


def _grown(mask: Bools) -> Bools:
    """With every neighbour, diagonals too."""
    tall = mask.copy()
    tall[1:] |= mask[:-1]
    tall[:-1] |= mask[1:]
    wide = tall.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide


def _shrunk(mask: Bools) -> Bools:
    return ~_grown(~mask)


def _border(mask: Bools) -> Bools:
    return np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])


def _within_outline(garment: Bools) -> Bools:
    """The garment, filled where a white one has let the background in.

    What lies between garment pixels both along its row and along its column is taken for garment
    if hardly anything else is left: then what is left is an outline.
    """
    spans = [
        np.maximum.accumulate(turned, axis=1)
        & np.maximum.accumulate(turned[:, ::-1], axis=1)[:, ::-1]
        for turned in (garment, garment.T)
    ]
    filled = spans[0] & spans[1].T
    hollow = filled & ~garment
    return filled if hollow.sum() > 2 * garment.sum() else garment


def _unlike_border(pixels: npt.NDArray[np.uint8]) -> Floats:
    """Above 0 to 1: how much more at home each pixel's colour is in the middle than at the edge."""
    height, width = pixels.shape[:2]
    bins = (pixels >> 5).astype(np.int64) @ np.array([64, 8, 1])
    edge = np.ones((height, width), bool)
    y, x = max(1, height // 8), max(1, width // 8)
    edge[y:-y, x:-x] = False
    inside = np.bincount(bins.ravel(), _middle(height, width).ravel() ** 3, minlength=512)
    outside = np.bincount(bins.ravel(), edge.ravel().astype(np.float64), minlength=512)
    inside, outside = inside / inside.sum() + 1e-9, outside / outside.sum()
    # Squared, so that a floor in many shades does not outweigh a small garment.
    return np.asarray(((inside / (inside + outside)) ** 2)[bins])


def _clusters(labs: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """k-means: centres (k, 3) and their shares (k,).

    It starts from the heaviest colour and, again and again, the one that is far from all before
    and heavy, so that the same picture gives the same colours. Source: Lloyd, "Least Squares
    Quantization in PCM", IEEE Transactions on Information Theory 28 (1982).
    """
    # One colour a cell of 4 units: far fewer points, and far-off single ones weigh little.
    _, cells = np.unique((labs / 4).round().astype(np.int64), axis=0, return_inverse=True)
    cells = cells.reshape(-1)
    mass = _sums(cells, weights)
    points = _sums(cells, weights[:, None] * labs) / mass[:, None]
    first = int(mass.argmax())
    centres = points[first : first + 1]
    nearest = ((points - centres[0]) ** 2).sum(axis=1)
    for _ in range(_CLUSTERS - 1):
        far = int((nearest * mass).argmax())
        if nearest[far] == 0:
            break
        centres = np.concatenate([centres, points[far : far + 1]])
        nearest = np.minimum(nearest, ((points - points[far]) ** 2).sum(axis=1))
    for _ in range(_ROUNDS):
        belongs = ((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        _, belongs = np.unique(belongs, return_inverse=True)  # Without centres that hold nothing.
        shares = _sums(belongs, mass)
        centres = _sums(belongs, mass[:, None] * points) / shares[:, None]
    return centres, shares


def _sums(groups: npt.NDArray[np.int64], values: Floats) -> Floats:
    """Sums of the values (n, ...) of each group."""
    sums = np.zeros((int(groups.max()) + 1, *values.shape[1:]))
    np.add.at(sums, groups, values)
    return sums


def _merged(centres: Floats, shares: Floats) -> tuple[Floats, Floats]:
    """The nearest two made one, until no two are near-equal."""
    while len(centres) > 1:
        # Light and shade change lightness most; k_L = 2 is the formula's value for textiles.
        apart = difference(centres[:, None], centres[None], lightness=2.0)
        apart[np.tril_indices(len(centres))] = np.inf
        one, other = np.unravel_index(int(apart.argmin()), apart.shape)
        if apart[one, other] > _SAME:
            break
        both = shares[one] + shares[other]
        centres[one] = (shares[one] * centres[one] + shares[other] * centres[other]) / both
        shares[one] = both
        centres, shares = np.delete(centres, other, axis=0), np.delete(shares, other)
    return centres, shares
