"""Backpacks and clutches, and what all bags share."""

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, metal, piece, seam, stitches, zipper
from recommender.sample.curves import AXIS, Points, closed, ellipse, rounded, trace
from recommender.sample.palette import GOLD, SILVER, lightness


def shade(bench: Bench, amount: float) -> Colour:
    light = lightness(bench.ground)
    return tint(
        bench.ground, -amount * (0.75 if light > 0.6 else 1) if light > 0.2 else amount * 0.5
    )


def uneven(bench: Bench) -> None:
    bench.canvas.mottle(np.random.default_rng(bench.rng.randrange(2**32)), strength=0.045)


def handle(bench: Bench, line: Points, width: float, tone: Colour, *, shadow: float = 0.2) -> None:
    canvas = bench.canvas
    mask = canvas.line(line, width=width)
    if shadow:
        canvas.shadow(mask, depth=shadow)
    canvas.paint(mask, tone, light=canvas.relief(mask, round_=width * 0.35, depth=0.5, edge=0.12))
    stitches(bench, line, opacity=0.25, width=0.7)


def panel(bench: Bench, outline: Points, *, round_: float = 11.0, shadow: float = 0.0) -> Mask:
    """A body panel with a line of stitching a little inside its edge."""
    mask = piece(bench, outline, round_=round_, depth=0.32, edge=0.16, shadow=shadow)
    middle = (outline.min(axis=0) + outline.max(axis=0)) / 2
    stitches(bench, (outline - middle) * 0.955 + middle, on=mask, opacity=0.45)
    return mask


def clutch(bench: Bench) -> None:
    """Envelope, box or frame clutch."""
    uneven(bench)
    style = bench.style
    wide, top, low = bench.vary(98, 4), bench.vary(108, 6), bench.vary(222, 6)
    if style == "frame":
        outline = closed(
            trace(
                (AXIS, top + 4),
                (AXIS + 78, top + 4),
                (AXIS + wide + 6, top + 40, AXIS + wide, low - 20),
                (AXIS + wide - 6, low, AXIS + 60, low),
                (AXIS, low + 2),
            )
        )
        folds = [
            trace(
                (AXIS + x, top + 8),
                (AXIS + x * 1.1 + 2, top + 40, AXIS + x * 1.2, low - 14),
                (AXIS + x * 1.1 + 7, top + 40, AXIS + x, top + 8),
            )
            for x in (-66, -48, -28, -8, 12, 32, 54)
        ]
        bench.canvas.crease(folds, depth=0.2)
        panel(bench, outline, round_=14)
        metal(bench, rounded(AXIS - 82, top - 6, AXIS + 82, top + 8, 6), GOLD)
        for side in (-1, 1):
            metal(bench, ellipse(AXIS + side * 6, top - 9, 6), GOLD)
        return
    panel(bench, rounded(AXIS - wide, top, AXIS + wide, low, 9 if style == "envelope" else 18))
    if style == "envelope":
        deep = bench.vary(top + 72, 8)
        flap = trace(
            (AXIS - wide - 1, top + 3),
            (AXIS + wide + 1, top + 3),
            (AXIS + wide, top + 10),
            (AXIS + 14, deep - 4),
            (AXIS, deep + 4, AXIS - 14, deep - 4),
            (AXIS - wide, top + 10),
        )
        panel(bench, flap, round_=8, shadow=0.32)
        metal(bench, ellipse(AXIS, deep - 10, 6), GOLD)
        return
    seam(bench, trace((AXIS - wide, top + 34), (AXIS + wide, top + 34)), width=1.6)
    for i in range(1, 8):
        for slope in (-1, 1):
            x = AXIS - wide + i * wide / 4
            quilt = np.array([[x - slope * 40, top + 36.0], [x + slope * 40, low - 2.0]])
            seam(bench, quilt.clip((AXIS - wide + 2, 0), (AXIS + wide - 2, 320)), opacity=0.28)
    metal(bench, rounded(AXIS - 14, top + 26, AXIS + 14, top + 44, 4), GOLD)
    chain = trace(
        (AXIS - wide + 4, top + 6),
        (AXIS - 60, 34, AXIS, 32),
        (AXIS + 60, 34, AXIS + wide - 4, top + 6),
    )
    bench.canvas.paint(bench.canvas.dashes(chain, width=3.4, dash=5), GOLD)
    bench.canvas.paint(bench.canvas.line(chain, width=1.2), tint(GOLD, -0.25))


