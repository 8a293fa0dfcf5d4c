"""The whole export: made aside, then put in place of the one before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any

from recommender.catalogue import Item
from recommender.errors import QueryError, StorageError
from recommender.export.folding import Neighbour, folded_neighbours
from recommender.export.pictures import PICTURES, write_pictures
from recommender.export.shards import DATA, SCHEMA, shard_count, write_both, write_shards
from recommender.search import Recommender
from recommender.whole_files import cannot_write

ABOUT = "about"
_ASSETS = ("similar-products.js", "similar-products.css", "demo.html", "demo.js")
_EXAMPLES = 24
_MOST_SAME = 20
_MOST_K = 100

OnStep = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, of how many)."""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        products: how many.
        files: data files, each as JSON and as a script.
        pictures: how many products have one.
    """

    products: int
    files: int
    pictures: int


def export(
    recommender: Recommender,
    out: Path,
    *,
    k: int = 10,
    size: int | None = 240,
    picture_url: str | None = None,
    on_step: OnStep | None = None,
) -> Exported:
    """Write the neighbours of every product, and a widget that shows them.

    What is in `out` stays until the new export is whole. A run that was cut short keeps its
    pictures for the next one.

    Args:
        recommender: of the catalogue.
        out: a new or empty folder, or an earlier export.
        k: similar products for each one.
        size: pixels of the longer side of the pictures; None writes no pictures.
        picture_url: address of the shop's own pictures, with ``{id}`` or ``{filename}`` in it.
        on_step: follows the work.

    Raises:
        QueryError: `k` or `size` is out of range.
        StorageError: `out` holds something else, or cannot be written.
    """
    if not 1 <= k <= _MOST_K:
        raise QueryError(f"k is {k}, but must be between 1 and {_MOST_K}")
    if size is not None and not 16 <= size <= 4096:
        raise QueryError(f"the pictures' size is {size}, but must be between 16 and 4096")
    out = out.resolve()
    if not out.name:
        raise StorageError(f"{out} is no folder for an export: name a new one")
    try:
        with _locked(out):
            _check_is_ours(out)
            return _export(recommender, out, k, size, picture_url, on_step)
    except OSError as error:
        raise cannot_write(out, error) from None


def _export(
    recommender: Recommender,
    out: Path,
    k: int,
    size: int | None,
    picture_url: str | None,
    on_step: OnStep | None,
) -> Exported:
    def follow(step: str) -> Callable[[int, int], None]:
        return lambda done, total: on_step(step, done, total) if on_step else None

    aside = out.with_name(f".{out.name}.partial")
    shutil.rmtree(aside / DATA, ignore_errors=True)
    aside.mkdir(parents=True, exist_ok=True)
    index, items = recommender.index, recommender.catalogue.items
    own, threshold = recommender.one_product
    found, surveyed = folded_neighbours(
        index.embeddings,
        k,
        threshold=threshold,
        own=own,
        progress=follow("Comparing the products"),
    )
    pictures: list[str | None]
    if size is None:
        shutil.rmtree(aside / PICTURES, ignore_errors=True)
        pictures = [_own_picture(picture_url, item) for item in items]
    else:
        pictures = write_pictures(
            aside, index.dataset, index.filenames, size=size, before=out,
            progress=follow("Writing the pictures"),
        )  # fmt: skip
        _forget_others(aside, pictures)
    same = {int(row): group for group in surveyed.groups() for row in group}

    def shown(row: int) -> dict[str, Any]:
        return {"id": items[row].id, "title": items[row].title, "picture": pictures[row]}

    def record(row: int, neighbours: list[Neighbour]) -> dict[str, Any]:
        twins = [items[other].id for other in same.get(row, ()) if other != row]
        return shown(row) | {
            "same": twins[:_MOST_SAME],
            "similar": [
                shown(one.row) | {"similarity": round(one.similarity, 4)} for one in neighbours
            ],
        }

    count = shard_count(len(items))
    write_shards(aside, (record(row, one) for row, one in enumerate(found)), count)
    step = max(1, len(items) // _EXAMPLES)
    about = _about(recommender, k, count) | {
        "examples": [shown(row) for row in range(0, len(items), step)][:_EXAMPLES]
    }
    write_both(aside, ABOUT, about)
    for name in _ASSETS:
        text = files("recommender.export").joinpath("assets", name).read_text(encoding="utf-8")
        (aside / name).write_text(text, encoding="utf-8")
    _put_in_place(aside, out)
    return Exported(
        products=len(items), files=count, pictures=sum(one is not None for one in pictures)
    )


def _about(recommender: Recommender, k: int, count: int) -> dict[str, Any]:
    manifest = recommender.index.manifest
    created = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return {
        "schema": SCHEMA,
        "version": created,
        "encoder": manifest.encoder.name if manifest else None,
        "products": len(recommender),
        "neighbours": k,
        "files": count,
    }


def _own_picture(picture_url: str | None, item: Item) -> str | None:
    from urllib.parse import quote

    if picture_url is None:
        return None
    return picture_url.replace("{id}", quote(item.id, safe="")).replace(
        "{filename}", quote(item.filename)
    )


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Keep other exports away from a folder."""
    from filelock import FileLock, Timeout

    out.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out.with_name(f".{out.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StorageError(
            f"another export is writing {out}: wait for it, or name another folder"
        ) from None
    try:
        yield
    finally:
        # Removed while it is held: nobody waits for it. Windows removes no open file.
        with suppress(OSError):
            Path(lock.lock_file).unlink()
        lock.release()


def _check_is_ours(out: Path) -> None:
    """Refuse to replace what no export has made."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    try:
        about = json.loads((out / DATA / f"{ABOUT}.json").read_text(encoding="utf-8"))
        if "schema" in about and "neighbours" in about:
            return
    except (OSError, ValueError, TypeError):
        pass
    raise StorageError(f"{out} is there and is no earlier export: name a new folder")


def _forget_others(folder: Path, pictures: list[str | None]) -> None:
    """Remove pictures that an earlier, interrupted run has left and this one does not name."""
    named = {folder / picture for picture in pictures if picture is not None}
    for path in (folder / PICTURES).rglob("*"):
        if path.is_file() and path not in named:
            path.unlink()


def _put_in_place(aside: Path, out: Path) -> None:
    """Between two renames `out` is missing for a moment; no reader sees a mixture."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    try:
        aside.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
