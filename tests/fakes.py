"""What the tests use instead of a trained model and a real catalogue."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from recommender.catalogue import ATTRIBUTES
from recommender.encoders.base import Encoder, EncoderCard, Resize

COLOURS = {
    "Red": (200, 30, 40),
    "Navy Blue": (20, 30, 90),
    "Green": (40, 140, 60),
    "Yellow": (240, 210, 60),
    "Black": (20, 20, 20),
    "Pink": (240, 130, 170),
}
TYPES = ("Tshirts", "Trousers", "Casual Shoes")

SHAPES = {
    "Tshirts": [(60, 60), (105, 50), (135, 50), (180, 60), (215, 120), (185, 135), (172, 110),
                (172, 270), (68, 270), (68, 110), (55, 135), (25, 120)],
    "Trousers": [(75, 40), (165, 40), (185, 290), (135, 290), (120, 110), (105, 290), (55, 290)],
    "Casual Shoes": [(30, 180), (85, 175), (120, 205), (200, 225), (215, 255), (30, 260)],
}  # fmt: skip


class FakeEncoder(Encoder):
    """Mean colours of a 4x4 grid: deterministic, instant, and close for pictures that look alike.

    Counts its batches, so that a test can tell what was computed and what was reused.
    """

    def __init__(self, *, weights: Path | None = None, resize: Resize = "bilinear") -> None:
        self.weights = weights
        self._resize = resize
        self.batches: list[int] = []

    @property
    def input_size(self) -> tuple[int, int]:
        return (32, 24)

    @property
    def resize(self) -> Resize:
        return self._resize

    @property
    def card(self) -> EncoderCard:
        return EncoderCard(
            name="fake",
            version="1",
            dim=48,
            input_size=self.input_size,
            preprocessing="none",
            resize=self._resize,
            weights_sha256=hashlib.sha256(str(self.weights).encode()).hexdigest(),
            licence="MIT",
        )

    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        self.batches.append(len(batch))
        n, height, width, _ = batch.shape
        cells = batch.reshape(n, 4, height // 4, 4, width // 4, 3).mean(axis=(2, 4))
        features: npt.NDArray[np.float32] = (cells.reshape(n, 48) - 260.0).astype(np.float32)
        return features


def draw_product(
    article_type: str, colour: tuple[int, int, int], *, size: tuple[int, int] = (240, 320)
) -> Image.Image:
    """A flat product on white."""
    picture = Image.new("RGB", (240, 320), "white")
    outline = tuple(int(channel * 0.6) for channel in colour)
    ImageDraw.Draw(picture).polygon(SHAPES[article_type], fill=colour, outline=outline, width=3)
    return picture.resize(size)


def draw_catalogue(folder: Path, *, size: tuple[int, int] = (60, 80)) -> Path:
    """Write ``images/`` (18 products: 3 types in 6 colours) and ``styles.csv``."""
    (folder / "images").mkdir(parents=True)
    with (folder / "styles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *ATTRIBUTES, "productDisplayName"])
        products = [(kind, colour) for kind in TYPES for colour in COLOURS]
        for number, (kind, colour) in enumerate(products, start=1001):
            draw_product(kind, COLOURS[colour], size=size).save(folder / "images" / f"{number}.jpg")
            footwear = kind == "Casual Shoes"
            writer.writerow(
                [number, "Women" if number % 2 else "Men", "Footwear" if footwear else "Apparel",
                 "Shoes" if footwear else "Topwear" if kind == "Tshirts" else "Bottomwear", kind,
                 colour, "Summer", 2010 + number % 5, "Casual", f"Drawn {colour} {kind}"]
            )  # fmt: skip
    return folder
