"""Read a ``styles.csv`` with all its quirks."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from recommender.errors import CatalogueError

STYLES_CSV = "styles.csv"
STYLES_COPY = "styles-copy.csv"
"""In the index folder: the ``styles.csv`` of a dataset behind an address, as of the last build."""

ID_COLUMN = "id"
NAME_COLUMN = "productDisplayName"
ATTRIBUTES = (
    "gender", "masterCategory", "subCategory", "articleType", "baseColour", "season", "year",
    "usage",
)  # fmt: skip
"""Attribute columns of the Kaggle file, in its order."""

AttributeValue: TypeAlias = str | int | None

_UNKNOWN = frozenset({"", "na", "n/a", "nan", "null", "none"})
_NUMBERS = frozenset({"year"})
# A name may hold line breaks; a record this long is a stray quotation mark swallowing the file.
_MOST_LINES = 50


def composed(text: str) -> str:
    """Accents as one character with their letter: macOS spells file names the other way."""
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True)
class Product:
    """One row of the file.

    Attributes:
        name: of the product; may be empty.
        attributes: column → value.
    """

    name: str
    attributes: Mapping[str, AttributeValue]


def read_styles(
    path: Path,
) -> tuple[tuple[str, ...], dict[str, Product], tuple[str, ...]]:
    """(attribute columns, id → product, notes) of a ``styles.csv``."""
    try:
        # utf-8-sig: Excel starts a UTF-8 file with a byte order mark.
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _parse_styles(path, file)
    except UnicodeDecodeError:
        raise CatalogueError(f'{path} is not UTF-8: save it as "CSV UTF-8"') from None
    except OSError as error:
        raise CatalogueError(f"cannot read {path} ({error.strerror or error})") from None


def _parse_styles(
    path: Path, lines: Iterable[str]
) -> tuple[tuple[str, ...], dict[str, Product], tuple[str, ...]]:
    iterator = iter(lines)
    first = next(iterator, "")
    # Spreadsheets write semicolons where the comma is the decimal sign.
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    if ID_COLUMN not in header:
        raise CatalogueError(
            f"{path} has no column {ID_COLUMN!r} in its first line; expected "
            f"{','.join((ID_COLUMN, *ATTRIBUTES, NAME_COLUMN))}"
        )
    columns = tuple(name for name in header if name and name not in (ID_COLUMN, NAME_COLUMN))
    products: dict[str, Product] = {}
    repeated = short = 0
    for fields in _rows(path, csv.reader(iterator, delimiter=delimiter), header, delimiter):
        short += len(fields) < len(header)
        row = dict(zip(header, fields, strict=False))
        item_id = composed(row.get(ID_COLUMN, "").strip())
        if not item_id:
            continue
        if item_id in products:
            repeated += 1
            continue
        products[item_id] = Product(
            row.get(NAME_COLUMN, "").strip(),
            {name: _typed(name, row.get(name, "")) for name in columns},
        )
    notes = []
    if repeated:
        notes.append(f"{repeated} rows repeat an id; the first of each is used")
    if short:
        notes.append(f"{short} rows are short of columns; what is missing counts as unknown")
    return columns, products, tuple(notes)


def _rows(path: Path, reader: Any, header: list[str], delimiter: str) -> Iterator[list[str]]:
    """The rows of a CSV reader, no longer than the header.

    Fields past the last belong to the name, whose commas the Kaggle file leaves unquoted.
    """
    last = len(header) - 1
    while True:
        line = reader.line_num + 2  # The header was read before, and people count from 1.
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise _bad_line(path, line, str(error)) from None
        if fields is None:
            return
        if reader.line_num + 2 - line > _MOST_LINES:
            raise _bad_line(path, line, "a quotation mark is opened and not closed")
        if not any(field.strip() for field in fields):
            continue
        if len(fields) > len(header) and header[last] == NAME_COLUMN:
            fields = [*fields[:last], delimiter.join(fields[last:])]
        yield fields


def _bad_line(path: Path, line: int, reason: str) -> CatalogueError:
    return CatalogueError(f"{path} cannot be read from line {line} on ({reason}): mend that line")


def _typed(column: str, text: str) -> AttributeValue:
    text = text.strip()
    if text.casefold() in _UNKNOWN:
        return None
    if column in _NUMBERS:
        try:
            return int(float(text))
        except (ValueError, OverflowError):
            return None
    return text
