"""Suggestions for one visitor, from what was saved and looked at.

Each product of the history pulls with a weight that halves every `HALF_LIFE` days; a favourite
pulls more than a look:

    weight = strength · 2^(-age / HALF_LIFE)

Old feedback counting exponentially less is Y. Ding & X. Li, "Time Weight Collaborative Filtering",
CIKM 2005; weighing kinds of implicit feedback by how much each tells is Y. Hu, Y. Koren &
C. Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008.

A visitor who likes red dresses and black boots likes nothing that lies between them. So the history
is grouped into interests first, each of which asks for products of its own, and the places are
dealt out by weight: A. Pal et al., "PinnerSage: Multi-Modal User Embedding Framework for
Recommendations at Pinterest", KDD 2020. Within an interest, maximal marginal relevance keeps
suggestions from being all alike (`recommender.ranking.varied`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.errors import QueryError
from recommender.ranking import varied
from recommender.results import Recommendation
from recommender.search import Recommender
from recommender.visitors.history import History

HALF_LIFE = 14.0
"""Days in which the pull of a product halves."""
FAVOURITE, VIEW = 1.0, 0.25
"""How much a favourite tells of a visitor, and how much a look."""
VARIETY = 0.3
"""The `strength` of `recommender.ranking.varied` within an interest."""

_DAY = 86400.0
_MOST_ANCHORS = 60
_ALIKE = 0.4
"""Least `Recommendation.match` of a product with the first of an interest that it belongs to. In
``benchmarks/personal.py``, on other visitors than those of its table, 0.3 and 0.4 did alike, and
0.5, 0.6 and 0.7 worse and worse."""
_POOL = 5
"""Products looked at for each place of an interest, besides those that cannot be suggested."""


@dataclass(frozen=True, eq=False)
class Anchor:
    """A product of the history that pulls suggestions towards it.

    Attributes:
        row: of the index.
        weight: how much, above 0.
        liked: whether it is a favourite; else it was looked at.
    """

    row: int
    weight: float
    liked: bool


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A product for a visitor, and why.

    Attributes:
        recommendation: the product; its distance is that to `because`.
        because: id of the product of the history that gave most of its score.
        liked: whether that is a favourite; else it was looked at.
    """

    recommendation: Recommendation
    because: str
    liked: bool


def suggestions(
    recommender: Recommender, history: History, k: int = 12, *, now: float
) -> list[Suggestion]:
    """Products that fit what a visitor saved and looked at.

    Nothing of the history is among them, and nothing nearly identical to a product of the history
    or to another suggestion.

    Args:
        recommender: the catalogue; products of the history that it no longer has are passed over.
        history: of the visitor.
        k: how many, at least 1.
        now: the time, in seconds since 1970.

    Returns:
        the interests by turns, each in the order of its score; fewer than k only if the catalogue
        has no more. None for an empty history.

    Raises:
        QueryError: k is below 1.
    """
    if k < 1:
        raise QueryError(f"k is {k}, but must be at least 1")
    anchors = anchors_of(recommender, history, now=now)
    if not anchors:
        return []
    seen = _rows(recommender, history)
    groups = interests(recommender, anchors)[:k]
    queues = [_candidates(recommender, group, seen, k) for group in groups]
    chosen: list[int] = []
    found: list[Suggestion] = []
    taken = [0] * len(groups)
    pulls = [_pull(group) for group in groups]
    own, threshold = recommender.one_product
    while len(found) < k and any(queues):
        # Sainte-Laguë: a place goes to the interest whose weight over 2 · places + 1 is largest.
        number = max(
            (number for number, queue in enumerate(queues) if queue),
            key=lambda number: pulls[number] / (2 * taken[number] + 1),
        )
        row = queues[number].pop(0)
        if chosen and float((own[chosen] @ own[row]).max()) >= threshold:
            continue
        chosen.append(row)
        taken[number] += 1
        found.append(_explained(recommender, row, groups[number], rank=len(found) + 1))
    return found


