"""What an evaluation reads: the catalogue, its split, and labelled snapshots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image
from tqdm import tqdm

from recommender.catalogue import catalogue_images, dataset_folder, load_catalogue
from recommender.encoders.base import Encoder
from recommender.errors import CatalogueError, ImageError
from recommender.evaluation.degrade import phone_photo
from recommender.evaluation.splits import group_pictures, held_out, thumbnail
from recommender.evaluation.street_types import STREET_TYPES
from recommender.images import find_images, load_image

LABELS = ("articleType", "baseColour", "gender")
_AT_ONCE = 512
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Benchmark:
    """Row i of every array belongs to the catalogue's picture i.

    Attributes:
        paths: the pictures.
        ids: product ids.
        labels: column → str (n,), "" for unknown.
        groups: int64 (n,), of near-identical pictures.
        held_out: bool (n,), the queries.
        street_paths: labelled snapshots; may be none.
        street_classes: the class of each.
    """

    paths: tuple[Path, ...]
    ids: tuple[str, ...]
    labels: dict[str, npt.NDArray[np.str_]]
    groups: npt.NDArray[np.int64]
    held_out: npt.NDArray[np.bool_]
    street_paths: tuple[Path, ...] = ()
    street_classes: tuple[str, ...] = ()

    @property
    def queries(self) -> npt.NDArray[np.int64]:
        """Rows that are held out."""
        return np.flatnonzero(self.held_out)

    @property
    def gallery(self) -> npt.NDArray[np.int64]:
        """Rows that are not."""
        return np.flatnonzero(~self.held_out)


def load_benchmark(data: Path, street: Path | None = None) -> Benchmark:
    """Read a catalogue and, if given, snapshots in folders named by class.

    Raises:
        RecommenderError: a folder is missing, or the catalogue has no labels to measure by.
    """
    dataset = dataset_folder(data)
    found = catalogue_images(dataset)
    thumbnails = in_threads(thumbnail_of, found, "finding same pictures")
    kept = [i for i, small in enumerate(thumbnails) if small is not None]
    paths = tuple(found[i] for i in kept)
    catalogue = load_catalogue(dataset, [path.relative_to(dataset).as_posix() for path in paths])
    missing = [name for name in LABELS if name not in catalogue.columns]
    if missing:
        raise CatalogueError(
            f"{dataset} cannot be evaluated on: its styles.csv lacks {', '.join(missing)}"
        )
    labels = {
        name: np.array([str(item.attributes.get(name) or "") for item in catalogue.items])
        for name in LABELS
    }
    ids = tuple(item.id for item in catalogue.items)
    groups = group_pictures(np.stack([small for small in thumbnails if small is not None]))
    out = held_out(ids, groups)
    if not out.any() or out.all() or (~out).sum() < _LEAST:
        raise CatalogueError(f"{dataset} has too few pictures to evaluate on: {len(ids)}")
    photos = () if street is None else tuple(_street(street))
    classes = tuple(path.parent.name for path in photos)
    return Benchmark(paths, ids, labels, groups, out, photos, classes)


_LEAST = 50
"""Pictures that must remain to search in: as many neighbours vote on attributes."""


def thumbnail_of(path: Path) -> npt.NDArray[np.uint8] | None:
    """By which near-identical pictures are recognised; None if the file is no usable picture."""
    try:
        return thumbnail(load_image(path, at_least=(120, 160)))
    except ImageError:
        return None


def _street(folder: Path) -> list[Path]:
    photos = [path for path in find_images(folder) if path.parent.name in STREET_TYPES]
    if not photos:
        raise ImageError(
            f"{folder} has no pictures in folders named by class: {', '.join(STREET_TYPES)}"
        )
    return photos


def embed_files(encoder: Encoder, paths: Sequence[Path], what: str) -> npt.NDArray[np.float32]:
    """Embeddings of picture files: float32 (n, dim)."""
    return _embed(encoder, paths, encoder.load, what)


def embed_phone_photos(
    encoder: Encoder, paths: Sequence[Path], ids: Sequence[str]
) -> npt.NDArray[np.float32]:
    """Embeddings of the same pictures, degraded as a phone would: float32 (n, dim)."""
    keys = dict(zip(paths, ids, strict=True))

    def degrade(path: Path) -> npt.NDArray[np.uint8]:
        # Through `load`, as an upload would go.
        photo: Image.Image = phone_photo(load_image(path), key=keys[path])
        return encoder.load(photo)

    return _embed(encoder, paths, degrade, "phone photos")


def _embed(
    encoder: Encoder,
    paths: Sequence[Path],
    prepare: Callable[[Path], npt.NDArray[np.uint8]],
    what: str,
) -> npt.NDArray[np.float32]:
    parts = []
    bar = tqdm(total=len(paths), desc=f"{encoder.card.name}: {what}", unit="pictures")
    with ThreadPoolExecutor() as pool, bar:
        for start in range(0, len(paths), _AT_ONCE):
            prepared = list(pool.map(prepare, paths[start : start + _AT_ONCE]))
            for row in range(0, len(prepared), 64):
                batch = np.stack(prepared[row : row + 64])
                parts.append(encoder.embed(batch))
                bar.update(len(batch))
    return np.concatenate(parts)


def in_threads(
    function: Callable[[Path], _Result], paths: Sequence[Path], what: str
) -> list[_Result]:
    """`function` of every path, in order, under a progress bar."""
    with ThreadPoolExecutor() as pool:
        results = pool.map(function, paths)
        return list(tqdm(results, total=len(paths), desc=what, unit="pictures"))
