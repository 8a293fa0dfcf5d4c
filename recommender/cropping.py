"""A part of a picture: what a visitor wants to search with, of a photo that shows more."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image

from recommender.errors import QueryError
from recommender.images import ImageSource, load_image

MIN_SIDE = 0.05
"""A box is at least this wide and this high, as a fraction of the picture."""

_DECIMALS = 4  # A hundredth of a percent: finer than a pixel of any screen.
_SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True)
class Box:
    """A rectangle within a picture, upright as `load_image` shows it.

    Kept to four decimals, so that a box survives the way through a page's address.

    Attributes:
        left, top, right, bottom: fractions of the picture's width and height, 0 to 1, counted
            from its upper left corner.

    Raises:
        QueryError: an edge is outside the picture, or the box is smaller than `MIN_SIDE`.

    >>> Box(0.25, 0, 0.75, 1)
    Box(left=0.25, top=0.0, right=0.75, bottom=1.0)
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        for side in _SIDES:
            value = float(getattr(self, side))
            if not (math.isfinite(value) and 0 <= value <= 1):
                raise QueryError(
                    f"the box's {side} edge is at {value:g}: give a number from 0 to 1"
                )
            object.__setattr__(self, side, abs(round(value, _DECIMALS)))
        for first, last in (("left", "right"), ("top", "bottom")):
            extent = round(getattr(self, last) - getattr(self, first), _DECIMALS)
            if extent < MIN_SIDE:
                raise QueryError(
                    f"the box has {extent:g} of the picture from {first} to {last}: "
                    f"give at least {MIN_SIDE:g}"
                )

    @classmethod
    def parse(cls, text: str) -> Box:
        """The box of a text such as an address holds it: left, top, right, bottom.

        Raises:
            QueryError: these are not four numbers, or no box.

        >>> Box.parse("0.1, 0.2, 0.9, 0.8").right
        0.9
        """
        try:
            left, top, right, bottom = map(float, text.split(","))
        except ValueError:
            raise QueryError(
                f"{text[:40]!r} is no box: give left,top,right,bottom such as 0.1,0.2,0.9,0.8"
            ) from None
        return cls(left, top, right, bottom)

    def __str__(self) -> str:
        """As `parse` reads it.

        >>> str(Box(0.125, 0, 1, 0.5))
        '0.125,0,1,0.5'
        """
        return ",".join(f"{getattr(self, side):g}" for side in _SIDES)

    @property
    def is_whole(self) -> bool:
        """Whether this is all of the picture."""
        return (self.left, self.top, self.right, self.bottom) == (0, 0, 1, 1)


def crop(image: ImageSource, box: Box) -> Image.Image:
    """Cut a box out of a picture.

    Args:
        image: anything that `load_image` decodes; its EXIF orientation is applied first.
        box: in fractions of the upright picture.

    Returns:
        a Pillow image of mode RGB: every pixel that the box touches, so never an empty one.

    Raises:
        ImageError: as `load_image`.

    >>> crop(Image.new("RGB", (200, 100)), Box(0.5, 0, 1, 1)).size
    (100, 100)
    """
    upright = load_image(image)
    width, height = upright.size
    return upright.crop(
        (
            _down(box.left * width),
            _down(box.top * height),
            min(width, _up(box.right * width)),
            min(height, _up(box.bottom * height)),
        )
    )


# 0.07 * 100 is a little more than 7 to a computer; a pixel more must come from the box alone.
def _down(pixels: float) -> int:
    return math.floor(round(pixels, 6))


def _up(pixels: float) -> int:
    return math.ceil(round(pixels, 6))
