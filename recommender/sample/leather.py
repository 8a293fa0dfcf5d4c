"""What all shoes share: their shades, seams and laces."""

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, seam, stitches
from recommender.sample.curves import Points, ellipse, shift, trace
from recommender.sample.palette import SILVER, lightness

GUM: Colour = (0.73, 0.56, 0.38)


LINING: Colour = (0.80, 0.70, 0.58)


def shade(bench: Bench, amount: float) -> Colour:
    """The main colour darker, or lighter where darker would not show."""
    light = lightness(bench.ground)
    if light > 0.6:  # pale colours turn into other colours when they darken much
        amount *= 0.55 if light < 0.85 else 0.3
    return tint(bench.ground, -amount if light > 0.2 else amount * 0.5)


def uneven(bench: Bench, strength: float = 0.04) -> None:
    bench.canvas.mottle(np.random.default_rng(bench.rng.randrange(2**32)), strength=strength)


def stitch_twice(bench: Bench, line: Points, on: Mask, colour: Colour | None = None) -> None:
    seam(bench, line, on=on, width=1.2)
    stitches(bench, shift(line, 1.6, 1.8), on=on, colour=colour, opacity=0.6)


def laces(
    bench: Bench, start: tuple[float, float], end: tuple[float, float], count: int, colour: Colour
) -> None:
    """Rungs along the throat, eyelets beside them and a small bow at the top."""
    canvas = bench.canvas
    spots = np.linspace(start, end, count)
    for x, y in spots:
        canvas.paint(canvas.fill(ellipse(x - 11, y + 11, 1.9)), SILVER, light=-0.3)
    for i, (x, y) in enumerate(spots):
        rung = trace((x - 11, y + 11), (x - 2, y + 1, x + 4, y + 3 - i * 0.2))
        lace = canvas.line(rung, width=3.6)
        canvas.shadow(lace, dy=1.2, soft=1, depth=0.25)
        canvas.paint(lace, colour, light=canvas.relief(lace, round_=1.5, depth=0.35))
