"""The second stage: the backbone stays, the head learns from stored views."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion_network import BLOCKS, head_of, pooled_of
from recommender.encoders.frozen import FrozenGraph, import_tensorflow
from recommender.training.data import TrainingData
from recommender.training.features import ViewFeatures
from recommender.training.settings import Settings
from recommender.training.trainer import Trainer
from recommender.training.validation import Blocks, Validator


class HeadTrainer(Trainer):
    """Trains what lies behind the backbone."""

    def __init__(
        self, data: TrainingData, settings: Settings, network: Any, features: ViewFeatures
    ) -> None:
        """Build everything.

        Args:
            data: what to learn from.
            settings: how.
            network: of `build_network`, trained; its head is trained further.
            features: what its backbone sees.
        """
        self._features = features
        head = head_of(network)
        rows = np.flatnonzero(data.part == 0)
        known = _blocks(head, features.clean(rows, 0))
        super().__init__(data, settings, head, known=known)

    def _inputs(
        self, products: npt.NDArray[np.int64], snapshots: npt.NDArray[np.int64]
    ) -> tuple[Any, ...]:
        dice = np.random.default_rng([self.settings.seed, self.step])
        clean, snapshot, street = dice.integers(0, self._features.rounds, 3)
        views = [
            self._features.clean(products, clean),
            self._features.snapshot(products, snapshot),
            self._features.street(snapshots, street),
        ]
        return (self._tf.constant(np.concatenate(views)),)

    def _views(self, inputs: tuple[Any, ...], size: tuple[int, int]) -> Any:
        return self._tf.cast(inputs[0], self._tf.float32)

    def put_average_into(self, network: Any) -> None:
        """Give the head of a network of `build_network` the averaged weights."""
        super().put_average_into(head_of(network))


class HeadValidator(Validator):
    """A validator that asks the backbone once for each picture."""

    def __init__(
        self, data: TrainingData, size: tuple[int, int], network: Any, *, gallery: int = 6000
    ) -> None:
        super().__init__(data, size, network, gallery=gallery)
        self._backbone = FrozenGraph(lambda: pooled_of(network, size), size)
        self._seen: dict[bytes, npt.NDArray[np.float32]] = {}

    def embed(self, pictures: npt.NDArray[np.uint8]) -> Blocks:
        """As `Validator.embed`; the head may have changed since, the backbone may not."""
        tf = import_tensorflow()
        key = hashlib.sha256(pictures.tobytes()).digest()
        if key not in self._seen:
            parts = []
            for start in range(0, len(pictures), 128):
                batch = tf.round(tf.image.resize(pictures[start : start + 128], self._size))
                parts.append(self._backbone(tf.cast(batch, tf.uint8).numpy()))
            self._seen[key] = np.concatenate(parts)
        return self.finish(_blocks(head_of(self.network), self._seen[key]))


def _blocks(head: Any, pooled: npt.NDArray[Any]) -> Blocks:
    parts = []
    for start in range(0, len(pooled), 2048):
        outputs = head(pooled[start : start + 2048].astype(np.float32), training=False)
        parts.append({name: block.numpy() for name, block in outputs.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in BLOCKS}
