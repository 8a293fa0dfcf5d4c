"""Sewing what `torso` has cut: sleeves, cuffs, necklines, folds."""

import math

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, piece, seam, stitches
from recommender.sample.curves import AXIS, Points, closed, crescent, flip, shift, trace
from recommender.sample.fabric import Fabric
from recommender.sample.palette import WHITE, lightness
from recommender.sample.torso import Cut, Sleeve, neckline, sleeve_ends, sleeve_outline


def sew_sleeves(
    bench: Bench,
    cut: Cut,
    sleeve: Sleeve,
    *,
    fabric: Fabric | Colour | None = None,
    ribs: float = 0.0,
    dim: float = 0.04,
) -> tuple[Mask, Mask]:
    """Both sleeves, to be painted before the body."""
    right = sleeve_outline(cut, sleeve)
    lean = sleeve.angle - 90
    origin = AXIS + cut.shoulder, cut.shoulder_y
    mirrored = 2 * AXIS - origin[0], origin[1]
    return (
        piece(
            bench,
            flip(right),
            fabric=fabric,
            angle=-lean,
            origin=mirrored,
            round_=7,
            dim=dim,
            ribs=ribs,
            rib_angle=-lean,
        ),
        piece(
            bench,
            right,
            fabric=fabric,
            angle=lean,
            origin=origin,
            round_=7,
            dim=dim + 0.02,
            ribs=ribs,
            rib_angle=lean,
        ),
    )


def cuffs(
    bench: Bench,
    cut: Cut,
    sleeve: Sleeve,
    height: float,
    sleeves: tuple[Mask, Mask],
    *,
    fabric: Fabric | Colour | None = None,
    ribs: float = 0.0,
    snug: float = 0.0,
) -> None:
    """A band at the end of each sleeve, `snug` units narrower on either side."""
    (o1, i1), (o0, i0) = sleeve_ends(cut, sleeve), sleeve_ends(cut, sleeve, height)
    across = (i1 - o1) / np.hypot(*(i1 - o1))
    right = np.array(
        [
            o0 - across * 0.8,
            o1 + across * (snug - 0.8),
            i1 - across * (snug - 0.8),
            i0 + across * 0.8,
        ]
    )
    lean = sleeve.angle - 90
    for outline, mask, turn in ((flip(right), sleeves[0], -lean), (right, sleeves[1], lean)):
        piece(
            bench,
            outline,
            fabric=fabric,
            angle=turn,
            within=None if snug else mask,
            round_=3,
            depth=0.16,
            ribs=ribs,
            rib_angle=turn,
        )
        seam(bench, outline[[0, 3]], on=mask)


def sleeve_hems(
    bench: Bench, cut: Cut, sleeve: Sleeve, sleeves: tuple[Mask, Mask], back: float = 5.0
) -> None:
    """A stitched hem on plain sleeves."""
    outer, inner = sleeve_ends(cut, sleeve, back)
    right = np.array([outer - (inner - outer) * 0.05, inner + (inner - outer) * 0.1])
    for points, mask in ((flip(right), sleeves[0]), (right, sleeves[1])):
        stitches(bench, points, on=mask, opacity=0.55)


def inside_back(bench: Bench, cut: Cut, *, rise: float = 6.0, label: bool = True) -> None:
    """What shows through the neck opening: the inside of the back, and the maker's label."""
    front = neckline(cut)
    y = cut.neck_y
    back = trace((AXIS + cut.neck, y), (AXIS + cut.neck * 0.6, y + rise, AXIS, y + rise))
    half = np.concatenate([back[::-1], front[::-1], [[AXIS, y + cut.drop + 4]]])
    mask = bench.canvas.fill(shift(closed(half), 0, 0.8))
    shade = -0.3 if lightness(bench.ground) > 0.2 else 0.1
    bench.canvas.paint(mask, tint(bench.ground, shade), light=bench.canvas.relief(mask, depth=0.3))
    if label:
        tag = trace(
            (AXIS - 5.5, y + rise + 0.5),
            (AXIS + 5.5, y + rise + 0.5),
            (AXIS + 5.5, y + rise + 6),
            (AXIS - 5.5, y + rise + 6),
        )
        bench.canvas.paint(
            bench.canvas.inside(bench.canvas.fill(tag), mask),
            WHITE if lightness(bench.ground) < 0.8 else (0.55, 0.56, 0.6),
            opacity=0.85,
        )


