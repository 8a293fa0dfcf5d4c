"""Sweatshirts, sweaters and jackets."""

from dataclasses import replace

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, button, piece, seam, stitches, zipper
from recommender.sample.curves import AXIS, closed, flip, shift, trace
from recommender.sample.details import (
    armholes,
    collar_leaves,
    fitted,
    placket,
)
from recommender.sample.palette import GOLD, SILVER, WHITE, lightness
from recommender.sample.tailoring import collar_band, cuffs, drape, inside_back, sew_sleeves
from recommender.sample.torso import Cut, Sleeve, body


def knit(bench: Bench) -> None:
    """Sweatshirts and sweaters: crew, V-neck, turtleneck, hoodie, cardigan."""
    style = bench.style
    cut = replace(fitted(bench, long=True), armpit_y=126)
    cut = replace(
        cut, chest=cut.chest + 3, waist=cut.chest + 1, hem=cut.chest - 3, hem_y=cut.hem_y - 4, bow=2
    )
    if style in ("vneck", "cardigan"):
        cut = replace(cut, pointed=True, drop=60 if style == "vneck" else 92)
    sleeve = Sleeve(bench.vary(168, 5), 76, 25, 6)
    ribs = 0.0 if style in ("hoodie", "sweatshirt", "zip") else bench.rng.choice([0.0, 3.2, 4.5])
    drape(bench, cut, sleeve=sleeve, lively=0.9)
    sleeves = sew_sleeves(bench, cut, sleeve, ribs=ribs)
    trim: Colour = (
        bench.ink
        if bench.fabric.pattern == "plain" and bench.rng.random() < 0.3
        else tint(bench.ground, -0.1)
    )
    cuffs(bench, cut, sleeve, 15, sleeves, fabric=trim, ribs=2.4, snug=1.6)
    if style in ("hoodie", "zip"):
        _hood(bench, cut)
    elif style != "turtle":
        inside_back(bench, cut)
    mask = piece(bench, body(cut), sag=2.5, shadow=0.2, round_=11, depth=0.2, ribs=ribs)
    armholes(bench, cut, mask)
    y = cut.hem_y - 12
    welt = closed(
        trace(
            (AXIS, y),
            (AXIS + cut.hem + 1.5, y - 1),
            (AXIS + cut.hem - 3, cut.hem_y),
            (AXIS + cut.hem * 0.5, cut.hem_y + 2.2, AXIS, cut.hem_y + 2.2),
        )
    )
    piece(bench, welt, fabric=trim, ribs=2.4, round_=3, depth=0.2, shadow=0.1)
    if style == "turtle":
        roll = closed(
            trace(
                (AXIS, cut.neck_y - 20),
                (AXIS + cut.neck - 4, cut.neck_y - 20, AXIS + cut.neck - 2, cut.neck_y - 16),
                (AXIS + cut.neck - 1, cut.neck_y - 4, AXIS + cut.neck + 2, cut.neck_y + 5),
                (AXIS + cut.neck * 0.6, cut.neck_y + cut.drop + 5, AXIS, cut.neck_y + cut.drop + 5),
            )
        )
        piece(bench, roll, fabric=trim, ribs=2.4, round_=5, depth=0.3, shadow=0.2)
    elif style in ("hoodie", "zip"):
        _hoodie_front(bench, cut, mask, zipped=style == "zip")
    else:
        collar_band(bench, cut, bench.vary(7.5, 1), colour=trim)
    if style == "cardigan":
        low = cut.neck_y + cut.drop
        placket(bench, low - 2, cut.hem_y + 2, mask, width=10, buttons=5, tone=trim)


def _hood(bench: Bench, cut: Cut) -> None:
    y = cut.neck_y
    shell = closed(
        trace(
            (AXIS, y - 24),
            (AXIS + 30, y - 24, AXIS + 36, y - 6, AXIS + 30, y + 24),
            (AXIS + 16, y + 44, AXIS, y + 46),
        )
    )
    piece(bench, shell, round_=8, depth=0.3)
    hole = closed(
        trace(
            (AXIS, y - 13),
            (AXIS + 20, y - 13, AXIS + 25, y, AXIS + 20, y + 20),
            (AXIS + 10, y + 36, AXIS, y + 38),
        )
    )
    piece(bench, hole, fabric=tint(bench.ground, -0.38), round_=7, depth=0.35)


def _hoodie_front(bench: Bench, cut: Cut, mask: Mask, *, zipped: bool) -> None:
    y = cut.neck_y
    canvas = bench.canvas
    rim = trace((AXIS, y + 40), (AXIS + 14, y + 34, AXIS + 25, y + 10))
    both = np.concatenate([flip(rim)[::-1], rim])
    edge = canvas.line(both, width=9)
    canvas.shadow(edge, depth=0.2, dy=1.5, soft=1.5)
    canvas.paint(edge, bench.ground, light=canvas.relief(edge, round_=3, depth=0.3))
    if zipped:
        zipper(bench, np.array([[AXIS, y + 42.0], [AXIS, cut.hem_y + 1.0]]), colour=SILVER)
    for side in (-1, 1):
        cord = trace(
            (AXIS + side * 9, y + 38),
            (AXIS + side * 12, y + 55, AXIS + side * 9, y + bench.vary(84, 8)),
        )
        line = canvas.line(cord, width=2.2)
        canvas.shadow(line, dy=1, soft=1, depth=0.2)
        canvas.paint(line, WHITE if lightness(bench.ground) < 0.8 else bench.ink)
    low = cut.hem_y - 12
    pouch = closed(
        trace(
            (AXIS, low - 52),
            (AXIS + 24, low - 52),
            (AXIS + 38, low - 24),
            (AXIS + 38, low),
            (AXIS, low),
        )
    )
    if zipped:
        for side in (-1, 1):
            seam(
                bench,
                np.array([[AXIS + side * 26, low - 48.0], [AXIS + side * 38, low - 10.0]]),
                on=mask,
                width=1.6,
            )
        return
    piece(bench, pouch, within=mask, round_=3, depth=0.1, sag=2.5, shadow=0.1)
    seam(bench, pouch, on=mask, opacity=0.5)
    stitches(bench, trace((AXIS + 22, low - 48), (AXIS + 35, low - 22)), on=mask)
    stitches(bench, flip(trace((AXIS + 22, low - 48), (AXIS + 35, low - 22))), on=mask)


