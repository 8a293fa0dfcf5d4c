"""The encoder that ships with the package: small, fast, trained on fashion.

Its embedding has four blocks (`fashion_network.BLOCKS`): what a product looks like in general, its
type, its colour, and whom it is for. From the last three the attributes of a photo can be read.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.attributes import AttributeScores
from recommender.encoders.base import Encoder, EncoderCard, Resize
from recommender.encoders.fashion_network import BLOCKS, DIM, build_network
from recommender.encoders.fashion_weights import (
    ATTRIBUTE_BLOCKS,
    RECALL,
    WEIGHTS,
    FashionWeights,
    Knots,
    fill,
    read_weights,
)
from recommender.encoders.recall import recalled
from recommender.encoders.runtimes import Graph, Runtime, graph_of
from recommender.encoders.weights_files import file_sha256


class FashionEncoder(Encoder):
    """256 numbers a picture."""

    def __init__(
        self,
        *,
        weights: Path | None = None,
        resize: Resize = "bilinear",
        runtime: Runtime = "tensorflow",
    ) -> None:
        """Name the weights; nothing is read yet.

        Args:
            weights: a file that `recommender.training` wrote; None takes the one that ships.
            resize: how pictures are brought to the input size.
            runtime: what the network runs on.
        """
        self._path = WEIGHTS if weights is None else weights
        self._resize = resize
        self._runtime: Runtime = runtime

    @property
    def input_size(self) -> tuple[int, int]:
        return (128, 96)

    @property
    def resize(self) -> Resize:
        return self._resize

    @cached_property
    def card(self) -> EncoderCard:
        return EncoderCard(
            name="fashion",
            version="1",
            dim=DIM,
            input_size=self.input_size,
            preprocessing="-1 to 1",
            resize=self._resize,
            weights_sha256=file_sha256(self._path),
            licence="MIT (trained from Keras' MobileNetV2 ImageNet weights, Apache-2.0)",
        )

    @property
    def aspects(self) -> dict[str, slice]:
        """Block of the embedding → where it is: "general", "type", "colour", "gender"."""
        return block_slices()

    def predict_attributes(self, batch: npt.NDArray[np.uint8]) -> dict[str, AttributeScores]:
        """Type, colour and gender of prepared pictures.

        Args:
            batch: uint8 (n, height, width, 3), as `prepare` makes them.

        Returns:
            ``articleType``, ``baseColour`` and ``gender`` → scores of the n pictures.
        """
        return self.attributes_of(self.embed(batch))

    def attributes_of(self, embeddings: npt.NDArray[np.float32]) -> dict[str, AttributeScores]:
        """The same from embeddings, as an index holds them: float32 (n, dim)."""
        weights = self._weights
        blocks = split_blocks(embeddings)
        result = {}
        for attribute, block in ATTRIBUTE_BLOCKS.items():
            cosines = blocks[block] @ weights.proxies[attribute].T
            probabilities = softmax(weights.sharpness[attribute] * cosines)
            result[attribute] = AttributeScores(
                weights.labels[attribute],
                as_often_right(probabilities, weights.certainty[attribute]),
            )
        return result

    @cached_property
    def _weights(self) -> FashionWeights:
        return read_weights(self._path)

    @cached_property
    def _graph(self) -> Graph:
        return graph_of(self._runtime, self._build_model, self.card)

    def _build_model(self) -> Any:
        import keras

        network = build_network()
        fill(network, self._weights.variables, self._path)
        pixels = keras.Input((*self.input_size, 3), dtype="float32")
        blocks = drawn_blocks(network(pixels), self._weights.proxies, self._weights.recall)
        parts = [blocks[name] * self._weights.block_weights[name] for name in BLOCKS]
        return keras.Model(pixels, keras.ops.concatenate(parts, axis=-1))

    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        return self._graph(batch)


def drawn_blocks(
    blocks: dict[str, Any], proxies: dict[str, npt.NDArray[np.float32]], recall: dict[str, float]
) -> dict[str, Any]:
    """The network's blocks, those of attributes drawn towards what they name.

    Args:
        blocks: name → (n, size), unit rows.
        proxies: attribute → float32 (labels, size), unit rows.
        recall: attribute → factor from cosine to logit.
    """
    drawn = dict(blocks)
    for attribute, share in RECALL.items():
        block = ATTRIBUTE_BLOCKS[attribute]
        drawn[block] = recalled(
            blocks[block], proxies[attribute], sharpness=recall[attribute], share=share
        )
    return drawn


def split_blocks(embeddings: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
    """The blocks of embeddings (n, dim), each of unit length: name → float32 (n, size)."""
    result = {}
    for name, place in block_slices().items():
        block = embeddings[:, place]
        length = np.linalg.norm(block, axis=1, keepdims=True)
        result[name] = block / np.maximum(length, 1e-12)
    return result


def block_slices() -> dict[str, slice]:
    """Block → its numbers in the embedding.

    >>> block_slices()["type"]
    slice(128, 192, None)
    """
    result, start = {}, 0
    for name, size in BLOCKS.items():
        result[name] = slice(start, start + size)
        start += size
    return result


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Probabilities along the last axis.

    >>> softmax(np.zeros((1, 2), np.float32))
    array([[0.5, 0.5]], dtype=float32)
    """
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: npt.NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return result


def as_often_right(probabilities: npt.NDArray[np.float32], knots: Knots) -> npt.NDArray[np.float32]:
    """Probabilities whose largest is as high as it is often right; the others share what is left.

    The likeliest value stays it.

    Args:
        probabilities: float32 (n, values), rows sum to 1.
        knots: (largest probability, how often it is right), both ascending, in 0 to 1.

    >>> as_often_right(np.float32([[0.8, 0.2]]), ((0.5, 0.9), (0.5, 0.7))).round(2).tolist()
    [[0.6499999761581421, 0.3499999940395355]]
    """
    second, largest = np.split(np.partition(probabilities, -2, axis=1)[:, -2:], 2, axis=1)
    # At least as high as what the second likeliest would get.
    least = second / np.maximum(1 - largest + second, np.float32(1e-6)) + np.float32(1e-6)
    right = np.maximum(np.interp(largest, *knots).astype(np.float32), least)
    others = (1 - right) / np.maximum(1 - largest, np.float32(1e-6))
    spread = probabilities * others
    np.put_along_axis(spread, probabilities.argmax(axis=1)[:, np.newaxis], right, axis=1)
    result: npt.NDArray[np.float32] = spread / spread.sum(axis=1, keepdims=True)
    return result
