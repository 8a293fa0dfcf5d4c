"""Sewing: pieces of cloth with their light, and the small things that make them believable."""

import random
from dataclasses import dataclass

import numpy as np

from recommender.sample.canvas import Canvas, Colour, Floats, Mask, tint
from recommender.sample.curves import Points, ellipse, shift
from recommender.sample.fabric import Fabric, coordinates
from recommender.sample.palette import lightness


@dataclass
class Bench:
    """What a drawing function works with: the page, the cloth, and the product's own luck."""

    canvas: Canvas
    fabric: Fabric
    rng: random.Random
    style: str = ""
    gender: str = "Women"

    @property
    def ground(self) -> Colour:
        """The product's main colour."""
        return self.fabric.ground

    @property
    def ink(self) -> Colour:
        """The product's second colour."""
        return self.fabric.inks[0]

    @property
    def thread(self) -> Colour:
        """Seams: darker than the cloth, but on black lighter, or they would vanish."""
        return tint(self.ground, 0.2 if lightness(self.ground) < 0.2 else -0.42)

    def vary(self, middle: float, spread: float) -> float:
        """`middle`, give or take `spread`."""
        return middle + self.rng.uniform(-spread, spread)


def piece(
    bench: Bench,
    outline: Points,
    *,
    fabric: Fabric | Colour | None = None,
    angle: float = 0.0,
    origin: tuple[float, float] = (120.0, 160.0),
    sag: float = 0.0,
    round_: float = 9.0,
    depth: float = 0.22,
    edge: float = 0.14,
    dim: float = 0.0,
    shadow: float = 0.0,
    within: Mask | None = None,
    ribs: float = 0.0,
    rib_angle: float = 0.0,
) -> Mask:
    """Cut one piece of cloth and lay it on the page; returns its mask.

    `fabric` may be a plain colour (by default the bench's cloth), `angle` and `origin` place the
    pattern, `round_` and `depth` say how plump it looks, `dim` darkens it as a whole, `shadow` is
    what it throws on the pieces below, and `ribs` the spacing of knitted ribs (0 for none).
    """
    canvas = bench.canvas
    if lightness(bench.ground) > 0.7:  # white in deep shade would be grey
        depth, edge = depth * 0.55, edge * 0.8
    mask = canvas.fill(outline)
    if within is not None:
        mask = canvas.inside(mask, within)
    if shadow:
        canvas.shadow(mask, depth=shadow)
    light = (
        canvas.relief(mask, round_=round_, depth=depth, edge=edge)
        + canvas.creases[mask.window]
        - dim
    )
    cloth = bench.fabric if fabric is None else fabric
    colours: Colour | Floats
    if isinstance(cloth, Fabric):
        u, v = coordinates(canvas, mask, angle=angle, origin=origin, sag=sag)
        colours = cloth.sample(u, v)
    else:
        colours = cloth
    if ribs:
        u, _ = coordinates(canvas, mask, angle=rib_angle, origin=origin)
        light = light + np.sin(u * np.float32(2 * np.pi / ribs)) * np.float32(0.1)
    canvas.paint(mask, colours, light=light)
    return mask


def seam(
    bench: Bench,
    points: Points,
    *,
    on: Mask | None = None,
    colour: Colour | None = None,
    width: float = 1.0,
    opacity: float = 0.55,
) -> None:
    """A sewn line, with a thread of light along its lower edge."""
    canvas = bench.canvas
    mask, glint = (
        canvas.line(points, width=width),
        canvas.line(shift(points, 0.6, 0.9), width=width * 0.8),
    )
    if on is not None:
        mask, glint = canvas.inside(mask, on), canvas.inside(glint, on)
    canvas.paint(glint, tint(bench.ground, 0.5), opacity=0.22)
    canvas.paint(mask, bench.thread if colour is None else colour, opacity=opacity)


def stitches(
    bench: Bench,
    points: Points,
    *,
    on: Mask | None = None,
    colour: Colour | None = None,
    opacity: float = 0.7,
    width: float = 0.9,
) -> None:
    """A dashed top-stitch."""
    mask = bench.canvas.dashes(points, width=width)
    if on is not None:
        mask = bench.canvas.inside(mask, on)
    bench.canvas.paint(mask, bench.thread if colour is None else colour, opacity=opacity)


def button(
    bench: Bench, x: float, y: float, *, r: float = 2.2, colour: Colour | None = None
) -> None:
    """A small disc with a rim, a glint and two holes."""
    canvas = bench.canvas
    tone = colour or (
        tint(bench.ground, 0.55) if lightness(bench.ground) < 0.6 else tint(bench.ground, -0.3)
    )
    canvas.paint(canvas.fill(ellipse(x + 0.5, y + 0.9, r)), (0.0, 0.0, 0.0), opacity=0.3)
    disc = canvas.fill(ellipse(x, y, r))
    canvas.paint(disc, tone, light=canvas.relief(disc, round_=r * 0.5, depth=0.5, edge=0.15))
    if r > 1.6:
        holes = canvas.fill(ellipse(x - 0.6, y, 0.4), ellipse(x + 0.6, y, 0.4))
        canvas.paint(holes, tint(tone, -0.6), opacity=0.8)


def metal(
    bench: Bench, outline: Points, colour: Colour, *, shadow: float = 0.25, round_: float = 2.0
) -> Mask:
    """A buckle, zip pull or ring: hard light, hard edge."""
    canvas = bench.canvas
    mask = canvas.fill(outline)
    canvas.shadow(mask, dy=1.2, soft=1.2, depth=shadow)
    light = canvas.relief(mask, round_=round_, depth=0.9, edge=0.2)
    rows = np.linspace(0, 7, mask.alpha.shape[0], dtype=np.float32)[:, None]
    canvas.paint(mask, colour, light=(light + np.sin(rows) * np.float32(0.12)).astype(np.float32))
    return mask


def zipper(bench: Bench, points: Points, *, colour: Colour, pull: bool = True) -> None:
    """A closed zip along a line, its pull at the first point."""
    canvas = bench.canvas
    canvas.paint(canvas.line(points, width=4.0), bench.thread, opacity=0.55)
    canvas.paint(canvas.line(points, width=1.8), tint(colour, -0.25))
    canvas.paint(canvas.dashes(points, width=1.6, dash=1.6), tint(colour, 0.35))
    if pull:
        x, y = points[0]
        metal(bench, ellipse(x, y + 4.5, 1.7, 4.2), colour)
