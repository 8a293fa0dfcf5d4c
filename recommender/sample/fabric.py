"""Cloth before it is cut: plain, striped, checked, dotted and printed, as functions of (u, v).

`u` runs across the cloth and `v` down its length, in page units, so that the same bolt can be laid
straight on the body and at an angle on the sleeves.
"""

import math
import random
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from recommender.sample.canvas import Canvas, Colour, Floats, Mask
from recommender.sample.curves import Points, ellipse, rotate, shift, trace

PATTERNS = ("plain", "striped", "checked", "dotted", "printed")

_TILE = 96
_OVER = 4


@dataclass(frozen=True)
class Fabric:
    """One bolt of cloth: its ground colour covers most of it, `inks` make the pattern.

    `pitch` is the pattern's repeat in page units, `upright` turns stripes from hoops into
    pinstripes, `tile` (96, 96, 4) holds a print.
    """

    ground: Colour
    inks: tuple[Colour, ...]
    pattern: str = "plain"
    pitch: float = 16.0
    share: float = 0.36
    upright: bool = False
    tile: Floats | None = field(default=None, compare=False)

    def sample(self, u: Floats, v: Floats) -> Floats:
        """Colours (h, w, 3) at the cloth coordinates `u` and `v`, both (h, w)."""
        cloth = np.broadcast_to(np.asarray(self.ground, np.float32), (*u.shape, 3))
        if self.pattern == "striped":
            band = _bands(u if self.upright else v, self.pitch, self.share)
            return _mix(cloth, self.inks[0], band)
        if self.pattern == "checked":
            return self._checks(cloth, u, v)
        if self.pattern == "dotted":
            return _mix(cloth, self.inks[0], _dots(u, v, self.pitch, self.share))
        if self.pattern == "printed" and self.tile is not None:
            return _print(cloth, self.tile, u, v)
        return cloth

    def _checks(self, cloth: Floats, u: Floats, v: Floats) -> Floats:
        warp, weft = _bands(u, self.pitch, self.share), _bands(v, self.pitch, self.share)
        woven = _mix(cloth, self.inks[0], (warp + weft) * np.float32(0.5))
        if len(self.inks) > 1:  # a thin overcheck between the broad bands: tartan
            half = self.pitch / 2
            thin = np.maximum(
                _bands(u + half, self.pitch, 0.05), _bands(v + half, self.pitch, 0.05)
            )
            woven = _mix(woven, self.inks[1], thin * np.float32(0.8))
        return woven


def _mix(below: Floats, ink: Colour, cover: Floats) -> Floats:
    mixed: Floats = below + (np.asarray(ink, np.float32) - below) * cover[..., None]
    return mixed


def _bands(t: Floats, pitch: float, share: float) -> Floats:
    """1 on bands that take `share` of every `pitch`, with an edge one unit soft."""
    phase = np.abs((t / np.float32(pitch)) % 1 - np.float32(0.5)) * np.float32(pitch)
    band: Floats = np.clip(np.float32(share * pitch / 2 + 0.5) - phase, 0, 1)
    return band


def _dots(u: Floats, v: Floats, pitch: float, share: float) -> Floats:
    row = np.floor(v / np.float32(pitch))
    du = ((u / np.float32(pitch) + 0.5 * (row % 2)) % 1 - 0.5) * np.float32(pitch)
    dv = ((v / np.float32(pitch)) % 1 - 0.5) * np.float32(pitch)
    spots: Floats = np.clip(np.float32(share * pitch / 2 + 0.5) - np.hypot(du, dv), 0, 1)
    return spots


def _print(cloth: Floats, tile: Floats, u: Floats, v: Floats) -> Floats:
    """The tile, repeated and interpolated."""
    x0, y0 = np.floor(u).astype(int), np.floor(v).astype(int)
    fx, fy = (u - x0)[..., None], (v - y0)[..., None]
    a, b = x0 % _TILE, (x0 + 1) % _TILE
    c, d = y0 % _TILE, (y0 + 1) % _TILE
    ink = (tile[c, a] * (1 - fx) + tile[c, b] * fx) * (1 - fy) + (
        tile[d, a] * (1 - fx) + tile[d, b] * fx
    ) * fy
    cover = ink[..., 3:]
    printed: Floats = cloth * (1 - cover) + ink[..., :3]
    return printed.astype(np.float32)


def weave(
    pattern: str,
    ground: Colour,
    inks: tuple[Colour, ...],
    rng: random.Random,
    *,
    scale: float = 1.0,
) -> Fabric:
    """A bolt of the named pattern; `scale` below 1 for small things such as ties and shoes.

    Raises:
        ValueError: `pattern` is not one of `PATTERNS`.
    """
    if pattern not in PATTERNS:
        raise ValueError(f"unknown pattern {pattern!r}; use one of {', '.join(PATTERNS)}")
    if pattern == "striped":
        pitch, share = rng.choice([(9, 0.3), (14, 0.36), (22, 0.36), (30, 0.3), (18, 0.22)])
        return Fabric(ground, inks, pattern, pitch * scale, share)
    if pattern == "checked":
        pitch, share = rng.choice([(14, 0.22), (18, 0.24), (26, 0.23), (34, 0.22)])
        if (
            scale < 0.8 or min(ground) > 0.9
        ):  # narrow bands are soft all through, and half-tones on white are another colour:
            # either would drown the ground
            share *= 0.7
        two = inks if pitch * scale > 16 else inks[:1]
        return Fabric(ground, two, pattern, max(pitch * scale, 11), share)
    if pattern == "dotted":
        pitch, share = rng.choice([(10, 0.34), (14, 0.4), (20, 0.46)])
        return Fabric(ground, inks, pattern, pitch * scale, share)
    if pattern == "printed":
        return Fabric(ground, inks, pattern, tile=_motifs(ground, inks, rng, scale))
    return Fabric(ground, inks)


