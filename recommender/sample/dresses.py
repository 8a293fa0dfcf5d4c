"""Dresses: fit and flare, sheath, strappy maxi, shirt dress, tea dress."""

from dataclasses import replace

import numpy as np

from recommender.sample.canvas import Mask, tint
from recommender.sample.cloth import Bench, button, metal, piece, seam, stitches
from recommender.sample.curves import AXIS, ellipse, flip, rounded, shift, trace
from recommender.sample.palette import GOLD, WHITE, lightness
from recommender.sample.skirts import skirt_panel
from recommender.sample.tailoring import collar_band, drape, inside_back, sew_sleeves, sleeve_hems
from recommender.sample.torso import Cut, Sleeve, body

_BODICE = Cut(
    neck=27,
    neck_y=24,
    drop=26,
    shoulder=46,
    shoulder_y=34,
    chest=47,
    armpit_y=82,
    waist=38,
    waist_y=128,
    hem=38,
    hem_y=134,
    bow=3,
)


def _belt(bench: Bench, waist: float, y: float) -> None:
    tone = bench.ink if bench.fabric.pattern == "plain" else tint(bench.ground, -0.25)
    band = trace(
        (AXIS - waist - 1, y - 4),
        (AXIS, y, AXIS + waist + 1, y - 4),
        (AXIS + waist + 1, y + 5),
        (AXIS, y + 9, AXIS - waist - 1, y + 5),
    )
    piece(bench, band, fabric=tone, round_=2.5, depth=0.3, shadow=0.2)
    kind = bench.rng.choice(["buckle", "bow"])
    if kind == "buckle":
        metal(bench, rounded(AXIS - 7, y - 3.5, AXIS + 7, y + 8, 2.5), GOLD)
        inner = bench.canvas.fill(rounded(AXIS - 4.5, y - 1.5, AXIS + 4.5, y + 6, 1.5))
        bench.canvas.paint(inner, tone)
        return
    for side in (-1, 1):
        tail = trace(
            (AXIS, y + 2),
            (AXIS + side * 8, y + 20, AXIS + side * 6, y + 42),
            (AXIS + side * 12, y + 40),
            (AXIS + side * 13, y + 16, AXIS + side * 2, y + 2),
        )
        piece(bench, tail, fabric=tone, round_=2.5, depth=0.3, shadow=0.2)
    for side in (-1, 1):
        loop = trace(
            (AXIS, y + 2),
            (AXIS + side * 12, y - 12, AXIS + side * 19, y - 3),
            (AXIS + side * 22, y + 9, AXIS + side * 12, y + 9),
            (AXIS + side * 5, y + 8, AXIS, y + 2),
        )
        piece(bench, loop, fabric=tone, round_=3, depth=0.35, shadow=0.25)
    piece(bench, ellipse(AXIS, y + 2, 4, 4.5), fabric=tone, round_=2, depth=0.4)


def _straps(bench: Bench, cut: Cut) -> None:
    canvas = bench.canvas
    for side in (-1, 1):
        far = canvas.line(
            np.array([[AXIS + side * 26, 22.0], [AXIS + side * 21, cut.neck_y + 8]]), width=3
        )
        canvas.paint(far, tint(bench.ground, -0.3))
        near = canvas.line(
            np.array([[AXIS + side * 26, 22.0], [AXIS + side * (cut.neck + 3), cut.neck_y + 4]]),
            width=4.4,
        )
        canvas.paint(near, bench.ground, light=canvas.relief(near, round_=2))


