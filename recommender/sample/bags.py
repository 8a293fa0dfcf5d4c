"""Handbags."""

from recommender.sample.canvas import tint
from recommender.sample.carriers import handle, panel, shade, uneven
from recommender.sample.cloth import Bench, metal, piece, seam, stitches, zipper
from recommender.sample.curves import AXIS, closed, ellipse, rounded, shift, trace
from recommender.sample.palette import GOLD


def handbag(bench: Bench) -> None:
    """Tote, satchel, hobo, bucket or bowling bag."""
    uneven(bench)
    {"tote": _tote, "satchel": _satchel, "hobo": _hobo, "bucket": _bucket, "bowling": _bowling}[
        bench.style
    ](bench)


def _tote(bench: Bench) -> None:
    rise = bench.vary(52, 12)
    top, low = 132.0, bench.vary(272, 4)
    wide = bench.vary(76, 5)
    base = wide + bench.vary(2, 12)
    base = min(base, 96)
    tone = (
        bench.ink
        if bench.fabric.pattern == "plain" and bench.rng.random() < 0.4
        else shade(bench, 0.2)
    )
    arch = trace(
        (AXIS - 36, top + 22),
        (AXIS - 36, top - rise * 1.25, AXIS + 36, top - rise * 1.25, AXIS + 36, top + 22),
    )
    handle(bench, shift(arch, 4, -8), 6, tint(tone, -0.3), shadow=0)
    mouth = trace(
        (AXIS - wide, top), (AXIS, top - 10, AXIS + wide, top), (AXIS, top + 8, AXIS - wide, top)
    )
    piece(bench, mouth, fabric=shade(bench, 0.5), round_=4)
    outline = closed(
        trace(
            (AXIS, top + 4),
            (AXIS + wide * 0.6, top + 4, AXIS + wide, top),
            (AXIS + base, low - 14),
            (AXIS + base, low, AXIS + base - 14, low),
            (AXIS, low + 2),
        )
    )
    mask = panel(bench, outline)
    if bench.rng.random() < 0.5:
        floor = closed(
            trace((AXIS, low - 36), (AXIS + 110, low - 38), (AXIS + 110, low + 6), (AXIS, low + 6))
        )
        piece(bench, floor, fabric=tone, within=mask, round_=3, depth=0.1)
        stitches(bench, trace((AXIS - 100, low - 34), (AXIS + 100, low - 34)), on=mask)
    handle(bench, arch, 6.5, tone)
    for side in (-1, 1):
        metal(bench, ellipse(AXIS + side * 36, top + 25, 4), GOLD)
    seam(
        bench,
        trace((AXIS - wide, top + 8), (AXIS, top + 13, AXIS + wide, top + 8)),
        on=mask,
        opacity=0.4,
    )


def _satchel(bench: Bench) -> None:
    top, low, wide = 120.0, bench.vary(250, 8), bench.vary(88, 5)
    grip = trace(
        (AXIS - 30, top + 4), (AXIS - 30, top - 42, AXIS + 30, top - 42, AXIS + 30, top + 4)
    )
    handle(bench, grip, 7.5, shade(bench, 0.22), shadow=0)
    for side in (-1, 1):
        metal(bench, rounded(AXIS + side * 30 - 5, top - 2, AXIS + side * 30 + 5, top + 8, 3), GOLD)
    panel(bench, rounded(AXIS - wide, top, AXIS + wide, low, 15))
    deep = bench.vary(top + 66, 12)
    flap = trace(
        (AXIS - wide - 1.5, top + 12),
        (AXIS - wide, top - 2, AXIS - wide + 16, top - 2),
        (AXIS + wide - 16, top - 2),
        (AXIS + wide, top - 2, AXIS + wide + 1.5, top + 12),
        (AXIS + wide - 2, deep - 18),
        (AXIS + wide - 10, deep, AXIS + wide - 40, deep),
        (AXIS - wide + 40, deep),
        (AXIS - wide + 10, deep, AXIS - wide + 2, deep - 18),
    )
    panel(bench, flap, shadow=0.3)
    if bench.rng.random() < 0.5:
        for side in (-1, 1):
            band = rounded(AXIS + side * 48 - 7, top - 2, AXIS + side * 48 + 7, deep + 22, 5)
            piece(bench, band, fabric=shade(bench, 0.2), round_=3, shadow=0.25)
            metal(
                bench,
                rounded(AXIS + side * 48 - 9, deep - 6, AXIS + side * 48 + 9, deep + 9, 3),
                GOLD,
            )
            piece(
                bench,
                rounded(AXIS + side * 48 - 5.5, deep - 3, AXIS + side * 48 + 5.5, deep + 6, 1),
                fabric=shade(bench, 0.25),
                round_=1,
            )
    else:
        metal(bench, rounded(AXIS - 12, deep - 14, AXIS + 12, deep + 8, 5), GOLD)
        metal(bench, ellipse(AXIS, deep - 2, 4), tint(GOLD, -0.2))


