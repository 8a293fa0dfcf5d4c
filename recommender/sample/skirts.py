"""Skirts, and the skirt part of dresses."""

from collections.abc import Sequence

import numpy as np

from recommender.sample.bottoms import COPPER, belt_loops, front, waistband
from recommender.sample.canvas import Mask
from recommender.sample.cloth import Bench, button, piece, seam, stitches
from recommender.sample.curves import AXIS, closed, trace
from recommender.sample.palette import GOLD


def skirt_panel(
    bench: Bench,
    waist: float,
    top: float,
    half: float,
    hem: float,
    *,
    waves: int,
    depth: float = 0.2,
) -> Mask:
    """A skirt from a waist of half width `waist` to a hem that falls in `waves` flutes a side."""
    count = max(2, waves) * 2
    edge: list[Sequence[float]] = []
    lift = 7.0 if waves > 1 else 3.0
    for i in range(count):
        x1 = half * (1 - (i + 1) / count)
        xm = half * (1 - (i + 0.5) / count)
        low = hem - lift + lift * (1 - (x1 / half) ** 2)
        swing = (5.0 if i % 2 == 0 else -2.0) if waves > 1 else 1.0
        edge.append((AXIS + xm, low + swing, AXIS + x1, low))
    outline = closed(
        trace(
            (AXIS, top + 4),
            (AXIS + waist, top),
            (AXIS + waist + 8, top + (hem - top) * 0.25, AXIS + half, hem - lift),
            *edge,
        )
    )
    folds = []
    for i in range(-count + 1, count, 2):
        part = i / count
        x0, x1 = AXIS + waist * part, AXIS + half * part + bench.rng.uniform(-3, 3)
        start = top + bench.rng.uniform(4, (hem - top) * 0.3)
        folds.append(
            trace(
                (x0, start),
                ((x0 + x1) / 2, (start + hem) / 2, x1 + 5, hem + 3),
                (x1 - 4, hem + 3),
                ((x0 + x1) / 2 - 1, (start + hem) / 2, x0, start),
            )
        )
    bench.canvas.crease(folds, depth=depth if waves > 1 else depth * 0.35, soft=2.4)
    return piece(bench, outline, sag=4, round_=9, depth=0.24)


def skirt(bench: Bench) -> None:
    """A-line, pencil, pleated or denim mini."""
    style = bench.style
    waist = bench.vary(47, 2)
    hem = {"pencil": bench.vary(270, 8), "mini": bench.vary(206, 8), "maxi": 298.0}.get(
        style, bench.vary(250, 8)
    )
    top = {"mini": 88.0, "maxi": 30.0, "pencil": 56.0}.get(style, 62.0)
    half = {
        "pencil": bench.vary(54, 3),
        "mini": bench.vary(74, 5),
        "maxi": bench.vary(88, 6),
        "pleated": bench.vary(92, 6),
    }.get(style, bench.vary(86, 8))
    if style in ("pencil", "mini"):
        waist += 8
    bench.canvas.mottle(np.random.default_rng(bench.rng.randrange(2**32)))
    waves = {"pencil": 1, "mini": 1, "pleated": 5, "maxi": 4}.get(style, 3)
    mask = skirt_panel(
        bench, waist, top + 10, half, hem, waves=waves, depth=0.3 if style == "pleated" else 0.22
    )
    if style == "pleated":
        for i in range(-6, 7):
            seam(
                bench,
                np.array([[AXIS + waist * i / 6.6, top + 16], [AXIS + half * i / 6.6, hem + 2]]),
                on=mask,
                opacity=0.5,
            )
    if style == "mini":
        masks = [mask, mask]
        front(bench, waist, half - 12, top, masks, COPPER)
        stitches(
            bench,
            trace((AXIS - half, hem - 9), (AXIS, hem - 3, AXIS + half, hem - 9)),
            on=mask,
            colour=COPPER,
        )
        seam(bench, np.array([[AXIS, top + 14], [AXIS, hem]]), on=mask)
    elif style == "pencil":
        seam(bench, np.array([[AXIS, hem - 44], [AXIS, hem + 5]]), on=mask, width=1.6)
        for side in (-1, 1):
            seam(
                bench,
                np.array(
                    [[AXIS + side * waist * 0.5, top + 14], [AXIS + side * waist * 0.56, top + 50]]
                ),
                on=mask,
                opacity=0.5,
            )
    waistband(bench, waist, top, 12)
    if style == "mini":
        belt_loops(bench, waist, top, COPPER)
        button(bench, AXIS, top + 10, r=2.8, colour=COPPER)
    elif style == "aline" and bench.rng.random() < 0.5:
        for i in range(5):
            button(bench, AXIS, top + 26 + i * (hem - top - 50) / 4, r=2.4, colour=GOLD)
