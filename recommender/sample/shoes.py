"""Formal shoes, heels and flats, seen from the side, toe to the right."""

import numpy as np

from recommender.sample.cloth import Bench, button, metal, piece, seam, stitches
from recommender.sample.curves import ellipse, rounded, shift, trace
from recommender.sample.leather import GUM, LINING, laces, shade, stitch_twice, uneven
from recommender.sample.palette import GOLD, WHITE, lightness


def formal(bench: Bench) -> None:
    """Oxford, loafer, monk strap or ankle boot."""
    uneven(bench, 0.06)
    style = bench.style
    boot = style == "boot"
    y = 184.0 + (26 if boot else 0)
    top = y - 60 - (62 if boot else 0)
    front = (96.0, top + 2) if not boot else (92.0, top)
    inside = trace(
        (34, top + 10),
        (60, top, front[0] - 2, front[1]),
        (front[0], front[1] + 18),
        (60, y - 28),
        (36, top + 16),
    )
    piece(bench, inside, fabric=LINING, round_=5, dim=0.25)
    upper = trace(
        (28, y + 16),
        (20, y - 20, 30, top + 8),
        (50, top + 20 - (14 if boot else 0), front[0], front[1]),
        (110, y - 44 if not boot else y - 62, 146, y - 31),
        (188, y - 24, 212, y - 8),
        (228, y + 4, 224, y + 18),
    )
    mask = piece(bench, upper, round_=12, depth=0.42, edge=0.16)
    gloss = bench.canvas.line(trace((172, y - 16), (192, y - 13, 207, y - 2)), width=5)
    bench.canvas.paint(bench.canvas.inside(gloss, mask), WHITE, opacity=0.16)
    toe = trace((176, y - 32), (164, y - 8, 174, y + 18))
    if style != "loafer":
        stitch_twice(bench, toe, mask)
        holes = bench.canvas.fill(*[ellipse(x, h, 0.9) for x, h in toe[1::2] - (4, 0)])
        bench.canvas.paint(bench.canvas.inside(holes, mask), shade(bench, 0.6), opacity=0.8)
    quarter = trace((112, y - 40), (100, y - 14, 130, y + 18))
    if style == "loafer":
        apron = trace(
            (112, y - 34), (150, y - 40, 196, y - 6), (200, y - 2), (150, y - 26, 112, y - 18)
        )
        seam(bench, apron, on=mask, width=1.4)
        saddle = trace((112, y - 48), (138, y - 38), (128, y + 4), (102, y + 4))
        piece(bench, saddle, fabric=shade(bench, 0.15), within=mask, round_=3, shadow=0.2)
        stitches(bench, np.array([[114, y - 40.0], [104, y + 2.0]]), on=mask)
        bench.canvas.paint(
            bench.canvas.inside(
                bench.canvas.fill(
                    trace((116, y - 26), (128, y - 22), (126, y - 17), (114, y - 21))
                ),
                mask,
            ),
            shade(bench, 0.7),
        )
    elif style == "monk":
        strap = trace((96, y - 42), (136, y - 35), (140, y - 26), (132, y - 20), (92, y - 26))
        piece(bench, strap, round_=3, depth=0.3, shadow=0.25)
        metal(bench, rounded(116, y - 39, 128, y - 20, 2), GOLD)
        bench.canvas.paint(bench.canvas.fill(rounded(119, y - 36, 125, y - 23, 1)), bench.ground)
        stitch_twice(bench, quarter, mask)
    else:
        stitch_twice(bench, quarter, mask)
        laces(
            bench,
            (front[0] + (2 if boot else 8), front[1] + 12),
            (138, y - 33),
            7 if boot else 4,
            shade(bench, 0.5),
        )
    back = trace((52, top + 10), (56, y - 14, 74, y + 18))
    stitch_twice(bench, back, mask)
    brown = (0.20, 0.14, 0.11) if lightness(bench.ground) < 0.45 else (0.36, 0.25, 0.17)
    sole = trace(
        (24, y + 13),
        (60, y + 17),
        (150, y + 19, 226, y + 13),
        (232, y + 18, 222, y + 22),
        (110, y + 25),
        (86, y + 24),
        (84, y + 36),
        (30, y + 36),
        (26, y + 24, 24, y + 13),
    )
    piece(bench, sole, fabric=brown, round_=3, depth=0.35, shadow=0.3)
    stitches(bench, trace((28, y + 16), (150, y + 21, 224, y + 15)), colour=GUM, opacity=0.7)