def _motifs(ground: Colour, inks: tuple[Colour, ...], rng: random.Random, scale: float) -> Floats:
    """A repeating tile (96, 96, 4) of one motif, its alpha premultiplied."""
    draw_one = rng.choice([_flower, _flower, _leaf, _stroke, _triangle])
    side = _TILE * _OVER
    sheet = Image.new("RGBA", (side, side), (*(round(c * 255) for c in ground), 0))
    pencil = ImageDraw.Draw(sheet)
    size = rng.uniform(6.5, 10.0) * max(scale, 0.55)
    columns = max(3, round(_TILE / (size * 2.75)))
    step = _TILE / columns
    for row in range(columns):
        for column in range(columns):
            x = (column + 0.5 * (row % 2) + rng.uniform(-0.14, 0.14)) * step
            y = (row + 0.25 + rng.uniform(-0.14, 0.14)) * step
            shapes = draw_one(size * rng.uniform(0.8, 1.1), inks, rng)
            for points, ink in shapes:
                for dx in (-_TILE, 0, _TILE):  # what leaves at one side comes in at the other
                    for dy in (-_TILE, 0, _TILE):
                        spot = (shift(points, x + dx, y + dy)) * _OVER
                        if spot.max() > 0 and spot.min() < side:
                            pencil.polygon(
                                spot.ravel().tolist(), fill=(*(round(c * 255) for c in ink), 255)
                            )
    small = sheet.resize((_TILE, _TILE), Image.Resampling.LANCZOS)
    tile = np.asarray(small, np.float32) / np.float32(255)
    tile[..., :3] *= tile[..., 3:]
    return tile


Motif = list[tuple[Points, Colour]]


def _flower(size: float, inks: tuple[Colour, ...], rng: random.Random) -> Motif:
    petals = rng.choice([5, 5, 6])
    turn = rng.uniform(0, 90)
    ink, heart = inks[0], inks[-1]
    reach = size * 0.52
    shapes: Motif = []
    for i in range(petals):
        angle = turn + 360 * i / petals
        a = math.radians(angle)
        shapes.append(
            (
                ellipse(reach * math.cos(a), reach * math.sin(a), size * 0.46, size * 0.3, -angle),
                ink,
            )
        )
    shapes.append((ellipse(0, 0, size * 0.26), heart))
    return shapes


def _leaf(size: float, inks: tuple[Colour, ...], rng: random.Random) -> Motif:
    turn = rng.choice([-50, -35, 35, 50]) + rng.uniform(-12, 12)
    blade = trace(
        (0, -size), (size * 0.75, -size * 0.2, 0, size), (-size * 0.75, -size * 0.2, 0, -size)
    )
    vein = trace((-0.35, -size * 0.7), (0.35, -size * 0.7), (0.3, size * 1.2), (-0.3, size * 1.2))
    return [(rotate(blade, turn), rng.choice(inks)), (rotate(vein, turn), inks[-1])]


def _stroke(size: float, inks: tuple[Colour, ...], rng: random.Random) -> Motif:
    turn = rng.uniform(-30, 30)
    dab = trace(
        (-size * 0.7, 0),
        (0, -size * 0.55, size * 0.7, -0.1 * size),
        (0, size * 0.3, -size * 0.7, 0),
    )
    return [(rotate(dab, turn), rng.choice(inks))]


def _triangle(size: float, inks: tuple[Colour, ...], rng: random.Random) -> Motif:
    turn = rng.choice([0, 180])
    sides = trace((0, -size * 0.7), (size * 0.62, size * 0.4), (-size * 0.62, size * 0.4))
    return [(rotate(sides, turn), rng.choice(inks))]


def coordinates(
    canvas: Canvas,
    mask: Mask,
    *,
    angle: float = 0.0,
    origin: tuple[float, float] = (120.0, 160.0),
    sag: float = 0.0,
) -> tuple[Floats, Floats]:
    """Cloth coordinates (u, v) of every pixel of `mask`, the cloth being turned by `angle` degrees.

    Folds shift the pattern a little, and `sag` lets hoops hang lower in the middle, as they do
    round a body.
    """
    rows, columns = mask.alpha.shape
    x = ((mask.x + np.arange(columns, dtype=np.float32)) / canvas.zoom - np.float32(origin[0]))[
        None, :
    ]
    y = ((mask.y + np.arange(rows, dtype=np.float32)) / canvas.zoom - np.float32(origin[1]))[
        :, None
    ]
    a = math.radians(angle)
    warp = canvas.creases[mask.window] * np.float32(9)
    u = x * np.float32(math.cos(a)) + y * np.float32(math.sin(a)) + warp
    v = y * np.float32(math.cos(a)) - x * np.float32(math.sin(a)) + warp
    if sag:
        v = v + np.float32(sag) * (x / 60) ** 2
    return u.astype(np.float32), v.astype(np.float32)
