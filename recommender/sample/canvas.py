"""A page to paint on: anti-aliased masks, soft light and the picture that comes out.

Shapes are filled by Pillow at four times the resolution and scaled down once as masks; colour and
light are then mixed at the final resolution, where they cost a sixteenth.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from recommender.sample.curves import PAGE, Points, along

Floats = NDArray[np.float32]
Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""

_OVER = 4


@dataclass(frozen=True)
class Mask:
    """How much of each pixel a shape covers: `alpha` (h, w) from 0 to 1, its corner at (x, y)."""

    x: int
    y: int
    alpha: Floats

    @property
    def window(self) -> tuple[slice, slice]:
        """Where the mask lies in an array of the whole page."""
        return (
            slice(self.y, self.y + self.alpha.shape[0]),
            slice(self.x, self.x + self.alpha.shape[1]),
        )


def tint(colour: Colour, amount: float) -> Colour:
    """Lighter (towards white) for a positive amount, darker for a negative one."""
    r, g, b = (c + (1 - c) * amount if amount > 0 else c * (1 + amount) for c in colour)
    return r, g, b


def blur(array: Floats, radius: float) -> Floats:
    """Gaussian blur of values from 0 to 1."""
    image = Image.fromarray((array * 255 + 0.5).astype(np.uint8))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32)
    return soft / np.float32(255)


class Canvas:
    """One product in the making.

    `zoom` is in pixels per page unit: the same drawing comes out at 240x320 with 1 and at 480x640
    with 2. `rgb` is float32 (h, w, 3), `alpha` float32 (h, w); `creases` (h, w) is the light on
    the folds, from -1 to 1, that every piece of cloth shares.
    """

    def __init__(self, *, zoom: int = 1) -> None:
        self.zoom = zoom
        self.width, self.height = PAGE[0] * zoom, PAGE[1] * zoom
        self.rgb: Floats = np.zeros((self.height, self.width, 3), np.float32)
        self.alpha: Floats = np.zeros((self.height, self.width), np.float32)
        self.creases: Floats = np.zeros((self.height, self.width), np.float32)

    # ---- shapes ---------------------------------------------------------------------------

    def fill(self, *outlines: Points) -> Mask:
        """The mask of closed outlines, taken together."""
        return self._mask(outlines, pad=1.0)

    def line(self, *lines: Points, width: float) -> Mask:
        """The mask of pen lines with round ends, `width` page units thick."""
        return self._mask(lines, pad=width, pen=width)

    def dashes(self, points: Points, *, width: float = 0.9, dash: float = 3.0) -> Mask:
        """The mask of a line of stitches."""
        stops = along(points, dash / 2)
        return self.line(*[stops[i : i + 2] for i in range(0, len(stops) - 1, 3)], width=width)

    def _mask(self, outlines: Iterable[Points], *, pad: float, pen: float | None = None) -> Mask:
        shapes = [np.asarray(points) * self.zoom for points in outlines]
        every = np.concatenate(shapes)
        margin = pad * self.zoom + 1
        low = (
            np.floor(every.min(axis=0) - margin)
            .astype(int)
            .clip(0, (self.width - 1, self.height - 1))
        )
        high = (
            np.ceil(every.max(axis=0) + margin).astype(int).clip(low + 1, (self.width, self.height))
        )
        size = high - low
        sheet = Image.new("L", (int(size[0]) * _OVER, int(size[1]) * _OVER))
        pencil = ImageDraw.Draw(sheet)
        for points in shapes:
            spots = ((points - low) * _OVER).ravel().tolist()
            if pen is None:
                pencil.polygon(spots, fill=255)
                continue
            thick = max(1, round(pen * self.zoom * _OVER))
            pencil.line(spots, fill=255, width=thick, joint="curve")
            for x, y in (spots[:2], spots[-2:]):
                r = thick / 2
                pencil.ellipse((x - r, y - r, x + r, y + r), fill=255)
        # reducing_gap halves first: twice as fast and not to be told apart
        small = sheet.resize(
            (int(size[0]), int(size[1])), Image.Resampling.LANCZOS, reducing_gap=1.5
        )
        return Mask(int(low[0]), int(low[1]), np.asarray(small, dtype=np.float32) / np.float32(255))

    def inside(self, mask: Mask, other: Mask) -> Mask:
        """The part of `mask` that lies on `other`."""
        page = np.zeros((self.height, self.width), np.float32)
        page[other.window] = other.alpha
        return Mask(mask.x, mask.y, mask.alpha * page[mask.window])

    # ---- light ----------------------------------------------------------------------------

    def crease(self, folds: Iterable[Points], *, depth: float = 0.16, soft: float = 2.6) -> None:
        """Lay folds into the cloth: each a dark valley with a lit ridge beside it."""
        valleys = Image.new("L", (self.width, self.height), 0)
        pencil = ImageDraw.Draw(valleys)
        for fold in folds:
            pencil.polygon((fold * self.zoom).ravel().tolist(), fill=255)
        hollow = blur(np.asarray(valleys, np.float32) / np.float32(255), soft * self.zoom)
        ridge = np.roll(hollow, (-3 * self.zoom, -4 * self.zoom), axis=(0, 1))
        self.creases += (ridge * 0.75 - hollow) * np.float32(depth / 0.7)

    def mottle(self, rng: np.random.Generator, *, strength: float = 0.035, cells: int = 7) -> None:
        """Slow unevenness, so that no large piece of cloth is dead flat."""
        grid = rng.integers(0, 256, (cells * 4 // 3, cells), dtype=np.uint8)
        page = Image.fromarray(grid).resize((self.width, self.height), Image.Resampling.BICUBIC)
        self.creases += (np.asarray(page, np.float32) / 255 - 0.5) * np.float32(2 * strength)

    def relief(
        self, mask: Mask, *, round_: float = 9.0, depth: float = 0.2, edge: float = 0.16
    ) -> Floats:
        """Light from the upper left on something cushioned: (h, w), about -0.5 to 0.3."""
        pad = max(2, round(2 * round_ * self.zoom))
        framed = np.pad(mask.alpha, pad)
        wide = blur(framed, round_ * self.zoom)
        reach = max(1, round(round_ * 0.45 * self.zoom))
        lit = np.roll(wide, (-reach, -reach), axis=(0, 1)) - np.roll(
            wide, (reach, reach), axis=(0, 1)
        )
        rim = blur(framed, 0.9 * self.zoom)
        light = (
            (wide - 1) * np.float32(depth)
            + lit * np.float32(depth * 0.8)
            + (rim - 1) * np.float32(2 * edge)
        )
        inner: Floats = light[pad:-pad, pad:-pad]
        return inner

    # ---- paint ----------------------------------------------------------------------------

    def paint(
        self,
        mask: Mask,
        colour: Colour | Floats,
        *,
        light: float | Floats = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Cover `mask` with a colour, or with an (h, w, 3) array of colours, under some light."""
        flat = np.asarray(colour, np.float32)
        glow = np.asarray(light, np.float32)
        if glow.any():
            glow = glow[..., None] if glow.ndim else glow
            # Shadow multiplies, light screens: both keep the hue, and black cloth still shows folds
            flat = flat * (1 + np.minimum(glow, 0)) + (1 - flat) * np.maximum(glow, 0) * np.float32(
                0.6
            )
        cover = mask.alpha * np.float32(opacity)
        page = self.rgb[mask.window]
        below = self.alpha[mask.window]
        total = cover + below * (1 - cover)
        share = (cover / np.maximum(total, 1e-4))[..., None]
        page += (flat - page) * share
        self.alpha[mask.window] = total

    def shadow(
        self, mask: Mask, *, dx: float = 1.0, dy: float = 3.0, soft: float = 3.0, depth: float = 0.3
    ) -> None:
        """The shadow that a part, still to be painted, throws on what lies below it."""
        page = np.zeros((self.height, self.width), np.float32)
        page[mask.window] = mask.alpha
        fallen = np.roll(page, (round(dy * self.zoom), round(dx * self.zoom)), axis=(0, 1))
        dark = blur(fallen, soft * self.zoom) * np.float32(depth)
        self.rgb *= (1 - dark)[..., None]

    def erase(self, mask: Mask) -> None:
        """Cut a hole."""
        self.alpha[mask.window] *= 1 - mask.alpha

    # ---- results --------------------------------------------------------------------------

    def cutout(self) -> Image.Image:
        """The product alone: RGBA."""
        layers = np.dstack([self.rgb, self.alpha])
        return Image.fromarray((layers.clip(0, 1) * 255 + 0.5).astype(np.uint8), "RGBA")

    def on_white(self) -> Image.Image:
        """The catalogue picture: RGB, white ground, a faint contact shadow under the product."""
        fallen = np.roll(self.alpha, (3 * self.zoom, self.zoom), axis=(0, 1))
        near = blur(fallen, 3.0 * self.zoom) * np.float32(0.2)
        ground = (1 - near)[..., None]
        cover = self.alpha[..., None]
        page = self.rgb * cover + ground * (1 - cover)
        return Image.fromarray((page.clip(0, 1) * 255 + 0.5).astype(np.uint8), "RGB")