def collar_band(
    bench: Bench,
    cut: Cut,
    width: float,
    *,
    colour: Colour | None = None,
    back: bool = True,
    rise: float = 6.0,
) -> None:
    """The ribbed band round a neckline."""
    canvas = bench.canvas
    front = neckline(cut)
    tone = colour or bench.ground
    if back:
        y = cut.neck_y
        far = trace((AXIS + cut.neck, y), (AXIS + cut.neck * 0.6, y + rise, AXIS, y + rise))
        rear = canvas.line(np.concatenate([far, flip(far)[::-1]]), width=width * 0.8)
        canvas.paint(rear, tint(tone, -0.16), light=canvas.relief(rear, round_=2, depth=0.3))
    ring = np.concatenate([flip(front)[::-1], front])
    mask = canvas.line(ring, width=width)
    canvas.shadow(mask, dy=1, soft=1.2, depth=0.14)
    canvas.paint(mask, tone, light=canvas.relief(mask, round_=2, depth=0.35, edge=0.12))
    stitches(bench, shift(ring, 0, width * 0.95), opacity=0.3)


def drape(bench: Bench, cut: Cut, *, sleeve: Sleeve | None = None, lively: float = 1.0) -> None:
    """Folds of a garment laid flat: from the armpits inwards, at the waist, and in the sleeves."""
    rng = bench.rng
    folds: list[Points] = []
    for side in (-1, 1):
        x, y = AXIS + side * (cut.chest - 3), cut.armpit_y + 4
        for _ in range(2):
            end = x - side * rng.uniform(24, 40), y + rng.uniform(14, 50)
            folds.append(
                crescent((x, y), (x - side * 16, y + rng.uniform(0, 16)), end, rng.uniform(4, 7))
            )
        top = cut.waist_y + rng.uniform(-25, 20)
        edge = AXIS + side * (min(cut.waist, cut.hem) - 1)
        folds.append(
            crescent(
                (edge, top),
                (edge - side * 18, top + 8),
                (edge - side * rng.uniform(26, 44), top + rng.uniform(18, 40)),
                rng.uniform(3, 6),
            )
        )
        low = AXIS + side * rng.uniform(0.25, 0.75) * cut.hem
        folds.append(
            crescent(
                (low, cut.hem_y + 2),
                (low - side * 5, cut.hem_y - 30),
                (low - side * rng.uniform(2, 12), cut.hem_y - rng.uniform(50, 90)),
                rng.uniform(4, 7),
            )
        )
        if sleeve is not None:
            a = math.radians(sleeve.angle)
            for part in (0.35, 0.62, 0.8):
                if sleeve.length < 90 and part != 0.35:
                    continue
                middle = sleeve.length * (part + rng.uniform(-0.07, 0.07))
                mx = cut.shoulder + math.cos(a) * middle - math.sin(a) * sleeve.cuff * 0.5
                my = cut.shoulder_y + math.sin(a) * middle + math.cos(a) * sleeve.cuff * 0.5
                reach = sleeve.cuff * 0.5
                folds.append(
                    crescent(
                        (AXIS + side * (mx - reach), my + 7),
                        (AXIS + side * mx, my + 5),
                        (AXIS + side * (mx + reach), my - 8),
                        rng.uniform(4, 6),
                    )
                )
    centre = AXIS + rng.uniform(-18, 18)
    folds.append(
        crescent(
            (centre, cut.waist_y - 20),
            (centre + 9, cut.waist_y + 10),
            (centre + 2, cut.hem_y - 25),
            5,
        )
    )
    bench.canvas.crease(folds, depth=0.13 * lively)
    bench.canvas.mottle(np.random.default_rng(rng.randrange(2**32)))
