"""The formulas, against code written the slow and obvious way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recommender.evaluation import metrics


@pytest.fixture
def dice():
    return np.random.default_rng(1)


def naive_average_precision(relevant, available):
    hits, total = 0, 0.0
    for rank, good in enumerate(relevant, start=1):
        if good:
            hits += 1
            total += hits / rank
    return total / min(available, len(relevant)) if available else math.nan


def naive_dcg(gains):
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def test_precision_and_average_precision(dice):
    relevant = dice.random((200, 10)) < 0.3
    relevant[:20] = False
    available = relevant.sum(axis=1) + dice.integers(0, 5, 200)
    precision = metrics.precision_at_k(relevant, available)
    average = metrics.average_precision_at_k(relevant, available)
    for i in range(200):
        if available[i]:
            assert precision[i] == pytest.approx(sum(relevant[i]) / 10)
            assert average[i] == pytest.approx(naive_average_precision(relevant[i], available[i]))
        else:
            assert math.isnan(precision[i])
            assert math.isnan(average[i])
    assert (available == 0).any()


def test_ndcg(dice):
    gains = dice.integers(0, 4, (100, 10)).astype(float)
    ideal = -np.sort(-np.concatenate([gains, dice.integers(0, 4, (100, 3))], axis=1))[:, :10]
    for i, value in enumerate(metrics.ndcg_at_k(gains, ideal)):
        assert value == pytest.approx(naive_dcg(gains[i]) / naive_dcg(ideal[i]))
    assert np.isnan(metrics.ndcg_at_k(np.zeros((1, 3)), np.zeros((1, 3)))).all()


def test_f1_and_confusion_agree_with_scikit_learn(dice):
    from sklearn.metrics import confusion_matrix, f1_score

    names = np.array(["a", "b", "c"])
    truth, said = names[dice.integers(0, 3, 300)], names[dice.integers(0, 3, 300)]
    by_class = metrics.f1_by_class(truth, said)
    assert np.mean(list(by_class.values())) == pytest.approx(f1_score(truth, said, average="macro"))
    table = metrics.confusion(truth, said, ["a", "b", "c"])
    assert (table[:, :3] == confusion_matrix(truth, said)).all()
    assert not table[:, 3].any()


def test_calibration_error(dice):
    confidence, right = dice.random(500), dice.random(500) < 0.5
    gaps = 0.0
    for low in np.arange(15) / 15:
        inside = (confidence >= low) & (confidence < low + 1 / 15)
        if inside.any():
            gaps += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    assert metrics.expected_calibration_error(confidence, right) == pytest.approx(gaps)


def test_certain_answers_belong_to_the_last_bin():
    assert metrics.expected_calibration_error(np.ones(4), np.ones(4, bool)) == 0


def test_intervals_cover_the_mean_about_95_times_in_100(dice):
    covered = sum(
        estimate.low <= 0.4 <= estimate.high
        for i in range(100)
        for estimate in [metrics.summarise((dice.random(150) < 0.4).astype(float), seed=i)]
    )
    assert 88 <= covered <= 100


def test_same_pictures_are_no_independent_evidence(dice):
    values = np.repeat((dice.random(40) < 0.5).astype(float), 10)
    alone = metrics.summarise(values)
    together = metrics.summarise(values, np.repeat(np.arange(40), 10))
    assert together.value == alone.value
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_nothing_to_score():
    estimate = metrics.summarise(np.array([np.nan, np.nan]))
    assert math.isnan(estimate.value)
    assert (estimate.queries, estimate.left_out) == (0, 2)
    assert math.isnan(metrics.macro_average(np.array([np.nan]), np.array(["a"])))
