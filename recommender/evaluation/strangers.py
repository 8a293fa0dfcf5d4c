"""Pictures that show no fashion product: what a search should call unlike anything it has.

Crops of the two photographs that ship with scikit-learn, and drawn ones: pages of text, charts,
landscapes, gradients, noise. No download, and the same pictures everywhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

VERSION = "1"
SIZE = (240, 320)
"""(width, height) of a picture."""
_CROPS = 20
_DRAWN = 12
_PHOTOGRAPHS = ("china.jpg", "flower.jpg")


def strangers(*, seed: int = 0) -> dict[str, list[Image.Image]]:
    """Kind → pictures, all RGB: 20 crops of each photograph, 12 drawn of each kind.

    Args:
        seed: of everything random.
    """
    dice = np.random.default_rng(seed)
    found = {name.removesuffix(".jpg"): _crops(name, dice) for name in _PHOTOGRAPHS}
    for kind, draw in _DRAW.items():
        found[kind] = [draw(dice) for _ in range(_DRAWN)]
    return found


def _crops(name: str, dice: np.random.Generator) -> list[Image.Image]:
    from sklearn.datasets import load_sample_image

    photograph = Image.fromarray(load_sample_image(name))
    crops = []
    for _ in range(_CROPS):
        height = dice.uniform(0.4, 1.0) * photograph.height
        width = height * SIZE[0] / SIZE[1]
        left = dice.uniform(0, photograph.width - width)
        top = dice.uniform(0, photograph.height - height)
        box = (left, top, left + width, top + height)
        crops.append(photograph.resize(SIZE, Image.Resampling.BILINEAR, box=box))
    return crops


def _text(dice: np.random.Generator) -> Image.Image:
    """A page: a heading, then paragraphs of words without meaning."""
    page = Image.new("RGB", SIZE, (255, 255, int(dice.integers(235, 256))))
    draw = ImageDraw.Draw(page)
    letters = np.array(list("abcdefghiklmnoprstuvw"))
    size = int(dice.integers(8, 15))
    y = 16.0
    while y < SIZE[1] - 24:
        words = ["".join(dice.choice(letters, int(dice.integers(2, 9)))) for _ in range(7)]
        line = " ".join(words[: 2 if dice.random() < 0.15 else 7])
        draw.text((16, y), line[: int((SIZE[0] - 32) / size * 2)], fill=(25, 25, 30),
                  font_size=size)  # fmt: skip
        y += size * (2.4 if dice.random() < 0.15 else 1.4)
    return page


def _chart(dice: np.random.Generator) -> Image.Image:
    """Bars or a line between two axes, on white."""
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    draw.line([(24, 16), (24, height - 24), (width - 12, height - 24)], fill="black", width=2)
    count = int(dice.integers(4, 12))
    tops = dice.uniform(30, height - 40, count)
    lefts = np.linspace(32, width - 30, count)
    if dice.random() < 0.5:
        for left, top in zip(lefts, tops, strict=True):
            draw.rectangle([left, top, left + 120 / count, height - 25], fill=_colour(dice))
    else:
        points = [(float(x), float(y)) for x, y in zip(lefts, tops, strict=True)]
        draw.line(points, fill=_colour(dice), width=int(dice.integers(2, 5)))
    return picture


def _landscape(dice: np.random.Generator) -> Image.Image:
    """Sky, some ranges of hills, and a sun."""
    picture = _gradient(dice)
    draw = ImageDraw.Draw(picture)
    x, y, radius = dice.uniform(30, 210), dice.uniform(20, 110), dice.uniform(8, 24)
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=(250, 230, 150))
    for depth in range(int(dice.integers(2, 5))):
        level = 130 + 50 * depth
        steps = np.cumsum(dice.normal(0, 9, 25))
        ridge = [(10.0 * i, float(level + step)) for i, step in enumerate(steps)]
        draw.polygon([(0, SIZE[1]), *ridge, (SIZE[0], SIZE[1])], fill=_colour(dice))
    return picture.filter(ImageFilter.GaussianBlur(1))


def _gradient(dice: np.random.Generator) -> Image.Image:
    corners = dice.integers(0, 256, (2, 2, 3), dtype=np.uint8)
    return Image.fromarray(corners).resize(SIZE, Image.Resampling.BICUBIC)


def _noise(dice: np.random.Generator) -> Image.Image:
    """From fine grain to soft clouds."""
    grain = int(dice.choice([1, 4, 16, 40]))
    shape = (SIZE[1] // grain, SIZE[0] // grain, 3)
    values: npt.NDArray[np.uint8] = dice.integers(0, 256, shape, dtype=np.uint8)
    return Image.fromarray(values).resize(SIZE, Image.Resampling.BICUBIC)


def _colour(dice: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in dice.integers(20, 230, 3))
    return red, green, blue


_DRAW: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "text": _text,
    "chart": _chart,
    "landscape": _landscape,
    "gradient": _gradient,
    "noise": _noise,
}
