"""Sandals from the side, and flip flops from above."""

import numpy as np

from recommender.sample.canvas import Colour
from recommender.sample.cloth import Bench, metal, piece, seam, stitches
from recommender.sample.curves import ellipse, rotate, rounded, shift, trace
from recommender.sample.leather import shade, uneven
from recommender.sample.palette import GOLD, SILVER


def sandals(bench: Bench) -> None:
    """Straps over a footbed: sporty, strappy or on a wedge."""
    uneven(bench, 0.05)
    style = bench.style
    y = 204.0
    lift = bench.vary(46, 8) if style == "wedge" else 0.0
    deck = trace(
        (30, y - lift - 4), (70, y - lift + 6, 120, y - lift * 0.42 + 4), (160, y + 4, 222, y - 2)
    )
    soles: Colour = shade(bench, 0.14 if style == "sport" else 0.05)
    thick = 22.0 if style == "sport" else 13.0
    widths = {"sport": 17.0, "strappy": 8.5, "wedge": 14.0}[style]

    def foot(x: float) -> float:
        return float(np.interp(x, deck[:, 0], deck[:, 1]))

    bands = (
        [(184.0, 30.0), (152.0, 44.0)]
        if style != "strappy"
        else [(190.0, 26.0), (170.0, 36.0), (148.0, 46.0)]
    )
    ankle = foot(60) - 62
    back = trace(
        (36, foot(36)),
        (26, foot(36) - 34, 38, ankle + 6),
        (48, ankle + 8),
        (40, foot(36) - 30, 54, foot(54)),
    )
    tops = [(x, foot(x) - h, h) for x, h in bands]
    for x, t, _ in tops:  # the far ends of the straps
        rear = trace(
            (x - widths * 0.2, t),
            (x + widths + 4, t - 3, x + widths + 10, foot(x) - 1),
            (x + 4, foot(x) - 1),
            (x + 2, t + 8, x - widths, t + 4),
        )
        piece(bench, rear, fabric=shade(bench, 0.35), round_=2)
    piece(
        bench,
        trace(
            (38, ankle + 6),
            (66, ankle - 10, 92, ankle + 2),
            (96, ankle + 9),
            (66, ankle, 38, ankle + 14),
        ),
        fabric=shade(bench, 0.35),
        round_=2,
    )
    bed = np.concatenate([deck - (0, 5), shift(deck[::-1], 0, 6)])
    piece(bench, bed, fabric=shade(bench, 0.16), round_=3)
    bottom = (
        trace(
            (224, y + 4),
            (226, y + thick * 0.7, 206, y + thick),
            (150 if lift else 60, y + thick),
            (34, y + thick),
        )
        if lift
        else trace(
            (224, y + 4),
            (228, y + thick * 0.7, 208, y + thick),
            (36, y + thick),
            (26, y + thick, 25, y + 2),
        )
    )
    sole = np.concatenate([deck, bottom])
    mask = piece(
        bench,
        sole,
        fabric=soles,
        round_=5,
        depth=0.26,
        ribs=3.4 if style == "wedge" else 0,
        rib_angle=90,
    )
    if style == "sport":
        line = shift(deck, 0, 11)
        bench.canvas.paint(bench.canvas.inside(bench.canvas.line(line, width=2.4), mask), bench.ink)
    spine = trace((36, foot(36) - 4), (92, ankle + 4)) if style == "sport" else None
    piece(bench, back, round_=4, depth=0.3, shadow=0.15)
    if spine is not None:
        side = trace(
            (92, ankle - 2),
            (104, ankle + 6),
            (122, foot(114) - 2),
            (100, foot(100) - 2),
            (84, ankle + 14),
        )
        piece(bench, side, round_=4, depth=0.3, shadow=0.15)
    for x, t, h in tops:
        lean = h * 0.5
        near = trace(
            (x - lean - widths * 0.2, foot(x - lean) + 3),
            (x - lean * 0.7, t + 14, x - widths * 0.5, t),
            (x + widths * 0.7, t - 4, x + widths, t + 2),
            (x + widths * 0.5 - lean * 0.4, t + 16, x - lean + widths * 1.5, foot(x - lean) + 4),
        )
        shape = piece(bench, near, round_=4, depth=0.34, shadow=0.2)
        stitches(bench, shift(near[2:16], 2.4, 0), on=shape, opacity=0.5)
    band = trace(
        (36, ankle + 4),
        (66, ankle + 15, 96, ankle + 2),
        (99, ankle + 2 + widths * 0.7),
        (66, ankle + 15 + widths, 38, ankle + 5 + widths * 0.8),
    )
    shape = piece(bench, band, round_=3, depth=0.34, shadow=0.2)
    stitches(bench, trace((38, ankle + 7), (66, ankle + 18, 96, ankle + 5)), on=shape, opacity=0.5)
    metal(
        bench,
        rounded(76, ankle + 4, 86, ankle + 9 + widths * 0.6, 2),
        SILVER if style == "sport" else GOLD,
    )


def flip_flops(bench: Bench) -> None:
    """A pair from above."""
    uneven(bench, 0.04)
    strap = bench.ink
    wide = bench.vary(1.0, 0.05)
    for side in (-1, 1):
        centre = (120 + side * 49, 160)
        half = trace(
            (side * -2, -112),
            (side * -34, -110, side * -37, -62),
            (side * -36, -20, side * -27, 20),
            (side * -24, 60, side * -27, 88),
            (side * -22, 118, side * 2, 116),
            (side * 28, 116, side * 28, 84),
            (side * 27, 40, side * 36, -20),
            (side * 42, -70, side * 26, -100),
            (side * 16, -114, side * -2, -112),
        )
        outline = rotate(half * (wide, 1.0), side * 3) + centre
        piece(bench, shift(outline, 0, 4), fabric=shade(bench, 0.4), round_=4)
        mask = piece(
            bench, outline, round_=9, depth=0.2, origin=(centre[0], 160), angle=-side * 3.0
        )
        rim = rotate(half * (wide * 0.9, 0.95), side * 3) + centre
        seam(bench, rim, on=mask, opacity=0.3)
        toe = (centre[0] - side * 6, 160 - 66)
        for away in (-1, 1):
            end = (centre[0] + away * 33 * wide, 160 + (8 if away == -side else 14))
            bow = (centre[0] + away * 30, 160 - 50)
            arm = np.concatenate(
                [
                    trace(toe, (bow[0], bow[1] - 4, *end)),
                    trace(
                        (end[0] - away * 9, end[1] + 3),
                        (bow[0] - away * 9, bow[1] + 9, toe[0], toe[1] + 9),
                    ),
                ]
            )
            piece(bench, arm, fabric=strap, round_=3, depth=0.35, shadow=0.35)
        piece(
            bench,
            ellipse(toe[0], toe[1] + 1, 5.5, 7),
            fabric=strap,
            round_=3,
            depth=0.4,
            shadow=0.3,
        )
        if bench.style == "charm":
            metal(bench, ellipse(toe[0], toe[1] + 2, 3.4), GOLD)
