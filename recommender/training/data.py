"""Everything that training reads, decoded once into arrays on disk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage
from tqdm import tqdm

from recommender.catalogue import catalogue_images, dataset_folder, load_catalogue
from recommender.errors import CatalogueError, ImageError
from recommender.evaluation.splits import chosen, group_pictures, held_out, thumbnail, validation
from recommender.evaluation.street_types import STREET_TYPES
from recommender.images import find_images, load_image

CATALOGUE_SIZE = (80, 60)
"""(height, width) at which catalogue pictures are kept: their own in the Kaggle dataset."""
STREET_SIZE = (160, 120)
LABELS = ("articleType", "baseColour", "gender", "subCategory", "usage", "season")
_WORDS_A_NAME = 12
_RARE_WORD = 40
_NEARLY_WHITE = 236


@dataclass(frozen=True)
class TrainingData:
    """Pictures and labels; row i of every array belongs to picture i.

    Attributes:
        pictures: uint8 (n, 80, 60, 4): RGB and the garment's alpha, 0 on the white background.
        ids: product ids.
        labels: column → int64 (n,): index into `names`, -1 for unknown.
        names: column → label names, those of the training part.
        words: int64 (n, 12): indices into `vocabulary` of the words of the product's name, -1 pads.
        vocabulary: words of product names that are not rare.
        part: int8 (n,): 0 to train on, 1 to validate on, 2 held out.
        street: uint8 (m, 160, 120, 3): snapshots.
        street_types: float32 (m, types): 1 where a type of the catalogue fits the snapshot.
        street_part: int8 (m,): 0 to train on, 1 to validate on.
    """

    pictures: npt.NDArray[np.uint8]
    ids: tuple[str, ...]
    labels: dict[str, npt.NDArray[np.int64]]
    names: dict[str, tuple[str, ...]]
    words: npt.NDArray[np.int64]
    vocabulary: tuple[str, ...]
    part: npt.NDArray[np.int8]
    street: npt.NDArray[np.uint8]
    street_types: npt.NDArray[np.float32]
    street_part: npt.NDArray[np.int8]


def load_training_data(data: Path, street: Path | None, cache: Path) -> TrainingData:
    """Read the catalogue and the snapshots; decoded pictures are kept in `cache`.

    Args:
        data: the dataset folder with ``images/`` and ``styles.csv``.
        street: a folder of snapshots, one folder a class, or None for none.
        cache: a folder for the decoded arrays; delete it when the pictures have changed.

    Raises:
        RecommenderError: a folder is missing or holds nothing to train on.
    """
    dataset = dataset_folder(data)
    paths = catalogue_images(dataset)
    decoded = _cached(cache / "catalogue.npz", paths, CATALOGUE_SIZE, with_alpha=True)
    rows, pictures = decoded
    filenames = [paths[row].relative_to(dataset).as_posix() for row in rows]
    catalogue = load_catalogue(dataset, filenames)
    missing = set(LABELS) - set(catalogue.columns)
    if missing:
        raise CatalogueError(f"{dataset} has no column {', '.join(sorted(missing))}: see --help")
    ids = tuple(item.id for item in catalogue.items)
    groups = group_pictures(_thumbnails(cache / "thumbnails.npy", pictures))
    part = np.zeros(len(ids), np.int8)
    part[validation(ids, groups)] = 1
    part[held_out(ids, groups)] = 2
    names: dict[str, tuple[str, ...]] = {}
    labels: dict[str, npt.NDArray[np.int64]] = {}
    for column in LABELS:
        values = [item.attributes.get(column) for item in catalogue.items]
        known = {str(v) for v, p in zip(values, part, strict=True) if v is not None and p == 0}
        names[column] = tuple(sorted(known))
        index = {name: i for i, name in enumerate(names[column])}
        labels[column] = np.array([index.get(str(value), -1) for value in values])
    titles = [item.title for item in catalogue.items]
    words, vocabulary = _words(titles, part == 0)
    snapshots, fits, street_part = _street(street, cache, names["articleType"])
    return TrainingData(
        pictures, ids, labels, names, words, vocabulary, part, snapshots, fits, street_part
    )


def _street(
    folder: Path | None, cache: Path, types: Sequence[str]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32], npt.NDArray[np.int8]]:
    if folder is None:
        nothing = np.zeros((0, *STREET_SIZE, 3), np.uint8)
        return nothing, np.zeros((0, len(types)), np.float32), np.zeros(0, np.int8)
    paths = [path for path in find_images(folder) if path.parent.name in STREET_TYPES]
    if not paths:
        raise ImageError(f"{folder} has no folder named by a class: {', '.join(STREET_TYPES)}")
    rows, pictures = _cached(cache / "street.npz", paths, STREET_SIZE, with_alpha=False)
    classes = [paths[row].parent.name for row in rows]
    fits = np.array(
        [[float(name in STREET_TYPES[kind]) for name in types] for kind in classes],
        np.float32,
    )
    part = chosen([paths[row].stem for row in rows], 0.1, salt="street").astype(np.int8)
    return pictures, fits, part


def _cached(
    path: Path, paths: Sequence[Path], size: tuple[int, int], *, with_alpha: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """(rows of `paths` that could be read, their pictures), decoded on the first call."""
    if path.is_file():
        with np.load(path) as stored:
            rows: npt.NDArray[np.int64] = stored["rows"]
            if int(stored["total"]) == len(paths):
                return rows, stored["pictures"]
    height, width = size

    def decode(path: Path) -> npt.NDArray[np.uint8] | None:
        try:
            image = load_image(path, at_least=(2 * width, 2 * height))
        except ImageError:
            return None
        pixels = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
        return np.dstack([pixels, cut_out(pixels)]) if with_alpha else pixels

    found = _in_threads(decode, paths, f"decoding {path.stem}")
    rows = np.array([row for row, pixels in enumerate(found) if pixels is not None])
    pictures = np.stack([pixels for pixels in found if pixels is not None])
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished.npz")
    np.savez(unfinished, rows=rows, pictures=pictures, total=len(paths))
    unfinished.replace(path)
    return rows, pictures


def _thumbnails(path: Path, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    if path.is_file():
        kept: npt.NDArray[np.uint8] = np.load(path)
        if len(kept) == len(pictures):
            return kept
    thumbnails = np.stack([thumbnail(Image.fromarray(picture[..., :3])) for picture in pictures])
    np.save(path, thumbnails)
    return thumbnails


def cut_out(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The garment's alpha: 0 on nearly white that is joined to the border, 255 elsewhere.

    Where that leaves hardly anything, or hardly any background, the picture counts as a whole.

    Args:
        pixels: uint8 (height, width, 3).

    Returns:
        uint8 (height, width).
    """
    light = pixels.min(axis=2) >= _NEARLY_WHITE
    areas, _ = ndimage.label(light)
    border = np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]])
    background = np.isin(areas, np.unique(border[border > 0]))
    foreground = ~ndimage.binary_dilation(background)
    foreground = ndimage.binary_opening(foreground)
    if not 0.06 < foreground.mean() < 0.95:
        foreground = np.ones_like(foreground)
    return np.where(foreground, 255, 0).astype(np.uint8)


def _in_threads(
    function: Callable[[Path], npt.NDArray[np.uint8] | None], paths: Sequence[Path], what: str
) -> list[npt.NDArray[np.uint8] | None]:
    with ThreadPoolExecutor() as pool:
        return list(tqdm(pool.map(function, paths), total=len(paths), desc=what, unit="pictures"))


def _words(
    titles: Sequence[str], train: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    split = [sorted(set(re.findall(r"[a-z]{2,}", title.lower()))) for title in titles]
    counts = Counter(word for row in np.flatnonzero(train) for word in split[row])
    vocabulary = tuple(sorted(word for word, count in counts.items() if count >= _RARE_WORD))
    index = {word: i for i, word in enumerate(vocabulary)}
    words = np.full((len(titles), _WORDS_A_NAME), -1, np.int64)
    for row, known in enumerate(split):
        found = [index[word] for word in known if word in index][:_WORDS_A_NAME]
        words[row, : len(found)] = found
    return words, vocabulary
