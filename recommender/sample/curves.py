"""Outlines: a few control points become the dense polygons that the canvas fills.

A page is 240 units wide and 320 high, x to the right and y downwards. Points are float64 arrays of
shape (n, 2) in page units.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

PAGE = (240, 320)
AXIS = PAGE[0] / 2
_STEPS = 14


def trace(start: Sequence[float], *steps: Sequence[float]) -> Points:
    """A pen line from `start` through `steps`.

    A step of 2 numbers is a straight line to (x, y), of 4 a quadratic Bezier (control, end), of 6
    a cubic one (control, control, end).

    >>> trace((0, 0), (10, 0)).tolist()
    [[0.0, 0.0], [10.0, 0.0]]
    >>> len(trace((0, 0), (5, 5, 10, 0)))
    15
    """
    pieces: list[Points] = [np.array([start], dtype=np.float64)]
    here = pieces[0][0]
    t = np.linspace(0, 1, _STEPS + 1)[1:, None]
    for step in steps:
        knots = np.array(step, dtype=np.float64).reshape(-1, 2)
        if len(knots) == 1:
            piece = knots
        elif len(knots) == 2:
            piece = (1 - t) ** 2 * here + 2 * t * (1 - t) * knots[0] + t**2 * knots[1]
        else:
            piece = (
                (1 - t) ** 3 * here
                + 3 * t * (1 - t) ** 2 * knots[0]
                + 3 * t**2 * (1 - t) * knots[1]
                + t**3 * knots[2]
            )
        pieces.append(piece)
        here = piece[-1]
    return np.concatenate(pieces)


def shift(points: Points, dx: float, dy: float) -> Points:
    """The same line somewhere else."""
    moved: Points = points + np.array([dx, dy])
    return moved


def flip(points: Points) -> Points:
    """The same line seen in a mirror on the page's vertical axis."""
    return np.column_stack([2 * AXIS - points[:, 0], points[:, 1]])


def closed(half: Points) -> Points:
    """The whole outline of something symmetric, given its right half from top to bottom."""
    return np.concatenate([half, flip(half)[::-1]])


def ellipse(x: float, y: float, rx: float, ry: float | None = None, turn: float = 0.0) -> Points:
    """An ellipse around (x, y), turned by `turn` degrees."""
    angle = np.linspace(0, 2 * math.pi, 49)[:-1]
    spokes = np.column_stack([rx * np.cos(angle), (rx if ry is None else ry) * np.sin(angle)])
    return shift(rotate(spokes, turn), x, y)


def rounded(x0: float, y0: float, x1: float, y1: float, r: float) -> Points:
    """A rectangle with corners of radius `r`."""
    r = min(r, (x1 - x0) / 2, (y1 - y0) / 2)
    return trace(
        (x0 + r, y0),
        (x1 - r, y0),
        (x1, y0, x1, y0 + r),
        (x1, y1 - r),
        (x1, y1, x1 - r, y1),
        (x0 + r, y1),
        (x0, y1, x0, y1 - r),
        (x0, y0 + r),
        (x0, y0, x0 + r, y0),
    )


def rotate(points: Points, degrees: float, about: tuple[float, float] = (0.0, 0.0)) -> Points:
    """Turned clockwise on the page (y points down)."""
    a = math.radians(degrees)
    turn = np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])
    turned: Points = (points - about) @ turn + about
    return turned


def crescent(
    start: Sequence[float], bow: Sequence[float], end: Sequence[float], width: float
) -> Points:
    """A fold of cloth: a curve that is `width` thick in the middle and pointed at both ends."""
    spine = trace(start, (*bow, *end))
    along = np.gradient(spine, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]])
    across /= np.maximum(np.hypot(across[:, 0], across[:, 1]), 1e-9)[:, None]
    thick = np.sin(np.linspace(0, math.pi, len(spine)))[:, None] * width / 2
    return np.concatenate([spine + across * thick, (spine - across * thick)[::-1]])


def along(points: Points, spacing: float) -> Points:
    """The line resampled at equal distances of about `spacing` units."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    walked = np.concatenate([[0.0], np.cumsum(steps)])
    stops = np.linspace(0, walked[-1], max(2, round(walked[-1] / spacing) + 1))
    return np.column_stack([np.interp(stops, walked, points[:, i]) for i in (0, 1)])
