"""A walk through the catalogue, page by page, as the parameters of a page's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from recommender.address import Params, SearchState
from recommender.catalogue import Catalogue

PAGE_SIZE = 48
VIEWS = ("browse", "map", "facts", "audit")
SORTS = ("catalogue", "name", "year")
"""In the order of the index; by name; the latest year first."""
_YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Browsing:
    """What of the catalogue is shown.

    Attributes:
        view: one of `VIEWS`.
        wishes: of which only the filters count.
        sort: one of `SORTS`.
        page: from 1.
        item: id of the product that is looked at; "" for none.
    """

    view: str = VIEWS[0]
    wishes: SearchState = field(default_factory=SearchState)
    sort: str = SORTS[0]
    page: int = 1
    item: str = ""

    def to_params(self) -> Params:
        """Parameters of the address; what is as usual is left out.

        >>> Browsing(sort="name", page=3).to_params()
        {'sort': ['name'], 'page': ['3']}
        """
        params: Params = {}
        usual = Browsing()
        for name in ("view", "sort", "page", "item"):
            if getattr(self, name) != getattr(usual, name):
                params[name] = [str(getattr(self, name))]
        return params | SearchState(filters=self.wishes.filters).to_params()

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]], catalogue: Catalogue) -> Browsing:
        """What an address asks for; what makes no sense is left out.

        >>> Browsing.from_params({"page": ["-1"], "sort": ["price"]}, Catalogue(())).to_params()
        {}
        """
        asked = SearchState.from_params(params, catalogue)
        first = {name: str(values[0]) for name, values in params.items() if values}
        page = first.get("page", "")
        return cls(
            view=_one_of(VIEWS, first.get("view")),
            wishes=SearchState(filters=asked.filters),
            sort=_one_of(sorts(catalogue), first.get("sort")),
            # More digits than any catalogue has pages are no number to reckon with.
            page=max(1, int(page)) if page.isdecimal() and len(page) < 9 else 1,
            item=asked.item,
        )

    def rows(self, catalogue: Catalogue) -> npt.NDArray[np.int64]:
        """All rows that pass the filters, in order: int64 (m,)."""
        rows = np.flatnonzero(catalogue.mask(self.wishes.filters))
        if self.sort == "name":
            names = [catalogue.items[row].title.casefold() for row in rows]
            return rows[np.array(sorted(range(len(rows)), key=names.__getitem__), np.int64)]
        if self.sort == _YEAR:
            years = [catalogue.items[row].attributes.get(_YEAR) for row in rows]
            latest = np.array([year if isinstance(year, int) else -1 for year in years])
            return rows[np.argsort(-latest, kind="stable")]
        return rows

    def on(self, page: int) -> Browsing:
        """The same on another page."""
        return replace(self, page=max(1, page))


def sorts(catalogue: Catalogue) -> tuple[str, ...]:
    """The orders that a catalogue can be shown in."""
    if _YEAR in catalogue.columns and catalogue.column(_YEAR).numeric:
        return SORTS
    return SORTS[:-1]


def pages(count: int) -> int:
    """How many pages so many products take, at least 1.

    >>> pages(0), pages(48), pages(49)
    (1, 1, 2)
    """
    return max(1, -(-count // PAGE_SIZE))


def _one_of(choices: Sequence[str], asked: str | None) -> str:
    return asked if asked is not None and asked in choices else choices[0]
