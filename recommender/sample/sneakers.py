"""Casual and sports shoes, seen from the side, toe to the right."""

import numpy as np

from recommender.sample.canvas import tint
from recommender.sample.cloth import Bench, piece, seam, stitches
from recommender.sample.curves import ellipse, rounded, trace
from recommender.sample.leather import GUM, laces, shade, stitch_twice, uneven
from recommender.sample.palette import WHITE, lightness


def casual(bench: Bench) -> None:
    """Canvas low-top, high-top, slip-on or court shoe."""
    style = bench.style
    uneven(bench)
    high = style == "high"
    rise = bench.vary(50, 5) if high else 0.0
    y = 176.0 + rise * 0.42
    top = y - 53 - rise + bench.vary(0, 2)
    rubber = WHITE if style != "court" or bench.rng.random() < 0.6 else GUM
    # The far side of the opening and the tongue, seen over the near side
    if style == "slip":
        collar, throat = (104.0, y - 42), (118.0, y - 36)
    else:
        collar, throat = (102.0, top - 4), (158.0, y - 24)
    inside = trace(
        (34, top + 12),
        (60, top - 2, collar[0], collar[1] - 2),
        (collar[0] + 4, collar[1] + 16),
        (60, y - 20),
        (34, top + 16),
    )
    piece(bench, inside, fabric=shade(bench, 0.5), round_=5)
    if style != "slip":
        tongue = trace(
            (collar[0] - 12, collar[1] + 8),
            (collar[0] - 6, collar[1] - 13, collar[0] + 9, collar[1] - 9),
            (throat[0] + 8, throat[1] - 2),
            (throat[0] - 10, throat[1] + 8),
        )
        piece(
            bench,
            tongue,
            fabric=None if bench.fabric.pattern != "plain" else shade(bench, 0.12),
            round_=4,
            depth=0.3,
        )
    upper = trace(
        (25, y + 20),
        (18, y - 15, 29, top + (6 if high else 10)),
        (34, top, 42, top + 5 + rise * 0.04),
        (66, y - 36 - rise * 0.92, collar[0] - 8, collar[1] + 8),
        (collar[0] + 4, collar[1] + (2 if style != "slip" else -4), throat[0], throat[1] + 3),
        (184, y - 20, 203, y - 11),
        (219, y - 4, 219, y + 22),
    )
    mask = piece(bench, upper, round_=11, depth=0.3, angle=4)
    if style != "slip":
        facing = trace(
            (collar[0] - 9, collar[1] + 7),
            (collar[0] + 4, collar[1] + 2, throat[0], throat[1] + 3),
            (throat[0] + 4, throat[1] + 14, throat[0] - 14, throat[1] + 14),
            (collar[0] - 22, collar[1] + 26),
            (collar[0] - 9, collar[1] + 7),
        )
        trim = bench.ink if style == "court" and bench.fabric.pattern == "plain" else None
        piece(bench, facing, fabric=trim, within=mask, round_=2, depth=0.1, angle=4)
        stitches(bench, facing[16:], on=mask)
    else:
        gore = trace((74, y - 47), (112, y - 42), (100, y - 12), (82, y - 14))
        piece(bench, gore, fabric=shade(bench, 0.4), within=mask, ribs=2.4, round_=2)
        seam(bench, trace((118, y - 36), (128, y - 18, 122, y + 18)), on=mask)
    heel = trace((10, top), (40, top + 3), (44, y - 10, 56, y + 22), (10, y + 22))
    if style in ("court", "high"):
        piece(
            bench,
            heel,
            fabric=bench.ink
            if style == "court" and bench.fabric.pattern == "plain"
            else shade(bench, 0.14),
            within=mask,
            round_=3,
            depth=0.12,
        )
    stitch_twice(bench, heel[1:-1], mask, WHITE if style == "low" else None)
    if style == "high":
        patch = rounded(70, y - 62, 94, y - 40, 5)
        piece(
            bench,
            patch,
            fabric=WHITE if lightness(bench.ground) < 0.8 else bench.ink,
            round_=2,
            depth=0.1,
        )
        bench.canvas.paint(
            bench.canvas.line(np.array([[76.0, y - 51], [88.0, y - 51]]), width=3),
            bench.ink if lightness(bench.ground) < 0.8 else WHITE,
        )
    elif style == "court":
        for i in range(2):
            bar = trace(
                (96 + i * 17, y - 30),
                (104 + i * 17, y - 30),
                (93 + i * 17, y + 12),
                (83 + i * 17, y + 12),
            )
            piece(bench, bar, fabric=bench.ink, within=mask, round_=2, depth=0.08)
    cap = trace((182, y - 30), (174, y - 5, 184, y + 24), (226, y + 24), (226, y - 20))
    if style in ("low", "high"):
        piece(bench, cap, fabric=rubber, within=mask, round_=6, depth=0.2)
    seam(bench, cap[:15], on=mask, width=1.3)
    sole = trace(
        (19, y + 12),
        (60, y + 16),
        (150, y + 18, 218, y + 9),
        (226, y + 18, 221, y + 31),
        (218, y + 36, 200, y + 36),
        (28, y + 36),
        (17, y + 36, 19, y + 12),
    )
    tread = trace(
        (20, y + 30),
        (221, y + 30),
        (219, y + 37, 206, y + 37),
        (28, y + 37),
        (20, y + 37, 20, y + 30),
    )
    base = piece(bench, sole, fabric=rubber, round_=4, depth=0.2, shadow=0.3)
    piece(bench, tread, fabric=GUM if rubber == WHITE else tint(GUM, -0.3), within=base, round_=2)
    stripe = trace((18, y + 19), (60, y + 22), (150, y + 24, 222, y + 16))
    bench.canvas.paint(
        bench.canvas.inside(bench.canvas.line(stripe, width=1.8), base),
        bench.ink if style != "court" and lightness(bench.ink) < 0.8 else shade(bench, 0.1),
        opacity=0.9,
    )
    if style != "slip":
        laces(
            bench,
            (collar[0] + 1, collar[1] + 7),
            (throat[0] - 4, throat[1] + 2),
            6 if high else 5,
            WHITE if lightness(bench.ground) < 0.8 else bench.ink,
        )


