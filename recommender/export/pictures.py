"""Small pictures of the products, beside the files that name them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from recommender.errors import ImageError
from recommender.images import load_image
from recommender.reading import read_ahead

PICTURES = "pictures"
_AHEAD = 64
_EVERY = 100


def picture_name(path: Path, filename: str, size: int) -> str:
    """Where a product's picture goes: another picture, or another size, has another name.

    Args:
        path: of the picture in the dataset.
        filename: of the product, relative to the dataset.
        size: pixels of the longer side.

    Raises:
        OSError: the picture is missing.
    """
    status = path.stat()
    said = f"{filename}\0{status.st_size}\0{status.st_mtime_ns}\0{size}"
    name = hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:20]
    return f"{PICTURES}/{name[:2]}/{name}.jpg"


def write_pictures(
    folder: Path,
    dataset: Path,
    filenames: Sequence[str],
    *,
    size: int,
    before: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[str | None]:
    """Write a JPEG of each product, no larger than its picture; those there already are kept.

    Args:
        folder: of the export.
        dataset: the folder that the names are relative to.
        filenames: of the products.
        size: pixels of the longer side, at most.
        before: an earlier export, whose pictures are taken over.
        progress: called with (pictures done, of how many).

    Returns:
        their places, POSIX paths relative to `folder`; None for a picture that is missing or
        damaged.

    Raises:
        OSError: the folder cannot be written.
    """

    def write(filename: str) -> str | None:
        source = dataset / filename
        try:
            name = picture_name(source, filename, size)
        except OSError:
            return None
        target = folder / name
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        if before is not None and (before / name).is_file():
            _take_over(before / name, target)
            return name
        try:
            image = load_image(source, at_least=(size, size))
        except ImageError:
            return None
        image.thumbnail((size, size))
        # Written aside, so that a run that is cut short leaves no half of a picture.
        aside = target.with_suffix(".part")
        image.save(aside, "JPEG", quality=85)
        aside.replace(target)
        return name

    places = []
    for place in read_ahead(filenames, write, ahead=_AHEAD):
        places.append(place)
        if progress is not None and (len(places) % _EVERY == 0 or len(places) == len(filenames)):
            progress(len(places), len(filenames))
    return places


def _take_over(source: Path, target: Path) -> None:
    """As a second name of the same file, where the file system has such."""
    try:
        os.link(source, target)
    except OSError:
        target.write_bytes(source.read_bytes())
