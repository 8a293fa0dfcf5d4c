"""What a trained backbone sees in many views of the training pictures, computed once and kept.

With it the head can be trained for many more rounds than the whole network: decoupled training,
Kang et al., "Decoupling Representation and Classifier for Long-Tailed Recognition", ICLR 2020.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from recommender.encoders.fashion_network import FEATURES, pooled_of
from recommender.encoders.frozen import FrozenGraph, import_tensorflow
from recommender.training import augment
from recommender.training.data import TrainingData

_BATCH = 64
Features = npt.NDArray[np.float16]


class ViewFeatures:
    """Pooled features of augmented views, a file a round.

    Attributes:
        rounds: how many there are of each picture's views.
    """

    def __init__(
        self, network: Any, data: TrainingData, size: tuple[int, int], folder: Path, *, rounds: int,
        seed: int,
    ) -> None:  # fmt: skip
        """Compute the rounds that `folder` does not hold yet.

        Args:
            network: of `build_network`, trained.
            data: what it was trained on.
            size: (height, width) of the views.
            folder: belongs to these weights; delete it when they have changed.
            rounds: how many views of each sort.
            seed: of the views.
        """
        self._forward = FrozenGraph(lambda: pooled_of(network, size), size)
        self._data, self._size, self._seed = data, size, seed
        self._place = np.full(len(data.part), -1)
        self._rows = np.flatnonzero(data.part == 0)
        self._place[self._rows] = np.arange(len(self._rows))
        self.rounds = rounds
        folder.mkdir(parents=True, exist_ok=True)
        total = rounds * (2 * len(self._rows) + len(data.street))
        self._bar = tqdm(total=total, desc="features of views", unit="views", mininterval=5)
        self._stored = [self._round(folder, number) for number in range(rounds)]
        self._bar.close()

    def clean(self, products: npt.NDArray[np.int64], number: int) -> Features:
        """Views on white of these rows of the catalogue: float16 (n, features)."""
        found: Features = self._stored[number]["clean"][self._place[products]]
        return found

    def snapshot(self, products: npt.NDArray[np.int64], number: int) -> Features:
        """Views as snapshots of these rows of the catalogue: float16 (n, features)."""
        found: Features = self._stored[number]["snapshot"][self._place[products]]
        return found

    def street(self, photos: npt.NDArray[np.int64], number: int) -> Features:
        """Views of these real snapshots: float16 (n, features)."""
        found: Features = self._stored[number]["street"][photos]
        return found

    def _round(self, folder: Path, number: int) -> dict[str, Features]:
        path = folder / f"round-{number}.npz"
        if not path.is_file():
            views = {name: self._views(name, number) for name in ("clean", "snapshot", "street")}
            unfinished = path.with_suffix(".unfinished.npz")
            np.savez(unfinished, **views)  # type: ignore[arg-type]
            unfinished.replace(path)
        with np.load(path) as stored:
            return {name: stored[name] for name in stored.files}

    def _views(self, sort: str, number: int) -> Features:
        tf, data = import_tensorflow(), self._data
        rows = np.arange(len(data.street)) if sort == "street" else self._rows
        trained = np.flatnonzero(data.street_part == 0)
        result = np.empty((len(rows), FEATURES), np.float16)
        pictures = data.street if sort == "street" else data.pictures

        def drawn_view(batch: Any, behind: Any, seed: Any) -> Any:
            dice, batch = augment.Dice(seed), tf.cast(batch, tf.float32)
            if sort == "clean":
                shown = augment.clean_view(batch[..., :3], self._size, dice)
            elif sort == "snapshot":
                behind = tf.cast(behind, tf.float32)
                shown = augment.snapshot_view(batch, behind, self._size, dice)
            else:
                shown = augment.street_view(batch, self._size, dice)
            return tf.cast(tf.round(tf.clip_by_value(shown, 0.0, 255.0)), tf.uint8)

        draw = tf.function(drawn_view, reduce_retracing=True)
        for start in range(0, len(rows), _BATCH):
            chosen = rows[start : start + _BATCH]
            # Other backgrounds in each round.
            behind = data.street[
                trained[(np.arange(len(chosen)) + start + 17 * number) % len(trained)]
            ]
            seed = tf.constant([self._seed + 1000 * (number + 1) + len(sort), start], tf.int32)
            drawn = draw(pictures[chosen], behind, seed).numpy()
            result[start : start + len(chosen)] = self._forward(drawn)
            self._bar.update(len(chosen))
        return result