def anchors_of(recommender: Recommender, history: History, *, now: float) -> list[Anchor]:
    """What pulls, the strongest first: the 60 strongest, each product once."""
    anchors: dict[int, Anchor] = {}
    for events, strength in ((history.views, VIEW), (history.favourites, FAVOURITE)):
        for event in events:
            row = _row(recommender, event.item)
            if row is None:
                continue
            # A clock set back must not make a product pull without bounds.
            age = max(0.0, now - event.at) / _DAY
            weight = strength * 0.5 ** (age / HALF_LIFE)
            before = anchors[row].weight if row in anchors else 0.0
            anchors[row] = Anchor(row, weight + before, liked=strength == FAVOURITE)
    # After years nothing would be left of a weight: the order still stands, and so does the least.
    strongest = sorted(anchors.values(), key=lambda anchor: (-anchor.weight, anchor.row))
    return [
        Anchor(anchor.row, max(anchor.weight, float(np.finfo(np.float32).tiny)), anchor.liked)
        for anchor in strongest[:_MOST_ANCHORS]
    ]


def interests(recommender: Recommender, anchors: Sequence[Anchor]) -> list[list[Anchor]]:
    """Groups of anchors that are alike, the strongest group first, and so within each.

    Leader clustering (J. Hartigan, "Clustering Algorithms", 1975): each anchor joins the group
    whose first is most like it, or begins one if none is alike enough.

    Args:
        recommender: the catalogue.
        anchors: the strongest first.
    """
    groups: list[list[Anchor]] = []
    embeddings = recommender.index.embeddings
    for anchor in anchors:
        leaders = [group[0].row for group in groups]
        match = recommender.match(embeddings[leaders] @ embeddings[anchor.row])
        if len(leaders) and match.max() >= _ALIKE:
            groups[int(match.argmax())].append(anchor)
        else:
            groups.append([anchor])
    return sorted(groups, key=_pull, reverse=True)


def _pull(group: Sequence[Anchor]) -> float:
    return sum(anchor.weight for anchor in group)


def _candidates(
    recommender: Recommender, group: Sequence[Anchor], seen: npt.NDArray[np.int64], k: int
) -> list[int]:
    """Rows that fit an interest, in the order in which they are to be suggested."""
    embeddings = recommender.index.embeddings
    weights = np.array([anchor.weight for anchor in group], np.float64)
    centre = (weights / weights.sum()) @ embeddings[[anchor.row for anchor in group]]
    centre = (centre / (np.linalg.norm(centre) or 1.0)).astype(np.float32)
    own, threshold = recommender.one_product
    spare = len(seen)
    while True:
        hits = recommender.nearest(centre, _POOL * k, spare=spare)
        rows, distances = hits.rows[0], hits.distances[0].astype(np.float64)
        new = ~np.isin(rows, seen)
        if len(seen):
            new &= (own[rows] @ own[seen].T).max(axis=1) < threshold
        if new.sum() >= k or len(rows) == len(recommender):
            break
        spare = 4 * (spare + k)  # Many copies of what was seen stood before the new.
    scores = recommender.match(1 - distances[new] ** 2 / 2).astype(np.float32)
    order: list[int] = varied(rows[new], scores, embeddings, k, strength=VARIETY).tolist()
    return order


def _explained(
    recommender: Recommender, row: int, group: Sequence[Anchor], *, rank: int
) -> Suggestion:
    embeddings = recommender.index.embeddings
    similar = embeddings[[anchor.row for anchor in group]].astype(np.float64) @ embeddings[row]
    shares = np.array([anchor.weight for anchor in group]) * recommender.match(similar)
    most = int(shares.argmax())
    distance = float(np.sqrt(max(0.0, 2 - 2 * similar[most])))
    return Suggestion(
        recommendation=recommender.recommendation(rank, row, distance),
        because=recommender.catalogue.items[group[most].row].id,
        liked=group[most].liked,
    )


def _rows(recommender: Recommender, history: History) -> npt.NDArray[np.int64]:
    rows = (_row(recommender, event.item) for event in (*history.favourites, *history.views))
    return np.array(sorted({row for row in rows if row is not None}), np.int64)


def _row(recommender: Recommender, item_id: str) -> int | None:
    try:
        return recommender.catalogue.row_of(item_id)
    except QueryError:
        return None
