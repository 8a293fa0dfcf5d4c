"""T-shirts and women's tops."""

from dataclasses import replace

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, button, piece, seam
from recommender.sample.curves import AXIS, Points, closed, ellipse, rounded, trace
from recommender.sample.details import (
    WOMENS,
    armholes,
    collar_leaves,
    fitted,
    placket,
    pocket,
    stitched_hem,
)
from recommender.sample.tailoring import (
    collar_band,
    cuffs,
    drape,
    inside_back,
    sew_sleeves,
    sleeve_hems,
)
from recommender.sample.torso import Cut, Sleeve, body


def tshirt(bench: Bench) -> None:
    """Crew neck, V-neck, polo, henley, raglan or long-sleeved."""
    style = bench.style
    long = style == "long"
    cut = fitted(bench, long=long)
    if style == "vneck":
        cut = replace(cut, pointed=True, drop=cut.drop + 14)
    if style in ("polo", "henley"):
        cut = replace(cut, neck=cut.neck - 3, drop=cut.drop - 6)
    sleeve = (
        Sleeve(bench.vary(170, 6), 76.5, 22)
        if long
        else Sleeve(bench.vary(60, 7), bench.vary(57, 4), bench.vary(35, 2.5))
    )
    if bench.gender == "Women" and not long:
        sleeve = Sleeve(bench.vary(46, 7), bench.vary(60, 4), bench.vary(30, 2))
    drape(bench, cut, sleeve=sleeve)
    second = bench.ink if style in ("raglan", "ringer") else None
    sleeves = sew_sleeves(bench, cut, sleeve, fabric=second if style == "raglan" else None)
    if style == "ringer" or (style == "polo" and bench.fabric.pattern == "plain"):
        cuffs(bench, cut, sleeve, 5, sleeves, fabric=bench.ink)
    elif long:
        cuffs(bench, cut, sleeve, 9, sleeves, ribs=2.2)
    else:
        sleeve_hems(bench, cut, sleeve, sleeves)
    inside_back(bench, cut)
    mask = piece(bench, body(cut), sag=2.5, shadow=0.2)
    armholes(bench, cut, mask)
    stitched_hem(bench, cut, mask)
    low = cut.neck_y + cut.drop
    if style in ("polo", "henley"):
        placket(bench, low - 1, low + 38, mask, width=11, buttons=3)
    if style == "polo":
        collar_leaves(
            bench,
            cut,
            low,
            spread=17,
            colour=bench.ink if bench.fabric.pattern == "plain" else bench.ground,
        )
    else:
        collar_band(
            bench,
            cut,
            bench.vary(6, 1),
            colour=second or (bench.ground if bench.fabric.pattern != "striped" else bench.ink),
        )
    if bench.fabric.pattern == "plain" and style in ("crew", "raglan", "vneck", "ringer"):
        _chest(bench, cut, mask)


def _chest(bench: Bench, cut: Cut, mask: Mask) -> None:
    """A pocket, an emblem, a chest band, or nothing."""
    choice = bench.rng.choice(["pocket", "sun", "bands", "peaks", "nothing", "nothing", "star"])
    if bench.gender in ("Boys", "Girls"):
        choice = bench.rng.choice(["sun", "star", "peaks", "bands"])
    canvas = bench.canvas
    middle = cut.armpit_y + 22
    inks = (bench.ink, *bench.fabric.inks[1:])
    light = canvas.creases
    shapes: list[tuple[Points, Colour]] = []
    if choice == "pocket":
        pocket(bench, AXIS + 15, cut.armpit_y - 8, 25, 30, mask)
    elif choice == "sun":
        shapes.append((ellipse(AXIS, middle, 23), inks[0]))
        for i in range(3):
            y = middle + 4 + i * 6.5
            shapes.append((rounded(AXIS - 25, y, AXIS + 25, y + 2 + i * 0.7, 0.5), bench.ground))
    elif choice == "bands":
        for i in range(3):
            y = cut.armpit_y + 6 + i * 10
            shapes.append(
                (
                    trace((20, y), (AXIS, y + 5, 220, y), (220, y + 6), (AXIS, y + 11, 20, y + 6)),
                    inks[i % len(inks)],
                )
            )
    elif choice == "peaks":
        shapes.append(
            (
                trace(
                    (AXIS - 30, middle + 20),
                    (AXIS - 10, middle - 12),
                    (AXIS, middle + 3),
                    (AXIS + 10, middle - 22),
                    (AXIS + 32, middle + 20),
                ),
                inks[0],
            )
        )
        shapes.append(
            (
                trace(
                    (AXIS + 3.2, middle - 8),
                    (AXIS + 10, middle - 22),
                    (AXIS + 17, middle - 8),
                    (AXIS + 12, middle - 11),
                    (AXIS + 9, middle - 6),
                ),
                bench.ground,
            )
        )
        shapes.append((ellipse(AXIS - 16, middle - 20, 6), inks[-1]))
    elif choice == "star":
        spokes = ellipse(AXIS, middle, 25)
        inner = ellipse(AXIS, middle, 10.5)
        corners = np.array(
            [(spokes if k % 2 == 0 else inner)[round(k * 4.8 + 36) % 48] for k in range(10)]
        )
        shapes.append((corners, inks[0]))
    for outline, ink in shapes:
        spot = canvas.inside(canvas.fill(outline), mask)
        canvas.paint(spot, ink, light=light[spot.window], opacity=0.94)