def backpack(bench: Bench) -> None:
    """School, hiking or roll-top."""
    uneven(bench)
    style = bench.style
    wide, top, low = bench.vary(76, 4), 52.0, bench.vary(284, 5)
    trim = (
        bench.ink
        if bench.rng.random() < 0.4 and bench.fabric.pattern == "plain"
        else shade(bench, 0.25)
    )
    loop = trace(
        (AXIS - 20, top + 8), (AXIS - 20, top - 26, AXIS + 20, top - 26, AXIS + 20, top + 8)
    )
    handle(bench, loop, 6.5, trim, shadow=0)
    for side in (-1, 1):
        strap = trace(
            (AXIS + side * 42, top + 10),
            (AXIS + side * (wide + 24), top + 50, AXIS + side * (wide + 10), low - 84),
            (AXIS + side * (wide + 4), low - 34),
        )
        handle(bench, strap, 10, shade(bench, 0.3), shadow=0)
    shoulder = 26 if style == "hiking" else 46
    outline = closed(
        trace(
            (AXIS, top),
            (AXIS + wide * 0.8, top, AXIS + wide * 0.96, top + shoulder),
            (AXIS + wide + 4, top + 120, AXIS + wide + 2, low - 20),
            (AXIS + wide, low, AXIS + wide - 24, low),
            (AXIS, low + 2),
        )
    )
    mask = panel(bench, outline, round_=15)
    if style == "rolltop":
        roll = rounded(AXIS - wide + 2, top - 4, AXIS + wide - 2, top + 26, 10)
        piece(bench, roll, fabric=shade(bench, 0.12), round_=6, depth=0.4, shadow=0.3)
        for side in (-1, 1):
            band = rounded(AXIS + side * 34 - 5, top - 4, AXIS + side * 34 + 5, top + 92, 2)
            piece(bench, band, fabric=trim, round_=2, shadow=0.25)
            metal(
                bench,
                rounded(AXIS + side * 34 - 8, top + 54, AXIS + side * 34 + 8, top + 68, 3),
                SILVER,
            )
    else:
        zipper(
            bench,
            trace(
                (AXIS - wide + 8, top + 92),
                (AXIS - wide + 8, top + 22, AXIS - 30, top + 20),
                (AXIS + 30, top + 20),
                (AXIS + wide - 8, top + 22, AXIS + wide - 8, top + 92),
            ),
            colour=SILVER,
        )
    y = low - 112
    if style == "hiking":
        upper = rounded(AXIS - 50, top + 44, AXIS + 50, y - 10, 14)
        piece(bench, upper, fabric=trim, round_=7, shadow=0.22)
        zipper(bench, np.array([[AXIS - 38, top + 56.0], [AXIS + 38, top + 56.0]]), colour=SILVER)
    pouch = rounded(AXIS - 60, y, AXIS + 60, low - 10, 20)
    piece(bench, pouch, round_=10, depth=0.3, shadow=0.3)
    zipper(
        bench,
        trace(
            (AXIS - 54, y + 30),
            (AXIS - 50, y + 16, AXIS - 30, y + 16),
            (AXIS + 30, y + 16),
            (AXIS + 50, y + 16, AXIS + 54, y + 30),
        ),
        colour=SILVER,
    )
    patch = rounded(AXIS - 15, y + 40, AXIS + 15, y + 60, 4)
    piece(bench, patch, fabric=bench.ink, round_=2, depth=0.1)
    stitches(bench, patch, opacity=0.4)
    for side in (-1, 1):
        net = trace(
            (AXIS + side * (wide + 4), low - 82),
            (AXIS + side * 64, low - 76),
            (AXIS + side * 64, low - 8),
            (AXIS + side * (wide + 4), low - 8),
        )
        piece(bench, net, fabric=shade(bench, 0.3), within=mask, round_=3)
