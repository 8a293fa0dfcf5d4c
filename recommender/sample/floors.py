"""What a snapshot is taken on: wood, concrete, tiles, a rug, linen. Drawn, like the rest."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from PIL import Image

from recommender.sample.canvas import Colour, Floats


def _noise(rng: np.random.Generator, height: int, width: int, rows: int, columns: int) -> Floats:
    """Smooth noise from 0 to 1 with about `rows` x `columns` bumps."""
    grid = rng.integers(0, 256, (rows, columns), dtype=np.uint8)
    page = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(page, np.float32) / np.float32(255)


def _tinted(light: Floats, colour: Colour) -> Floats:
    floor: Floats = light[..., None] * np.asarray(colour, np.float32)
    return floor


def _wood(rng: np.random.Generator, height: int, width: int) -> Floats:
    planks = 5
    board = (np.arange(width) * planks // width).astype(int)
    within = (np.arange(width) * planks / width) % 1
    tones = rng.uniform(0.86, 1.08, planks).astype(np.float32)
    light = np.empty((height, width), np.float32)
    for i in range(planks):
        columns = board == i
        grain = _noise(rng, height, int(columns.sum()), 7, 26)
        fine = _noise(rng, height, int(columns.sum()), 30, 90)
        light[:, columns] = tones[i] * (0.86 + 0.2 * grain + 0.07 * fine)
    gap = np.clip(1 - np.minimum(within, 1 - within) * width / planks / 2.2, 0, 1).astype(
        np.float32
    )
    return _tinted(light * (1 - 0.62 * gap)[None, :], (0.66, 0.47, 0.31))


def _concrete(rng: np.random.Generator, height: int, width: int) -> Floats:
    light = (
        0.82 + 0.14 * _noise(rng, height, width, 6, 5) + 0.08 * _noise(rng, height, width, 40, 30)
    )
    return _tinted(
        light + 0.07 * _noise(rng, height, width, height // 2, width // 2), (0.62, 0.62, 0.60)
    )


def _tiles(rng: np.random.Generator, height: int, width: int) -> Floats:
    side = 150
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    edge = np.minimum(np.minimum(x % side, side - x % side), np.minimum(y % side, side - y % side))
    grout = np.clip(1 - edge / 3.5, 0, 1)
    tones = rng.uniform(0.93, 1.05, (height // side + 1, width // side + 1)).astype(np.float32)
    light = tones[(y // side).astype(int), (x // side).astype(int)]
    light = light * (0.9 + 0.16 * _noise(rng, height, width, 22, 14))
    return _tinted(light * (1 - 0.35 * grout), (0.70, 0.73, 0.72))


def _rug(rng: np.random.Generator, height: int, width: int) -> Floats:
    y = np.mgrid[0:height, 0:width][0].astype(np.float32)
    pile = (
        0.78
        + 0.2 * _noise(rng, height, width, height // 3, width // 3)
        + 0.12 * _noise(rng, height, width, 9, 7)
    )
    floor = _tinted(pile, (0.42, 0.50, 0.58))
    band = ((y // 46) % 4 == 1).astype(np.float32)[..., None]
    cream = _tinted(pile, (0.84, 0.80, 0.71))
    mixed: Floats = floor * (1 - band) + cream * band
    return mixed


def _linen(rng: np.random.Generator, height: int, width: int) -> Floats:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    folds = _noise(rng, height, width, 4, 8)
    weave = 0.025 * (np.sin(x * 2.1) + np.sin(y * 2.1))
    return _tinted(
        0.80 + 0.24 * folds + weave + 0.05 * _noise(rng, height, width, 200, 150),
        (0.80, 0.72, 0.62),
    )


FLOORS: Mapping[str, Callable[[np.random.Generator, int, int], Floats]] = MappingProxyType(
    {"wood": _wood, "concrete": _concrete, "tiles": _tiles, "rug": _rug, "linen": _linen}
)
"""Name to a function of (generator, height, width) that returns float32 (h, w, 3) from 0 to 1."""
