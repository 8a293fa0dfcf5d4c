"""What a head learns from and is measured on: an index, its attributes, a split without leaks.

The split is that of `recommender.evaluation`: about a tenth of the products is held out by a hash
of the id, together with every picture nearly identical to theirs. What is measured on those is
never trained on, and a query never meets itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.artifacts import Index
from recommender.catalogue import STYLES_CSV, Catalogue, load_catalogue
from recommender.encoders.head import Floats
from recommender.errors import CatalogueError
from recommender.evaluation import splits
from recommender.evaluation.benchmark_data import LABELS, Benchmark, in_threads, thumbnail_of
from recommender.tuning.network import Labels

LEAST_OF_A_VALUE = 5
"""Products to learn from that a value must have; a rarer one counts as unknown."""
LEAST_LABELLED = 100
"""Products to learn from that must have one of an attribute's values."""
LEAST_QUERIES = 20
"""Held-out products below which nothing can be measured."""
_SHORT = {"articleType": "type", "baseColour": "colour"}


@dataclass(frozen=True)
class Examples:
    """Row i of everything is the same product.

    Attributes:
        benchmark: labels, groups of near-identical pictures, and which products are held out.
        vectors: float32 (n, dim), the encoder's own, unit rows.
        values: attribute → the values to tell apart.
        labels: attribute → int64 (n,), the place in `values`; -1 for unknown or too rare.
        validation: bool (n,), tuned on; neither trained on nor held out.
        left_out: attribute → why nothing can be learned of it.
    """

    benchmark: Benchmark
    vectors: Floats
    values: dict[str, tuple[str, ...]]
    labels: Labels
    validation: npt.NDArray[np.bool_]
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def training(self) -> npt.NDArray[np.int64]:
        """Rows to learn from."""
        return np.flatnonzero(~self.benchmark.held_out & ~self.validation)

    @property
    def relevance(self) -> dict[str, tuple[str, ...]]:
        """What is measured → the attributes in which two products must agree.

        Each attribute alone, the first two together, and all of them.
        """
        names = tuple(self.values)
        wanted: dict[str, tuple[str, ...]] = {_SHORT.get(n, n): (n,) for n in names}
        if len(names) > 1:
            wanted["+".join(_SHORT.get(name, name) for name in names[:2])] = names[:2]
        if len(names) > 2:
            wanted["all three" if len(names) == 3 else f"all {len(names)}"] = names
        return wanted


def read_examples(index: Index, attributes: Sequence[str] | None = None) -> Examples:
    """Find out what there is to learn.

    Args:
        index: with the encoder's own vectors.
        attributes: columns of ``styles.csv``; None for type, colour and gender, or, where it has
            none of these, for every column of words that repeat.

    Raises:
        CatalogueError: there is nothing to learn, or too little to tell whether it was learned.
        ImageError: a picture's folder cannot be read.
    """
    catalogue = load_catalogue(index.dataset, index.filenames)
    if not catalogue.columns:
        raise CatalogueError(
            f"there are no attributes to learn: {index.dataset / STYLES_CSV} is missing or has "
            "none; name the dataset folder with --data"
        )
    wanted = _wanted(catalogue, attributes)
    paths = [index.dataset / name for name in index.filenames]
    small = in_threads(thumbnail_of, paths, "finding same pictures")
    # A picture that is gone may be nearly that of a held-out product: nothing is learned of it.
    rows = [row for row, thumbnail in enumerate(small) if thumbnail is not None]
    if not rows:
        raise CatalogueError(
            f"none of the pictures is under {index.dataset}: name the dataset folder with --data"
        )
    items = [catalogue.items[row] for row in rows]
    groups = splits.group_pictures(np.stack([s for s in small if s is not None]))
    ids = tuple(item.id for item in items)
    held_out = splits.held_out(ids, groups)
    validation = splits.validation(ids, groups)
    if held_out.sum() < LEAST_QUERIES:
        raise CatalogueError(
            f"the index holds {len(rows)} products, too few to tell whether a head helps: "
            f"{held_out.sum()} are held out for that, and {LEAST_QUERIES} are needed"
        )
    words = {name: _words(catalogue, name)[rows] for name in wanted}
    learned = ~held_out & ~validation
    values = {name: _values(words[name][learned]) for name in wanted}
    left_out = {}
    for name in wanted:
        reason = _useless(words[name][learned], values[name])
        if reason and attributes is not None:
            raise CatalogueError(f"{name} cannot be learned: {reason}; leave it out")
        if reason:
            left_out[name] = reason
            del values[name]
    if not values:
        raise CatalogueError(
            f"none of {', '.join(wanted)} can be learned: each needs two values of "
            f"{LEAST_OF_A_VALUE} products or more, and {LEAST_LABELLED} products that have them"
        )
    benchmark = Benchmark(
        tuple(paths[row] for row in rows), ids, {n: words[n] for n in values}, groups, held_out
    )
    labels = {name: _places(words[name], values[name]) for name in values}
    vectors = index.embeddings if len(rows) == len(paths) else index.embeddings[rows]
    return Examples(benchmark, vectors, values, labels, validation, left_out)


def _wanted(catalogue: Catalogue, attributes: Sequence[str] | None) -> list[str]:
    if attributes is not None:
        for name in attributes:
            catalogue.column(name)  # Says which there are, if there is none of that name.
        return list(dict.fromkeys(attributes))
    usual = [name for name in LABELS if name in catalogue.columns]
    # A column of numbers is an order, not a kind: nothing is learned of it unasked.
    return usual or [name for name in catalogue.columns if not catalogue.column(name).numeric]


def _words(catalogue: Catalogue, name: str) -> npt.NDArray[np.str_]:
    column = catalogue.column(name)
    # One place more than there are values: unknown, as an index, points there.
    return np.array([*map(str, column.values), ""])[column.codes]


def _values(words: npt.NDArray[np.str_]) -> tuple[str, ...]:
    found, counts = np.unique(words, return_counts=True)
    return tuple(found[(counts >= LEAST_OF_A_VALUE) & (found != "")].tolist())


def _useless(words: npt.NDArray[np.str_], values: tuple[str, ...]) -> str:
    """Why nothing can be learned of an attribute; "" if something can."""
    labelled = int(np.isin(words, values).sum())
    if len(values) < 2:
        return f"fewer than two of its values have {LEAST_OF_A_VALUE} products or more"
    if labelled < LEAST_LABELLED:
        return f"{labelled} products to learn from have it, and {LEAST_LABELLED} are needed"
    return ""


def _places(words: npt.NDArray[np.str_], values: tuple[str, ...]) -> npt.NDArray[np.int64]:
    place = {value: i for i, value in enumerate(values)}
    return np.array([place.get(word, -1) for word in words.tolist()], np.int64)
