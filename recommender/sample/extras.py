"""Sunglasses, caps and ties."""

import numpy as np

from recommender.sample.canvas import Canvas, Mask, tint
from recommender.sample.cloth import Bench, button, metal, piece, seam, stitches
from recommender.sample.curves import AXIS, closed, ellipse, flip, rotate, rounded, shift, trace
from recommender.sample.palette import GOLD, SILVER


def _gradient(
    canvas: Canvas, mask: Mask, top: float, bottom: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = np.linspace(top, bottom, mask.alpha.shape[0], dtype=np.float32)[:, None]
    return np.broadcast_to(rows, mask.alpha.shape)


def sunglasses(bench: Bench) -> None:
    """Wayfarer, aviator, round or cat-eye, from the front."""
    style = bench.style
    canvas = bench.canvas
    y = 160.0
    wire = style in ("aviator", "round")
    right = shift(
        {
            "wayfarer": trace(
                (AXIS + 12, y - 20),
                (AXIS + 50, y - 34, AXIS + 94, y - 26),
                (AXIS + 100, y - 4, AXIS + 90, y + 16),
                (AXIS + 80, y + 30, AXIS + 52, y + 29),
                (AXIS + 20, y + 28, AXIS + 14, y + 2),
                (AXIS + 12, y - 20),
            ),
            "aviator": trace(
                (AXIS + 13, y - 18),
                (AXIS + 48, y - 30, AXIS + 92, y - 20),
                (AXIS + 98, y + 12, AXIS + 76, y + 38),
                (AXIS + 50, y + 52, AXIS + 28, y + 26),
                (AXIS + 16, y + 8, AXIS + 13, y - 18),
            ),
            "round": ellipse(AXIS + 53, y + 2, 37, 36),
            "cat": trace(
                (AXIS + 12, y - 12),
                (AXIS + 46, y - 30, AXIS + 102, y - 40),
                (AXIS + 100, y - 6, AXIS + 86, y + 16),
                (AXIS + 72, y + 30, AXIS + 46, y + 28),
                (AXIS + 20, y + 24, AXIS + 12, y - 12),
            ),
        }[style]
        * (1, bench.vary(1.0, 0.06)),
        0,
        bench.vary(0, 2),
    )
    frame = bench.ground
    for side in (-1, 1):  # temples, reaching back
        x = AXIS + side * 92
        arm = canvas.line(
            trace(
                (x, y - 20),
                (x - side * 3, y - 44, x - side * 20, y - 68),
                (x - side * 26, y - 76, x - side * 32, y - 74),
            ),
            width=3.2 if wire else 6.5,
        )
        canvas.paint(arm, tint(frame, -0.25), light=canvas.relief(arm, round_=2))
    bridge = trace((AXIS - 18, y - 12), (AXIS, y - 24 if wire else y - 18, AXIS + 18, y - 12))
    bar = canvas.line(bridge, width=3 if wire else 8)
    canvas.paint(bar, frame, light=canvas.relief(bar, round_=2, depth=0.4))
    if style == "aviator":
        canvas.paint(
            canvas.line(trace((AXIS - 22, y - 26), (AXIS, y - 31, AXIS + 22, y - 26)), width=2.6),
            frame,
        )
    for outline in (flip(right), right):
        lens = canvas.fill(outline)
        canvas.paint(
            lens,
            tint(bench.ground, -0.12),
            light=_gradient(canvas, lens, -0.1, 0.3) + canvas.relief(lens, round_=6, depth=0.1),
        )
        middle = outline.mean(axis=0)
        shine = rotate(np.array([[-60, -14], [60, -14], [60, -4], [-60, -4]]), 58) + middle
        canvas.paint(
            canvas.inside(canvas.fill(shift(shine, -8, 0), shift(shine, 10, -4)), lens),
            (1.0, 1.0, 1.0),
            opacity=0.13,
        )
        rim = canvas.line(outline, width=2.6 if wire else 6.5)
        tone = GOLD if wire and bench.rng.random() < 0.5 else tint(frame, -0.12)
        canvas.shadow(rim, dy=1, soft=1, depth=0.2)
        canvas.paint(rim, tone, light=canvas.relief(rim, round_=1.6, depth=0.5, edge=0.1))
    if not wire:
        for side in (-1, 1):
            metal(
                bench,
                rounded(AXIS + side * 88 - 3, y - 24, AXIS + side * 88 + 3, y - 20, 1.5),
                SILVER,
            )


def cap(bench: Bench) -> None:
    """Baseball cap, seen from the front quarter."""
    bench.canvas.mottle(np.random.default_rng(bench.rng.randrange(2**32)))
    contrast = bench.style == "contrast"
    y = 178.0
    lean = bench.vary(0, 4)
    dome = trace((38, y), (34, 96, AXIS + lean, 82), (206, 92, 202, y), (AXIS, y + 16, 38, y))
    mask = piece(bench, dome, round_=18, depth=0.36)
    for bend in (-34, 34):
        seam(
            bench,
            trace((AXIS + lean, 83), (AXIS + bend * 1.6, 110, AXIS + bend * 1.45, y + 6)),
            on=mask,
            width=1.3,
        )
        stitches(
            bench,
            trace(
                (AXIS + lean + bend * 0.05, 86), (AXIS + bend * 1.7, 112, AXIS + bend * 1.53, y + 6)
            ),
            on=mask,
            opacity=0.5,
        )
    seam(bench, trace((AXIS + lean, 83), (AXIS + 3, 130, AXIS, y + 8)), on=mask, opacity=0.35)
    for x, h in ((AXIS - 26, 106), (AXIS + 30, 106)):
        bench.canvas.paint(bench.canvas.fill(ellipse(x, h, 2.2)), tint(bench.ground, -0.5))
    button(
        bench, AXIS + lean, 82, r=5.5, colour=bench.ink if contrast else tint(bench.ground, -0.1)
    )
    if bench.fabric.pattern == "plain":
        badge = bench.rng.choice(["disc", "diamond", "bars"])
        if badge == "disc":
            piece(bench, ellipse(AXIS, 138, 19, 18), fabric=bench.ink, round_=3, depth=0.15)
            bench.canvas.paint(
                bench.canvas.line(ellipse(AXIS, 138, 14, 13), width=1.8), bench.ground
            )
            bench.canvas.paint(
                bench.canvas.fill(
                    trace(
                        (AXIS - 9, 144),
                        (AXIS - 2, 131),
                        (AXIS + 2, 137),
                        (AXIS + 5, 133),
                        (AXIS + 10, 144),
                    )
                ),
                bench.ground,
            )
        elif badge == "diamond":
            piece(
                bench,
                trace((AXIS, 118), (AXIS + 21, 138), (AXIS, 158), (AXIS - 21, 138)),
                fabric=bench.ink,
                round_=3,
                depth=0.15,
            )
        else:
            for i in range(3):
                piece(
                    bench,
                    rounded(AXIS - 22 + 3 * i, 126 + i * 9, AXIS + 22 - 3 * i, 131 + i * 9, 2),
                    fabric=bench.ink,
                    round_=1,
                )
    brim = trace(
        (38, y - 3),
        (AXIS, y - 20, 202, y - 3),
        (226, y + 26, 206, y + 42),
        (AXIS, y + 4, 34, y + 42),
        (14, y + 26, 38, y - 3),
    )
    visor = piece(
        bench, brim, fabric=bench.ink if contrast else None, round_=9, depth=0.36, shadow=0.35
    )
    tone = tint(bench.ink, -0.35) if contrast else None
    for part in (0.25, 0.45, 0.65, 0.85):
        line = trace(
            (36 - 14 * part, y + 42 * part),
            (AXIS, y - 14 + 20 * part, 204 + 14 * part, y + 42 * part),
        )
        stitches(bench, line, on=visor, opacity=0.5, colour=tone)


def tie(bench: Bench) -> None:
    """A knotted tie."""
    bench.canvas.mottle(np.random.default_rng(bench.rng.randrange(2**32)))
    wide = bench.vary(33 if bench.style == "classic" else 23, 2)
    low = 286.0
    tail = closed(
        trace((AXIS, 60), (AXIS + 10, 60), (AXIS + wide * 0.62, low - 50), (AXIS, low - 26))
    )
    piece(bench, shift(tail, 7, 0), round_=4, angle=-4, dim=0.25)
    blade = closed(
        trace(
            (AXIS, 56),
            (AXIS + 10, 56),
            (AXIS + 14, 100, AXIS + wide, low - wide * 0.9),
            (AXIS, low + 12),
        )
    )
    bench.canvas.crease(
        [
            trace((AXIS - 4, 62), (AXIS - 9, 96, AXIS - 4, 150), (AXIS - 2, 96, AXIS - 4, 62)),
            trace((AXIS + 4, 62), (AXIS + 3, 86, AXIS + 8, 120), (AXIS + 7, 86, AXIS + 4, 62)),
        ],
        depth=0.25,
    )
    piece(bench, blade, round_=7, depth=0.28, angle=-38, shadow=0.25)
    knot = closed(
        trace((AXIS, 27), (AXIS + 21, 25), (AXIS + 24, 34, AXIS + 12, 60), (AXIS + 6, 63, AXIS, 63))
    )
    piece(bench, knot, round_=6, depth=0.34, angle=38, shadow=0.3)
