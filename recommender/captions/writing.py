"""Caption every product of an index; stopped at any point, the next run goes on from there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from recommender.captions.blip import Captioner
from recommender.captions.files import (
    Caption,
    Captions,
    append,
    open_journal,
    publish_captions,
    read_captions,
)
from recommender.catalogue import Item
from recommender.errors import ImageError, QueryError, StorageError
from recommender.images import load_image
from recommender.manifest import sha256_of
from recommender.publishing import unwritable
from recommender.search import Recommender

_LOCK = ".captions.lock"


@dataclass(frozen=True, kw_only=True)
class CaptionReport:
    """What a run did.

    Attributes:
        total: products that have a caption now.
        made: captions that this run made.
        skipped: (file name, reason) of each picture that cannot be read.
    """

    total: int
    made: int
    skipped: tuple[tuple[str, str], ...]


def write_captions(
    recommender: Recommender,
    artifacts: Path,
    captioner: Captioner,
    *,
    batch_size: int = 8,
    limit: int | None = None,
    progress: bool = True,
) -> CaptionReport:
    """Caption the products that have no caption of their picture as it is now.

    Args:
        recommender: the index and its pictures.
        artifacts: the index folder, which gets the file.
        captioner: looks at the pictures; the captions of another one are made anew.
        batch_size: pictures at a time, at least 1.
        limit: make so many captions at most.
        progress: show a bar on stderr.

    Raises:
        QueryError: `batch_size` or `limit` is below 1.
        StorageError: the folder cannot be written, or another run is at work in it.
        ArtifactsError: the captions there cannot be read.
    """
    if batch_size < 1 or (limit is not None and limit < 1):
        raise QueryError("--batch-size and --limit must be at least 1")
    from filelock import FileLock, Timeout

    try:
        with FileLock(artifacts / _LOCK, timeout=0):
            return _write(recommender, artifacts, captioner, batch_size, limit, progress)
    except Timeout:
        raise StorageError(f"another run is writing captions into {artifacts}") from None
    except OSError as error:
        raise unwritable(artifacts, error) from None


def _write(
    recommender: Recommender,
    artifacts: Path,
    captioner: Captioner,
    batch_size: int,
    limit: int | None,
    progress: bool,
) -> CaptionReport:
    from tqdm import tqdm

    before = read_captions(artifacts)
    finished, journal = open_journal(artifacts, captioner.name)
    known = {**(before.of if before and before.model == captioner.name else {}), **finished}
    skipped: list[tuple[str, str]] = []
    made = 0
    pictures = {item.id: _hashed(recommender, item) for item in recommender.catalogue.items}
    missing = [
        item
        for item in recommender.catalogue.items
        if item.id not in known or known[item.id].picture != pictures[item.id]
    ][:limit]
    # What is gone, or of a picture that is another one now, is not published again.
    current = {item: one for item, one in known.items() if pictures.get(item) == one.picture}
    bar = tqdm(total=len(missing), unit="picture", disable=not progress, file=sys.stderr)
    with closing(journal), closing(bar):
        for start in range(0, len(missing), batch_size):
            batch = missing[start : start + batch_size]
            items, images = _readable(recommender, batch, skipped)
            texts = captioner.caption(images) if images else []
            new = [
                (item.id, Caption(pictures[item.id], text))
                for item, text in zip(items, texts, strict=True)
            ]
            append(journal, new)
            current.update(new)
            made += len(new)
            bar.update(len(batch))
    publish_captions(artifacts, Captions(captioner.name, current))
    return CaptionReport(total=len(current), made=made, skipped=tuple(skipped))


def _readable(
    recommender: Recommender, items: Sequence[Item], skipped: list[tuple[str, str]]
) -> tuple[list[Item], list[Image.Image]]:
    """The items whose pictures can be read, and the pictures."""
    readable, images = [], []
    for item in items:
        try:
            images.append(load_image(recommender.image_path(item)))
            readable.append(item)
        except ImageError as error:
            skipped.append((item.filename, str(error)))
    return readable, images


def _hashed(recommender: Recommender, item: Item) -> str:
    try:
        return sha256_of(recommender.image_path(item))
    except OSError:
        return ""  # Reading it says why.
