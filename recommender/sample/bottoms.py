"""Jeans, trousers, track pants and shorts."""

from collections.abc import Sequence

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, button, metal, piece, seam, stitches
from recommender.sample.curves import AXIS, Points, closed, crescent, flip, rounded, shift, trace
from recommender.sample.palette import SILVER, WHITE, lightness

COPPER: Colour = (0.80, 0.55, 0.28)


def _light(bench: Bench, folds: Sequence[Points], depth: float = 0.14) -> None:
    bench.canvas.crease(folds, depth=depth)
    bench.canvas.mottle(np.random.default_rng(bench.rng.randrange(2**32)))


def waistband(
    bench: Bench,
    half: float,
    top: float,
    height: float,
    *,
    fabric: Colour | None = None,
    ribs: float = 0.0,
    flare: float = 2.0,
) -> Mask:
    band = closed(
        trace(
            (AXIS, top + 4),
            (AXIS + half * 0.6, top + 3, AXIS + half, top),
            (AXIS + half + flare, top + height),
            (AXIS + half * 0.6, top + height + 3, AXIS, top + height + 4),
        )
    )
    rear = closed(
        trace(
            (AXIS, top - 3),
            (AXIS + half * 0.7, top - 3, AXIS + half, top),
            (AXIS + half * 0.6, top + 6, AXIS, top + 6),
        )
    )
    tone = fabric or bench.ground
    inner = bench.canvas.fill(rear)
    bench.canvas.paint(
        inner,
        tint(tone, -0.35 if lightness(tone) > 0.2 else 0.1),
        light=bench.canvas.relief(inner, round_=3),
    )
    return piece(bench, band, fabric=fabric, round_=3, depth=0.2, ribs=ribs, shadow=0.12)


def trousers(bench: Bench) -> None:
    """Two legs: jeans, trousers, track pants or shorts, by the first word of the style."""
    kind, _, shape = bench.style.partition(" ")
    short = kind == "shorts"
    waist = bench.vary(45 if not short else 58, 2)
    hip = waist + bench.vary(9, 1.5)
    top, crotch = (24.0, 112.0) if not short else (66.0, 168.0)
    hem = bench.vary(300, 3) if not short else bench.vary(232, 12)
    cuff = (
        {"skinny": 19.0, "straight": 27.0, "wide": 33.0}.get(shape, 25.0)
        if not short
        else bench.vary(50, 4)
    )
    spread = 12.0 if not short else 18.0
    knee = (crotch + hem) / 2
    outer = AXIS + hip + spread * 0.55 if not short else AXIS + hip + 9
    out = (
        outer
        if short
        else AXIS
        + spread
        + max(
            cuff * 2 - 1, hip - spread + (4 if shape == "wide" else -7 if shape == "skinny" else -3)
        )
    )
    inn = out - cuff * 2 if not short else AXIS + spread * 0.7
    leg = trace(
        (AXIS - 2, top + 10),
        (AXIS + waist, top + 8),
        (AXIS + hip + 1, top + 40, AXIS + hip + 2, crotch),
        (AXIS + hip + 2, knee - 30, out, knee, out, hem),
        ((inn + out) / 2, hem + 4, inn, hem),
        (inn - 2, knee, AXIS + 5, crotch + 40, AXIS + 1, crotch + 4),
        (AXIS - 2, crotch),
    )
    rng = bench.rng
    folds: list[Points] = []
    for side in (-1, 1):
        folds.append(
            crescent(
                (AXIS + side * 3, crotch - 4),
                (AXIS + side * 20, crotch - 6),
                (AXIS + side * rng.uniform(28, 44), crotch - rng.uniform(10, 24)),
                5,
            )
        )
        folds.append(
            crescent(
                (AXIS + side * 4, crotch + 4),
                (AXIS + side * 18, crotch + 10),
                (AXIS + side * rng.uniform(26, 40), crotch + rng.uniform(14, 36)),
                5,
            )
        )
        if not short:
            for y in (knee - 12, knee + 6, hem - 26, hem - 12):
                y += rng.uniform(-6, 6)
                middle = AXIS + side * (inn + out - 2 * AXIS) / 2
                reach = cuff * 0.8
                folds.append(
                    crescent(
                        (middle - reach, y),
                        (middle, y + rng.uniform(-3, 9)),
                        (middle + reach, y + rng.uniform(-5, 5)),
                        rng.uniform(3, 5),
                    )
                )
        else:
            x = AXIS + side * rng.uniform(30, 48)
            folds.append(
                crescent((x, hem + 2), (x - side * 4, hem - 30), (x + side * 3, crotch - 20), 6)
            )
    _light(bench, folds)
    masks = [
        piece(bench, shape_, round_=8, depth=0.26, angle=side * 2.0)
        for side, shape_ in ((-1, flip(leg)), (1, leg))
    ]
    join = bench.canvas.line(np.array([[AXIS, top + 12], [AXIS, crotch + 2]]), width=1.2)
    bench.canvas.paint(join, bench.thread, opacity=0.55)
    hems = trace((inn, hem - 6), ((inn + out) / 2, hem - 2, out, hem - 6))
    for side, mask in ((-1, masks[0]), (1, masks[1])):
        line = flip(hems) if side < 0 else hems
        if kind == "track" and shape != "wide":
            welt = np.concatenate([hems - (0, 8), shift(hems[::-1], 0, 10)])
            piece(
                bench,
                flip(welt) if side < 0 else welt,
                within=mask,
                ribs=2.4,
                fabric=tint(bench.ground, -0.12),
                round_=2,
            )
        else:
            stitches(bench, line, on=mask, colour=COPPER if kind == "jeans" else None)
        if kind == "trousers":
            middle = AXIS + side * ((inn + out) / 2 - AXIS)
            press = np.array([[AXIS + side * hip * 0.55, top + 40], [middle, hem - 2]])
            seam(bench, press, on=mask, opacity=0.35)
        if kind == "track":
            _side_stripe(bench, leg, mask, side)
    {"jeans": _denim, "trousers": _tailored, "shorts": _tailored, "track": _athletic}[kind](
        bench, waist, hip, top, masks
    )


