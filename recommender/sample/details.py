"""What several garments share: sizes, hems, armholes, pockets, plackets, collars."""

from dataclasses import replace

import numpy as np

from recommender.sample.canvas import Colour, Mask, tint
from recommender.sample.cloth import Bench, button, piece, seam, stitches
from recommender.sample.curves import AXIS, closed, flip, shift, trace
from recommender.sample.palette import lightness
from recommender.sample.torso import Cut, hem_line

MENS = Cut()
WOMENS = Cut(neck=28, drop=28, shoulder=60, chest=55, waist=48, hem=57, hem_y=252, armpit_y=119)
_KIDS = Cut(
    neck=26,
    neck_y=62,
    drop=19,
    shoulder=64,
    shoulder_y=77,
    chest=61,
    armpit_y=130,
    waist=62,
    hem=66,
    hem_y=246,
)

_SLEEVED = 7
"""Long sleeves need room at the sides: everything with them is cut this much narrower."""


def fitted(bench: Bench, *, long: bool = False) -> Cut:
    base = (
        WOMENS if bench.gender == "Women" else _KIDS if bench.gender in ("Boys", "Girls") else MENS
    )
    if long:
        slim = 2 if bench.gender == "Women" else _SLEEVED
        base = replace(
            base,
            shoulder=base.shoulder - slim,
            chest=base.chest - slim + 1,
            waist=base.waist - slim + 1,
            hem=base.hem - slim + 1,
        )
    return base.jitter(bench)


def stitched_hem(bench: Bench, cut: Cut, mask: Mask, up: float = 6.0) -> None:
    half = hem_line(cut) - (0, up)
    line = np.concatenate([flip(half)[::-1], half])
    stitches(bench, line, on=mask, opacity=0.55)


def armholes(bench: Bench, cut: Cut, mask: Mask) -> None:
    armhole = cut.armpit_y - cut.shoulder_y
    right = trace(
        (AXIS + cut.shoulder, cut.shoulder_y),
        (
            AXIS + cut.shoulder - 5,
            cut.shoulder_y + armhole * 0.45,
            AXIS + min(cut.chest, cut.shoulder) - 6,
            cut.armpit_y - armhole * 0.12,
            AXIS + cut.chest,
            cut.armpit_y,
        ),
    )
    for line in (right - (0.8, 0), shift(flip(right), 0.8, 0)):
        seam(bench, line, on=mask, opacity=0.6)


def pocket(
    bench: Bench, x: float, y: float, w: float, h: float, mask: Mask, *, flap: bool = False
) -> None:
    """A patch pocket with its top-left corner at (x, y)."""
    outline = trace(
        (x, y), (x + w, y), (x + w, y + h - 5), (x + w / 2, y + h + 1), (x, y + h - 5), (x, y)
    )
    piece(
        bench, outline, within=mask, round_=2, depth=0.06, edge=0.08, origin=(118.5, 158), sag=2.5
    )
    stitches(bench, outline, on=mask, opacity=0.4)
    seam(bench, outline, on=mask, opacity=0.5)
    if flap:
        lid = trace(
            (x - 1, y),
            (x + w + 1, y),
            (x + w + 1, y + h * 0.3),
            (x + w / 2, y + h * 0.46),
            (x - 1, y + h * 0.3),
        )
        piece(bench, lid, round_=2, depth=0.1, shadow=0.22)
        button(bench, x + w / 2, y + h * 0.28, r=1.8)
    else:
        seam(bench, np.array([[x, y + 4.5], [x + w, y + 4.5]]), on=mask, opacity=0.35)


def placket(
    bench: Bench,
    top: float,
    bottom: float,
    mask: Mask,
    *,
    width: float = 12,
    buttons: int = 6,
    tone: Colour | None = None,
    studs: Colour | None = None,
) -> None:
    """The strip of cloth that carries the buttons."""
    x0, x1 = AXIS - width / 2, AXIS + width / 2
    strip = trace((x0, top), (x1, top), (x1, bottom), (x0, bottom))
    piece(
        bench,
        strip,
        fabric=tone,
        within=mask,
        round_=1.5,
        depth=0.08,
        edge=0.1,
        origin=(121.5, 160),
        sag=2.5,
    )
    for x in (x0, x1):
        seam(bench, np.array([[x, top], [x, bottom]]), on=mask, opacity=0.45)
    for i in range(buttons):
        button(bench, AXIS, top + (bottom - top) * (i + 0.5) / buttons, colour=studs)


def collar_leaves(
    bench: Bench,
    cut: Cut,
    low: float,
    *,
    spread: float = 20,
    colour: Colour | None = None,
    stand: bool = True,
) -> None:
    """A turned-down collar that meets at (axis, low)."""
    y = cut.neck_y
    canvas = bench.canvas
    if stand:  # the back of the collar, seen from inside
        top = y - 9
        rear = closed(
            trace(
                (AXIS, top + 3),
                (AXIS + cut.neck * 0.6, top + 2, AXIS + cut.neck - 2, top + 5),
                (AXIS + cut.neck + 1, y + 3),
                (AXIS + cut.neck * 0.5, y + 10, AXIS, y + 10),
            )
        )
        back = canvas.fill(rear)
        tone = colour or bench.ground
        canvas.paint(
            back,
            tint(tone, -0.22 if lightness(tone) > 0.2 else 0.06),
            light=canvas.relief(back, round_=4, depth=0.25),
        )
    right = trace(
        (AXIS + 1, low),
        (AXIS + cut.neck * 0.55, low - 10, AXIS + cut.neck - 3, y - 5),
        (AXIS + cut.neck + 2, y - 8, AXIS + cut.neck + 5, y + 1),
        (AXIS + cut.neck + 3, y + 14, AXIS + spread + 5, low + bench.vary(10, 2.5)),
        (AXIS + spread * 0.5, low + 5, AXIS + 1, low),
    )
    for leaf, turn in ((flip(right), 32), (right, -32)):
        shape = piece(bench, leaf, fabric=colour, angle=turn, round_=3, depth=0.2, shadow=0.25)
        stitches(bench, leaf[-15:] - (0, 2.5), on=shape, opacity=0.35)
