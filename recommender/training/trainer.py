"""One training step, its state, and how the state survives a kill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion_network import BLOCKS, DIM
from recommender.encoders.frozen import import_tensorflow
from recommender.errors import WeightsError
from recommender.training import augment, losses
from recommender.training.data import TrainingData
from recommender.training.imprinting import imprinted
from recommender.training.settings import Settings
from recommender.training.validation import Blocks

_MEMORY = 8192
_AVERAGE_EVERY = 5


class Trainer:
    """Network, heads, optimiser and memory."""

    def __init__(
        self, data: TrainingData, settings: Settings, network: Any, *, known: Blocks | None
    ) -> None:
        """Build everything.

        Args:
            data: what to learn from.
            settings: how.
            network: whose trainable variables are trained: of `build_network`, with weights.
            known: blocks of the products to train on, if the network can see already; the heads
                start from them.
        """
        self._tf = import_tensorflow()
        import keras

        self._data = data
        self.settings = settings
        self.step = 0
        self.network = network
        self.heads = {
            name: keras.Variable(
                keras.random.normal((classes, BLOCKS[block]), stddev=BLOCKS[block] ** -0.5),
                name=f"head_{name}",
            )
            for name, (block, label, _) in losses.HEADS.items()
            for classes in [self._classes(label)]
        }
        if known is not None:
            self._imprint_heads(known)
        self.scales = {
            name: keras.Variable(np.float32(np.log(16.0)), name=f"scale_{name}")
            for name in losses.HEADS
        }
        self._trained = [
            *self.network.trainable_variables,
            *self.heads.values(),
            *self.scales.values(),
        ]
        self._optimizer = keras.optimizers.AdamW(
            settings.rate, weight_decay=settings.weight_decay, global_clipnorm=5.0
        )
        self._optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias", "scale_"])
        self._optimizer.build(self._trained)
        tf = self._tf
        self._memory = tf.Variable(tf.zeros((_MEMORY, DIM)), trainable=False)
        self._memory_labels = tf.Variable(
            tf.fill((_MEMORY,), tf.constant(-1, tf.int64)), trainable=False
        )
        self.averaged: list[npt.NDArray[np.float32]] = [
            np.array(value) for value in self._current()
        ]
        self._train = tf.function(self._train_step, autograph=False)
        self._joint = _joint_labels(data)
        self._expected = _expected_types(data)

    def _classes(self, label: str) -> int:
        return len(self._data.vocabulary if label == "words" else self._data.names[label])

    def _imprint_heads(self, blocks: Blocks) -> None:
        rows = np.flatnonzero(self._data.part == 0)
        for name, (block, label, _) in losses.HEADS.items():
            labels = self._data.words if label == "words" else self._data.labels[label]
            proxies = imprinted(blocks[block], labels[rows], self._classes(label))
            self.heads[name].assign(proxies)

    def _current(self) -> list[npt.NDArray[np.float32]]:
        variables = [*self.network.variables, *self.heads.values(), *self.scales.values()]
        return [np.asarray(variable) for variable in variables if "seed" not in variable.path]

    def run_step(
        self, products: npt.NDArray[np.int64], snapshots: npt.NDArray[np.int64]
    ) -> dict[str, float]:
        """Learn from one batch.

        Args:
            products: rows of the catalogue's pictures.
            snapshots: rows of the street photos.

        Returns:
            the losses by name.
        """
        tf, data = self._tf, self._data
        labels = {name: tf.constant(values[products]) for name, values in data.labels.items()}
        labels["words"] = tf.constant(data.words[products])
        self._optimizer.learning_rate.assign(self.settings.rate_at(self.step))
        result = self._train(
            self._inputs(products, snapshots),
            labels,
            tf.constant(self._joint[products]),
            tf.constant(self._expected[snapshots]),
            tf.constant(self.step * len(products) % _MEMORY),
            self.settings.size_at(self.step),
        )
        self.step += 1
        if self.step % _AVERAGE_EVERY == 0:
            # Few weights are worth remembering early: the average forgets faster then.
            decay = min(self.settings.average, (1 + self.step) / (50 + self.step))
            for mean, value in zip(self.averaged, self._current(), strict=True):
                mean += (1 - decay) * (value - mean)
        return {name: float(value) for name, value in result.items()}

    def _inputs(
        self, products: npt.NDArray[np.int64], snapshots: npt.NDArray[np.int64]
    ) -> tuple[Any, ...]:
        """What `_views` is made from."""
        tf, data = self._tf, self._data
        return (
            tf.constant(data.pictures[products]),
            tf.constant(data.street[snapshots]),
            tf.constant([self.settings.seed, self.step], tf.int32),
        )

    def _views(self, inputs: tuple[Any, ...], size: tuple[int, int]) -> Any:
        """What the network gets: n products clean, the same as snapshots, then m snapshots."""
        tf = self._tf
        pictures, street, seed = inputs
        dice = augment.Dice(seed)
        pictures, street = tf.cast(pictures, tf.float32), tf.cast(street, tf.float32)
        n, m = self.settings.products, self.settings.snapshots
        # What lies behind the garments comes from snapshots; each serves for several of them.
        behind = tf.tile(street, (-(-n // m), 1, 1, 1))[:n]
        views = tf.concat(
            [
                augment.clean_view(pictures[..., :3], size, dice),
                augment.snapshot_view(pictures, behind, size, dice),
                augment.street_view(street, size, dice),
            ],
            axis=0,
        )
        views.set_shape((2 * n + m, *size, 3))
        return views

    def _train_step(
        self, inputs: tuple[Any, ...], labels: dict[str, Any], joint: Any, expected: Any,
        place: Any, size: tuple[int, int],
    ) -> dict[str, Any]:  # fmt: skip
        tf, n = self._tf, self.settings.products
        views = self._views(inputs, size)
        with tf.GradientTape() as tape:
            blocks = self.network(views, training=True)
            parts = self._losses(blocks, labels, joint, expected)
            total = tf.add_n(list(parts.values()))
        gradients = tape.gradient(total, self._trained)
        self._optimizer.apply(gradients, self._trained)
        whole = losses.joined(blocks, losses.BLOCK_WEIGHTS)[:n]
        rows = (tf.range(n) + place) % _MEMORY
        self._memory.scatter_update(tf.IndexedSlices(whole, rows))
        self._memory_labels.scatter_update(tf.IndexedSlices(joint, rows))
        return parts | {"loss": total}

    def _logits(self, name: str, blocks: dict[str, Any]) -> Any:
        tf = self._tf
        proxies = tf.math.l2_normalize(tf.convert_to_tensor(self.heads[name]), axis=-1)
        cosines = tf.matmul(blocks[losses.HEADS[name][0]], proxies, transpose_b=True)
        return cosines * tf.exp(tf.minimum(tf.convert_to_tensor(self.scales[name]), 3.7))

    def _losses(
        self, blocks: dict[str, Any], labels: dict[str, Any], joint: Any, expected: Any
    ) -> dict[str, Any]:
        tf, n = self._tf, self.settings.products
        parts = {}
        for name, (_, label, weight) in losses.HEADS.items():
            logits = self._logits(name, blocks)
            if label == "words":
                both = tf.concat([labels[label]] * 2, axis=0)
                parts[name] = weight * losses.words_cross_entropy(logits[: 2 * n], both)
            else:
                both = tf.concat([labels[label]] * 2, axis=0)
                parts[name] = weight * losses.cross_entropy(logits[: 2 * n], both)
            if name in losses.STREET_WEIGHTS:
                surprise = losses.street_loss(logits[2 * n :], expected)
                parts[f"street_{name}"] = losses.STREET_WEIGHTS[name] * surprise
        general = blocks["general"]
        size = BLOCKS["general"]
        memory = tf.convert_to_tensor(self._memory)
        remembered = tf.math.l2_normalize(memory[:, :size], axis=-1)
        clean, snapshot = general[:n], general[n : 2 * n]
        parts["instance"] = losses.INSTANCE_WEIGHT * (
            losses.instance_loss(snapshot, clean, remembered)
            + losses.instance_loss(clean, snapshot, remembered)
        )
        whole = losses.joined(blocks, losses.BLOCK_WEIGHTS)[: 2 * n]
        parts["joint"] = losses.JOINT_WEIGHT * losses.joint_loss(
            whole, tf.concat([joint] * 2, axis=0), memory, self._memory_labels
        )
        return parts

    def put_average_into(self, network: Any) -> None:
        """Give a network of `build_network` the averaged weights."""
        _assign(network, self.averaged)

    def averaged_heads(self) -> dict[str, npt.NDArray[np.float32]]:
        """Head → float32 (classes, block size), unit rows, of the averaged weights."""
        count = len([v for v in self.network.variables if "seed" not in v.path])
        result = {}
        for name, proxies in zip(self.heads, self.averaged[count:], strict=False):
            length = np.linalg.norm(proxies, axis=1, keepdims=True)
            result[name] = (proxies / length).astype(np.float32)
        return result

    def save(self, path: Path) -> None:
        """Write all that a later run needs to go on; the file is whole or not there."""
        arrays = {f"network_{i:04}": np.asarray(v) for i, v in enumerate(self._all_variables())}
        arrays |= {f"average_{i:04}": value for i, value in enumerate(self.averaged)}
        unfinished = path.with_suffix(".unfinished.npz")
        np.savez(unfinished, step=self.step, **arrays)  # type: ignore[arg-type]
        unfinished.replace(path)

    def restore(self, path: Path) -> None:
        """Go on from what `save` wrote.

        Raises:
            WeightsError: the file belongs to another run.
        """
        with np.load(path) as stored:
            variables = self._all_variables()
            names = [f"network_{i:04}" for i in range(len(variables))]
            if not set(names) <= set(stored.files) or any(
                stored[name].shape != tuple(variable.shape)
                for name, variable in zip(names, variables, strict=True)
            ):
                raise WeightsError(f"{path} belongs to another run: name another --output")
            for name, variable in zip(names, variables, strict=True):
                variable.assign(stored[name])
            self.step = int(stored["step"])
            self.averaged = [stored[f"average_{i:04}"] for i in range(len(self.averaged))]

    def _all_variables(self) -> list[Any]:
        return [
            *(v for v in self.network.variables if "seed" not in v.path),
            *self.heads.values(),
            *self.scales.values(),
            *self._optimizer.variables,
            self._memory,
            self._memory_labels,
        ]


def _assign(network: Any, values: list[npt.NDArray[np.float32]]) -> None:
    variables = [v for v in network.variables if "seed" not in v.path]
    for variable, value in zip(variables, values, strict=False):
        variable.assign(value)


def _expected_types(data: TrainingData) -> npt.NDArray[np.float32]:
    """For each snapshot how the products of the fitting types divide into them: rows sum to 1."""
    types = data.labels["articleType"][data.part == 0]
    counts = np.bincount(types[types >= 0], minlength=len(data.names["articleType"]))
    expected = data.street_types * counts
    return (expected / np.maximum(expected.sum(axis=1, keepdims=True), 1)).astype(np.float32)


def _joint_labels(data: TrainingData) -> npt.NDArray[np.int64]:
    """One number for each combination of type, colour and gender; -1 where one is unknown."""
    columns = [data.labels[name] for name in ("articleType", "baseColour", "gender")]
    joint = (columns[0] * 1000 + columns[1]) * 10 + columns[2]
    joint[np.min(columns, axis=0) < 0] = -1
    return joint.astype(np.int64)
