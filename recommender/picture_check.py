"""Pictures that a shop should replace: broken, missing, tiny; and rows without any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from PIL import Image

from recommender.catalogue import STYLES_CSV
from recommender.images import image_formats
from recommender.styles import composed, read_styles

TINY = 50
"""Pixels of the shorter side below which a picture counts as tiny."""
_EVERY = 500

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class PictureProblem:
    """A picture that should be replaced.

    Attributes:
        filename: POSIX path relative to the dataset folder.
        problem: what is wrong.
        detail: the same more exactly.
    """

    filename: str
    problem: Literal["broken", "missing", "tiny"]
    detail: str


def picture_problems(
    dataset: Path,
    filenames: Sequence[str],
    skipped: Sequence[tuple[str, str]],
    *,
    tiny: int = TINY,
    progress: OnProgress | None = None,
) -> list[PictureProblem]:
    """Look at every picture's file, and at its first bytes; pixels are not decoded.

    Args:
        dataset: the folder that the names are relative to.
        filenames: of the pictures in the index.
        skipped: (name, reason) of those that indexing left out: they are broken.
        tiny: pixels of the shorter side below which a picture is tiny.
        progress: called with (pictures done, of how many).
    """
    found = [
        PictureProblem(filename=name, problem="broken", detail=reason) for name, reason in skipped
    ]
    for done, name in enumerate(filenames, start=1):
        problem = _problem(dataset, name, tiny)
        if problem is not None:
            found.append(problem)
        if progress is not None and (done % _EVERY == 0 or done == len(filenames)):
            progress(done, len(filenames))
    return sorted(found, key=lambda one: (one.problem, one.filename))


def _problem(dataset: Path, name: str, tiny: int) -> PictureProblem | None:
    try:
        with Image.open(dataset / name, formats=image_formats()) as image:
            width, height = image.size
    except FileNotFoundError:
        return PictureProblem(
            filename=name, problem="missing", detail="it was indexed, and is gone since"
        )
    except Exception as error:  # Pillow raises nearly anything on hostile bytes.
        detail = " ".join(str(error).split()) or type(error).__name__
        return PictureProblem(filename=name, problem="broken", detail=detail)
    if min(width, height) < tiny:
        return PictureProblem(filename=name, problem="tiny", detail=f"{width} x {height} pixels")
    return None


def rows_without_picture(dataset: Path, filenames: Sequence[str]) -> list[tuple[str, str]]:
    """(id, name) of the rows of ``styles.csv`` that none of the pictures belongs to.

    Raises:
        CatalogueError: ``styles.csv`` exists and cannot be read as a catalogue.
    """
    path = dataset / STYLES_CSV
    if not path.is_file():
        return []
    _, products, _ = read_styles(path)
    pictured = {composed(PurePosixPath(name).stem) for name in filenames}
    return [
        (item_id, product.name) for item_id, product in products.items() if item_id not in pictured
    ]
