"""One search with all its wishes: filters, words, examples, criteria, variety."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Filters, Item
from recommender.confidence import (
    MATCHES,
    ConfidenceCurve,
    agreement,
    nothing_similar,
    shipped_curve,
)
from recommender.confidence_fit import fit_on_index
from recommender.errors import QueryError
from recommender.facets import Facets
from recommender.likeness import COLOUR, Likeness, Look
from recommender.ranking import Card, best_first, cards, varied, weighted, without
from recommender.search import Recommendation, Recommender
from recommender.steering import steer
from recommender.words import Understood, WordIndex

_WORDS_WEIGHT = 0.5
"""How much words that name no attribute count against a photo that counts 1."""
_FIRST_LOOK = 8
"""Ranked rows looked at for each card, at first, when duplicates are folded."""
_TYPE = "articleType"
Rows: TypeAlias = npt.NDArray[np.int64]
Scores: TypeAlias = npt.NDArray[np.float32]
Ranking: TypeAlias = Callable[[int], tuple[Rows, Scores]]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a visitor asks for besides the query itself.

    Attributes:
        k: how many products, at least 1.
        filters: attribute → values that pass.
        words: free text; what names attributes filters, the rest re-weighs.
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
    weights: Mapping[str, float] = field(default_factory=dict)
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    diversity: float = 0.0
    fold: bool = False
    in_colour: str = ""


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


@dataclass(frozen=True)
class _Nearest:
    """The products of the whole catalogue that look most like a query, itself left out.

    Filters, words and weights change what is shown, but not what the query is: its type is read
    from these.
    """

    similarities: npt.NDArray[np.float64]
    """(k,), the best first; ten, or as many as there are."""
    types: tuple[str | None, ...]
    """Of each."""


class Finder:
    """Answers searches over one index; built once, shared by all visitors."""

    def __init__(self, recommender: Recommender) -> None:
        """Keep the recommender; indexes of words and filters are made on first use."""
        self.recommender = recommender
        self.likeness = Likeness(recommender)

    @cached_property
    def facets(self) -> Facets:
        """The filters of the catalogue."""
        return Facets(self.recommender.catalogue)

    @cached_property
    def words(self) -> WordIndex:
        """The words of the catalogue."""
        return WordIndex(self.recommender.catalogue)

    @cached_property
    def confidence(self) -> ConfidenceCurve | None:
        """The curve from agreement to confidence: the encoder's own, or else the index's."""
        recommender = self.recommender
        manifest = recommender.index.manifest
        curve = None if manifest is None else shipped_curve(manifest.encoder)
        if curve is not None or _TYPE not in recommender.catalogue.columns:
            return curve
        types = [_type(item) for item in recommender.catalogue.items]
        return fit_on_index(recommender.index.embeddings, types)

    def find(self, look: Look | None, wishes: Wishes) -> Found:
        """Search.

        Args:
            look: the query; None searches by words, or by filters, alone.
            wishes: all the rest.

        Raises:
            QueryError: a wish is out of range, or names an attribute or item that is not there.
        """
        if wishes.k < 1:
            raise QueryError(f"k is {wishes.k}, but must be at least 1")
        understood = self.words.understand(wishes.words) if wishes.words.strip() else Understood()
        nearest = None
        if look is not None:
            look = self._steered(look, wishes)
            nearest = self._nearest_of_all(look)
            if wishes.in_colour:
                look = self.likeness.without_colour(look)
        allowed = self._allowed(look, wishes, understood)
        passing = len(self.recommender) if allowed is None else int(allowed.sum())
        if not passing:
            return Found(matches=(), passing=0, understood=understood, nothing_similar=False)
        ranking = self._ranking(look, wishes, understood, allowed)
        matches = tuple(
            self._match(rank, card, score, look, nearest)
            for rank, (card, score) in enumerate(self._cards(ranking, wishes, passing), start=1)
        )
        return Found(
            matches=matches,
            passing=passing,
            understood=understood,
            # A product of the catalogue always has itself.
            nothing_similar=look is not None
            and look.row is None
            and nearest is not None
            and nothing_similar(nearest.similarities, self.confidence, nearest.types),
        )

    def _nearest_of_all(self, look: Look) -> _Nearest | None:
        """None where no curve would make anything of it."""
        if self.confidence is None:
            return None
        itself = look.row is not None
        hits = self.recommender.nearest(look.vector, MATCHES, spare=int(itself))
        others = hits.rows[0] != look.row if itself else slice(None)
        rows, distances = hits.rows[0][others][:MATCHES], hits.distances[0][others][:MATCHES]
        items = self.recommender.catalogue.items
        return _Nearest(_similarity(distances), tuple(_type(items[row]) for row in rows))

    def _steered(self, look: Look, wishes: Wishes) -> Look:
        if not (wishes.liked or wishes.disliked):
            return look
        embeddings = self.recommender.index.embeddings
        vector = steer(
            look.vector,
            liked=embeddings[self._rows(wishes.liked)],
            disliked=embeddings[self._rows(wishes.disliked)],
        )
        return Look(vector, look.attributes, known=look.known, row=look.row)

    def _rows(self, ids: tuple[str, ...]) -> list[int]:
        return [self.recommender.catalogue.row_of(item_id) for item_id in ids]

    def _allowed(
        self, look: Look | None, wishes: Wishes, understood: Understood
    ) -> npt.NDArray[np.bool_] | None:
        """Rows that pass; None for all."""
        catalogue = self.recommender.catalogue
        allowed = None
        if wishes.filters:
            allowed = catalogue.mask(wishes.filters)
        if wishes.in_colour:
            colour = catalogue.mask({COLOUR: wishes.in_colour})
            allowed = colour if allowed is None else allowed & colour
        if understood.filters or understood.excluded:
            words = understood.mask(catalogue)
            allowed = words if allowed is None else allowed & words
        unwanted = self._rows(wishes.disliked)
        if look is not None and look.row is not None:
            unwanted.append(look.row)
        return without(allowed, unwanted, len(catalogue))

    def _ranking(
        self, look: Look | None, wishes: Wishes, understood: Understood,
        allowed: npt.NDArray[np.bool_] | None,
    ) -> Ranking:  # fmt: skip
        """A function from a count to the best so many rows that are allowed."""
        plain = not any(v for name, v in wishes.weights.items() if name != "looks")
        if look is not None and plain and not understood.rest:
            vector = look.vector
            return lambda count: self._nearest(vector, count, allowed)
        scores = self._scores(look, wishes, understood)

        def best(count: int) -> tuple[Rows, Scores]:
            rows = best_first(scores, allowed, count)
            return rows, scores[rows]

        return best

    def _nearest(
        self, vector: npt.NDArray[np.float32], count: int, allowed: npt.NDArray[np.bool_] | None
    ) -> tuple[Rows, Scores]:
        hits = self.recommender.nearest(vector, count, allowed=allowed)
        similarity = _similarity(hits.distances[0])
        return hits.rows[0], self.recommender.match(similarity).astype(np.float32)

    def _cards(self, ranking: Ranking, wishes: Wishes, passing: int) -> list[tuple[Card, float]]:
        embeddings = self.recommender.index.embeddings
        k = min(wishes.k, passing)
        count = k * _FIRST_LOOK if wishes.fold else k
        if wishes.diversity:
            count = max(count, 100, 10 * k)
        while True:
            count = min(count, passing)
            rows, scores = ranking(count)
            score_of = dict(zip(rows.tolist(), scores.tolist(), strict=True))
            rows = varied(
                rows, scores, embeddings, count if wishes.fold else k, strength=wishes.diversity
            )
            found = cards(rows, embeddings, k, fold=wishes.fold)
            # Many copies of one product may fill the rows looked at: look at more.
            if len(found) == k or count == passing:
                return [(card, score_of[card.row]) for card in found]
            count *= 4

    def _scores(
        self, look: Look | None, wishes: Wishes, understood: Understood
    ) -> npt.NDArray[np.float32]:
        n = len(self.recommender)
        parts: dict[str, npt.NDArray[np.float32]] = {}
        weights = {name: value for name, value in wishes.weights.items() if value}
        if look is not None:
            parts = self.likeness.scores(look)
            weights = weights or {"looks": 1.0}
        text = understood.rest if look is not None else understood.wording
        if text:
            parts["words"] = self.words.scores(text)
            weights["words"] = _WORDS_WEIGHT * sum(weights.values()) or 1.0
        if not parts:
            return np.ones(n, np.float32)  # Filters alone: the catalogue's own order.
        return weighted(parts, weights)

    def _match(
        self, rank: int, card: Card, score: float, look: Look | None, nearest: _Nearest | None
    ) -> Match:
        recommender = self.recommender
        distance = 0.0
        if look is not None:
            difference = recommender.index.embeddings[card.row].astype(np.float64) - look.vector
            distance = float(np.sqrt(difference @ difference))
        recommendation = recommender.recommendation(rank, card.row, distance)
        return Match(
            recommendation=recommendation,
            score=score,
            folded=tuple(recommender.catalogue.items[row] for row in card.folded),
            reasons=() if look is None else _reasons(look, recommendation.item),
            confidence=None if nearest is None else self._sure(recommendation.item, nearest),
        )

    def _sure(self, item: Item, nearest: _Nearest) -> float | None:
        curve, kind = self.confidence, _type(item)
        if curve is None or kind is None:
            return None
        return float(curve(agreement([kind], nearest.types)[0]))


def _type(item: Item) -> str | None:
    kind = item.attributes.get(_TYPE)
    return None if kind is None else str(kind) or None


def _similarity(distances: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Cosine similarities of unit vectors at these Euclidean distances."""
    return 1 - distances.astype(np.float64) ** 2 / 2


def _reasons(look: Look, item: Item) -> tuple[Reason, ...]:
    reasons = []
    for attribute, value in item.attributes.items():
        wanted = look.best(attribute)
        if value is not None and wanted is not None:
            agrees = str(value).casefold() == wanted.casefold()
            reasons.append(
                Reason(attribute=attribute, value=str(value), wanted=wanted, agrees=agrees)
            )
    return tuple(sorted(reasons, key=lambda reason: not reason.agrees))