def sports(bench: Bench) -> None:
    """A running shoe: thick sculpted sole, mesh, overlays and a flash."""
    uneven(bench)
    y = 180.0
    flash = bench.ink
    top = y - 66 + bench.vary(0, 3)
    inside = trace(
        (30, top + 14), (58, top + 4, 98, top + 2), (102, top + 22), (60, y - 24), (32, top + 20)
    )
    piece(bench, inside, fabric=shade(bench, 0.5), round_=5)
    tongue = trace((88, top + 12), (90, top - 12, 108, top - 7), (158, y - 24), (138, y - 18))
    piece(bench, tongue, fabric=shade(bench, 0.25), round_=4, depth=0.3)
    upper = trace(
        (24, y + 16),
        (14, y - 20, 22, top + 6),
        (26, top - 6, 38, top + 8),
        (62, y - 42, 92, top + 10),
        (104, top + 6, 152, y - 26),
        (178, y - 20, 204, y - 8),
        (224, y + 2, 223, y + 18),
    )
    mask = piece(bench, upper, round_=12, depth=0.32)
    canvas = bench.canvas
    grid = [
        ellipse(x + (4 if r % 2 else 0), y - 40 + r * 6, 1.0)
        for r in range(9)
        for x in range(122, 216, 8)
    ]
    canvas.paint(canvas.inside(canvas.fill(*grid), mask), shade(bench, 0.4), opacity=0.55)
    heel = trace((8, top - 2), (36, top + 8), (38, y - 18, 66, y + 18), (8, y + 18))
    piece(bench, heel, fabric=shade(bench, 0.18), within=mask, round_=4, depth=0.18, shadow=0.08)
    stitches(bench, heel[1:16], on=mask)
    guard = trace((182, y + 18), (188, y - 6, 206, y - 12), (230, y + 2), (230, y + 20))
    piece(bench, guard, fabric=shade(bench, 0.18), within=mask, round_=4, depth=0.18)
    facing = trace(
        (90, top + 11),
        (104, top + 6, 152, y - 26),
        (158, y - 14, 140, y - 12),
        (84, top + 34),
        (90, top + 11),
    )
    piece(bench, facing, fabric=shade(bench, 0.12), within=mask, round_=2)
    if bench.style == "ripple":
        for i in range(3):
            arc = trace((52 + i * 13, y + 16), (96, y - 66 + i * 22, 146 - i * 13, y + 16))
            line = canvas.inside(canvas.line(arc, width=4.6), mask)
            canvas.paint(line, flash, light=canvas.creases[line.window])
    elif bench.style == "panel":
        block = trace((84, y - 44), (114, y - 34), (88, y + 16), (50, y + 16), (84, y - 44))
        piece(bench, block, fabric=flash, within=mask, round_=4, depth=0.14)
        seam(bench, block, on=mask, opacity=0.4)
    else:
        zig = trace(
            (58, y + 6),
            (88, y - 22),
            (104, y - 2),
            (136, y - 22),
            (140, y - 13),
            (104, y + 12),
            (88, y - 8),
            (66, y + 12),
        )
        piece(bench, zig, fabric=flash, within=mask, round_=2, depth=0.1)
    foam = WHITE if bench.rng.random() < 0.7 else (0.85, 0.86, 0.88)
    sole = trace(
        (14, y + 2),
        (40, y + 14),
        (90, y + 20, 150, y + 12),
        (200, y + 16, 226, y + 6),
        (234, y + 14, 222, y + 28),
        (206, y + 36, 180, y + 36),
        (46, y + 36),
        (14, y + 36, 8, y + 14),
        (8, y + 6, 14, y + 2),
    )
    base = piece(bench, sole, fabric=foam, round_=6, depth=0.26, shadow=0.3)
    wave = trace((12, y + 18), (60, y + 32, 110, y + 24), (170, y + 16, 228, y + 22))
    canvas.paint(canvas.inside(canvas.line(wave, width=3.2), base), flash)
    tread = trace((16, y + 31), (222, y + 29), (206, y + 38), (40, y + 38))
    piece(bench, tread, fabric=(0.2, 0.2, 0.22), within=base, round_=1)
    for x in range(36, 216, 13):
        canvas.paint(
            canvas.line(np.array([[x, y + 33.0], [x - 2, y + 38.0]]), width=1.8), foam, opacity=0.7
        )
    laces(
        bench, (100, top + 13), (146, y - 24), 5, WHITE if lightness(bench.ground) < 0.75 else flash
    )