def top(bench: Bench) -> None:
    """Women's tops: strappy, sleeveless, flutter-sleeved, peplum, bell-sleeved."""
    style = bench.style
    cut = replace(WOMENS.jitter(bench), neck=31, drop=bench.vary(33, 5), hem_y=bench.vary(244, 8))
    if style == "cami":
        cut = replace(
            cut,
            neck=33,
            neck_y=88,
            drop=16,
            shoulder=39,
            shoulder_y=90,
            chest=54,
            armpit_y=126,
            waist=52,
            hem=bench.vary(66, 5),
            hem_y=256,
        )
        drape(bench, cut)
        for side in (-1, 1):
            strap = np.array([[AXIS + side * 36, 93.0], [AXIS + side * 31, 46.0]])
            far = np.array([[AXIS + side * 31, 46.0], [AXIS + side * 27, 96.0]])
            bench.canvas.paint(bench.canvas.line(far, width=4), tint(bench.ground, -0.3))
            shape = bench.canvas.line(strap, width=5)
            bench.canvas.paint(shape, bench.ground, light=bench.canvas.relief(shape, round_=2))
    elif style == "sleeveless":
        cut = replace(cut, shoulder=47, chest=54)
        drape(bench, cut)
    else:
        sleeve = {
            "flutter": Sleeve(bench.vary(38, 4), 50, 44, 9),
            "peplum": Sleeve(bench.vary(40, 8), 62, 30),
            "bell": Sleeve(bench.vary(138, 10), 77, 46, -4),
        }[style]
        drape(bench, cut, sleeve=sleeve)
        sleeve_hems(bench, cut, sleeve, sew_sleeves(bench, cut, sleeve))
    if style == "peplum":
        _peplum(bench, cut)
        cut = replace(cut, waist=46, hem=47, hem_y=188, waist_y=168)
    inside_back(bench, cut, rise=8 if style != "cami" else 10, label=style != "cami")
    mask = piece(bench, body(cut), sag=2.5, shadow=0.2)
    collar_band(bench, cut, 3.0, rise=8 if style != "cami" else 10)
    if style == "peplum":
        piece(
            bench,
            trace(
                (AXIS - 46.5, 182),
                (AXIS, 188, AXIS + 46.5, 182),
                (AXIS + 47, 190),
                (AXIS, 196, AXIS - 47, 190),
            ),
            fabric=tint(bench.ground, -0.12),
            within=mask,
            round_=3,
        )
    else:
        stitched_hem(bench, cut, mask, up=4)
    if style == "sleeveless" and bench.fabric.pattern == "plain":
        for i in range(4):
            seam(
                bench,
                np.array(
                    [
                        [AXIS - 9 + 6 * i, cut.neck_y + cut.drop + 6.0],
                        [AXIS - 9 + 6 * i, cut.neck_y + cut.drop + 52.0],
                    ]
                ),
                on=mask,
                opacity=0.45,
            )
    if style == "bell":
        button(bench, AXIS, cut.neck_y + cut.drop + 9, r=1.8)
        button(bench, AXIS, cut.neck_y + cut.drop + 20, r=1.8)


def _peplum(bench: Bench, cut: Cut) -> None:
    low = 250
    half = trace(
        (AXIS, 182),
        (AXIS + 46, 182),
        (AXIS + 56, 205, AXIS + 74, low - 8),
        (AXIS + 60, low + 5, AXIS + 48, low),
        (AXIS + 36, low - 3, AXIS + 24, low + 4),
        (AXIS + 12, low + 9, AXIS, low + 3),
    )
    pleats = [
        trace(
            (AXIS + x * 0.7 - 2, 190),
            (AXIS + x, 220, AXIS + x * 1.35, low + 4),
            (AXIS + x * 1.15, 220, AXIS + x * 0.7, 190),
        )
        for x in (-44, -30, -14, 2, 18, 33, 46)
    ]
    bench.canvas.crease(pleats, depth=0.22, soft=2.0)
    piece(bench, closed(half), sag=3, round_=7)
