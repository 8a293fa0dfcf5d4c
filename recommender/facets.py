"""Filters with live counts: what each further choice would leave, and what to give up if nothing.

Faceted search: OR within an attribute, AND between attributes; the numbers beside an attribute's
values heed the filters of all the *other* attributes, so that they say what a click would give
(M. A. Hearst, "Design Recommendations for Hierarchical Faceted Search Interfaces", SIGIR 2006
workshop on faceted search).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue, Filters, FilterValue, wanted_values
from recommender.columns import Column, key_of
from recommender.errors import QueryError

__all__ = ["FacetValue", "Facets", "Relaxation"]

_LIKENESS = 0.7  # Of difflib: "Nvy Blue" and "Navy Blue" 0.94, "Mauve" and "Maroon" 0.36.


@dataclass(frozen=True)
class FacetValue:
    """One value that an attribute can be filtered by.

    Attributes:
        value: as the catalogue spells it.
        count: items that pass when it is chosen, given the other attributes' filters.
        selected: whether the filters name it.
    """

    value: str | int
    count: int
    selected: bool


@dataclass(frozen=True)
class Relaxation:
    """Filters to give up.

    Attributes:
        attributes: whose filters; one, unless no single one helps.
        count: items that pass without them, at least 1.
    """

    attributes: tuple[str, ...]
    count: int


class Facets:
    """The filters of a catalogue. Every answer on 40,000 items takes a few milliseconds."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Code the attributes as integers, unless the catalogue has done so already.

        Args:
            catalogue: its columns are the attributes.
        """
        self._catalogue = catalogue
        self._columns = {name: catalogue.column(name) for name in catalogue.columns}

    def mask(self, filters: Filters) -> npt.NDArray[np.bool_]:
        """Which rows pass all the filters: `Catalogue.mask`.

        Returns:
            bool (n,).

        Raises:
            QueryError: an attribute that the catalogue does not have.
        """
        return self._catalogue.mask(filters)

    def check(self, filters: Filters) -> None:
        """Refuse what looks like a slip of the pen.

        A value that no item has is no error in itself: it selects nothing. It is one here if it
        resembles a value that some items have. Numbers resemble none.

        Raises:
            QueryError: an attribute that the catalogue does not have, or a value with the value
                that was probably meant.
        """
        for name, wanted in filters.items():
            column = self._catalogue.column(name)
            if column.numeric:
                continue
            known = {key_of(value): value for value in column.values}
            for value in wanted_values(wanted):
                if key_of(value) in known:
                    continue
                near = get_close_matches(key_of(value), known, n=1, cutoff=_LIKENESS)
                if near:
                    meant = str(known[near[0]])
                    raise QueryError(f"no {name} {str(value)!r}: did you mean {meant!r}?")

    def counts(self, filters: Filters) -> dict[str, tuple[FacetValue, ...]]:
        """How many items pass with each value, given the filters of the other attributes.

        Attributes with fewer than two different values are left out, as there is nothing to choose,
        unless they are filtered by. Values that would leave nothing are left out, unless they are
        selected: what is chosen can always be unchosen, even a value that no item has.

        Returns:
            attribute → its values, in the order of the catalogue's columns; the most frequent
            first, then by name; numbers, such as years, in descending order.

        Raises:
            QueryError: an attribute that the catalogue does not have.
        """
        failed = self._failed(filters)
        failures = _total(failed, len(self._catalogue))
        facets = {}
        for name, column in self._columns.items():
            if len(column.values) < 2 and name not in filters:
                continue
            others = failures - failed[name] if name in failed else failures
            values = _values(column, column.counts(others == 0), filters.get(name, ()))
            if values:
                facets[name] = values
        return facets

    def relaxations(self, filters: Filters) -> tuple[Relaxation, ...]:
        """Which filters to give up when nothing passes: as few as possible, the best first.

        Returns:
            the ways to give up the smallest number of attributes that helps: single ones, or if
            no single one helps pairs, and so on; those that admit the most items first. Empty if
            something passes, or if the catalogue is empty.

        Raises:
            QueryError: an attribute that the catalogue does not have.
        """
        failed = self._failed(filters)
        failures = _total(failed, len(self._catalogue))
        fewest = failures.min(initial=len(failed))
        if fewest == 0 or len(failures) == 0:
            return ()
        # An item that fails exactly these filters, and no item fails fewer, passes without them:
        # so the patterns of failure of the nearest items are the answers.
        table = np.stack([rows[failures == fewest] for rows in failed.values()], axis=1)
        patterns, counts = np.unique(table, axis=0, return_counts=True)
        names = np.array(list(failed), dtype=object)
        found = [
            Relaxation(tuple(names[pattern]), int(count))
            for pattern, count in zip(patterns, counts, strict=True)
        ]
        order = {name: position for position, name in enumerate(failed)}
        return tuple(sorted(found, key=lambda one: (-one.count, order[one.attributes[0]])))

    def _failed(self, filters: Filters) -> dict[str, npt.NDArray[np.bool_]]:
        """Attribute → bool (n,), the rows that its filter keeps out."""
        return {
            name: ~self._catalogue.column(name).among(wanted_values(wanted))
            for name, wanted in filters.items()
        }


def _total(failed: dict[str, npt.NDArray[np.bool_]], n: int) -> npt.NDArray[np.int32]:
    """How many filters each row fails."""
    total = np.zeros(n, dtype=np.int32)
    for rows in failed.values():
        total += rows
    return total


def _values(
    column: Column, counts: npt.NDArray[np.int64], wanted: FilterValue | Sequence[FilterValue]
) -> tuple[FacetValue, ...]:
    chosen = {key_of(value): value for value in wanted_values(wanted)}
    values = []
    for value, count in zip(column.values, counts.tolist(), strict=True):
        selected = chosen.pop(key_of(value), None) is not None
        if count or selected:
            values.append(FacetValue(value, count, selected))
    if column.numeric:
        values.sort(key=lambda one: -int(one.value))
    else:
        values.sort(key=lambda one: (-one.count, key_of(one.value)))
    return (*values, *(FacetValue(value, 0, True) for value in chosen.values()))
