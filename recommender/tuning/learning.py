"""Train a head on stored embeddings."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from recommender.encoders.base import EncoderCard
from recommender.encoders.fashion import softmax
from recommender.encoders.head import (
    SHARPNESS,
    AttributeHead,
    Floats,
    Head,
    standardised,
    unit,
)
from recommender.evaluation.calibration import fit_certainty, fit_sharpness
from recommender.evaluation.protocols import by_query, retrieved
from recommender.tuning.examples import LEAST_QUERIES, Examples
from recommender.tuning.network import Parameters, loss_and_gradient, new_parameters
from recommender.tuning.optimiser import Optimiser

_CHECKS = 8
_CHECKED_QUERIES, _CHECKED_GALLERY = 1000, 8000
_WARM_UP = 0.05
_LEAST_CALIBRATED = 40
"""Products for validation that must have an attribute, or it is not named of photos."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to learn.

    Attributes:
        seconds: end after about so long; None for as long as it takes.
        seed: of everything random. Without `seconds` the same seed gives the same head.
        units: of the hidden layer.
        epochs: how often each product is seen, if there are enough of them.
        least_steps: of the optimiser, however few products there are.
        batch: products a step, at most; of few products a sixteenth.
        rate: peak learning rate.
        weight_decay: of AdamW.
        dropout: of the hidden layer: Srivastava et al., JMLR 15 (2014).
    """

    seconds: float | None = None
    seed: int = 0
    units: int = 512
    epochs: int = 15
    least_steps: int = 300
    batch: int = 512
    rate: float = 2e-3
    weight_decay: float = 0.05
    dropout: float = 0.3


def learn(examples: Examples, base: EncoderCard | None, settings: Settings) -> Head:
    """Train a head on the products that are neither held out nor for validation.

    Of several moments in the training the one counts that is best on the products for validation.

    Args:
        examples: of `read_examples`.
        base: card of the encoder that made the vectors, if it is known.
        settings: how.
    """
    dice = np.random.default_rng(settings.seed)
    rows = examples.training
    mean, spread = _spread(examples.vectors, rows)
    # A number that hardly varies tells nothing: scaled up it would be noise.
    floor = max(1e-3 * float(spread.max()), 1e-6)
    scale: Floats = (1 / np.maximum(spread, floor)).astype(np.float32)
    counts = {name: len(values) for name, values in examples.values.items()}
    parameters = new_parameters(len(mean), settings.units, counts, dice)
    optimiser = Optimiser(parameters, weight_decay=settings.weight_decay)

    def current() -> Head:
        return _head(examples, base, mean, scale, optimiser.average)

    check = _Check(examples, dice)
    batch = min(settings.batch, max(len(rows) // 16, 16))
    steps = max(settings.epochs * len(rows) // batch, settings.least_steps)
    began, checked, done = time.monotonic(), 0, 0.0
    best, score = current(), -np.inf
    with tqdm(total=steps, desc="learning", unit="steps") as bar:
        for step in range(steps):
            chosen = dice.choice(rows, batch, replace=False)
            inputs = standardised(examples.vectors[chosen], mean, scale)
            kept = dice.random((batch, settings.units), np.float32) >= settings.dropout
            _, gradient = loss_and_gradient(
                parameters,
                inputs,
                {name: places[chosen] for name, places in examples.labels.items()},
                kept.astype(np.float32) / np.float32(1 - settings.dropout),
            )
            optimiser.step(gradient, settings.rate * _share_of_rate(done))
            bar.update()
            done = (step + 1) / steps
            if settings.seconds is not None:
                done = max(done, (time.monotonic() - began) / settings.seconds)
            if done * _CHECKS >= checked + 1 or done >= 1:
                checked = int(done * _CHECKS)
                head = current()
                found = check(head)
                bar.set_postfix(validation=f"{found:.3f}")
                if found >= score:
                    best, score = head, found
            if done >= 1:
                break
    return _calibrated(best, examples)


def _spread(vectors: Floats, rows: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each number over some of the rows."""
    chosen = vectors[rows]
    return chosen.mean(axis=0), chosen.std(axis=0)


def _share_of_rate(done: float) -> float:
    """Linear warm-up, then half a cosine down to a hundredth."""
    cosine = 0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * min(done, 1.0)))
    return float(cosine * min(1.0, done / _WARM_UP + 0.01))


def _head(
    examples: Examples, base: EncoderCard | None, mean: Floats, scale: Floats, found: Parameters
) -> Head:
    surprise = {name: _entropy(examples.labels[name]) for name in examples.values}
    total = sum(surprise.values())
    heads = tuple(
        AttributeHead(
            name,
            values,
            found[f"weights {name}"].copy(),
            unit(found[f"proxies {name}"]),
            surprise[name] / total,
            SHARPNESS,
            None,
        )
        for name, values in examples.values.items()
    )
    return Head(base, mean, scale, found["hidden"].copy(), found["bias"].copy(), heads)


def _entropy(places: npt.NDArray[np.int64]) -> float:
    """How much an attribute tells, in nats: what tells more counts more in a cosine.

    >>> round(_entropy(np.array([0, 0, 1, 1, -1])), 4)
    0.6931
    """
    counts = np.bincount(places[places >= 0])
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


class _Check:
    """How good a head is on the products for validation: the mean of all precisions at 5."""

    def __init__(self, examples: Examples, dice: np.random.Generator) -> None:
        queries = np.flatnonzero(examples.validation)
        queries = dice.permutation(queries)[:_CHECKED_QUERIES]
        gallery = dice.permutation(examples.training)[:_CHECKED_GALLERY]
        self._enough = len(queries) >= LEAST_QUERIES
        self._rows = np.sort(np.concatenate([queries, gallery]))
        whole = examples.benchmark
        self._benchmark = replace(
            whole,
            paths=tuple(whole.paths[row] for row in self._rows),
            ids=tuple(whole.ids[row] for row in self._rows),
            labels={name: words[self._rows] for name, words in whole.labels.items()},
            groups=whole.groups[self._rows],
            held_out=np.isin(self._rows, queries),
        )
        self._vectors = examples.vectors[self._rows]
        self._relevance = examples.relevance

    def __call__(self, head: Head) -> float:
        if not self._enough:
            return 0.0  # The last moment of the training counts.
        found = retrieved(self._benchmark, head.apply(self._vectors))
        values = by_query(self._benchmark, found, self._relevance)
        precisions = [v[~np.isnan(v)] for name, v in values.items() if name.startswith("P@")]
        return float(np.mean([v.mean() for v in precisions if len(v)]))


def _calibrated(head: Head, examples: Examples) -> Head:
    """The head with probabilities fitted on the products for validation."""
    rows = np.flatnonzero(examples.validation)
    cosines = head.cosines(head.apply(examples.vectors[rows]))
    heads = []
    for one in head.attributes:
        truth = examples.labels[one.name][rows]
        if (truth >= 0).sum() >= _LEAST_CALIBRATED:
            sharpness, _ = fit_sharpness(cosines[one.name], truth)
            probabilities = softmax(sharpness * cosines[one.name])
            certainty = fit_certainty(probabilities, truth)
            one = replace(one, sharpness=sharpness, certainty=certainty)
        heads.append(one)
    return replace(head, attributes=tuple(heads))
