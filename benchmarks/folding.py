"""From which similarity on are two products of a catalogue shown as one?

    python -m benchmarks.folding --data DIR --artifacts DIR

Every pair of the index above the lowest threshold is judged: it *is* one product where both
pictures fall in one group of `recommender.evaluation.splits.group_pictures` (the same picture, or
nearly), or where the catalogue gives both the same name, type and colour (another view, or another
size). Both are stand-ins: two different products may share a name as plain as "Black Belt", and the
views of one product look different. So the table tells the two apart:

* recall of pictures: of the pairs of one group, how many are found (too low: groups are chains, and
  small pale things on white make one long chain of different ones);
* recall of names: of the pairs with the same name, type and colour in different groups;
* precision: of the pairs found, how many are one or the other;
* same type and colour: of the pairs found, how many share these at least; to fold such a pair
  wrongly does less harm.

Likeness is that of `Recommender.match`, as the page folds by it: 0 is the mean cosine similarity of
two products picked by chance, 1 is identity.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.evaluation.splits import group_pictures, thumbnail
from recommender.images import load_image
from recommender.ranking import NEARLY_IDENTICAL
from recommender.search import Recommender

THRESHOLDS = (0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.996, 0.997, 0.998, 0.999, 0.9995)
_BLOCK = 1024
_NAMED = ("articleType", "baseColour")
Codes: TypeAlias = npt.NDArray[np.int64]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, metavar="DIR", help="if it has moved since")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    options = parser.parse_args()
    recommender = Recommender.open(options.artifacts, data=options.data)
    groups = group_pictures(thumbnails(recommender))
    names, kinds = named(recommender), coded(recommender, _NAMED)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    pictures, of_a_name = pairs_within(groups), pairs_within(names)
    both = pairs_within(names, groups)
    print(
        f"{len(recommender)} products; pairs of one picture: {pictures}, "
        f"of one name, type and colour in different pictures: {of_a_name - both}\n"
    )
    print_table(recommender, groups, names, kinds)
    return 0


def thumbnails(recommender: Recommender) -> npt.NDArray[np.uint8]:
    """uint8 (n, 16, 12, 3)."""
    paths = (recommender.image_path(item) for item in recommender.catalogue.items)
    return np.stack([thumbnail(load_image(path)) for path in paths])


def named(recommender: Recommender) -> Codes:
    """A number a name, type and colour: int64 (n,)."""
    return _codes(
        (item.title.casefold(), *(item.attributes.get(name) for name in _NAMED))
        for item in recommender.catalogue.items
    )


def coded(recommender: Recommender, attributes: tuple[str, ...]) -> Codes:
    """A number a combination of attributes: int64 (n,)."""
    return _codes(
        tuple(item.attributes.get(name) for name in attributes)
        for item in recommender.catalogue.items
    )


def _codes(keys: Iterator[tuple[object, ...]]) -> Codes:
    seen: dict[tuple[object, ...], int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)


def pairs_within(*codes: Codes) -> int:
    """How many pairs agree in all of the codes."""
    _, counts = np.unique(np.stack(codes), axis=1, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def similar_pairs(
    embeddings: npt.NDArray[np.float32], least: float
) -> tuple[Codes, Codes, npt.NDArray[np.float32]]:
    """All pairs at least so similar: rows, other rows, and similarities."""
    found = []
    for start in range(0, len(embeddings), _BLOCK):
        similar = embeddings[start : start + _BLOCK] @ embeddings[start:].T
        one, other = np.nonzero(np.triu(similar >= least, 1))
        found.append((one + start, other + start, similar[one, other]))
    one, other, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return one, other, values


def print_table(recommender: Recommender, groups: Codes, names: Codes, kinds: Codes) -> None:
    embeddings = recommender.index.embeddings
    one, other, similarities = similar_pairs(embeddings, min(THRESHOLDS))
    values = recommender.match(similarities)
    same_picture = groups[one] == groups[other]
    same_name = (names[one] == names[other]) & ~same_picture
    same_kind = kinds[one] == kinds[other]
    pictures = max(1, pairs_within(groups))
    namesakes = max(1, pairs_within(names) - pairs_within(names, groups))
    print("| likeness from | pairs | recall of pictures | recall of names | precision "
          "| same type and colour | products with a duplicate |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for threshold in THRESHOLDS:
        found = values >= threshold
        right = (same_picture | same_name)[found]
        touched = len(np.unique(np.concatenate([one[found], other[found]])))
        print(
            f"| {threshold:g}{' (set)' if threshold == NEARLY_IDENTICAL else ''} | {found.sum()} "
            f"| {same_picture[found].sum() / pictures:.1%} "
            f"| {same_name[found].sum() / namesakes:.1%} "
            f"| {right.mean() if len(right) else 1:.1%} "
            f"| {same_kind[found].mean() if len(right) else 1:.1%} "
            f"| {touched / len(embeddings):.1%} |"
        )


if __name__ == "__main__":
    sys.exit(main())
