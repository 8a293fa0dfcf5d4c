"""The run: batches in a seeded order, checkpoints, validation, curves."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from recommender.training.data import TrainingData
from recommender.training.journal import RunLog, draw_curves
from recommender.training.trainer import Trainer
from recommender.training.validation import Validator

_LOG_EVERY = 50
_VALIDATE_EVERY = 700
_CHECKPOINT_SECONDS = 180.0


class Order:
    """Rows for each step: every row once before any comes twice, in an order the seed fixes."""

    def __init__(self, rows: npt.NDArray[np.int64], size: int, seed: int) -> None:
        """Keep the rows.

        Args:
            rows: what to draw from; may be empty.
            size: rows a step.
            seed: fixes the order.
        """
        self._rows, self._size, self._seed = rows, size, seed
        self._shuffled: dict[int, npt.NDArray[np.int64]] = {}

    def at(self, step: int) -> npt.NDArray[np.int64]:
        """The rows of a step: int64 (size,).

        >>> order = Order(np.arange(4), 3, seed=1)
        >>> sorted(np.concatenate([order.at(0), order.at(1)[:1]]).tolist())
        [0, 1, 2, 3]
        """
        places = np.arange(step * self._size, (step + 1) * self._size)
        rounds, inside = np.divmod(places, len(self._rows))
        return np.array(
            [self._round(int(r))[i] for r, i in zip(rounds, inside, strict=True)], np.int64
        )

    def _round(self, number: int) -> npt.NDArray[np.int64]:
        if number not in self._shuffled:
            self._shuffled = {k: v for k, v in self._shuffled.items() if k == number - 1}
            dice = np.random.default_rng([self._seed, number])
            self._shuffled[number] = dice.permutation(self._rows)
        return self._shuffled[number]


def train(trainer: Trainer, validator: Validator, data: TrainingData, output: Path) -> None:
    """Train to the last step, going on from `output`'s checkpoint if there is one.

    Args:
        trainer: not yet trained; its `averaged` weights are the result.
        validator: measures now and then; its network is overwritten.
        data: what to learn from.
        output: folder of the checkpoint, the log and the curves.
    """
    settings = trainer.settings
    checkpoint = output / "checkpoint.npz"
    if checkpoint.is_file():
        trainer.restore(checkpoint)
    log = RunLog(output / "log.jsonl", until_step=trainer.step)
    before = max((entry["seconds"] for entry in log.entries()), default=0.0)
    products = Order(np.flatnonzero(data.part == 0), settings.products, settings.seed)
    snapshots = Order(np.flatnonzero(data.street_part == 0), settings.snapshots, settings.seed)
    sums: dict[str, float] = defaultdict(float)
    began = saved = time.monotonic()
    bar = tqdm(total=settings.steps, initial=trainer.step, unit="steps", mininterval=5)
    while trainer.step < settings.steps:
        for name, value in trainer.run_step(
            products.at(trainer.step), snapshots.at(trainer.step)
        ).items():
            sums[name] += value
        bar.update()
        step, seconds = trainer.step, before + time.monotonic() - began
        if step % _LOG_EVERY == 0:
            means = {name: round(value / _LOG_EVERY, 4) for name, value in sums.items()}
            log.write(step, seconds, losses=means)
            bar.set_postfix(loss=means["loss"])
            sums.clear()
        if step % _VALIDATE_EVERY == 0 or step == settings.steps:
            trainer.put_average_into(validator.network)
            figures = {name: round(value, 4) for name, value in validator.measure().items()}
            log.write(step, seconds, validation=figures)
            bar.write(f"step {step}: {figures}")
            draw_curves(log, output / "curves.png")
        if time.monotonic() - saved > _CHECKPOINT_SECONDS or step == settings.steps:
            trainer.save(checkpoint)
            saved = time.monotonic()
    bar.close()
