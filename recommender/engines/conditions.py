"""What some rows have in common, as a filter expression of Milvus.

An engine is told which rows are allowed, not why. A server of many rows cannot be sent a list of
them, but nearly always they are what a few attributes select. So the conditions are found again:
of each attribute the values that the rows have. Every one of the rows meets them; that nothing else
does is counted, not assumed.

Values are stored and asked for by their codes. No text of a catalogue or of a visitor is ever part
of an expression, so there is nothing in it to be quoted, and case is settled by the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

_MOST_VALUES = 1000
"""An attribute that needs a longer list is left out: its expression would be slow to read."""
Codes: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Conditions:
    """A filter expression.

    Attributes:
        expression: as Milvus reads it; empty if every row meets it.
        count: rows of the gallery that meet it.
    """

    expression: str
    count: int


def field_of(position: int) -> str:
    """The field that holds the codes of an attribute."""
    return f"attribute_{position}"


def conditions_of(
    rows: npt.NDArray[np.int64], attributes: Sequence[Codes], total: int
) -> Conditions:
    """The fewest conditions that single out some rows, as far as the attributes can.

    Args:
        rows: int64 (m,), the rows that must all meet them.
        attributes: codes int32 (n,) of each attribute, from 0.
        total: n, the rows of the gallery.

    >>> colours, types = np.array([0, 1, 1, 2], np.int32), np.array([5, 5, 6, 6], np.int32)
    >>> conditions_of(np.array([1]), [colours, types], 4)
    Conditions(expression='attribute_0 in [1] and attribute_1 in [5]', count=1)
    >>> conditions_of(np.array([1, 2, 3]), [colours, types], 4)
    Conditions(expression='attribute_0 in [1,2]', count=3)
    """
    found = []
    for position, codes in enumerate(attributes):
        present = np.bincount(codes[rows], minlength=int(codes.max()) + 1) > 0
        if np.count_nonzero(present) <= _MOST_VALUES and not present.all():
            passes = present[codes]
            found.append((int(np.count_nonzero(passes)), position, present, passes))
    together, count, parts = np.ones(total, bool), total, []
    # The most selective first: those that the others follow from are not needed.
    for _, position, present, passes in sorted(found, key=lambda one: one[:2]):
        if count == len(rows):
            break
        narrowed = together & passes
        remaining = int(np.count_nonzero(narrowed))
        if remaining < count:
            values = ",".join(map(str, np.flatnonzero(present).tolist()))
            parts.append(f"{field_of(position)} in [{values}]")
            together, count = narrowed, remaining
    return Conditions(" and ".join(parts), count)
