"""A quick look at how good the network is, on products that are neither trained nor tested on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion_network import BLOCKS
from recommender.encoders.frozen import import_tensorflow
from recommender.training import augment
from recommender.training.data import TrainingData
from recommender.training.losses import BLOCK_WEIGHTS

_K = 5
Blocks = dict[str, npt.NDArray[np.float32]]


class Validator:
    """Embeds with the averaged weights and measures precision at 5."""

    def __init__(
        self, data: TrainingData, size: tuple[int, int], network: Any, *, gallery: int = 6000
    ) -> None:
        """Choose queries and gallery.

        Args:
            data: what is trained on; its validation part is used.
            size: (height, width) of the pictures.
            network: a network of `build_network` whose weights may be overwritten.
            gallery: how many of the products trained on are searched.
        """
        tf = import_tensorflow()
        self.data, self._size, self.network = data, size, network
        self.queries = np.flatnonzero(data.part == 1)
        dice = np.random.default_rng(0)
        train = np.flatnonzero(data.part == 0)
        self.gallery = np.sort(dice.choice(train, min(gallery, len(train)), replace=False))
        self.photos = np.flatnonzero(data.street_part == 1)
        # What happens to the network's blocks before they are an embedding.
        self.finish: Callable[[Blocks], Blocks] = dict
        self._forward = tf.function(lambda x: network(x, training=False), reduce_retracing=True)

    def embed(self, pictures: npt.NDArray[np.uint8]) -> Blocks:
        """Blocks of pictures (n, height, width, 3), resized as the encoder does."""
        tf = import_tensorflow()
        parts = []
        for start in range(0, len(pictures), 128):
            batch = tf.image.resize(pictures[start : start + 128], self._size)
            parts.append({name: b.numpy() for name, b in self._forward(tf.round(batch)).items()})
        return self.finish(
            {name: np.concatenate([part[name] for part in parts]) for name in BLOCKS}
        )

    def snapshots(self) -> npt.NDArray[np.uint8]:
        """The queries as snapshots, always the same ones."""
        tf = import_tensorflow()
        result = []
        for start in range(0, len(self.queries), 128):
            rows = self.queries[start : start + 128]
            seed = tf.constant([7, start], tf.int32)
            behind = self._behind(len(rows))
            view = augment.snapshot_view(
                tf.cast(self.data.pictures[rows], tf.float32), behind, self._size,
                augment.Dice(seed),
            )  # fmt: skip
            result.append(tf.cast(tf.round(view), tf.uint8).numpy())
        return np.concatenate(result)

    def _behind(self, n: int) -> Any:
        tf = import_tensorflow()
        street = self.data.street[self.photos]
        if not len(street):
            return tf.random.stateless_uniform((n, *self._size, 3), (1, 2), 0.0, 255.0)
        return tf.cast(street[np.arange(n) % len(street)], tf.float32)

    def street_match(self, found: npt.NDArray[np.int64]) -> float:
        """Share of the products found, rows (photos, k), whose type fits the photo."""
        types = self.data.labels["articleType"][found]
        fits = np.take_along_axis(self.data.street_types[self.photos], types.clip(0), axis=1)
        return float(fits.mean())

    def measure(self, weights: dict[str, float] = BLOCK_WEIGHTS) -> dict[str, float]:
        """Precision at 5 for labels, type match of street photos, recall at 1 of snapshots."""
        data = self.data
        gallery = join(self.embed(data.pictures[self.gallery, ..., :3]), weights)
        queries = join(self.embed(data.pictures[self.queries, ..., :3]), weights)
        nearest = self.gallery[top(queries, gallery, _K)]
        result = precisions_of(data, self.queries, nearest)
        if len(self.photos):
            photos = join(self.embed(data.street[self.photos]), weights)
            result["street"] = self.street_match(self.gallery[top(photos, gallery, _K)])
        snaps = join(self.embed(self.snapshots()), weights)
        everything = np.concatenate([queries, gallery])
        first = top(snaps, everything, 1)[:, 0]
        result["snapshot_recall@1"] = float(np.mean(first == np.arange(len(snaps))))
        return result


def precisions_of(
    data: TrainingData, query_rows: npt.NDArray[np.int64], nearest: npt.NDArray[np.int64]
) -> dict[str, float]:
    """Precision for type, colour, both, and both with gender.

    Args:
        data: the labels.
        query_rows: int64 (q,).
        nearest: int64 (q, k), rows that were found.
    """
    same = {
        name: data.labels[name][query_rows][:, None] == data.labels[name][nearest]
        for name in ("articleType", "baseColour", "gender")
    }
    both = same["articleType"] & same["baseColour"]
    return {
        "type": float(same["articleType"].mean()),
        "colour": float(same["baseColour"].mean()),
        "type+colour": float(both.mean()),
        "all": float((both & same["gender"]).mean()),
    }


def join(blocks: Blocks, weights: dict[str, float]) -> npt.NDArray[np.float32]:
    """The embedding: weighted blocks side by side, of unit length."""
    whole = np.concatenate([blocks[name] * weights[name] for name in BLOCKS], axis=1)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    return whole.astype(np.float32)


def top(
    queries: npt.NDArray[np.float32], gallery: npt.NDArray[np.float32], k: int
) -> npt.NDArray[np.int64]:
    """Rows of the k nearest, nearest first: int64 (q, k)."""
    similar = queries @ gallery.T
    rows = np.argpartition(-similar, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(similar, rows, axis=1), axis=1, kind="stable")
    return np.take_along_axis(rows, order, axis=1)
