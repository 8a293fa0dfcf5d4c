"""Watches, from the front."""

import math

import numpy as np

from recommender.sample.canvas import Colour, tint
from recommender.sample.cloth import Bench, button, metal, piece, seam, stitches
from recommender.sample.curves import AXIS, Points, ellipse, rotate, rounded, shift, trace
from recommender.sample.palette import DARK, GOLD, SILVER, WHITE, lightness

_MIDDLE = 160.0


def watch(bench: Bench) -> None:
    """Leather or rubber strap, or a link bracelet; round, square or with subdials."""
    bench.canvas.mottle(np.random.default_rng(bench.rng.randrange(2**32)), strength=0.04)
    style = bench.style
    bracelet = style == "bracelet"
    small = bench.gender == "Women"
    r = bench.vary(44 if small else 54, 3)
    strap = bench.vary(23 if small else 30, 2)
    case = (
        bench.ground if bracelet else bench.rng.choice([SILVER, SILVER, GOLD, (0.86, 0.66, 0.56)])
    )
    for side in (-1, 1):
        _strap(bench, side, r, strap, bracelet)
    square = style == "square"
    lugs = [
        rounded(
            AXIS + sx * (strap - 1) - 4,
            _MIDDLE + sy * r - 12,
            AXIS + sx * (strap - 1) + 4,
            _MIDDLE + sy * r + 12,
            3,
        )
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    for lug in lugs:
        metal(bench, lug, case)
    metal(bench, rounded(AXIS + r - 2, _MIDDLE - 6, AXIS + r + 8, _MIDDLE + 6, 2.5), case)
    if style == "chrono":
        for sy in (-1, 1):
            metal(
                bench,
                rounded(
                    AXIS + r * 0.86,
                    _MIDDLE + sy * 25 - 4,
                    AXIS + r * 0.86 + 11,
                    _MIDDLE + sy * 25 + 4,
                    2,
                ),
                case,
            )

    def ring(size: float) -> Points:
        if square:
            return rounded(
                AXIS - size * 0.92, _MIDDLE - size, AXIS + size * 0.92, _MIDDLE + size, size * 0.25
            )
        return ellipse(AXIS, _MIDDLE, size)

    metal(bench, ring(r), case, round_=4)
    metal(bench, ring(r - 5), tint(case, -0.12), round_=2, shadow=0.1)
    dark = not bracelet and bench.rng.random() < 0.65
    face = bench.ground if dark else bench.rng.choice([WHITE, (0.92, 0.90, 0.85), DARK])
    dial = bench.canvas.fill(ring(r - 8))
    bench.canvas.paint(dial, face, light=bench.canvas.relief(dial, round_=6, depth=0.3, edge=0.25))
    _dial(bench, r - 8, face, case, square)
    glare = trace(
        (AXIS - r, _MIDDLE - 4),
        (AXIS - 6, _MIDDLE - r),
        (AXIS + 14, _MIDDLE - r),
        (AXIS - r, _MIDDLE + 22),
    )
    bench.canvas.paint(
        bench.canvas.inside(bench.canvas.fill(glare), dial), (1.0, 1.0, 1.0), opacity=0.10
    )


def _strap(bench: Bench, side: int, r: float, half: float, bracelet: bool) -> None:
    start, end = _MIDDLE + side * (r - 8), _MIDDLE + side * 147
    tip = half * 0.8
    outline = trace(
        (AXIS - half, start),
        (AXIS + half, start),
        (AXIS + tip + 1, end - side * 9),
        (AXIS + tip, end, AXIS + tip - 7, end),
        (AXIS - tip + 7, end),
        (AXIS - tip, end, AXIS - tip - 1, end - side * 9),
    )
    mask = piece(bench, outline, round_=7, depth=0.34)
    if bracelet:
        y = start + side * 4
        while abs(y - _MIDDLE) < 145:
            cut = trace((AXIS - half, y), (AXIS, y + side * 3, AXIS + half, y))
            seam(bench, cut, on=mask, width=1.5, opacity=0.8)
            link = bench.canvas.inside(bench.canvas.line(shift(cut, 0, 2.4), width=1.3), mask)
            bench.canvas.paint(link, (1.0, 1.0, 1.0), opacity=0.4)
            y += side * 8.6
        for x in (-0.38, 0.38):
            seam(
                bench,
                np.array([[AXIS + half * x, start], [AXIS + tip * x, end]]),
                on=mask,
                width=1.4,
                opacity=0.6,
            )
        return
    for sx in (-1, 1):
        line = np.array([[AXIS + sx * (half - 4), start], [AXIS + sx * (tip - 3), end - side * 6]])
        stitches(
            bench,
            line,
            on=mask,
            colour=tint(bench.ground, 0.55) if lightness(bench.ground) < 0.6 else None,
        )
    if side > 0:
        holes = bench.canvas.fill(*[ellipse(AXIS, end - 16 - i * 11, 1.9) for i in range(5)])
        bench.canvas.paint(holes, tint(bench.ground, -0.6))
    else:
        metal(bench, rounded(AXIS - tip - 5, end - 3, AXIS + tip + 5, end + 13, 4), SILVER)
        bench.canvas.paint(
            bench.canvas.fill(rounded(AXIS - tip, end + 1, AXIS + tip, end + 9, 2)),
            tint(bench.ground, -0.3),
        )
        metal(bench, rounded(AXIS - 1.6, end - 2, AXIS + 1.6, end + 12, 1), SILVER)
        piece(
            bench,
            rounded(AXIS - tip - 2, end + 26, AXIS + tip + 2, end + 36, 2),
            round_=2,
            shadow=0.25,
        )


def _dial(bench: Bench, r: float, face: Colour, case: Colour, square: bool) -> None:
    canvas = bench.canvas
    mark = WHITE if lightness(face) < 0.5 else DARK
    accent = case if bench.rng.random() < 0.5 else mark
    marks = []
    for i in range(60):
        long = i % 5 == 0
        reach = r * (
            0.93
            if not square
            else min(
                0.93
                / max(abs(math.cos(math.radians(i * 6))), abs(math.sin(math.radians(i * 6))))
                * 0.86,
                1.1,
            )
        )
        spoke = np.array([[0, -reach], [0, -reach + (r * 0.16 if long else r * 0.05)]])
        if long:
            wide = 2.8 if i % 15 == 0 else 1.8
            canvas.paint(
                canvas.line(shift(rotate(spoke, i * 6), AXIS, _MIDDLE), width=wide), accent
            )
        else:
            marks.append(shift(rotate(spoke, i * 6), AXIS, _MIDDLE))
    canvas.paint(canvas.line(*marks, width=0.7), mark, opacity=0.7)
    if bench.style == "chrono":
        for angle in (90, 180, 270):
            a = math.radians(angle)
            x, y = AXIS + math.sin(a) * r * 0.45, _MIDDLE - math.cos(a) * r * 0.45
            disc = canvas.fill(ellipse(x, y, r * 0.22))
            canvas.paint(
                disc,
                tint(face, 0.12 if lightness(face) < 0.5 else -0.12),
                light=canvas.relief(disc, round_=2),
            )
            canvas.paint(canvas.line(ellipse(x, y, r * 0.22), width=0.9), accent, opacity=0.8)
            hand = shift(
                rotate(np.array([[0, 0], [0, -r * 0.17]]), bench.rng.uniform(0, 360)), x, y
            )
            canvas.paint(canvas.line(hand, width=1), mark)
    for reach, width, turn in ((0.5, 3.6, bench.vary(305, 12)), (0.76, 2.6, bench.vary(60, 14))):
        hand = shift(rotate(np.array([[0, r * 0.1], [0, -r * reach]]), -turn), AXIS, _MIDDLE)
        shape = canvas.line(hand, width=width)
        canvas.shadow(shape, dx=1, dy=1.5, soft=1, depth=0.3)
        canvas.paint(shape, accent)
    second = shift(
        rotate(np.array([[0, r * 0.2], [0, -r * 0.84]]), bench.rng.uniform(0, 360)), AXIS, _MIDDLE
    )
    canvas.paint(canvas.line(second, width=0.9), (0.80, 0.16, 0.16))
    button(bench, AXIS, _MIDDLE, r=3, colour=accent)
