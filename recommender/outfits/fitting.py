"""Which products may fill a slot of an outfit; nothing here is a matter of taste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Item
from recommender.columns import Column, code_column
from recommender.neighbourhood import TYPE
from recommender.outfits.kinds import (
    CHILDREN,
    WORN_BY_SEASON,
    admitted_audiences,
    audience_of,
    role_of,
    type_named,
)
from recommender.outfits.plans import admitted_seasons, admitted_usages, unfit_types
from recommender.outfits.query import GENDER, MASTER, SEASON, SUB, USAGE, Query
from recommender.search import Recommender

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Fit:
    """What fits a slot.

    Attributes:
        rows: of the index, int64 (m,), ascending.
        why_none: why there are none, if there are none.
    """

    rows: npt.NDArray[np.int64]
    why_none: str = ""


class Fitting:
    """The products of a catalogue as pieces of outfits."""

    def __init__(self, recommender: Recommender) -> None:
        """Read what each product is, and for whom."""
        catalogue = recommender.catalogue
        self._columns = {
            name: catalogue.column(name) for name in (SEASON, USAGE) if name in catalogue.columns
        }
        self._of_either_sex = GENDER not in catalogue.columns
        self._audiences = code_column(
            audience_of(_text(item, GENDER) or None, item.title) for item in catalogue.items
        )
        roles: dict[tuple[str, ...], str | None] = {}
        kinds: list[str | None] = []
        for item in catalogue.items:
            words = tuple(_text(item, name) for name in (TYPE, SUB, MASTER))
            if words not in roles:
                roles[words] = _kind(*words)
            kinds.append(roles[words])
        self._kinds = code_column(kinds)

    def pieces(
        self, slot: str, types: Sequence[str], query: Query, *, seasons: Sequence[str]
    ) -> Fit:
        """The products that may fill a slot.

        Args:
            slot: its role.
            types: article types that may fill it; of a shop's own types those of this role.
            query: what the outfit is built around.
            seasons: of what is worn already, that of the query first.
        """
        fitting = np.ones(len(self._kinds.codes), bool)
        unfit = unfit_types(seasons[0] if seasons else None)
        admitted = [name for name in types if name not in unfit]
        worn = self._kinds.among([*admitted, _own(slot)])
        steps = [(f"worn in {seasons[0]}" if seasons else "", worn)]
        steps.append((f"for {query.wearer or 'adults'}", self._for(query.wearer, slot)))
        usages = admitted_usages(query.usage, slot, wearer=query.wearer)
        if USAGE in self._columns:
            steps.append((f"for {query.usage} wear", self._columns[USAGE].among(usages)))
        fine = admitted_seasons(set(seasons)) if slot in WORN_BY_SEASON else None
        if fine is not None and SEASON in self._columns:
            steps.append((f"for {' or '.join(fine)}", self._columns[SEASON].among(fine)))
        before = self._kinds.among([*types, _own(slot)])
        if not before.any():
            return Fit(np.empty(0, np.int64), "there are none in this catalogue")
        for words, passing in steps:
            before, fitting = fitting & before, fitting & passing
            if not fitting.any():
                count = int(np.count_nonzero(before))
                some = "the only one is not" if count == 1 else f"none of {count:,} is"
                return Fit(np.empty(0, np.int64), f"{some} {words}")
        return Fit(np.flatnonzero(fitting))

    def _for(self, wearer: str, slot: str) -> Mask:
        if wearer in CHILDREN:
            return self._audiences.among(admitted_audiences(wearer, slot))
        if self._of_either_sex:
            return ~self._audiences.among(CHILDREN)
        return self._audiences.among(admitted_audiences(wearer, slot))

    def column(self, name: str) -> Column | None:
        """Season or usage of all the products; None if the catalogue does not tell."""
        return self._columns.get(name)


def _kind(article: str, subcategory: str, master: str) -> str | None:
    """A type as the plans name it, or the role of a shop's own type."""
    role = role_of(article, subcategory, master)
    return None if role is None else type_named(article) or _own(role)


def _own(role: str) -> str:
    return f"any {role}"


def _text(item: Item, name: str) -> str:
    value = item.attributes.get(name)
    return "" if value is None else str(value)
