"""CIELAB, in which distances are close to what the eye sees, and the difference of two colours.

Sources: IEC 61966-2-1:1999 for sRGB, its transfer function and primaries; CIE 15:2004 for L*a*b*
and the white point of illuminant D65 (2° observer); Sharma, Wu & Dalal, "The CIEDE2000
Color-Difference Formula: Implementation Notes, Supplementary Test Data, and Mathematical
Observations", Color Research & Application 30 (2005), for the difference.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_FROM_XYZ = np.linalg.inv(_TO_XYZ)
# What the matrix makes of white: D65 to four places, and greys get a* and b* of exactly 0.
_WHITE = _TO_XYZ.sum(axis=1)
_EPSILON = (6 / 29) ** 3
_SLOPE = (29 / 6) ** 2 / 3
_LINEAR = np.where(
    np.arange(256) / 255 <= 0.04045,
    np.arange(256) / 255 / 12.92,
    ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4,
)
"""Light of each of the 256 values of a channel, 0 to 1."""


def to_lab(rgb: npt.NDArray[np.uint8]) -> Floats:
    """CIELAB of sRGB colours.

    Args:
        rgb: uint8 (..., 3).

    Returns:
        float64 (..., 3): L* from 0 to 100, a* and b* within about ±110.

    >>> to_lab(np.array([[255, 255, 255], [255, 0, 0]], np.uint8)).round(1) + 0.0
    array([[100. ,   0. ,   0. ],
           [ 53.2,  80.1,  67.2]])
    """
    xyz = _LINEAR[rgb] @ _TO_XYZ.T / _WHITE
    root = np.where(xyz > _EPSILON, np.cbrt(xyz), _SLOPE * xyz + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def to_rgb(lab: Floats) -> npt.NDArray[np.uint8]:
    """The sRGB of CIELAB colours; what no screen can show is clipped, channel by channel.

    Args:
        lab: float (..., 3).

    Returns:
        uint8 (..., 3).

    >>> to_rgb(np.array([53.24, 80.09, 67.2])).tolist()
    [255, 0, 0]
    """
    y = (lab[..., 0] + 16) / 116
    root = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    xyz = np.where(root > 6 / 29, root**3, (root - 4 / 29) / _SLOPE) * _WHITE
    light = (xyz @ _FROM_XYZ.T).clip(0, 1)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray((coded * 255).round().astype(np.uint8))


def difference(one: Floats, other: Floats, *, lightness: float = 1.0) -> Floats:
    """CIEDE2000 between colours: about 1 can just be seen, black and white are 100 apart.

    Args:
        one: float (..., 3), CIELAB.
        other: float (..., 3), CIELAB; broadcast against `one`.
        lightness: k_L of the formula; 2 halves what a difference in lightness counts.

    Returns:
        float64 (...), at least 0.

    >>> black, white = to_lab(np.array([[0, 0, 0], [255, 255, 255]], np.uint8))
    >>> float(difference(black, white).round(3))
    100.0
    """
    chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    stretch = 1.5 - 0.5 * _share_of_25(chroma)
    a1, a2 = one[..., 1] * stretch, other[..., 1] * stretch
    c1, c2 = np.hypot(a1, one[..., 2]), np.hypot(a2, other[..., 2])
    h1, h2 = _hue(one[..., 2], a1), _hue(other[..., 2], a2)
    coloured = c1 * c2 > 0

    turn = np.where(coloured, (h2 - h1 + 180) % 360 - 180, 0.0)
    delta_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    # The mean of 350° and 20° is 5°, not 185°: half way along the shorter turn. Of a grey and a
    # colour it is the colour's own hue.
    mean_h = np.where(coloured, (h1 + turn / 2) % 360, h1 + h2)
    mean_l = (one[..., 0] + other[..., 0]) / 2
    mean_c = (c1 + c2) / 2

    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    off = (mean_l - 50) ** 2
    by_l = (other[..., 0] - one[..., 0]) / (1 + 0.015 * off / np.sqrt(20 + off)) / lightness
    by_c = (c2 - c1) / (1 + 0.045 * mean_c)
    by_h = delta_h / (1 + 0.015 * mean_c * t)
    twist = np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))
    rotation = -2 * _share_of_25(mean_c) * np.sin(twist)
    squared = by_l**2 + by_c**2 + by_h**2 + rotation * by_c * by_h
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))


def _share_of_25(chroma: Floats) -> Floats:
    seventh = chroma**7
    return np.asarray(np.sqrt(seventh / (seventh + 25.0**7)))


def _hue(b: Floats, a: Floats) -> Floats:
    """Degrees, 0 to 360."""
    return np.asarray(np.degrees(np.arctan2(b, a)) % 360)
