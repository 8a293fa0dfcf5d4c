"""What a head is trained by: the gradient, the optimiser, and the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.evaluation.benchmark_data import Benchmark
from recommender.tuning.examples import Examples
from recommender.tuning.network import loss_and_gradient, new_parameters
from recommender.tuning.optimiser import Optimiser
from recommender.tuning.verdict import judge
from tests.shelves import directions


def test_the_gradient_is_that_of_the_loss():
    dice: Any = np.random.default_rng(0)
    parameters: Any = {
        name: values.astype(np.float64)
        for name, values in new_parameters(5, 7, {"a": 3, "b": 2}, dice).items()
    }
    parameters["bias"] += 0.1
    inputs = dice.normal(size=(6, 5))
    labels = {"a": np.array([0, 1, 2, -1, 0, 1]), "b": np.array([-1, -1, 0, 1, 0, 1])}
    dropout = dice.integers(0, 2, (6, 7)) * 2.0
    _, gradient = loss_and_gradient(parameters, inputs, labels, dropout)
    assert gradient.keys() == parameters.keys()
    for name, values in parameters.items():
        for place in [tuple(p) for p in dice.integers(0, values.shape, (8, values.ndim))]:
            there, losses = values[place], []
            for nudge in (1e-5, -1e-5):
                values[place] = there + nudge
                losses.append(loss_and_gradient(parameters, inputs, labels, dropout)[0])
            values[place] = there
            slope = (losses[0] - losses[1]) / 2e-5
            assert gradient[name][place] == pytest.approx(slope, abs=1e-6), (name, place)


def test_rows_without_any_label_move_nothing():
    parameters = new_parameters(5, 7, {"a": 3}, np.random.default_rng(0))
    inputs, unknown = np.ones((2, 5), np.float32), {"a": np.array([-1, -1])}
    loss, gradient = loss_and_gradient(parameters, inputs, unknown, np.ones((2, 7), np.float32))
    assert loss == 0
    assert not any(slope.any() for slope in gradient.values())


def test_the_optimiser_finds_the_bottom_and_its_average_too():
    parameters = {"bias": np.array([5.0, -3.0], np.float32)}
    optimiser = Optimiser(parameters, weight_decay=0.0)
    for step in range(1000):
        optimiser.step({"bias": 2 * (parameters["bias"] - 1)}, 0.1 * (1 - step / 1000))
    assert np.allclose(parameters["bias"], 1, atol=1e-3)
    assert np.allclose(optimiser.average["bias"], 1, atol=1e-2)


def examples_of(vectors, words):
    """The first half queries the second."""
    n = len(vectors)
    benchmark = Benchmark(
        tuple(Path(str(i)) for i in range(n)),
        tuple(map(str, range(n))),
        {name: np.array(column) for name, column in words.items()},
        np.arange(n),
        np.arange(n) < n // 2,
    )
    values = {name: tuple(np.unique(column).tolist()) for name, column in words.items()}
    return Examples(benchmark, vectors, values, {}, np.zeros(n, bool))


def test_one_figure_that_falls_is_an_objection_even_if_the_mean_rises():
    dice = np.random.default_rng(0)
    kinds, hues, sizes = (dice.integers(0, 4, 400) for _ in range(3))
    drawn = {"articleType": kinds, "baseColour": hues, "size": sizes}
    words = {name: places.astype(str) for name, places in drawn.items()}
    far = [directions(seed, 4, 8) for seed in (1, 2, 3)]
    examples = examples_of(far[2][sizes], words)
    better: Any = np.concatenate([far[0][kinds], far[1][hues]], axis=1) / np.float32(np.sqrt(2))
    verdict = judge(examples, better)
    assert verdict.changes["P@5 type"].rises
    assert verdict.changes["P@5 type"].after.value == 1
    assert verdict.changes["mean"].rises
    assert "P@5 size falls by" in verdict.objection
    assert "mAP@10 size falls by" in verdict.objection
    assert "mean" not in verdict.objection
    all_of_it: Any = np.concatenate([0.6 * better, 0.8 * far[2][sizes]], axis=1).astype(np.float32)
    assert judge(examples, all_of_it).objection == ""
    unchanged = judge(examples, examples.vectors)
    assert unchanged.objection.startswith("the mean of all figures does not rise beyond chance")
    assert "+0.000 ±0.000" in unchanged.table()
