"""Write the sample into a folder: whole or not at all, and never over somebody's catalogue."""

import csv
import io
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from recommender.errors import CatalogueError, StorageError
from recommender.images import find_images
from recommender.sample.drawing import draw_product
from recommender.sample.plan import COLUMNS, FIRST_ID, Product, plan_sample

MARKER = "SAMPLE.txt"
_NOTE = """\
This folder holds a sample catalogue of drawn products, so that there is something to search
before you bring your own. Brands and products are invented. You may delete the folder.

count: {count}
seed: {seed}
"""


def is_sample(folder: Path) -> bool:
    """Whether the catalogue in `folder` is a complete drawn sample."""
    return (folder / MARKER).is_file() and (folder / "styles.csv").is_file()


def draw_sample(
    folder: Path,
    *,
    count: int = 300,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Draw a catalogue: ``images/<id>.jpg`` (240x320) and a ``styles.csv`` in Kaggle's columns.

    A finished sample of the same `count` and `seed` is left as it is; one that was cut short is
    completed, another is replaced. ``styles.csv`` is written last: where it is, all is there.
    `progress` is called with the number of products done and in all.

    Returns:
        `folder`.

    Raises:
        CatalogueError: the folder holds pictures or a ``styles.csv`` that are not a sample of ours.
        StorageError: the folder cannot be written.
        ValueError: `count` is not positive.
    """
    plan = plan_sample(count, seed=seed)
    _refuse_foreign(folder)
    note = _NOTE.format(count=count, seed=seed)
    try:
        _write(folder, plan, note, progress)
    except OSError as error:
        raise StorageError(
            f"cannot write the sample to {folder} ({error.strerror}): "
            "make room there or choose another folder"
        ) from error
    return folder


def _refuse_foreign(folder: Path) -> None:
    if not folder.is_dir():
        return
    marked = (folder / MARKER).is_file()
    remedy = "choose an empty folder for the sample"
    if not marked and (folder / "styles.csv").exists():
        raise CatalogueError(f"{folder} already holds a catalogue (styles.csv): {remedy}")
    for path in find_images(folder):
        if not (marked and path.parent == folder / "images" and _is_ours(path)):
            name = path.relative_to(folder).as_posix()
            raise CatalogueError(
                f"{folder} already holds other pictures (such as {name}): {remedy}"
            )


def _is_ours(path: Path) -> bool:
    return path.suffix == ".jpg" and path.stem.isdecimal() and int(path.stem) >= FIRST_ID


def _write(
    folder: Path,
    plan: list[Product],
    note: str,
    progress: Callable[[int, int], None] | None,
) -> None:
    marker, styles, images = folder / MARKER, folder / "styles.csv", folder / "images"
    same = marker.is_file() and marker.read_text(encoding="utf-8") == note
    if not same:
        styles.unlink(missing_ok=True)
        for path in images.glob("*.jpg") if marker.is_file() else ():
            path.unlink()
    images.mkdir(parents=True, exist_ok=True)
    _replace(marker, note.encode())  # first, so that a half-drawn sample is known as ours
    missing = [product for product in plan if not (folder / product.filename).is_file()]

    def draw(product: Product) -> None:
        picture = io.BytesIO()
        draw_product(product).save(picture, "JPEG", quality=90, subsampling=0)
        _replace(folder / product.filename, picture.getvalue())

    done = len(plan) - len(missing)
    # Pillow and numpy let go of the interpreter while they work, so threads do help
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for _ in pool.map(draw, missing):
            done += 1
            if progress is not None:
                progress(done, len(plan))
    if missing or not styles.is_file():
        _replace(styles, _styles_csv(plan))


def _styles_csv(plan: Iterable[Product]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(product.row() for product in plan)
    return text.getvalue().encode()


def _replace(path: Path, content: bytes) -> None:
    # The hidden name is passed over by everything that looks for pictures
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    try:
        half.write_bytes(content)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
