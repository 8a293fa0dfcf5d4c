"""Turn a catalogue picture into what a phone might make of the same product.

The garment is cut out, put askew on a cluttered background, lit badly, blurred, and saved as a
small JPEG. Every picture has its own seed, so that the test is the same everywhere. Written apart
from the augmentation of `recommender.training`, so that no encoder has trained on this recipe.
"""

from __future__ import annotations

import hashlib
import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

VERSION = "1"
SIZE = (240, 320)
"""(width, height) of a phone picture."""

_WHITE = 248


def phone_photo(image: Image.Image, *, key: str) -> Image.Image:
    """The product as a phone might see it.

    Args:
        image: a catalogue picture on white, RGB.
        key: the product's id: fixes everything random.

    Returns:
        an RGB picture of `SIZE`.
    """
    digest = hashlib.sha256(f"phone-{VERSION}:{key}".encode()).digest()
    dice = np.random.default_rng(list(digest))
    garment = image.resize(SIZE, Image.Resampling.BICUBIC)
    cut = garment.convert("RGBA")
    cut.putalpha(_mask(garment))
    corners = _corners(dice)
    cut = cut.transform(
        SIZE, Image.Transform.PERSPECTIVE, _perspective(corners), Image.Resampling.BILINEAR
    )
    photo = _background(dice)
    photo.paste(cut.convert("RGB"), mask=cut.getchannel("A"))
    photo = _crop(photo, dice)
    photo = _light(photo, dice)
    photo = photo.filter(ImageFilter.GaussianBlur(float(dice.uniform(0.3, 2.2))))
    noisy = np.asarray(photo, np.float32) + dice.normal(size=(SIZE[1], SIZE[0], 3)) * dice.uniform(
        2, 10
    )
    photo = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    return _jpeg(photo, quality=int(dice.integers(25, 70)))


def _mask(garment: Image.Image) -> Image.Image:
    """255 on the garment: all that the white at the border does not reach.

    Gaps a pixel wide count as closed, so that the white does not leak into white clothes.
    """
    width, height = SIZE
    small = garment.resize((width // 4, height // 4), Image.Resampling.BOX)
    light = Image.fromarray(
        np.where(np.asarray(small).min(axis=2) >= _WHITE, 255, 0).astype(np.uint8)
    )
    # A frame of white joins the border's parts; the fill starts in its corner.
    framed = np.pad(np.asarray(light.filter(ImageFilter.MinFilter(3))), 2, constant_values=255)
    flood = Image.fromarray(framed).copy()  # Filling needs an image that owns its pixels.
    ImageDraw.floodfill(flood, (0, 0), 128)
    outside = np.where(np.asarray(flood)[1:-1, 1:-1] == 128, 255, 0).astype(np.uint8)
    reached = np.asarray(Image.fromarray(outside).filter(ImageFilter.MaxFilter(3)))[1:-1, 1:-1]
    mask = Image.fromarray(
        np.where((reached > 0) & (np.asarray(light) > 0), 0, 255).astype(np.uint8)
    )
    if np.asarray(mask).mean() < 255 * 0.03:
        return Image.new("L", garment.size, 255)
    return mask.resize(SIZE, Image.Resampling.BILINEAR).point(lambda value: max(0, 2 * value - 255))


def _corners(dice: np.random.Generator) -> npt.NDArray[np.float64]:
    """Where the picture's corners go: turned, scaled, shifted, then each moved a little."""
    width, height = SIZE
    centred = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width / 2, height / 2]
    angle = np.radians(dice.uniform(-20, 20))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    moved = centred @ turn * dice.uniform(0.7, 1.05)
    moved += dice.uniform(-0.08, 0.08, size=2) * SIZE + [width / 2, height / 2]
    moved += dice.uniform(-0.07, 0.07, size=(4, 2)) * SIZE
    corners: npt.NDArray[np.float64] = moved
    return corners


def _perspective(corners: npt.NDArray[np.float64]) -> list[float]:
    """Pillow's eight coefficients, from points of the result to points of the source."""
    width, height = SIZE
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    rows = []
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    return [float(value) for value in np.linalg.solve(np.array(rows), source.reshape(-1))]


def _background(dice: np.random.Generator) -> Image.Image:
    """A surface with a soft gradient, stripes or grain, and some things lying about."""
    base = dice.uniform(50, 220) + dice.normal(size=3) * 25
    coarse = base + dice.normal(size=(4, 3, 1)) * 20 + dice.normal(size=(4, 3, 3)) * 6
    surface = Image.fromarray(coarse.clip(0, 255).astype(np.uint8)).resize(
        SIZE, Image.Resampling.BICUBIC
    )
    draw = ImageDraw.Draw(surface)
    width, height = SIZE
    if dice.random() < 0.4:
        colour = _colour(base + dice.uniform(-35, 35))
        gap = int(dice.integers(12, 60))
        for place in range(-height, width + height, gap):
            lean = int(dice.integers(-6, 7)) + (height if base[0] > 130 else 0)
            draw.line([(place, 0), (place + lean, height)], colour, width=int(dice.integers(1, 8)))
    for _ in range(int(dice.integers(2, 9))):
        x, y = dice.uniform(0, width), dice.uniform(0, height)
        w, h = dice.uniform(15, 110, size=2)
        shape = draw.ellipse if dice.random() < 0.5 else draw.rectangle
        shape(
            [x - w / 2, y - h / 2, x + w / 2, y + h / 2],
            fill=_colour(dice.uniform(30, 230) + dice.normal(size=3) * 40),
        )
    grain = dice.normal(size=(height // 2, width // 2, 1)) * dice.uniform(2, 14)
    grain = np.repeat(np.repeat(grain, 2, axis=0), 2, axis=1)
    return Image.fromarray((np.asarray(surface) + grain).clip(0, 255).astype(np.uint8))


def _colour(values: npt.NDArray[np.float64]) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in values.clip(0, 255))
    return red, green, blue


def _crop(photo: Image.Image, dice: np.random.Generator) -> Image.Image:
    """Off-centre, by up to an eighth of each side."""
    width, height = SIZE
    left, top, right, bottom = dice.uniform(0, 0.12, size=4)
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    return photo.resize(SIZE, Image.Resampling.BILINEAR, box=box)


def _light(photo: Image.Image, dice: np.random.Generator) -> Image.Image:
    """Exposure, contrast, a colour cast, and a lamp on one side."""
    values = np.asarray(photo, np.float32) / 255
    values = values ** dice.uniform(0.75, 1.35)
    cast = 1 + dice.normal(size=3) * 0.05
    x = np.linspace(-1, 1, SIZE[0])[None, :, None]
    y = np.linspace(-1, 1, SIZE[1])[:, None, None]
    lamp = 1 + dice.uniform(-0.2, 0.2) * x + dice.uniform(-0.2, 0.2) * y
    values = values * dice.uniform(0.7, 1.15) * cast * lamp
    return Image.fromarray((values * 255).clip(0, 255).astype(np.uint8))


def _jpeg(photo: Image.Image, *, quality: int) -> Image.Image:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality)
    with Image.open(file) as stored:
        return stored.convert("RGB")
