"""The pattern that everything worn on the upper body is cut from: outlines of body and sleeves."""

import math
from dataclasses import dataclass, replace

import numpy as np

from recommender.sample.cloth import Bench
from recommender.sample.curves import AXIS, Points, closed, trace


@dataclass(frozen=True)
class Cut:
    """Half widths and heights of the body in page units, shoulders to hem.

    `drop` is the neckline's depth below `neck_y`; `bow` how much lower the hem hangs in the middle
    (negative for a shirt tail that rises at the sides is `tail`).
    """

    neck: float = 24
    neck_y: float = 50
    drop: float = 21
    pointed: bool = False
    shoulder: float = 67
    shoulder_y: float = 67
    chest: float = 63
    armpit_y: float = 124
    waist: float = 60
    waist_y: float = 190
    hem: float = 62
    hem_y: float = 258
    bow: float = 4
    tail: float = 0

    def jitter(self, bench: Bench, amount: float = 1.0) -> "Cut":
        """The same cut for another maker: fit, length and neckline a little different."""
        fit = bench.vary(0, 2.6 * amount)
        return replace(
            self,
            neck=self.neck + bench.vary(0, 2 * amount),
            drop=self.drop + bench.vary(0, 2.5 * amount),
            shoulder=self.shoulder + fit * 0.5,
            chest=self.chest + fit,
            waist=self.waist + fit + bench.vary(0, 2 * amount),
            hem=self.hem + fit + bench.vary(0, 2 * amount),
            hem_y=self.hem_y + bench.vary(-2, 9 * amount),
        )


def neckline(cut: Cut) -> Points:
    """The front neckline's right half, from the middle up to the shoulder."""
    low = cut.neck_y + cut.drop
    if cut.pointed:
        return trace(
            (AXIS, low), (AXIS + cut.neck * 0.62, low - cut.drop * 0.5, AXIS + cut.neck, cut.neck_y)
        )
    return trace(
        (AXIS, low),
        (
            AXIS + cut.neck * 0.62,
            low,
            AXIS + cut.neck * 0.92,
            low - cut.drop * 0.45,
            AXIS + cut.neck,
            cut.neck_y,
        ),
    )


def body(cut: Cut) -> Points:
    """The outline of the body."""
    armhole = cut.armpit_y - cut.shoulder_y
    half = np.concatenate(
        [
            neckline(cut),
            trace(
                (AXIS + cut.neck, cut.neck_y),
                (
                    AXIS + (cut.neck + cut.shoulder) / 2,
                    cut.neck_y + 4,
                    AXIS + cut.shoulder,
                    cut.shoulder_y,
                ),
                (
                    AXIS + cut.shoulder - 5,
                    cut.shoulder_y + armhole * 0.45,
                    AXIS + min(cut.chest, cut.shoulder) - 6,
                    cut.armpit_y - armhole * 0.12,
                    AXIS + cut.chest,
                    cut.armpit_y,
                ),
                (
                    AXIS + cut.chest - 1,
                    cut.armpit_y + 25,
                    AXIS + cut.waist,
                    cut.waist_y - 35,
                    AXIS + cut.waist,
                    cut.waist_y,
                ),
                (
                    AXIS + cut.waist,
                    cut.waist_y + 30,
                    AXIS + cut.hem,
                    cut.hem_y - 40,
                    AXIS + cut.hem,
                    cut.hem_y - cut.tail,
                ),
            ),
            hem_line(cut)[::-1],
        ]
    )
    return closed(half)


def hem_line(cut: Cut) -> Points:
    """The hem's right half, from the middle to the side."""
    low = cut.hem_y + cut.bow
    return trace(
        (AXIS, low),
        (
            AXIS + cut.hem * 0.5,
            low,
            AXIS + cut.hem * 0.72,
            cut.hem_y - cut.tail * 0.5 + cut.bow * 0.6,
            AXIS + cut.hem,
            cut.hem_y - cut.tail,
        ),
    )


@dataclass(frozen=True)
class Sleeve:
    """A sleeve: its length, its angle in degrees below the horizontal, its width at the cuff."""

    length: float = 62
    angle: float = 56
    cuff: float = 34
    puff: float = 2


def sleeve_ends(cut: Cut, sleeve: Sleeve, back: float = 0.0) -> tuple[Points, Points]:
    """Outer and inner corner of the right sleeve's opening, `back` units up from its end."""
    a = math.radians(sleeve.angle)
    forth, across = np.array([math.cos(a), math.sin(a)]), np.array([-math.sin(a), math.cos(a)])
    outer = np.array([AXIS + cut.shoulder, cut.shoulder_y]) + forth * (sleeve.length - back)
    wide = sleeve.cuff * (1 - back * 0.002 if sleeve.length > 90 else 1 + back * 0.004)
    return outer - across * back * 0.05, outer + across * wide


def sleeve_outline(cut: Cut, sleeve: Sleeve) -> Points:
    """The right sleeve; its inner side lies under the body."""
    outer, inner = sleeve_ends(cut, sleeve)
    a = math.radians(sleeve.angle)
    sx, sy = AXIS + cut.shoulder, cut.shoulder_y
    px, py = AXIS + cut.chest, cut.armpit_y
    reach = sleeve.length
    lean = sleeve.puff
    return trace(
        (sx - 14, sy - 3),
        (sx - 4, sy - 3, sx, sy),
        (
            sx + math.cos(a) * reach * 0.3 + lean + 4,
            sy + math.sin(a) * reach * 0.3 - 2,
            sx + math.cos(a) * reach * 0.7 + lean,
            sy + math.sin(a) * reach * 0.7,
            outer[0],
            outer[1],
        ),
        (
            (outer[0] + inner[0]) / 2 + math.cos(a) * 2.2,
            (outer[1] + inner[1]) / 2 + math.sin(a) * 2.2,
            inner[0],
            inner[1],
        ),
        (
            inner[0] + (px - inner[0]) * 0.4 - 1,
            inner[1] + (py - inner[1]) * 0.4,
            px + (inner[0] - px) * 0.12,
            py + (inner[1] - py) * 0.12 + 3,
            px - 3,
            py + 1,
        ),
        (px - 12, py - 14),
    )