def heels(bench: Bench) -> None:
    """Pumps, peep toes, ankle straps and block heels."""
    uneven(bench, 0.05)
    style = bench.style
    high = bench.vary(78, 16) if style != "block" else bench.vary(56, 8)
    low = 226.0
    seat = low - high
    back = seat - bench.vary(40, 3)
    rim = trace((44, back), (62, seat - 6, 124, low - 34, 170, low - 29))
    far = np.concatenate(
        [rim, trace((171, low - 30), (132, low - 46, 76, seat - 20, 50, back - 3))]
    )
    piece(bench, far, fabric=shade(bench, 0.2), round_=4)
    if style == "strap":
        loop = trace(
            (42, back - 18),
            (64, back - 34, 92, back - 15),
            (95, back - 8),
            (64, back - 24, 42, back - 8),
        )
        piece(bench, loop, fabric=shade(bench, 0.3), round_=2)
        heel_strap = trace(
            (40, back + 4), (38, back - 14), (43, back - 20), (52, back - 12), (52, back + 10)
        )
        piece(bench, heel_strap, round_=3, depth=0.3)
    tip = bench.vary(4, 1.2) if style != "block" else bench.vary(13, 2)
    foot = 50.0
    spike = trace(
        (37, seat - 6),
        (80, seat + 8),
        (56 + tip, seat + 14, foot + tip, low),
        (foot - tip, low),
        (foot - tip + 1, seat + 30, 37, seat - 6),
    )
    piece(bench, spike, fabric=shade(bench, 0.08), round_=4, depth=0.3)
    cap = trace(
        (foot - tip - 0.5, low - 4),
        (foot + tip + 0.5, low - 4),
        (foot + tip, low + 1),
        (foot - tip, low + 1),
    )
    piece(bench, cap, fabric=(0.15, 0.14, 0.14), round_=1)
    lower = trace(
        (216, low - 3),
        (176, low + 2, 150, low - 5),
        (126, low - 16, 100, seat + 16, 80, seat + 9),
        (60, seat + 6, 40, seat + 2),
    )
    shell = np.concatenate(
        [
            trace((40, seat + 2), (34, seat - 18, 44, back)),
            rim,
            trace((166, low - 27), (198, low - 25, 216, low - 3)),
            lower,
        ]
    )
    mask = piece(bench, shell, round_=10, depth=0.3)
    if style == "peep":
        gap = ellipse(209, low - 9, 11, 6, 28)
        piece(bench, gap, fabric=LINING, within=mask, round_=3, dim=0.2)
        bench.canvas.paint(
            bench.canvas.inside(bench.canvas.line(gap, width=1.4), mask), shade(bench, 0.3)
        )
    gloss = bench.canvas.inside(
        bench.canvas.line(trace((172, low - 20), (190, low - 18, 202, low - 10)), width=3.5), mask
    )
    bench.canvas.paint(gloss, WHITE, opacity=0.22)
    seam(bench, shift(rim, 0, 2.4), on=mask, opacity=0.4)
    bed = np.concatenate([shift(lower, 0, 0.6), shift(lower[::-1], 0, 3.6)])
    piece(bench, bed, fabric=(0.24, 0.17, 0.14), round_=1)
    if style == "strap":
        band = trace(
            (40, back - 19),
            (70, back - 6, 95, back - 14),
            (96, back - 7),
            (70, back + 3, 40, back - 10),
        )
        piece(bench, band, round_=2.5, depth=0.35, shadow=0.2)
        metal(bench, ellipse(72, back - 6, 4.5, 4), GOLD)
    elif style == "pump" and bench.rng.random() < 0.35:
        _bow(bench, 166, low - 28, 0.75)


def _bow(bench: Bench, x: float, y: float, size: float) -> None:
    for side in (-1, 1):
        loop = shift(
            trace(
                (0, 0),
                (side * 11, -11, side * 17, -4),
                (side * 18, 7, side * 10, 7),
                (side * 4, 5, 0, 0),
            )
            * size,
            x,
            y,
        )
        piece(bench, loop, fabric=shade(bench, 0.08), round_=3, depth=0.4, shadow=0.25)
    piece(bench, ellipse(x, y, 3.4 * size), fabric=shade(bench, 0.2), round_=2, depth=0.4)


def flats(bench: Bench) -> None:
    """Ballerinas, pointed flats and Mary Janes."""
    uneven(bench, 0.05)
    y = 184.0
    pointed = bench.style == "pointed"
    nose = 226.0 if pointed else 218.0
    rim = trace((34, y - 40), (62, y - 14, 106, y - 9), (140, y - 8, 164, y - 24))
    far = np.concatenate(
        [rim, trace((170, y - 30), (140, y - 22, 106, y - 23), (64, y - 28, 40, y - 44))]
    )
    piece(bench, far, fabric=LINING, round_=4, dim=0.08)
    toe = trace(
        (164, y - 24),
        (196, y - 22, nose, y + (10 if pointed else 2)),
        (nose + 2, y + 16, nose - 10, y + 18),
    )
    shell = np.concatenate([trace((28, y + 18), (22, y - 14, 34, y - 40)), rim, toe])
    mask = piece(bench, shell, round_=10, depth=0.36)
    ring = bench.canvas.inside(bench.canvas.line(shift(rim, 0, 1.2), width=4), mask)
    bench.canvas.paint(ring, shade(bench, 0.25), light=bench.canvas.relief(ring, round_=1.5))
    if not pointed:
        seam(bench, trace((182, y - 24), (172, y - 6, 184, y + 18)), on=mask)
    if bench.style == "mary":
        band = trace(
            (110, y - 24),
            (112, y - 36, 120, y - 35),
            (129, y - 34, 128, y - 24),
            (124, y - 4),
            (118, y - 1, 112, y - 4),
            (110, y - 24),
        )
        piece(bench, band, round_=3, depth=0.3, shadow=0.2)
        button(bench, 118, y - 7, r=2.6, colour=GOLD)
    elif bench.style == "bow":
        _bow(bench, 166, y - 23, bench.vary(1, 0.12))
    else:
        metal(bench, rounded(160, y - 25, 176, y - 19, 2), GOLD)
    sole = trace(
        (26, y + 15),
        (120, y + 17, nose - 2, y + 14),
        (nose + 2, y + 18, nose - 8, y + 21),
        (70, y + 22),
        (68, y + 27),
        (30, y + 27),
        (26, y + 15),
    )
    piece(bench, sole, fabric=(0.33, 0.24, 0.19), round_=2, depth=0.3)
