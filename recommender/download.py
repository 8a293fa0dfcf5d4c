"""Fetch the Kaggle catalogue "Fashion Product Images (Small)"."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from recommender.catalogue import IMAGES, STYLES_CSV
from recommender.errors import CatalogueError, MissingExtraError, StorageError

# The version is pinned: without it even a cached copy asks the network which one is newest.
HANDLE = "paramaggarwal/fashion-product-images-small/versions/1"
PAGE = "https://www.kaggle.com/datasets/paramaggarwal/fashion-product-images-small"


def download_catalogue(data: Path) -> Path:
    """Put the catalogue's ``images/`` and ``styles.csv`` under `data`.

    The download stays in kagglehub's cache and is linked; where links are not permitted (Windows
    without developer mode) it is copied.

    Args:
        data: the dataset folder, made if missing.

    Returns:
        `data`.

    Raises:
        MissingExtraError: kagglehub is not installed.
        CatalogueError: the download failed, or `data` holds another catalogue already.
        StorageError: `data` cannot be written.
    """
    names = (IMAGES, STYLES_CSV)
    present = [name for name in names if (data / name).exists()]
    if len(present) == len(names):
        return data
    if present:
        raise CatalogueError(
            f"{data / present[0]} exists but {STYLES_CSV if present == [IMAGES] else IMAGES} does "
            "not: move it away, or name an empty folder with --data"
        )
    source = _fetch()
    try:
        data.mkdir(parents=True, exist_ok=True)
        for name in names:
            _link_or_copy(source / name, data / name)
    except OSError as error:
        raise StorageError(f"cannot write {data} ({error.strerror or error})") from None
    return data


def _fetch() -> Path:
    try:
        import kagglehub
    except ImportError:
        raise MissingExtraError(
            "--download needs kagglehub: pip install -r requirements-kaggle.txt"
        ) from None
    print(f"Fetching {PAGE} (about 0.6 GB, once)", file=sys.stderr)
    try:
        folder = Path(kagglehub.dataset_download(HANDLE))
    # kagglehub raises its own errors, those of requests, and OSError.
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise CatalogueError(
            f"the catalogue cannot be downloaded ({reason}): fetch it by hand from {PAGE} and "
            f"unpack it so that data/{IMAGES} and data/{STYLES_CSV} exist"
        ) from None
    if not (folder / IMAGES).is_dir() or not (folder / STYLES_CSV).is_file():
        raise CatalogueError(f"{folder} lacks {IMAGES}/ or {STYLES_CSV}: delete it and try again")
    return folder


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source, target_is_directory=source.is_dir())
        return
    except OSError:
        pass
    # Under its name only when it is whole: half a copy would be taken for the catalogue.
    partial = target.with_name(target.name + ".part")
    if source.is_dir():
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(source, partial)
    else:
        shutil.copyfile(source, partial)
    partial.replace(target)
