"""Pictures as the pages show them: small JPEGs, made once and kept."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image

from recommender.errors import ImageError
from recommender.images import load_image
from recommender.swatches import Swatch, swatches

TILE = (360, 480)
"""Width and height in pixels of every tile: twice what a card shows, for dense screens."""

_KEPT = 2000  # About 15 KB each.

# Shown where a picture is missing. Readable on the light and on the dark page alike.
MISSING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 480" width="360" height="480">
<rect width="360" height="480" fill="#f1ece5"/>
<g fill="none" stroke="#7d7168" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">
<path d="M115 165h130v130h-130z"/><path d="M115 270l38-42 34 36 22-20 36 36"/>
<circle cx="212" cy="198" r="9"/><path d="M100 150l160 160"/></g>
<text x="180" y="355" fill="#5d534c" font-family="sans-serif" font-size="24" text-anchor="middle">
Picture missing</text></svg>"""


def tile(path: Path) -> bytes | None:
    """A catalogue picture as a JPEG of `TILE` pixels, on white, never stretched.

    Returns:
        None if the picture is missing or damaged: a page shows `MISSING` then.
    """
    changed = changed_at(path)
    try:
        return None if changed is None else _tile(path, changed)
    except ImageError:
        return None


def changed_at(path: Path) -> int | None:
    """When a picture was last written, in nanoseconds; None if it is missing."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


@lru_cache(maxsize=_KEPT)
def _tile(path: Path, changed: int) -> bytes:
    return draw_tile(load_image(path, at_least=TILE))


def colours(path: Path) -> tuple[Swatch, ...]:
    """The dominating colours of a catalogue picture; none if it is missing or damaged."""
    changed = changed_at(path)
    try:
        return () if changed is None else _colours(path, changed)
    except ImageError:
        return ()


@lru_cache(maxsize=_KEPT)
def _colours(path: Path, changed: int) -> tuple[Swatch, ...]:
    return swatches(load_image(path, at_least=TILE))


def draw_tile(picture: Image.Image) -> bytes:
    """The picture, as large as fits, in the middle of a white `TILE`."""
    ground = Image.new("RGB", TILE, "white")
    fitted = _fitted(picture, TILE)
    ground.paste(fitted, ((TILE[0] - fitted.width) // 2, (TILE[1] - fitted.height) // 2))
    return _jpeg(ground)


def preview(picture: Image.Image, *, within: tuple[int, int], quality: int = 85) -> bytes:
    """A JPEG of a picture, no larger than `within` and no larger than itself."""
    shrunk = picture.copy()
    shrunk.thumbnail(within)
    return _jpeg(shrunk, quality)


def _fitted(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    scale = min(box[0] / picture.width, box[1] / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    # Enlarged here and not by the browser, whose quick filter shows the pixels of a 60x80 picture.
    return picture.resize(size, Image.Resampling.LANCZOS)


def _jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()
