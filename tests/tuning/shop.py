"""A drawn catalogue whose type and colour hide among noise: an encoder sees both, and much else."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from recommender.indexing import build_index

KINDS = ("Shirts", "Jeans", "Caps", "Belts")
COLOURS = ("Red", "Blue", "Green")
_ROWS, _COLUMNS = 4, 4


def draw_shop(folder: Path, *, n: int = 420, taught: bool = True, seed: int = 0) -> Path:
    """Write ``images/`` (n pictures of 4x4 cells) and ``styles.csv``.

    One cell is as bright as the type says, another as the colour says, the others are noise.

    Args:
        folder: for the dataset.
        n: how many.
        taught: whether ``styles.csv`` tells what was drawn; else it tells what dice say.
        seed: of the dice.
    """
    dice = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    with (folder / "styles.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "gender", "articleType", "baseColour", "year", "season"])
        for number in range(n):
            cells = dice.integers(60, 200, (_ROWS, _COLUMNS, 3))
            kind, colour = int(dice.integers(len(KINDS))), int(dice.integers(len(COLOURS)))
            cells[1, 1] = 20 + 70 * kind
            cells[2, 2] = 20
            cells[2, 2, colour] = 230
            pixels = cells.astype(np.uint8).repeat(8, axis=0).repeat(6, axis=1)
            Image.fromarray(pixels).save(folder / "images" / f"{number}.png")
            if not taught:
                kind, colour = int(dice.integers(len(KINDS))), int(dice.integers(len(COLOURS)))
            writer.writerow(
                [number, "Unisex", KINDS[kind], COLOURS[colour], 2000 + number % 9, "Fall"]
            )
    return folder


def index_shop(folder: Path, **options: bool) -> tuple[Path, Path]:
    """(dataset, index) of a drawn shop, made with the fake encoder."""
    data = draw_shop(folder / "shop", **options)
    build_index(data, folder / "index", encoder="fake", progress=False)
    return data, folder / "index"
