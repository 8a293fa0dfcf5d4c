"""What a search is asked for besides its query, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.catalogue import Filters, Item
from recommender.errors import QueryError
from recommender.likeness import CRITERIA, Look
from recommender.results import Recommendation
from recommender.words import Understood


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a visitor asks for besides the query itself.

    Attributes:
        k: how many products, at least 1.
        filters: attribute → values that pass.
        words: free text; what names attributes filters, the rest re-weighs.
        words_share: how much that rest counts beside a look: 0 not at all, 1 alone.
        weights: criterion of `likeness.CRITERIA` → weight from 0; empty means looks alone.
        liked: ids of products that the search moves towards.
        disliked: ids of products that it moves away from, and leaves out.
        diversity: 0 (the most similar) to 1 (as different from each other as can be).
        fold: whether near-duplicates share a place.
        in_colour: "the same in this colour": only products of this colour, ranked by all that is
            not colour.
    """

    k: int = 5
    filters: Filters = field(default_factory=dict)
    words: str = ""
    words_share: float = 1 / 3
    weights: Mapping[str, float] = field(default_factory=dict)
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    diversity: float = 0.0
    fold: bool = False
    in_colour: str = ""

    def checked_weights(self) -> dict[str, float]:
        """Criterion → weight above 0; looks alone if none is asked for.

        Raises:
            QueryError: there is no such criterion, or a weight is negative.

        >>> Wishes(weights={"looks": 0, "style": 0.5}).checked_weights()
        {'style': 0.5}
        """
        unknown = [name for name in self.weights if name not in CRITERIA]
        if unknown:
            known = ", ".join(CRITERIA)
            raise QueryError(f"there is no criterion {unknown[0]!r}; choose from: {known}")
        if not all(value >= 0 for value in self.weights.values()):
            raise QueryError("a weight is negative: weights start at 0")
        return {name: value for name, value in self.weights.items() if value} or {"looks": 1.0}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """An attribute in which a match agrees with the query, or does not.

    Attributes:
        attribute: a column of the catalogue.
        value: the match's.
        wanted: the query's: known of a product, predicted of a photo.
        agrees: whether they are the same.
    """

    attribute: str
    value: str
    wanted: str
    agrees: bool


def reasons(look: Look, item: Item) -> tuple[Reason, ...]:
    """The attributes in which a product agrees with a query, then those in which it does not."""
    found = []
    for attribute, value in item.attributes.items():
        wanted = look.best(attribute)
        if value is not None and wanted is not None:
            agrees = str(value).casefold() == wanted.casefold()
            found.append(
                Reason(attribute=attribute, value=str(value), wanted=wanted, agrees=agrees)
            )
    return tuple(sorted(found, key=lambda reason: not reason.agrees))


@dataclass(frozen=True, kw_only=True)
class Match:
    """One place in the results.

    Attributes:
        recommendation: the product; its distance and similarity are to the (steered) query.
        score: what it was ranked by, 0 to 1; higher is better.
        folded: near-duplicates that stand behind it, the best first.
        reasons: attributes that query and product both have, those that agree first.
        confidence: probability that it is of the same type as the query, from how many of the ten
            nearest products of the whole catalogue are of its type; None where no curve or no type
            is known.
    """

    recommendation: Recommendation
    score: float
    folded: tuple[Item, ...] = ()
    reasons: tuple[Reason, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search found.

    Attributes:
        matches: the best first; fewer than k only if fewer pass the filters.
        passing: how many products pass the filters and the words that filter.
        understood: what was made of the words.
        nothing_similar: whether to say that nothing in the whole catalogue, whatever the filters,
            is very similar.
    """

    matches: tuple[Match, ...]
    passing: int
    understood: Understood
    nothing_similar: bool