def _hobo(bench: Bench) -> None:
    low = bench.vary(256, 6)
    strap = trace((34, 168), (30, 30, 120, 24), (210, 30, 206, 168))
    handle(bench, strap, 9, shade(bench, 0.15), shadow=0)
    outline = closed(
        trace(
            (AXIS, 160),
            (AXIS + 52, 162, AXIS + 84, 132),
            (AXIS + 97, 138, AXIS + 96, 168),
            (AXIS + 94, low - 8, AXIS + 46, low),
            (AXIS + 20, low + 3, AXIS, low + 3),
        )
    )
    folds = [
        trace(
            (AXIS + x, 166),
            (AXIS + x * 1.15, 200, AXIS + x * 0.8, low - 18),
            (AXIS + x * 1.3 + 3, 200, AXIS + x, 166),
        )
        for x in (-58, -34, -8, 20, 46, 68)
    ]
    bench.canvas.crease(folds, depth=0.18)
    mask = panel(bench, outline, round_=14)
    zipper(bench, trace((AXIS - 56, 158), (AXIS, 170, AXIS + 56, 158)), colour=GOLD)
    for side in (-1, 1):
        metal(bench, ellipse(AXIS + side * 85, 150, 7), GOLD)
        bench.canvas.paint(bench.canvas.fill(ellipse(AXIS + side * 85, 150, 4)), bench.ground)
    if bench.rng.random() < 0.5:
        seam(bench, trace((AXIS - 92, 200), (AXIS, 218, AXIS + 92, 200)), on=mask, width=1.5)


def _bucket(bench: Bench) -> None:
    top, low = 118.0, 266.0
    strap = trace((60, top + 14), (56, 26, AXIS, 24), (184, 26, 180, top + 14))
    handle(bench, strap, 6, shade(bench, 0.25), shadow=0)
    mouth = ellipse(AXIS, top, 66, 13)
    piece(bench, mouth, fabric=shade(bench, 0.5), round_=5)
    folds = [
        trace(
            (AXIS + x, top + 8),
            (AXIS + x + 2, top + 36, AXIS + x * 0.96, top + 66),
            (AXIS + x + 6, top + 36, AXIS + x, top + 8),
        )
        for x in (-52, -34, -14, 8, 28, 48)
    ]
    bench.canvas.crease(folds, depth=0.22)
    outline = closed(
        trace(
            (AXIS, top + 13),
            (AXIS + 50, top + 12, AXIS + 66, top),
            (AXIS + 68, top + 60, AXIS + 60, low - 8),
            (AXIS + 40, low + 4, AXIS, low + 4),
        )
    )
    mask = panel(bench, outline, round_=13)
    foot = closed(
        trace(
            (AXIS, low - 30),
            (AXIS + 40, low - 31, AXIS + 70, low - 38),
            (AXIS + 70, low + 8),
            (AXIS, low + 8),
        )
    )
    piece(bench, foot, fabric=shade(bench, 0.14), within=mask, round_=3)
    cord = trace((AXIS - 66, top + 22), (AXIS, top + 38, AXIS + 66, top + 22))
    bench.canvas.paint(
        bench.canvas.inside(bench.canvas.line(cord, width=3.2), mask), shade(bench, 0.45)
    )
    for side in (-1, 1):
        tail = trace((AXIS, top + 31), (AXIS + side * 10, top + 50, AXIS + side * 7, top + 74))
        handle(bench, tail, 3, shade(bench, 0.4))
        metal(bench, ellipse(AXIS + side * 7, top + 77, 3, 5), GOLD)


def _bowling(bench: Bench) -> None:
    low, wide = 246.0, bench.vary(92, 4)
    for dx, dim in ((5, 0.35), (0, 0.18)):
        arch = trace(
            (AXIS - 40 + dx, 150), (AXIS - 44 + dx, 58, AXIS + 44 + dx, 58, AXIS + 40 + dx, 150)
        )
        if dx:
            handle(bench, arch, 7, shade(bench, dim), shadow=0)
    outline = closed(
        trace(
            (AXIS, 118),
            (AXIS + wide * 0.72, 116, AXIS + wide * 0.86, 138),
            (AXIS + wide + 4, 190, AXIS + wide, low - 14),
            (AXIS + wide - 2, low, AXIS + wide - 18, low),
            (AXIS, low + 2),
        )
    )
    mask = panel(bench, outline, round_=15)
    zipper(
        bench, trace((AXIS - wide * 0.72, 129), (AXIS, 123, AXIS + wide * 0.72, 129)), colour=GOLD
    )
    belt = closed(trace((AXIS, 182), (AXIS + 110, 180), (AXIS + 110, 196), (AXIS, 198)))
    trim = (
        bench.ink
        if bench.fabric.pattern == "plain" and bench.rng.random() < 0.5
        else shade(bench, 0.22)
    )
    piece(bench, belt, fabric=trim, within=mask, round_=3)
    handle(bench, arch, 7, trim)
    for side in (-1, 1):
        metal(bench, ellipse(AXIS + side * 40, 152, 4.5), GOLD)
