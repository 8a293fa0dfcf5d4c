"""`styles.csv` → items with typed attributes, aligned with the rows of an index.

The columns are those of the Kaggle dataset "Fashion Product Images"; a file of one's own may lack
some of them or have others besides, which become attributes too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.columns import Column, code_column
from recommender.errors import CatalogueError, QueryError
from recommender.images import find_images
from recommender.styles import (
    ATTRIBUTES,
    STYLES_CSV,
    AttributeValue,
    Product,
    composed,
    read_styles,
)

IMAGES = "images"
__all__ = [
    "ATTRIBUTES",
    "IMAGES",
    "STYLES_CSV",
    "AttributeValue",
    "Catalogue",
    "FilterValue",
    "Filters",
    "Item",
    "catalogue_images",
    "dataset_folder",
    "load_catalogue",
    "wanted_values",
]

FilterValue: TypeAlias = str | int
Filters: TypeAlias = Mapping[str, FilterValue | Sequence[FilterValue]]
"""Attribute → the value or values that pass: OR within an attribute, AND between attributes."""


@dataclass(frozen=True)
class Item:
    """One product.

    Attributes:
        id: the picture's file name without folder and ending, as in ``styles.csv``; where two
            pictures share it, the whole `filename`.
        filename: POSIX path of the picture relative to the dataset folder.
        title: the product's name, or the file name made readable.
        attributes: column → value; ``year`` is an int, the rest are strings, unknown is None.
    """

    id: str
    filename: str
    title: str
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """The items of an index, one a row, in the order of its rows.

    Attributes:
        items: as many as the index has rows.
        columns: attribute names, in the order of the file.
        notes: what was odd in the file, in words for its owner.
    """

    items: tuple[Item, ...]
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def row_of(self, item_id: str) -> int:
        """The row of an item, by its id or by its file name.

        Raises:
            QueryError: there is no such item.
        """
        if item_id not in self._rows:
            raise QueryError(f"there is no item {item_id!r} in this index")
        return self._rows[item_id]

    @cached_property
    def _rows(self) -> dict[str, int]:
        by_name = {item.filename: row for row, item in enumerate(self.items)}
        return by_name | {item.id: row for row, item in enumerate(self.items)}

    def mask(self, filters: Filters) -> npt.NDArray[np.bool_]:
        """Which rows pass all the filters; text is compared without regard to case.

        Returns:
            bool (n,).

        Raises:
            QueryError: an attribute that this catalogue does not have.
        """
        passed = np.ones(len(self.items), dtype=bool)
        for name, wanted in filters.items():
            passed &= self.column(name).among(wanted_values(wanted))
        return passed

    def coded(self) -> dict[str, Column]:
        """All attributes of all the items, in the order of `columns`."""
        return {name: self.column(name) for name in self.columns}

    def column(self, name: str) -> Column:
        """An attribute of all the items, coded on first use.

        Raises:
            QueryError: an attribute that this catalogue does not have.
        """
        if name not in self.columns:
            known = ", ".join(self.columns) or "none: it has no styles.csv"
            raise QueryError(f"this catalogue has no attribute {name!r}; it has {known}")
        if name not in self._coded:
            self._coded[name] = code_column(item.attributes.get(name) for item in self.items)
        return self._coded[name]

    @cached_property
    def _coded(self) -> dict[str, Column]:
        return {}


def wanted_values(wanted: FilterValue | Sequence[FilterValue]) -> Sequence[FilterValue]:
    """The values that a filter names, be it one or several."""
    return [wanted] if isinstance(wanted, str | int) else wanted


def dataset_folder(data: Path) -> Path:
    """The folder that really holds the catalogue: `data`, or the one just below it.

    An unpacked archive often brings a folder of its own; it is taken when `data` itself has neither
    ``images/`` nor ``styles.csv`` and exactly one folder below has both.

    Raises:
        CatalogueError: `data` is missing or no folder.
    """
    if not data.is_dir():
        what = "is a file, not a folder" if data.exists() else "does not exist"
        raise CatalogueError(
            f"the dataset folder {data} {what}: put your pictures there, or name their folder "
            "with --data"
        )
    if (data / IMAGES).is_dir() or (data / STYLES_CSV).is_file():
        return data
    inner = [
        path.parent for path in data.glob(f"*/{STYLES_CSV}") if (path.parent / IMAGES).is_dir()
    ]
    return inner[0] if len(inner) == 1 else data


def catalogue_images(dataset: Path) -> list[Path]:
    """The pictures of a dataset folder: those in its ``images/``, or else all below it, sorted.

    Raises:
        ImageError: a folder cannot be read.
    """
    images = dataset / IMAGES
    return find_images(images if images.is_dir() else dataset)


def load_catalogue(data: Path, filenames: Sequence[str], *, copy: Path | None = None) -> Catalogue:
    """Describe the pictures of an index by the dataset's ``styles.csv``, if it has one.

    A picture that no row names gets no attributes and its file name for a title; a row whose
    picture is not in the index is left out.

    Args:
        data: the dataset folder; ``styles.csv`` is optional.
        filenames: POSIX paths relative to `data`, in the order of the index.
        copy: of ``styles.csv``, which is read where `data` has none.

    Raises:
        CatalogueError: ``styles.csv`` exists and cannot be read as a catalogue.
    """
    path = data / STYLES_CSV
    if copy is not None and not path.is_file():
        path = copy
    columns, products, notes = read_styles(path) if path.is_file() else ((), {}, ())
    stems = [composed(PurePosixPath(name).stem) for name in filenames]
    pictures = Counter(stems)
    nothing = Product("", dict.fromkeys(columns))
    items = tuple(
        _item(name, products.get(stem, nothing), item_id=stem if pictures[stem] == 1 else name)
        for name, stem in zip(filenames, stems, strict=True)
    )
    return Catalogue(items, columns, notes)


def _item(filename: str, product: Product, *, item_id: str) -> Item:
    title = product.name or _composed_title(product.attributes) or _title_from(filename)
    return Item(item_id, filename, title, product.attributes)


def _title_from(filename: str) -> str:
    """A title for a picture that nothing describes.

    >>> _title_from("shoes/red_running-shoe.JPG")
    'Red running shoe'
    """
    words = PurePosixPath(filename).stem.replace("_", " ").replace("-", " ").split()
    title = " ".join(words)
    return title[:1].upper() + title[1:] or filename


def _composed_title(attributes: Mapping[str, AttributeValue]) -> str:
    """A title for a product without a name, as "Men Navy Blue Shirts"."""
    parts = (attributes.get(name) for name in ("gender", "baseColour", "articleType"))
    return " ".join(str(part) for part in parts if part)
