"""The protocols on small catalogues whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.encoders.base import normalise
from recommender.evaluation import protocols
from recommender.evaluation.benchmark_data import LABELS, Benchmark
from recommender.evaluation.ranking import first_rank, nearest


@pytest.fixture
def benchmark():
    """360 products of 3 types, 2 colours, 2 genders; every tenth is held out."""
    n = 360
    rows = np.arange(n)
    return Benchmark(
        paths=tuple(Path(f"{i}.jpg") for i in rows),
        ids=tuple(str(i) for i in rows),
        labels={
            "articleType": np.array(["Shirts", "Jeans", "Caps"])[rows % 3],
            "baseColour": np.array(["Red", "Blue"])[rows // 3 % 2],
            "gender": np.array(["Men", "Women"])[rows // 6 % 2],
        },
        groups=rows.astype(np.int64),
        held_out=rows % 10 == 0,
        street_paths=(Path("shirt/a.jpg"), Path("hat/b.jpg")),
        street_classes=("shirt", "hat"),
    )


@pytest.fixture
def ideal(benchmark):
    """Embeddings that know all three labels."""
    parts = []
    for name in LABELS:
        values = np.unique(benchmark.labels[name])
        parts.append(benchmark.labels[name][:, None] == values[None, :])
    return normalise(np.concatenate(parts, axis=1).astype(np.float32))


@pytest.fixture
def random(benchmark):
    dice = np.random.default_rng(5)
    return normalise(dice.normal(size=(360, 16)))


def test_perfect_embeddings_score_one(benchmark, ideal):
    result = protocols.catalogue(benchmark, ideal)
    assert {e.value for e in result.figures.values()} == {1.0}
    assert set(result.plain.values()) == {1.0}
    answers = protocols.attributes(benchmark, protocols.neighbours_vote(benchmark, ideal))
    assert answers.figures["accuracy articleType"].value == 1.0


def test_precision_equals_a_naive_search(benchmark, random):
    result = protocols.catalogue(benchmark, random)
    expected = []
    for query in benchmark.queries:
        others = sorted(benchmark.gallery, key=lambda row: -float(random[query] @ random[row]))[:5]
        both = [
            all(benchmark.labels[name][row] == benchmark.labels[name][query] for name in LABELS[:2])
            for row in others
        ]
        expected.append(np.mean(both))
    assert result.figures["P@5 type+colour"].value == pytest.approx(np.mean(expected))


def test_ideal_gains_equal_the_sorted_ones(benchmark, random):
    queries, gallery = benchmark.queries, benchmark.gallery
    found = gallery[nearest(random[queries], random[gallery], 10)[0]]
    gains, ideal = protocols.graded(benchmark, queries, gallery, found)

    def gain(query, row):
        same = [benchmark.labels[name][query] == benchmark.labels[name][row] for name in LABELS]
        return sum(same) if same[0] else 0

    for i, query in enumerate(queries):
        assert gains[i].tolist() == [gain(query, row) for row in found[i]]
        best = sorted((gain(query, row) for row in gallery), reverse=True)[:10]
        assert ideal[i].tolist() == best


def test_unknown_labels_are_left_out(benchmark, ideal):
    benchmark.labels["baseColour"][benchmark.queries[0]] = ""
    estimate = protocols.catalogue(benchmark, ideal).figures["P@5 colour"]
    assert estimate.left_out == 1
    assert estimate.queries == len(benchmark.queries) - 1


def test_a_query_never_meets_the_held_out(benchmark, random):
    nearest_rows, _ = nearest(random[benchmark.queries], random[benchmark.gallery], 5)
    assert not set(benchmark.gallery[nearest_rows].ravel()) & set(benchmark.queries)


def test_phone_photos_find_their_own_picture(benchmark, random):
    result = protocols.phone(benchmark, random, random[benchmark.queries])
    assert {e.value for e in result.figures.values()} == {1.0}


def test_rank_equals_a_naive_search():
    dice = np.random.default_rng(0)
    queries, gallery = (normalise(dice.normal(size=(n, 4))) for n in (30, 80))
    groups = dice.integers(0, 20, 80)
    own = groups[dice.integers(0, 80, 30)]
    for i, rank in enumerate(first_rank(queries, gallery, own, groups)):
        order = np.argsort(-(gallery @ queries[i]), kind="stable")
        assert rank == 1 + list(groups[order]).index(own[i])


def test_street_counts_fitting_types(benchmark, ideal):
    shirts = np.flatnonzero(benchmark.labels["articleType"] == "Shirts")[:1]
    jeans = np.flatnonzero(benchmark.labels["articleType"] == "Jeans")[:1]
    result = protocols.street(benchmark, ideal, ideal[np.concatenate([shirts, jeans])])
    assert result.figures["type-match@5"].value == 0.5
    assert result.details["by class"] == {"hat": 0.0, "shirt": 1.0}
    json.dumps(result.to_json())
