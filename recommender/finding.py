"""One search with all its wishes: filters, words, examples, criteria, variety."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property
from threading import Lock
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.confidence import ConfidenceCurve, nothing_similar, shipped_curve
from recommender.confidence_fit import fit_on_index
from recommender.errors import QueryError
from recommender.facets import Facets
from recommender.likeness import COLOUR, Likeness, Look, look_of_item
from recommender.neighbourhood import TYPE, Nearest, Neighbourhood, type_of
from recommender.outfits import OutfitMaker
from recommender.ranking import Card, best_first, cards, varied, weighted, without
from recommender.search import Recommender
from recommender.steering import steer
from recommender.wishes import Found, Match, Reason, Wishes, reasons
from recommender.words import Understood, WordIndex

__all__ = ["Finder", "Found", "Match", "Reason", "Wishes"]

_FIRST_LOOK = 8
"""Ranked rows looked at for each card, at first, when duplicates are folded."""
_POOL, _LEAST_POOL = 10, 100
"""Cards that variety chooses from: so many for each one shown, and no fewer than so many."""
Rows: TypeAlias = npt.NDArray[np.int64]
Scores: TypeAlias = npt.NDArray[np.float32]
Mask: TypeAlias = npt.NDArray[np.bool_]
Ranking: TypeAlias = Callable[[int], tuple[Rows, Scores]]


class Finder:
    """Answers searches over one index; built once, shared by all visitors."""

    def __init__(self, recommender: Recommender, *, judges: bool = True) -> None:
        """Keep the recommender; indexes of words and filters are made on first use.

        Args:
            recommender: what is searched.
            judges: whether to tell how sure a match is, and whether anything is similar at all.
        """
        self.recommender = recommender
        self._judges = judges
        self.likeness = Likeness(recommender)
        self._others: dict[str, Finder] = {}
        self._opening = Lock()

    def using(self, engine: str) -> Finder:
        """The same finder with another engine; all else that is ready is shared.

        Args:
            engine: a name for `recommender.engines.get_engine`; opened on first use, then kept.

        Raises:
            QueryError: there is no engine of that name.
            MissingExtraError, EngineError: the engine's library or database cannot be used.
        """
        with self._opening:
            if engine not in self._others:
                other = copy(self)
                other.recommender = self.recommender.using(engine)
                self._others[engine] = other
            return self._others[engine]

    @cached_property
    def facets(self) -> Facets:
        """The filters of the catalogue."""
        return Facets(self.recommender.catalogue)

    @cached_property
    def words(self) -> WordIndex:
        """The words of the catalogue."""
        return WordIndex(self.recommender.catalogue)

    @cached_property
    def outfits(self) -> OutfitMaker:
        """What completes a look; a `QueryError` where products have no types."""
        return OutfitMaker(self.recommender)

    @cached_property
    def confidence(self) -> ConfidenceCurve | None:
        """The curve from agreement to confidence: the encoder's own, or else the index's.

        None where there is no type to agree in, or the finder does not judge.
        """
        recommender = self.recommender
        if not self._judges:
            return None
        index = recommender.index
        # A head moves the vectors: the curve of the encoder below it does not apply.
        if index.head is not None:
            curve = index.head.confidence
        else:
            curve = None if index.manifest is None else shipped_curve(index.manifest.encoder)
        if curve is not None or TYPE not in recommender.catalogue.columns:
            return curve
        types = [type_of(item) for item in recommender.catalogue.items]
        return fit_on_index(index.embeddings, types)

    def warm_up(self) -> None:
        """Compute now what would otherwise keep the first visitor waiting.

        Raises:
            WeightsError, ArtifactsError: as `Recommender.encoder`.
        """
        recommender = self.recommender
        recommender.encoder.warm_up()
        self.facets.counts({})
        look = look_of_item(recommender, recommender.catalogue.items[0].filename)
        self.find(look, Wishes(k=1))
        # A word that no catalogue has: the words that it may stand for are indexed too.
        everything = dict.fromkeys(self.likeness.criteria, 1.0)
        self.find(look, Wishes(k=1, words="xyzzy", weights=everything, fold=True))

    def find(self, look: Look | None, wishes: Wishes) -> Found:
        """Search.

        Args:
            look: the query; None searches by words, or by filters, alone.
            wishes: all the rest.

        Raises:
            QueryError: a wish is out of range, or names an attribute, a criterion or an item that
                is not there.
        """
        if wishes.k < 1:
            raise QueryError(f"k is {wishes.k}, but must be at least 1")
        if not 0 <= wishes.words_share <= 1:
            raise QueryError(f"the share of words is {wishes.words_share}: choose from 0 to 1")
        weights = wishes.checked_weights()
        understood = self.words.understand(wishes.words) if wishes.words.strip() else Understood()
        nearest = None
        if look is not None:
            look = self._steered(look, wishes)
            nearest = Nearest(self.recommender, look)
            if wishes.in_colour:
                look = self.likeness.without_colour(look)
        allowed = self._allowed(wishes, understood)
        unwanted = self._rows(wishes.disliked)
        if look is not None and look.row is not None:
            unwanted.append(look.row)  # A product is not its own match.
        n = len(self.recommender)
        admitted = without(allowed, unwanted, n)
        if look is None and understood.rest and allowed is None:
            # Where nothing filters, a product with none of the words is no answer.
            admitted = without(self.words.scores(understood.wording) > 0, unwanted, n)
        passing = n if admitted is None else int(np.count_nonzero(admitted))
        if not passing:
            return Found(matches=(), passing=0, understood=understood, nothing_similar=False)
        if look is not None and nearest and list(weights) == ["looks"] and not understood.rest:
            ranking = self._by_looks(look, nearest, allowed, unwanted)
        else:
            ranking = _by_scores(self._scores(look, wishes, understood), admitted)
        best = self._cards(ranking, wishes, passing)
        around = nearest.neighbourhood() if nearest and self.confidence else None
        matches = tuple(
            self._match(rank, card, score, look, around)
            for rank, (card, score) in enumerate(best, start=1)
        )
        return Found(
            matches=matches,
            passing=passing,
            understood=understood,
            # A product of the catalogue always has itself.
            nothing_similar=look is not None
            and look.row is None
            and around is not None
            and nothing_similar(around.similarities, self.confidence),
        )

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

    def _allowed(self, wishes: Wishes, understood: Understood) -> Mask | None:
        """Rows that pass what filters; None for all."""
        catalogue = self.recommender.catalogue
        masks = []
        if wishes.filters:
            masks.append(catalogue.mask(wishes.filters))
        if wishes.in_colour:
            masks.append(catalogue.mask({COLOUR: wishes.in_colour}))
        if understood.filters or understood.excluded:
            masks.append(understood.mask(catalogue))
        return np.logical_and.reduce(masks) if masks else None

    def _by_looks(
        self, look: Look, nearest: Nearest, allowed: Mask | None, unwanted: list[int]
    ) -> Ranking:
        recommender = self.recommender
        admitted = None if allowed is None else without(allowed, unwanted, len(recommender))

        def best(count: int) -> tuple[Rows, Scores]:
            if admitted is None:
                # Few are unwanted: they are asked for and dropped.
                rows, similarities = nearest.best(count, leaving_out=unwanted)
            else:
                hits = recommender.nearest(look.vector, count, allowed=admitted)
                rows, similarities = hits.rows[0], 1 - hits.distances[0].astype(np.float64) ** 2 / 2
            return rows, recommender.match(similarities).astype(np.float32)

        return best

    def _cards(self, ranking: Ranking, wishes: Wishes, passing: int) -> list[tuple[Card, float]]:
        embeddings = self.recommender.index.embeddings
        own, threshold = self.recommender.one_product
        k = min(wishes.k, passing)
        wanted = max(_LEAST_POOL, _POOL * k) if wishes.diversity else k
        count = max(wanted, k * _FIRST_LOOK) if wishes.fold else wanted
        while True:
            count = min(count, passing)
            rows, scores = ranking(count)
            found = cards(rows, own, wanted, fold=wishes.fold, threshold=threshold)
            # Many copies of one product may fill the rows looked at: look at more.
            if len(found) >= k or count == passing:
                break
            count *= 4
        score_of = dict(zip(rows.tolist(), scores.tolist(), strict=True))
        leaders = np.array([card.row for card in found], np.int64)
        relevance = np.array([score_of[card.row] for card in found], np.float32)
        order = varied(leaders, relevance, embeddings, k, strength=wishes.diversity)
        card_of = {card.row: card for card in found}
        return [(card_of[row], score_of[row]) for row in order[:k].tolist()]

    def _scores(self, look: Look | None, wishes: Wishes, understood: Understood) -> Scores:
        """What each product is ranked by: float32 (n,), 0 to 1."""
        weights = wishes.checked_weights()
        parts: dict[str, Scores] = {}
        if look is not None:
            parts = self.likeness.scores(look, weights)
            if not parts:
                # The query says nothing of what is weighed, as a photo may of its style.
                weights = {"looks": sum(weights.values())}
                parts = self.likeness.scores(look, weights)
        text = understood.rest if look is not None else understood.wording
        if text:
            share = wishes.words_share if look is not None else 1.0
            parts["words"] = self.words.scores(text)
            total = sum(weights.values())
            weights = {name: weight / total * (1 - share) for name, weight in weights.items()}
            weights["words"] = share
        if not parts:
            # Filters alone: the catalogue's own order.
            return np.ones(len(self.recommender), np.float32)
        return weighted(parts, weights)

    def _match(
        self, rank: int, card: Card, score: float, look: Look | None, around: Neighbourhood | None
    ) -> Match:
        recommender = self.recommender
        distance = 0.0 if look is None else self.likeness.distance(look, card.row)
        recommendation = recommender.recommendation(rank, card.row, distance)
        agreement = None if around is None else around.agreement(recommendation.item)
        curve = self.confidence
        sure = None if curve is None or agreement is None else float(curve(agreement))
        return Match(
            recommendation=recommendation,
            score=score,
            folded=tuple(recommender.catalogue.items[row] for row in card.folded),
            reasons=() if look is None else reasons(look, recommendation.item),
            confidence=sure,
        )


def _by_scores(scores: Scores, admitted: Mask | None) -> Ranking:
    def best(count: int) -> tuple[Rows, Scores]:
        rows = best_first(scores, admitted, count)
        return rows, scores[rows]

    return best
