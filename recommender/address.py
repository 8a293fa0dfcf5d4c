"""A search as the parameters of a page's address, so that a link reproduces it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from recommender.catalogue import Catalogue
from recommender.engines import engine_names
from recommender.errors import QueryError
from recommender.likeness import COLOUR, CRITERIA
from recommender.wishes import Wishes

METRICS = ("euclidean", "cosine")
MOST_K = 50
MOST_WORDS = 200
MOST_EXAMPLES = 20
WHERE = "where."
"""Stands before an attribute, which may be called as any other parameter."""

Params = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class SearchState(Wishes):
    """All of a search but the photos, which no address can hold.

    Values of filters are texts, and one of `weights` is above 0; `k` is at most `MOST_K`.

    Attributes:
        item: id of the product that is searched with; "" if it is a photo, or nothing.
        engine: name of the search engine.
        metric: what is shown as the measure of likeness. On unit vectors both rank alike.
    """

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=lambda: {"looks": 1.0})
    fold: bool = True
    item: str = ""
    engine: str = field(default_factory=lambda: engine_names()[0])
    metric: str = METRICS[0]

    @property
    def steered(self) -> bool:
        """Whether anything but the query decides: what a reset would take back."""
        return not {"item", "k", "engine", "metric"}.issuperset(self.to_params())

    def to_params(self) -> Params:
        """Parameters of the address; what is as usual is left out.

        >>> SearchState(k=10, filters={"baseColour": ("Red", "Navy Blue")}).to_params()
        {'k': ['10'], 'where.baseColour': ['Red', 'Navy Blue']}
        """
        usual = SearchState()
        params: Params = {}
        for name in ("item", "words", "k", "engine", "metric", "in_colour"):
            if getattr(self, name) != getattr(usual, name):
                params[name] = [str(getattr(self, name))]
        for name in CRITERIA:
            weight = self.weights.get(name, 0.0)
            if weight != usual.weights.get(name, 0.0):
                params[name] = [f"{weight:g}"]
        if self.diversity:
            params["diversity"] = [f"{self.diversity:g}"]
        if not self.fold:
            params["fold"] = ["no"]
        if self.liked:
            params["like"] = list(self.liked)
        if self.disliked:
            params["unlike"] = list(self.disliked)
        for attribute, values in self.filters.items():
            if values:
                params[WHERE + attribute] = list(values)
        return params

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]], catalogue: Catalogue) -> SearchState:
        """What an address asks for. It can ask for anything: what makes no sense is left out.

        Args:
            params: of the address; each may occur several times.
            catalogue: what is searched.

        >>> SearchState.from_params({"k": ["-3"], "diversity": ["nan"]}, Catalogue(())).k
        1
        """
        usual = cls()
        known = [name for name in params if name.startswith(WHERE)]
        filters = {
            name.removeprefix(WHERE): tuple(dict.fromkeys(params[name]))
            for name in known
            if name.removeprefix(WHERE) in catalogue.columns and params[name]
        }
        weights = {
            name: _number(params, name, usual.weights.get(name, 0.0), 0.0, 1.0) for name in CRITERIA
        }
        engine, metric = _first(params, "engine"), _first(params, "metric")
        return cls(
            item=next(iter(_items(params, "item", catalogue)), ""),
            words=_first(params, "words")[:MOST_WORDS],
            k=int(_number(params, "k", usual.k, 1, min(MOST_K, max(1, len(catalogue) or MOST_K)))),
            engine=engine if engine in engine_names() else usual.engine,
            metric=metric if metric in METRICS else usual.metric,
            filters=filters,
            weights={name: value for name, value in weights.items() if value} or usual.weights,
            in_colour=_colour(params, catalogue),
            diversity=_number(params, "diversity", usual.diversity, 0.0, 1.0),
            fold=_first(params, "fold") != "no",
            liked=_items(params, "like", catalogue),
            disliked=_items(params, "unlike", catalogue),
        )


def _first(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = params.get(name) or [""]
    return str(values[0])


def _colour(params: Mapping[str, Sequence[str]], catalogue: Catalogue) -> str:
    """A colour that some product has; "" for any other."""
    name = _first(params, "in_colour")
    known = COLOUR in catalogue.columns and catalogue.column(COLOUR).code_of(name) is not None
    return name if known else ""


def _number(
    params: Mapping[str, Sequence[str]], name: str, usual: float, least: float, most: float
) -> float:
    try:
        value = float(_first(params, name))
    except ValueError:
        return usual
    return min(most, max(least, value)) if math.isfinite(value) else usual


def _items(params: Mapping[str, Sequence[str]], name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Ids of products that there are."""
    found = []
    for item_id in dict.fromkeys(params.get(name, [])[:MOST_EXAMPLES]):
        try:
            catalogue.row_of(item_id)
        except QueryError:
            continue
        found.append(item_id)
    return tuple(found)
