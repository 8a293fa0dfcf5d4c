"""Complete the look: pieces that go with a product, or with what a photo shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.errors import QueryError
from recommender.likeness import COLOUR, Look, look_of_item
from recommender.outfits.fitting import Fitting
from recommender.outfits.harmony import harmonies, harmony, place_of
from recommender.outfits.kinds import WORN_BY_SEASON
from recommender.outfits.plans import Plan, plan_for
from recommender.outfits.query import SEASON, USAGE, Queries, Query
from recommender.outfits.reasons import reasons, why_not
from recommender.outfits.results import Missing, Outfit, Slot
from recommender.outfits.style import Style
from recommender.search import Recommender

_WEIGHTS = {"harmony": 0.45, "style": 0.35, USAGE: 0.1, SEASON: 0.1}
"""What a piece is chosen by, all from 0 to 1. Set by hand."""
_NO_COLOUR = 0.5
"""The harmony of a piece that is of no one colour."""
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Ranked:
    rows: Rows
    scores: Floats
    style: npt.NDArray[np.float32]
    """How like the query's the style of each is, in the same order."""


class OutfitMaker:
    """Makes outfits from one catalogue; built once, shared by all visitors.

    Every piece fits first: its type is one that the outfit lacks, and gender, usage and season go
    with the query's. Of what fits, the best is taken by its colour beside all that is worn already
    (`outfits.harmony`), by its style beside the query's (`outfits.style`), and by usage and season.
    """

    def __init__(self, recommender: Recommender) -> None:
        """Read the catalogue.

        Raises:
            QueryError: it has no column ``articleType``.
        """
        self._recommender = recommender
        self._queries = Queries(recommender)
        self._fitting = Fitting(recommender)
        self._style = Style(recommender)

    def outfit(
        self,
        look: Look | str,
        *,
        pinned: Mapping[str, str] | None = None,
        rerolls: Mapping[str, Sequence[str]] | None = None,
    ) -> Outfit:
        """Pieces that complete a look. The same question always has the same answer.

        Args:
            look: a query, or the id of a product.
            pinned: slot → id of the product that it keeps; the others are chosen to go with it.
            rerolls: slot → ids that it has shown, the last one last: it shows the next best one
                that is none of these nor nearly identical, and starts anew when there is none.

        Raises:
            QueryError: there is no such item or slot, a pinned item does not fit its slot, or the
                slot is to be re-rolled, too.
        """
        if isinstance(look, str):
            look = look_of_item(self._recommender, look)
        pinned, rerolls = dict(pinned or {}), dict(rerolls or {})
        query = self._queries.read(look)
        if query.role is None:
            return Outfit(look=look, notes=(why_not(query),))
        plan = plan_for(
            query.article, query.role, wearer=query.wearer, usage=query.usage, season=query.season
        )
        for name in (*pinned, *rerolls):
            if name not in plan:
                known = ", ".join(plan)
                raise QueryError(f"this outfit has no slot {name!r}; it has {known}")
        for name in pinned.keys() & rerolls.keys():
            raise QueryError(
                f"the slot {name!r} is pinned: leave out the pin, or do not re-roll it"
            )
        return self._filled(look, query, plan, pinned, rerolls)

    def reroll(self, outfit: Outfit, *names: str) -> Outfit:
        """The same outfit with the next best piece in some slots; the others stay.

        Raises:
            QueryError: there is no such slot, or nothing fills it.
        """
        for name in names:
            if outfit.slot(name) is None:
                known = ", ".join(slot.name for slot in outfit.slots)
                raise QueryError(f"this outfit has no piece {name!r}; it has {known}")
        kept = {slot.name: slot.id for slot in outfit.slots if slot.name not in names}
        again = self.outfit(
            outfit.look, pinned=kept, rerolls={name: outfit.seen[name] for name in names}
        )
        stay = {name: ids for name, ids in outfit.seen.items() if name not in names}
        return replace(again, seen={**again.seen, **stay})

    def _filled(
        self,
        look: Look,
        query: Query,
        plan: Plan,
        pinned: dict[str, str],
        rerolls: dict[str, Sequence[str]],
    ) -> Outfit:
        worn = _Worn(self._recommender, query)
        alike = self._style.alike(look.vector, kind=query.article, colour=query.colour)
        for name, item_id in pinned.items():
            row = self._recommender.catalogue.row_of(item_id)
            own = [query.season] if query.season else []
            if row not in self._fitting.pieces(name, plan[name], query, seasons=own).rows:
                raise QueryError(f"item {item_id!r} does not fit the slot {name!r} of this outfit")
            worn.rows[name] = row
        chosen: dict[str, Slot] = {}
        missing: list[Missing] = []
        seen: dict[str, tuple[str, ...]] = {}
        for name, types in plan.items():
            keeps = worn.rows.pop(name, None)
            fit = self._fitting.pieces(name, types, query, seasons=worn.seasons)
            rows = fit.rows if keeps is not None else self._others(fit.rows, look)
            if not len(rows) and keeps is None:
                reason = fit.why_none or "all that fit are nearly identical to this"
                missing.append(Missing(name=name, reason=reason))
                continue
            if keeps is not None and keeps not in rows:
                rows = np.append(rows, keeps)
            ranked = self._ranked(rows, query, worn, alike)
            shown = tuple(rerolls.get(name, ()))
            place, again = self._next(ranked.rows, shown)
            if keeps is not None:
                place, again = int(np.flatnonzero(ranked.rows == keeps)[0]), False
            worn.rows[name] = int(ranked.rows[place])
            chosen[name] = self._slot(name, len(chosen) + 1, ranked, place, look, query, again)
            seen[name] = (*(() if again else shown), chosen[name].id)
        return Outfit(
            look=look,
            slots=tuple(chosen.values()),
            missing=tuple(missing),
            harmony=harmony(worn.colours),
            notes=query.notes,
            seen=seen,
        )

    def _others(self, rows: Rows, look: Look) -> Rows:
        """The rows but for the query itself and what is nearly identical to it."""
        own, threshold = self._recommender.one_product
        fine = own[rows] @ look.vector[: own.shape[1]] < threshold
        return rows[fine if look.row is None else fine & (rows != look.row)]

    def _ranked(
        self, rows: Rows, query: Query, worn: _Worn, alike: npt.NDArray[np.float32]
    ) -> _Ranked:
        """Pieces by descending score; ties by row."""
        catalogue = self._recommender.catalogue
        style = alike[rows]
        spread = float(np.ptp(style)) or 1.0
        scores = _WEIGHTS["style"] * (style - style.min()).astype(np.float64) / spread
        by_word = np.append(harmonies(worn.colours), _NO_COLOUR)
        if COLOUR in catalogue.columns:
            column = catalogue.column(COLOUR)
            words = [place_of(str(value)) for value in column.values]
            table = by_word[[-1 if place is None else place for place in (*words, None)]]
            scores += _WEIGHTS["harmony"] * table[column.codes[rows]]
        for name, wanted in ((USAGE, query.usage), (SEASON, query.season)):
            known = self._fitting.column(name)
            if known is not None and wanted is not None:
                scores += _WEIGHTS[name] * known.among([wanted])[rows]
        order = np.lexsort((rows, -scores))
        return _Ranked(rows[order], scores[order], style[order])

    def _next(self, rows: Rows, shown: tuple[str, ...]) -> tuple[int, bool]:
        """The place of the best row that is none of those shown nor nearly identical to one.

        Returns:
            the place, and whether all have been shown: then it is the best but the last shown.
        """
        if not shown:
            return 0, False
        own, threshold = self._recommender.one_product
        before = [self._recommender.catalogue.row_of(item_id) for item_id in shown]
        closest = (own[rows] @ own[before].T).max(axis=1)
        fresh = np.flatnonzero((closest < threshold) & ~np.isin(rows, before))
        if len(fresh):
            return int(fresh[0]), False
        others = np.flatnonzero(rows != before[-1])
        return (int(others[0]) if len(others) else 0), True

    def _slot(
        self, name: str, rank: int, ranked: _Ranked, place: int, look: Look, query: Query,
        again: bool,
    ) -> Slot:  # fmt: skip
        recommender = self._recommender
        row = int(ranked.rows[place])
        difference = recommender.index.embeddings[row].astype(np.float64) - look.vector
        found = recommender.recommendation(rank, row, float(np.linalg.norm(difference)))
        behind = int(np.count_nonzero(ranked.style < ranked.style[place]))
        return Slot(
            name=name,
            recommendation=found,
            score=float(ranked.scores[place]),
            reasons=reasons(found.attributes, query, behind, len(ranked.rows)),
            choices=len(ranked.rows),
            again=again,
        )


class _Worn:
    """What an outfit has so far."""

    def __init__(self, recommender: Recommender, query: Query) -> None:
        self._items = recommender.catalogue.items
        self._query = query
        self.rows: dict[str, int] = {}

    @property
    def colours(self) -> list[str]:
        found = [self._items[row].attributes.get(COLOUR) for row in self.rows.values()]
        return [str(name) for name in (self._query.colour, *found) if name is not None]

    @property
    def seasons(self) -> list[str]:
        worn = [row for name, row in self.rows.items() if name in WORN_BY_SEASON]
        found = [self._items[row].attributes.get(SEASON) for row in worn]
        return [str(name) for name in (self._query.season, *found) if name is not None]
