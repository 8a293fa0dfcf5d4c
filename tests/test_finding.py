"""One search with all its wishes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender import Recommender, finding
from recommender.confidence import ConfidenceCurve
from recommender.errors import QueryError
from recommender.finding import Finder, Wishes
from recommender.likeness import look_of_item, look_of_vector
from recommender.neighbourhood import Neighbourhood, neighbourhood_of
from recommender.ranking import NEARLY_IDENTICAL
from tests.fakes import COLOURS
from tests.shelves import COPIES, ENCODERS, Dividing, Knowing, photo, shelf


@pytest.fixture(scope="module", params=ENCODERS, ids=lambda encoder: encoder.__name__)
def finder(request):
    return Finder(shelf(request.param))


def ids(found):
    return [match.recommendation.id for match in found.matches]


def looks_of(finder):
    """A photo, an item, and nothing."""
    recommender = finder.recommender
    return [look_of_vector(recommender, photo()), look_of_item(recommender, "9"), None]


def test_the_default_search_is_the_recommender_s(finder):
    recommender = finder.recommender
    for seed in range(5):
        vector = photo(seed)
        expected = recommender.search_vector(vector, 20)
        found = finder.find(look_of_vector(recommender, vector), Wishes(k=20))
        assert ids(found) == [match.id for match in expected]
        for match, same in zip(found.matches, expected, strict=True):
            assert match.recommendation.rank == same.rank
            assert match.recommendation.distance == pytest.approx(same.distance, abs=1e-6)
            assert match.score == pytest.approx(same.match, abs=1e-6)
    expected = recommender.similar_to("9", 20)
    found = finder.find(look_of_item(recommender, "9"), Wishes(k=20))
    assert ids(found) == [match.id for match in expected]


def test_it_searches_pictures_too(artifacts, catalogue_folder):
    recommender = Recommender.open(artifacts)
    finder = Finder(recommender)
    finder.warm_up()
    vector = recommender.embed(catalogue_folder / "images" / "1007.jpg")
    found = finder.find(look_of_vector(recommender, vector), Wishes(k=3))
    expected = recommender.search(catalogue_folder / "images" / "1007.jpg", k=3)
    assert ids(found) == [match.id for match in expected]
    assert found.passing == 18


WISHES = [
    Wishes(),
    Wishes(filters={"gender": "women"}),
    Wishes(words="navy blue"),
    Wishes(words="striped"),
    Wishes(words="striped not red", filters={"articleType": ["Tshirts", "Trousers"]}),
    Wishes(in_colour="Green"),
    Wishes(in_colour="Green", filters={"gender": "Men"}, words="tshirts printed"),
    Wishes(weights={"looks": 1, "colour": 0.5, "style": 0.5}),
    Wishes(weights={"style": 1.0}, words="checked", liked=("3",), disliked=("4", "16")),
    Wishes(diversity=0.6),
    Wishes(diversity=1.0, filters={"gender": "Men"}, words="yellow"),
    Wishes(liked=("1", "2"), disliked=("30",)),
]


@pytest.mark.parametrize("fold", [False, True])
@pytest.mark.parametrize("wishes", WISHES, ids=range(len(WISHES)))
def test_as_many_as_asked_for_whenever_so_many_pass(finder, wishes, fold):
    catalogue = finder.recommender.catalogue
    for look in looks_of(finder):
        understood = finder.words.understand(wishes.words)
        mask = catalogue.mask(wishes.filters) & understood.mask(catalogue)
        if wishes.in_colour:
            mask &= catalogue.mask({"baseColour": wishes.in_colour})
        if look is None and understood.rest and mask.all():  # Words alone, which filter nothing.
            mask &= finder.words.scores(wishes.words) > 0
        for item_id in wishes.disliked:
            mask[int(item_id)] = False
        if look is not None and look.row is not None:
            mask[look.row] = False
        passing = int(mask.sum())
        assert passing > 5
        for k in (1, 7, passing, passing + 3):
            found = finder.find(look, replace(wishes, k=k, fold=fold))
            rows = [int(item_id) for item_id in ids(found)]
            behind = [int(item.id) for match in found.matches for item in match.folded]
            assert found.passing == passing
            assert mask[rows + behind].all()
            assert len(set(rows + behind)) == len(rows) + len(behind)
            if not fold:
                assert len(rows) == min(k, passing)
                assert not behind
            elif len(rows) < k:  # Whatever is not shown stands behind what is.
                assert len(rows) + len(behind) == passing
            if not wishes.diversity:
                scores = [match.score for match in found.matches]
                assert scores == sorted(scores, reverse=True)
            assert [m.recommendation.rank for m in found.matches] == list(range(1, len(rows) + 1))
            assert all(0 <= match.score <= 1 + 1e-6 for match in found.matches)


def test_folded_cards_differ_and_hide_only_duplicates(finder):
    recommender = finder.recommender
    embeddings = recommender.index.embeddings
    found = finder.find(look_of_vector(recommender, photo()), Wishes(k=10, fold=True))
    rows = [int(item_id) for item_id in ids(found)]
    alike = recommender.match(embeddings[rows] @ embeddings[rows].T - np.eye(len(rows)))
    assert alike.max() < NEARLY_IDENTICAL
    for row, match in zip(rows, found.matches, strict=True):
        for item in match.folded:
            likeness = recommender.match(embeddings[row] @ embeddings[int(item.id)])
            assert likeness >= NEARLY_IDENTICAL - 1e-6
    assert sum(len(match.folded) for match in found.matches) > 0


def test_folding_counts_the_copies(finder):
    # Product 16 and its copies stand together: the query is one of them.
    found = finder.find(look_of_item(finder.recommender, "16"), Wishes(k=3, fold=True))
    first = found.matches[0]
    family = {first.recommendation.id, *(item.id for item in first.folded)}
    assert family == {str(row) for row in range(17, 17 + COPIES)}


def test_copies_do_not_use_up_the_places():
    recommender = shelf(Knowing, 300)
    recommender.index.embeddings[:290] = recommender.index.embeddings[0]
    found = Finder(recommender).find(
        look_of_vector(recommender, recommender.index.embeddings[0]), Wishes(k=4, fold=True)
    )
    assert len(found.matches) == 4
    assert len(found.matches[0].folded) == 289


def test_what_is_liked_draws_and_what_is_disliked_is_left_out(finder):
    recommender = finder.recommender
    look = look_of_vector(recommender, photo())
    plain = ids(finder.find(look, Wishes(k=20)))
    disliked = finder.find(look, Wishes(k=20, disliked=(plain[0],)))
    assert plain[0] not in ids(disliked)
    far = next(m.recommendation.id for m in finder.find(look, Wishes(k=600)).matches[::-1])
    liked = ids(finder.find(look, Wishes(k=600, liked=(far,))))
    assert liked.index(far) < 300
    for wishes in (Wishes(liked=("x",)), Wishes(disliked=("x",))):
        with pytest.raises(QueryError, match="no item 'x'"):
            finder.find(look, wishes)


def test_an_item_is_never_its_own_match(finder):
    for wishes in WISHES:
        found = finder.find(look_of_item(finder.recommender, "9"), replace(wishes, k=50))
        assert "9" not in ids(found)


def test_in_another_colour_is_the_same_otherwise():
    finder = Finder(shelf(Dividing))
    recommender = finder.recommender
    look = look_of_item(recommender, "16")
    own = recommender.catalogue.items[16].attributes
    colour = next(name for name in COLOURS if name != own["baseColour"])
    found = finder.find(look, Wishes(k=8, in_colour=colour))
    items = [match.recommendation.item for match in found.matches]
    assert {item.attributes["baseColour"] for item in items} == {colour}
    assert {item.attributes["articleType"] for item in items} == {own["articleType"]}
    distances = [match.recommendation.distance for match in found.matches]
    assert distances == pytest.approx(sorted(distances), abs=1e-5)
    # Colour stays out of the measure: a shape so alike is near, whatever its colour.
    plain = finder.find(look, Wishes(k=8, filters={"baseColour": colour}))
    assert min(distances) < plain.matches[0].recommendation.distance


def test_weights_change_the_order(finder):
    recommender = finder.recommender
    look = look_of_item(recommender, "9")
    own = recommender.catalogue.items[9].attributes
    style = finder.find(look, Wishes(k=20, weights={"style": 1.0}))
    for match in style.matches:
        assert match.recommendation.attributes["articleType"] == own["articleType"]
        assert match.recommendation.attributes["gender"] == own["gender"]
    assert ids(style) == sorted(ids(style), key=int)  # All equally well: in the catalogue's order.
    scores = finder.likeness.scores(look)
    mixed = finder.find(look, Wishes(k=20, weights={"looks": 0.6, "colour": 0.2}))
    expected = 0.75 * scores["looks"] + 0.25 * scores["colour"]
    expected[9] = -1
    assert [m.score for m in mixed.matches] == pytest.approx(
        np.sort(expected)[::-1][:20].tolist(), abs=1e-5
    )


def test_weights_of_which_the_query_says_nothing_leave_looks():
    finder = Finder(shelf(ENCODERS[0]))
    look = look_of_vector(finder.recommender, photo())
    plain = finder.find(look, Wishes(k=9))
    for weights in ({"style": 1.0}, {"looks": 0.0, "colour": 0.4}, {"looks": 0.0}):
        assert ids(finder.find(look, Wishes(k=9, weights=weights))) == ids(plain)


def test_words_reweigh_a_photo_and_rank_alone(finder):
    recommender = finder.recommender
    look = look_of_vector(recommender, photo())

    def striped(found):
        return sum("striped" in match.recommendation.title for match in found.matches)

    assert striped(finder.find(look, Wishes(k=20, words="striped"))) > striped(
        finder.find(look, Wishes(k=20))
    )
    alone = finder.find(None, Wishes(k=20, words="striped red"))
    assert striped(alone) == 20
    assert {m.recommendation.attributes["baseColour"] for m in alone.matches} == {"Red"}
    assert alone.understood.filters == {"baseColour": ["Red"]}
    assert all(m.recommendation.distance == 0 and not m.reasons for m in alone.matches)
    assert not alone.nothing_similar
    assert ids(finder.find(None, Wishes(k=3, words="  "))) == ["0", "1", "2"]
    assert finder.find(None, Wishes(k=3, words="qqqqq")).passing == 0


def test_words_count_as_much_beside_a_photo_as_is_asked_for(finder):
    look = look_of_vector(finder.recommender, photo())

    def found(share):
        return ids(finder.find(look, Wishes(k=20, words="striped", words_share=share)))

    assert found(0.0) == ids(finder.find(look, Wishes(k=20)))
    titles = [finder.recommender.catalogue.items[int(i)].title for i in found(1.0)]
    assert all("striped" in title for title in titles)
    assert found(1 / 3) == ids(finder.find(look, Wishes(k=20, words="striped")))
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(QueryError, match="share"):
            found(share)


def test_filters_alone_keep_the_order_of_the_catalogue(finder):
    found = finder.find(None, Wishes(k=4, filters={"gender": "Women"}))
    assert ids(found) == ["1", "3", "5", "7"]
    assert found.passing == 300


def test_nothing_passes(finder):
    for look in looks_of(finder):
        found = finder.find(look, Wishes(filters={"gender": "Nobody"}, fold=True, diversity=0.5))
        assert (found.matches, found.passing, found.nothing_similar) == ((), 0, False)


def test_variety_is_less_alike(finder):
    embeddings = finder.recommender.index.embeddings
    look = look_of_vector(finder.recommender, photo())

    def alike(wishes):
        shown = embeddings[[int(item_id) for item_id in ids(finder.find(look, wishes))]]
        return float(np.triu(shown @ shown.T, 1).sum())

    for fold in (False, True):
        plain = finder.find(look, Wishes(k=8, fold=fold))
        several = finder.find(look, Wishes(k=8, fold=fold, diversity=0.7))
        assert ids(several)[0] == ids(plain)[0]
        assert alike(Wishes(k=8, fold=fold, diversity=0.7)) < alike(Wishes(k=8, fold=fold))


def test_reasons_tell_what_agrees():
    finder = Finder(shelf(Knowing))
    recommender = finder.recommender
    item = finder.find(look_of_item(recommender, "9"), Wishes(k=30))
    mine = recommender.catalogue.items[9].attributes
    for match in item.matches:
        theirs = match.recommendation.attributes
        agrees = [reason.agrees for reason in match.reasons]
        assert agrees == sorted(agrees, reverse=True)
        known = {name for name, value in theirs.items() if value is not None and mine[name]}
        assert {reason.attribute for reason in match.reasons} == known
        for reason in match.reasons:
            assert (reason.value, reason.wanted) == (
                theirs[reason.attribute],
                mine[reason.attribute],
            )
            assert reason.agrees == (reason.value == reason.wanted)
    guessed = finder.find(look_of_vector(recommender, photo()), Wishes())
    for match in guessed.matches:
        assert {reason.attribute for reason in match.reasons} == {"articleType", "baseColour"}
    blank = Finder(shelf(ENCODERS[0]))
    unknown = blank.find(look_of_vector(blank.recommender, photo()), Wishes())
    assert all(match.reasons == () for match in unknown.matches)


def test_confidence_and_whether_anything_is_similar(finder, monkeypatch):
    recommender = finder.recommender
    fresh = Finder(recommender)
    curve = ConfidenceCurve((0.0, 1.0), (0.1, 0.9), 0.5)
    fresh.__dict__["confidence"] = curve
    look = look_of_vector(recommender, photo())
    near = fresh.find(look, Wishes())
    assert not near.nothing_similar
    around = neighbourhood_of(recommender, look)
    assert len(around.types) == 10
    for match in near.matches:
        share = around.types.count(match.recommendation.attributes["articleType"]) / 10
        assert match.confidence == pytest.approx(0.1 + 0.8 * share)
    # Far from everything, and among products of all types.
    lost = Neighbourhood(np.full(10, 0.2), tuple("abcdefghij"))
    monkeypatch.setattr(finding, "neighbourhood_of", lambda *_: lost)
    found = fresh.find(look, Wishes())
    assert found.nothing_similar
    assert len(found.matches) == 5
    fresh.__dict__["confidence"] = None
    silent = fresh.find(look, Wishes())
    assert not silent.nothing_similar
    assert {match.confidence for match in silent.matches} == {None}


def test_the_index_teaches_a_curve_where_none_is_shipped(finder):
    curve = finder.confidence
    assert curve is not None
    assert curve(1.0) > 0.9
    item = finder.find(look_of_item(finder.recommender, "9"), Wishes())
    assert not item.nothing_similar


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (Wishes(k=0), "k is 0, but must be at least 1"),
        (Wishes(diversity=2.0), "diversity is 2"),
        (Wishes(diversity=float("nan")), "diversity is nan"),
        (Wishes(weights={"looks": -1.0}), "negative"),
        (Wishes(weights={"price": 1.0}), "no criterion 'price'; choose from: looks, colour"),
        (Wishes(filters={"size": "L"}), "no attribute 'size'"),
    ],
)
def test_wishes_out_of_range_are_one_line(finder, wishes, message):
    for look in looks_of(finder):
        with pytest.raises(QueryError, match=message) as caught:
            finder.find(look, wishes)
        assert "\n" not in str(caught.value)


def test_after_warming_up_nothing_is_left_to_build():
    finder = Finder(shelf(Dividing))
    finder.warm_up()
    assert {"words", "facets", "confidence"} <= set(vars(finder))
    assert {"_values", "_ngrams"} <= set(vars(finder.words))
    assert "chance_similarity" in vars(finder.recommender)
    assert "_colour_lengths" in vars(finder.likeness)