def _side_stripe(bench: Bench, leg: Points, mask: Mask, side: int) -> None:
    rim = leg[2:31] if side > 0 else flip(leg)[2:31]
    for inset in (5.5, 9.5):
        line = bench.canvas.inside(bench.canvas.line(rim - (side * inset, 0), width=2.2), mask)
        bench.canvas.paint(line, bench.ink, light=bench.canvas.creases[line.window])


def front(
    bench: Bench, waist: float, hip: float, top: float, masks: list[Mask], thread: Colour | None
) -> None:
    """Pocket openings and the fly."""
    y = top + 14
    for side, mask in ((-1, masks[0]), (1, masks[1])):
        slit = trace(
            (AXIS + side * waist * 0.52, y),
            (AXIS + side * waist * 0.58, y + 24, AXIS + side * (hip + 3), y + 27),
        )
        seam(bench, slit, on=mask, width=1.4, opacity=0.7)
        stitches(bench, shift(slit, -side * 1.6, 1.8), on=mask, colour=thread)
    fly = trace((AXIS + 9, y), (AXIS + 9, y + 34), (AXIS + 8, y + 46, AXIS + 1, y + 50))
    stitches(bench, fly, on=masks[1], colour=thread)


def belt_loops(bench: Bench, waist: float, top: float, thread: Colour | None) -> None:
    for part in (-0.78, -0.36, 0.36, 0.78):
        x = AXIS + waist * part
        loop = trace((x - 2, top + 1.5), (x + 2, top + 1.5), (x + 2, top + 18), (x - 2, top + 18))
        piece(bench, loop, round_=1.2, depth=0.2, shadow=0.25)
        if thread:
            stitches(bench, np.array([[x, top + 3], [x, top + 16.0]]), colour=thread)


def _denim(bench: Bench, waist: float, hip: float, top: float, masks: list[Mask]) -> None:
    canvas = bench.canvas
    for side, mask in ((-1, masks[0]), (1, masks[1])):  # worn pale along the thighs
        rows, columns = mask.alpha.shape
        x = (mask.x + np.arange(columns, dtype=np.float32))[None, :] / canvas.zoom
        y = (mask.y + np.arange(rows, dtype=np.float32))[:, None] / canvas.zoom
        fade = np.exp(
            -(((x - AXIS - side * (hip * 0.62)) / 13) ** 2) - ((y - 135) / 62) ** 2
        ) * np.float32(0.26)
        canvas.paint(Mask(mask.x, mask.y, mask.alpha * fade), tint(bench.ground, 0.65))
        twill = np.sin((x * 1.1 + y) * np.float32(2.6)) * np.float32(0.022) * np.ones_like(fade)
        canvas.paint(Mask(mask.x, mask.y, mask.alpha * np.maximum(twill, 0)), (1.0, 1.0, 1.0))
    front(bench, waist, hip, top, masks, COPPER)
    band = waistband(bench, waist, top, 13)
    for up in (3.5, 13.5):
        stitches(
            bench,
            trace((AXIS - waist, top + up - 2), (AXIS, top + up + 3.5, AXIS + waist, top + up - 2)),
            on=band,
            colour=COPPER,
        )
    belt_loops(bench, waist, top, COPPER)
    button(bench, AXIS, top + 11, r=3, colour=COPPER)
    for side in (-1, 1):
        button(bench, AXIS + side * (waist * 0.55), top + 18, r=1.2, colour=COPPER)
        button(bench, AXIS + side * (hip - 2), top + 40, r=1.2, colour=COPPER)


def _tailored(bench: Bench, waist: float, hip: float, top: float, masks: list[Mask]) -> None:
    front(bench, waist, hip, top, masks, None)
    waistband(bench, waist, top, 13)
    belt_loops(bench, waist, top, None)
    button(bench, AXIS, top + 10.5, r=2.4)


def _athletic(bench: Bench, waist: float, hip: float, top: float, masks: list[Mask]) -> None:
    for side, mask in ((-1, masks[0]), (1, masks[1])):
        seam(
            bench,
            np.array(
                [[AXIS + side * (waist * 0.8), top + 24.0], [AXIS + side * (hip - 4), top + 58.0]]
            ),
            on=mask,
            width=1.8,
        )
    waistband(bench, waist, top, 15, ribs=3.2, flare=1)
    for side in (-1, 1):
        cord = trace(
            (AXIS + side * 3, top + 12),
            (AXIS + side * 9, top + 26, AXIS + side * 5, top + bench.vary(46, 5)),
        )
        x, y = cord[-1]
        line = bench.canvas.line(cord, width=2)
        bench.canvas.shadow(line, dy=1, soft=1)
        bench.canvas.paint(line, WHITE if lightness(bench.ground) < 0.8 else bench.ink)
        metal(
            bench,
            rounded(x - 1.2, y, x + 1.2, y + 4, 0.4),
            SILVER,
        )
