"""Suggestions: of every taste, explained, new, and never twice the same."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from recommender.errors import QueryError
from recommender.personal import (
    FAVOURITE,
    HALF_LIFE,
    VIEW,
    Suggestion,
    anchors_of,
    interests,
    suggestions,
)
from recommender.search import Recommender
from recommender.visitors import Event, History
from tests.shelves import Dividing, shelf

DAY = 86400.0
NOW = 1e9


@pytest.fixture(scope="module")
def shop() -> Recommender:
    return shelf(Dividing)


def rows_of(shop: Recommender, **attributes: str) -> list[int]:
    return np.flatnonzero(shop.catalogue.mask(attributes)).tolist()


def events(rows: list[int], *, days_ago: float = 1.0) -> tuple[Event, ...]:
    return tuple(Event(str(row), NOW - days_ago * DAY) for row in rows)


def tastes(found: list[Suggestion]) -> Counter[tuple[object, object]]:
    pairs = (one.recommendation.attributes for one in found)
    return Counter((pair["articleType"], pair["baseColour"]) for pair in pairs)


def vectors(shop: Recommender, found: list[Suggestion]) -> np.ndarray:
    return shop.index.embeddings[[int(one.recommendation.id) for one in found]]


def test_two_tastes_are_both_served_and_not_mixed(shop: Recommender) -> None:
    red, navy = ("Tshirts", "Red"), ("Casual Shoes", "Navy Blue")
    liked = [rows_of(shop, articleType=kind, baseColour=colour)[0] for kind, colour in (red, navy)]
    found = suggestions(shop, History(events(liked)), 8, now=NOW)
    assert tastes(found) == {red: 4, navy: 4}
    # By turns, and not one after the other.
    assert len(tastes(found[:2])) == 2
    assert [one.recommendation.rank for one in found] == list(range(1, 9))


def test_each_is_explained_by_what_pulled_it(shop: Recommender) -> None:
    red, navy = ("Tshirts", "Red"), ("Casual Shoes", "Navy Blue")
    (one, *_), (other, *_) = (
        rows_of(shop, articleType=kind, baseColour=colour) for kind, colour in (red, navy)
    )
    history = History(favourites=events([one]), views=events([other]))
    for suggestion in suggestions(shop, history, 8, now=NOW):
        is_red = suggestion.recommendation.attributes["articleType"] == "Tshirts"
        assert suggestion.because == str(one if is_red else other)
        assert suggestion.liked is is_red
        difference = (
            shop.index.embeddings[int(suggestion.because)]
            - shop.index.embeddings[int(suggestion.recommendation.id)]
        )
        assert suggestion.recommendation.distance == pytest.approx(
            np.linalg.norm(difference), abs=1e-3
        )


def test_the_anchor_that_gives_most_is_named_within_one_interest(shop: Recommender) -> None:
    near, far = rows_of(shop, articleType="Tshirts", baseColour="Red")[:9:8]
    history = History(favourites=events([near, far], days_ago=0.0))
    matches = shop.match(shop.index.embeddings[[near, far]] @ shop.index.embeddings.T)
    for one in suggestions(shop, history, 10, now=NOW):
        nearest = (near, far)[int(matches[:, int(one.recommendation.id)].argmax())]
        assert one.because == str(nearest)


def test_nothing_known_and_nothing_nearly_identical_comes_back(shop: Recommender) -> None:
    # Rows 0 to 5 are one product, and so are 8 to 13.
    history = History(favourites=events([0]), views=events([8, 20]))
    found = suggestions(shop, history, 40, now=NOW)
    assert len(found) == 40
    _, threshold = shop.one_product
    new = vectors(shop, found)
    assert float((new @ shop.index.embeddings[[0, 8, 20]].T).max()) < threshold
    among = new @ new.T
    np.fill_diagonal(among, 0)
    assert float(among.max()) < threshold


def test_many_copies_of_what_was_seen_do_not_end_the_suggestions() -> None:
    shop = shelf(Dividing, 60)
    shop.index.embeddings[:50] = shop.index.embeddings[0]
    found = suggestions(shop, History(events([0])), 5, now=NOW)
    assert len(found) == 5
    assert all(int(one.recommendation.id) >= 50 for one in found)


def test_all_there_is_left(shop: Recommender) -> None:
    small = shelf(Dividing, 12)
    found = suggestions(small, History(events(list(range(10)))), 5, now=NOW)
    assert {one.recommendation.id for one in found} <= {"10", "11"}
    assert suggestions(small, History(events(list(range(12)))), 5, now=NOW) == []


def test_pull_halves_and_favourites_pull_more(shop: Recommender) -> None:
    history = History(
        favourites=events([1]) + events([2], days_ago=1 + HALF_LIFE), views=events([3])
    )
    weights = {anchor.row: anchor.weight for anchor in anchors_of(shop, history, now=NOW)}
    assert weights[2] == pytest.approx(weights[1] / 2)
    assert weights[3] == pytest.approx(weights[1] * VIEW / FAVOURITE)


def test_newer_interests_get_more_places(shop: Recommender) -> None:
    new = rows_of(shop, articleType="Tshirts", baseColour="Red")[0]
    old = rows_of(shop, articleType="Casual Shoes", baseColour="Navy Blue")[0]
    history = History(events([new]) + events([old], days_ago=1 + 1.5 * HALF_LIFE))
    kinds = Counter(
        one.recommendation.attributes["articleType"]
        for one in suggestions(shop, history, 12, now=NOW)
    )
    assert kinds["Tshirts"] > kinds["Casual Shoes"] > 0


def test_a_product_saved_and_viewed_is_one_anchor(shop: Recommender) -> None:
    (anchor,) = anchors_of(shop, History(events([7]), events([7])), now=NOW)
    assert anchor.liked
    assert anchor.weight > anchors_of(shop, History(events([7])), now=NOW)[0].weight


def test_what_is_old_beyond_measure_still_counts(shop: Recommender) -> None:
    history = History(events([0], days_ago=100_000) + events([99], days_ago=-3))
    assert [anchor.row for anchor in anchors_of(shop, history, now=NOW)] == [99, 0]
    assert suggestions(shop, History(events([0], days_ago=100_000)), 3, now=NOW)


def test_alike_anchors_are_one_interest(shop: Recommender) -> None:
    reds = rows_of(shop, articleType="Tshirts", baseColour="Red")[:6]
    navies = rows_of(shop, articleType="Casual Shoes", baseColour="Navy Blue")[:6]
    anchors = anchors_of(shop, History(events(reds + navies)), now=NOW)
    groups = [{anchor.row for anchor in group} for group in interests(shop, anchors)]
    assert sorted(groups, key=min) == sorted([set(reds), set(navies)], key=min)


def test_products_that_are_gone_are_passed_over(shop: Recommender) -> None:
    gone = (Event("sold out", NOW),)
    assert suggestions(shop, History(gone, gone), now=NOW) == []
    both = History(favourites=gone + events([3]))
    assert {one.because for one in suggestions(shop, both, now=NOW)} == {"3"}


def test_without_a_history_there_is_nothing_to_go_by(shop: Recommender) -> None:
    assert suggestions(shop, History(), now=NOW) == []


def test_too_few_are_refused(shop: Recommender) -> None:
    with pytest.raises(QueryError, match="k is 0"):
        suggestions(shop, History(), 0, now=NOW)