def dress(bench: Bench) -> None:
    """One of five shapes, by style."""
    style = bench.style
    child = bench.gender == "Girls"
    cut = replace(_BODICE.jitter(bench, 0.5), hem_y=134)
    hem = {
        "flare": bench.vary(268, 12),
        "sheath": bench.vary(276, 8),
        "maxi": 303.0,
        "shirt": bench.vary(278, 8),
        "tea": bench.vary(284, 8),
    }[style]
    half = {
        "flare": bench.vary(88, 6),
        "sheath": bench.vary(50, 2),
        "maxi": bench.vary(84, 6),
        "shirt": bench.vary(70, 5),
        "tea": bench.vary(80, 6),
    }[style]
    if child:
        hem = bench.vary(254, 6)
        cut = replace(cut, neck_y=44, shoulder_y=53, armpit_y=98, waist=46, chest=50, hem=46)
    sleeve: Sleeve | None = None
    if style == "tea":
        sleeve = Sleeve(bench.vary(46, 8), bench.vary(60, 3), 31, 6)
        cut = replace(cut, shoulder=51, pointed=bench.rng.random() < 0.5)
    elif style == "shirt":
        sleeve = Sleeve(bench.vary(74, 12), 70, 27, 2)
        cut = replace(cut, shoulder=52, neck=21, drop=20, pointed=True)
    elif style == "maxi":
        cut = replace(
            cut,
            neck=29,
            neck_y=58,
            drop=bench.vary(18, 4),
            shoulder=36,
            shoulder_y=61,
            chest=42,
            armpit_y=96,
            pointed=True,
        )
    drape(bench, replace(cut, hem_y=150), sleeve=sleeve, lively=0.7)
    if sleeve:
        sleeve_hems(bench, cut, sleeve, sew_sleeves(bench, cut, sleeve))
    if style == "maxi":
        _straps(bench, cut)
    inside_back(bench, cut, rise=7, label=style != "maxi")
    if style == "sheath":
        long = replace(cut, waist=42, waist_y=132, hem=half, hem_y=hem)
        mask = piece(bench, body(long), sag=3, shadow=0.15, round_=10, depth=0.26)
        for side in (-1, 1):
            dart = trace((AXIS + side * 22, 84), (AXIS + side * 17, 130, AXIS + side * 25, 190))
            seam(bench, dart, on=mask, opacity=0.5)
        stitches(
            bench, trace((AXIS - half, hem - 7), (AXIS, hem - 2, AXIS + half, hem - 7)), on=mask
        )
    else:
        mask = piece(bench, body(cut), sag=3, shadow=0.15)
        panel = skirt_panel(
            bench, cut.hem, 132, half, hem, waves={"flare": 4, "maxi": 3, "tea": 3}.get(style, 2)
        )
        seam(bench, trace((AXIS - cut.hem, 132), (AXIS, 140, AXIS + cut.hem, 132)), opacity=0.6)
        stitches(
            bench,
            trace((AXIS - half, hem - 11), (AXIS, hem + 1, AXIS + half, hem - 11)),
            on=panel,
            opacity=0.4,
        )
        if style in ("maxi", "tea") and bench.rng.random() < 0.5:
            _tiers(bench, panel, cut.hem, half, hem)
    if style == "shirt":
        _shirt_front(bench, cut, hem)
    else:
        collar_band(bench, cut, 3.4, rise=7, back=style != "maxi")
    if style in ("flare", "shirt") or (style == "tea" and bench.rng.random() < 0.5):
        _belt(bench, cut.hem, 133)


def _tiers(bench: Bench, panel: Mask, waist: float, half: float, hem: float) -> None:
    for part in (0.4, 0.72):
        y = 134 + (hem - 134) * part
        x = waist + (half - waist) * (part * 0.7 + 0.3)
        line = trace((AXIS - x, y), (AXIS, y + 9, AXIS + x, y))
        seam(bench, line, on=panel, width=1.6)
        stitches(bench, shift(line, 0, 2.5), on=panel, opacity=0.5)


def _shirt_front(bench: Bench, cut: Cut, hem: float) -> None:
    low = cut.neck_y + cut.drop
    for x in (-5, 5):
        seam(bench, np.array([[AXIS + x, low + 2], [AXIS + x, hem - 1]]), opacity=0.45)
    pale = WHITE if lightness(bench.ground) < 0.7 else tint(bench.ground, -0.3)
    for i in range(9):
        button(bench, AXIS, low + 8 + i * (hem - low - 20) / 8.5, r=2, colour=pale)
    leaf = trace(
        (AXIS + 1, low),
        (AXIS + 10, low - 10, AXIS + cut.neck - 2, cut.neck_y - 4),
        (AXIS + cut.neck + 4, cut.neck_y - 4, AXIS + cut.neck + 6, cut.neck_y + 5),
        (AXIS + 26, low, AXIS + 21, low + 12),
        (AXIS + 10, low + 8, AXIS + 1, low),
    )
    for shape in (flip(leaf), leaf):
        piece(bench, shape, round_=3, depth=0.2, shadow=0.22)