def jacket(bench: Bench) -> None:
    """Bomber, trucker or puffer: a zip or studs down the front, pockets, a collar."""
    style = bench.style
    cut = replace(fitted(bench, long=True), neck=22, drop=17, armpit_y=128)
    cut = replace(
        cut,
        shoulder=cut.shoulder + 1,
        chest=cut.chest + 5,
        waist=cut.chest + 4,
        hem=cut.chest,
        hem_y=cut.hem_y - 6,
        bow=2,
    )
    sleeve = Sleeve(bench.vary(166, 4), 76, 27, 8)
    drape(bench, cut, sleeve=sleeve, lively=1.2)
    if style == "puffer":
        quilts = [
            trace(
                (10, y - 2.0),
                (AXIS, y + 5, 230, y - 2),
                (230, y + 1.5),
                (AXIS, y + 8.5, 10, y + 1.5),
            )
            for y in range(72, 272, 21)
        ]
        bench.canvas.crease(quilts, depth=0.34, soft=2.2)
    sleeves = sew_sleeves(bench, cut, sleeve)
    trim = tint(bench.ground, -0.22 if lightness(bench.ground) > 0.2 else 0.08)
    ribbed = style == "bomber"
    cuffs(
        bench,
        cut,
        sleeve,
        15,
        sleeves,
        fabric=trim if ribbed else None,
        ribs=2.4 if ribbed else 0,
        snug=2.0 if ribbed else 0,
    )
    inside_back(bench, cut)
    mask = piece(bench, body(cut), sag=2, shadow=0.24, round_=11, depth=0.3)
    armholes(bench, cut, mask)
    y = cut.hem_y - 12
    welt = closed(
        trace(
            (AXIS, y),
            (AXIS + cut.hem + 1, y - 1),
            (AXIS + cut.hem - 2, cut.hem_y),
            (AXIS + cut.hem * 0.5, cut.hem_y + 2.2, AXIS, cut.hem_y + 2.2),
        )
    )
    piece(
        bench, welt, fabric=trim if ribbed else None, ribs=2.4 if ribbed else 0, round_=3, depth=0.2
    )
    seam(bench, np.array([[AXIS - cut.hem, y], [AXIS + cut.hem, y]]), on=mask)
    low = cut.neck_y + cut.drop
    if style == "trucker":
        gold = (0.78, 0.56, 0.30)
        _yoke(bench, cut, mask, gold)
        placket(bench, low, cut.hem_y + 2, mask, width=11, buttons=6, studs=gold)
        collar_leaves(bench, cut, low, spread=20)
        return
    zipper(
        bench,
        np.array([[AXIS, low], [AXIS, cut.hem_y + 1.0]]),
        colour=bench.rng.choice([SILVER, GOLD]),
    )
    for side in (-1, 1):
        slit = np.array([[AXIS + side * 26, y - 52.0], [AXIS + side * 38, y - 14.0]])
        seam(bench, slit, on=mask, width=2.4, opacity=0.75)
        stitches(bench, shift(slit, side * 3.2, 0), on=mask)
    stand = closed(
        trace(
            (AXIS, low - 2),
            (AXIS + 10, low - 6, AXIS + cut.neck + 1, cut.neck_y + 2),
            (AXIS + cut.neck - 1, cut.neck_y - 10),
            (AXIS + 12, low - 22, AXIS, low - 15),
        )
    )
    piece(
        bench,
        stand,
        fabric=trim if ribbed else None,
        ribs=2.4 if ribbed else 0,
        round_=4,
        depth=0.3,
        shadow=0.2,
    )
    seam(bench, np.array([[AXIS, low - 14.0], [AXIS, low - 1.0]]), opacity=0.7)


def _yoke(bench: Bench, cut: Cut, mask: Mask, thread: Colour) -> None:
    y = cut.armpit_y - 22
    for line in (
        np.array([[AXIS - 62, y], [AXIS - 5, y]]),
        np.array([[AXIS + 5, y], [AXIS + 62, y]]),
    ):
        seam(bench, line, on=mask)
        stitches(bench, shift(line, 0, 2.4), on=mask, colour=thread)
    for side in (-1, 1):
        for x0, x1 in ((14, 10), (40, 30)):
            line = np.array([[AXIS + side * x0, y], [AXIS + side * x1, cut.hem_y - 12]])
            seam(bench, line, on=mask, opacity=0.4)
            stitches(bench, shift(line, side * 2, 0), on=mask, colour=thread)
        x = AXIS + side * 27 - 13
        lid = trace((x, y + 1), (x + 26, y + 1), (x + 26, y + 9), (x + 13, y + 15), (x, y + 9))
        piece(bench, lid, shadow=0.22, round_=2, depth=0.1)
        stitches(bench, shift(lid, 0, -1.5), on=mask, colour=thread)
        button(bench, x + 13, y + 9, r=2, colour=thread)
