"""Shirts and kurtas."""

from dataclasses import replace

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, button, metal, piece, seam, stitches
from recommender.sample.curves import AXIS, ellipse, flip, shift
from recommender.sample.details import (
    MENS,
    WOMENS,
    armholes,
    collar_leaves,
    fitted,
    placket,
    pocket,
    stitched_hem,
)
from recommender.sample.palette import GOLD, WHITE, lightness
from recommender.sample.tailoring import (
    collar_band,
    cuffs,
    drape,
    inside_back,
    sew_sleeves,
    sleeve_hems,
)
from recommender.sample.torso import Cut, Sleeve, body, hem_line, neckline


def shirt(bench: Bench) -> None:
    """Buttoned, with a collar; long or short sleeves."""
    long = bench.style != "short"
    cut = replace(fitted(bench, long=long), drop=15, tail=bench.vary(15, 6), bow=3)
    cut = replace(cut, neck=21, hem_y=cut.hem_y + 8)
    sleeve = Sleeve(bench.vary(174, 5), 76.5, 23, 4) if long else Sleeve(bench.vary(64, 5), 58, 37)
    drape(bench, cut, sleeve=sleeve)
    sleeves = sew_sleeves(bench, cut, sleeve)
    if long:
        cuffs(bench, cut, sleeve, 17, sleeves)
    else:
        sleeve_hems(bench, cut, sleeve, sleeves, back=8)
    inside_back(bench, cut, label=True)
    mask = piece(bench, body(cut), sag=2.0, shadow=0.2)
    armholes(bench, cut, mask)
    stitched_hem(bench, cut, mask, up=3.5)
    low = cut.neck_y + cut.drop
    pale = WHITE if lightness(bench.ground) < 0.7 else tint(bench.ground, -0.25)
    placket(bench, low + 3, cut.hem_y + 6, mask, buttons=7, studs=pale)
    if bench.rng.random() < 0.7:
        pocket(bench, AXIS + 14, cut.armpit_y - 6, 26, 31, mask, flap=bench.style == "utility")
    if bench.style == "utility":
        pocket(bench, AXIS - 40, cut.armpit_y - 6, 26, 31, mask, flap=True)
    collar_leaves(bench, cut, low, spread=bench.vary(19, 3))
    button(bench, AXIS, low + 3, colour=pale)


def kurta(bench: Bench) -> None:
    """A long tunic with a stand-up collar, a short placket, side slits and a border."""
    womens = bench.gender == "Women"
    cut = replace(
        WOMENS if womens else MENS,
        neck_y=24,
        shoulder_y=38,
        armpit_y=88,
        waist_y=160,
        hem_y=bench.vary(300, 4),
    ).jitter(bench, 0.6)
    cut = replace(
        cut,
        neck=19 if not womens else 24,
        drop=14 if not womens else bench.vary(24, 5),
        chest=52,
        shoulder=54,
        waist=48 if womens else 51,
        hem=bench.vary(70 if bench.style == "flared" else 58, 3),
        hem_y=302,
        pointed=womens and bench.style == "straight",
    )
    sleeve = Sleeve(bench.vary(118 if womens else 158, 8), 75.5, 25, 3)
    drape(bench, cut, sleeve=sleeve, lively=1.15)
    sleeves = sew_sleeves(bench, cut, sleeve)
    trim = bench.ink
    inside_back(bench, cut)
    mask = piece(bench, body(cut), sag=2, shadow=0.2)
    armholes(bench, cut, mask)
    low = cut.neck_y + cut.drop
    placket(
        bench,
        low - 2,
        low + 72,
        mask,
        width=13,
        buttons=4,
        tone=trim if bench.style != "flared" else None,
        studs=GOLD,
    )
    if womens:
        collar_band(bench, cut, 6, colour=trim)
    else:
        ring = np.concatenate([flip(neckline(cut))[::-1], neckline(cut)])
        collar_band(bench, cut, 8)
        stitches(bench, shift(ring, 0, -1.5))
    if bench.style != "straight" or bench.rng.random() < 0.5:
        _border(bench, cut, mask, trim)
        cuffs(bench, cut, sleeve, 8, sleeves, fabric=trim)
    else:
        stitched_hem(bench, cut, mask)
        sleeve_hems(bench, cut, sleeve, sleeves)
        for side in (-1, 1):
            seam(
                bench,
                np.array(
                    [[AXIS + side * (cut.hem - 2.5), 226.0], [AXIS + side * (cut.hem - 3), 300.0]]
                ),
                on=mask,
                width=1.4,
            )
    metal(bench, ellipse(AXIS, low + 2, 1.7), GOLD)


def _border(bench: Bench, cut: Cut, mask: Mask, trim: Colour) -> None:
    half = hem_line(cut)
    band = np.concatenate(
        [
            flip(half)[::-1] - (0, 15),
            half[1:] - (0, 15),
            (shift(half, 0, 3))[::-1],
            shift(flip(half), 0, 3),
        ]
    )
    piece(bench, band, fabric=trim, within=mask, round_=2, depth=0.06)
    ring = np.concatenate([flip(half)[::-1], half]) - (0, 7)
    stops = ring[::2]
    gems = bench.canvas.fill(*[ellipse(x, y, 2.1) for x, y in stops])
    bench.canvas.paint(bench.canvas.inside(gems, mask), bench.ground, opacity=0.9)
    for up in (2, 12):
        seam(bench, ring - (0, up - 7), on=mask, colour=GOLD, opacity=0.8)
