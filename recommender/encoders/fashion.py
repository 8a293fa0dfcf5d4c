"""The encoder that ships with the package: small, fast, trained on fashion.

Its embedding has four blocks (`fashion_network.BLOCKS`): what a product looks like in general, its
type, its colour, and whom it is for. From the last three the attributes of a photo can be read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.attributes import AttributeScores
from recommender.encoders.base import Encoder, EncoderCard, Resize
from recommender.encoders.fashion_network import BLOCKS, DIM, build_network
from recommender.encoders.frozen import FrozenGraph
from recommender.encoders.recall import recalled
from recommender.encoders.weights_files import file_sha256
from recommender.errors import WeightsError

WEIGHTS = Path(__file__).parent / "weights" / "fashion.npz"
RECALL = {"articleType": 0.7}
"""Attribute → how far its block is drawn towards what it names; see `recall`. Colour and gender are
left as they are: what differs within one colour tells a product from its neighbours."""
ATTRIBUTE_BLOCKS = {"articleType": "type", "baseColour": "colour", "gender": "gender"}
"""Attribute → the block of the embedding that it is read from."""


@dataclass(frozen=True)
class FashionWeights:
    """Everything in the weights file.

    Attributes:
        variables: name of a network's variable → its value.
        block_weights: how much each block counts in the embedding.
        labels: attribute → the values it can take.
        proxies: attribute → float32 (labels, block size), unit rows: where each value lies.
        recall: attribute → factor from cosine to logit with which its block is drawn towards the
            proxies.
        sharpness: attribute → factor from cosine to logit, calibrated on validation products, for
            blocks that have been drawn.
    """

    variables: dict[str, npt.NDArray[np.float32]]
    block_weights: dict[str, float]
    labels: dict[str, tuple[str, ...]]
    proxies: dict[str, npt.NDArray[np.float32]]
    recall: dict[str, float]
    sharpness: dict[str, float]


class FashionEncoder(Encoder):
    """256 numbers a picture."""

    def __init__(self, *, weights: Path | None = None, resize: Resize = "bilinear") -> None:
        """Name the weights; nothing is read yet.

        Args:
            weights: a file that `recommender.training` wrote; None takes the one that ships.
            resize: how pictures are brought to the input size.
        """
        self._path = WEIGHTS if weights is None else weights
        self._resize = resize

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
        return {
            attribute: AttributeScores(
                weights.labels[attribute],
                softmax(
                    weights.sharpness[attribute] * (blocks[block] @ weights.proxies[attribute].T)
                ),
            )
            for attribute, block in ATTRIBUTE_BLOCKS.items()
        }

    @cached_property
    def _weights(self) -> FashionWeights:
        return read_weights(self._path)

    @cached_property
    def _graph(self) -> FrozenGraph:
        return FrozenGraph(self._build_model, self.input_size)

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


def variable_names(network: Any) -> dict[str, Any]:
    """Name → variable, of those that make up the network's function."""
    return {
        f"{i:03} {variable.path}": variable
        for i, variable in enumerate(v for v in network.variables if "seed" not in v.path)
    }


def fill(network: Any, values: dict[str, npt.NDArray[np.float32]], path: Path) -> None:
    """Set the variables of `build_network`'s model.

    Raises:
        WeightsError: `values`, from the file `path`, are another network's.
    """
    variables = variable_names(network)
    given = {name.partition(" ")[0]: value for name, value in values.items()}
    if len(given) != len(variables):
        raise WeightsError(f"{path} holds another network than fashion: check --weights")
    for name, variable in variables.items():
        value = given.get(name.partition(" ")[0])
        if value is None or value.shape != tuple(variable.shape):
            raise WeightsError(f"{path} holds another network than fashion: check --weights")
        variable.assign(value)


def write_weights(path: Path, weights: FashionWeights) -> None:
    """Write a weights file: kernels as float16, all that normalisation needs as float32."""
    arrays: dict[str, npt.NDArray[Any]] = {
        f"network/{name}": value.astype(np.float16 if value.ndim > 1 else np.float32)
        for name, value in weights.variables.items()
    }
    for attribute, proxies in weights.proxies.items():
        arrays[f"proxies/{attribute}"] = proxies.astype(np.float16)
    about = {
        "block_weights": weights.block_weights,
        "labels": weights.labels,
        "recall": weights.recall,
        "sharpness": weights.sharpness,
    }
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def read_weights(path: Path) -> FashionWeights:
    """Read a weights file.

    Raises:
        WeightsError: it is missing, damaged, or something else.
    """
    if not path.is_file():
        raise WeightsError(f"there is no weights file {path}: check --weights")
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        about = json.loads(arrays.pop("about").tobytes())
        proxies = {name: arrays[f"proxies/{name}"].astype(np.float32) for name in ATTRIBUTE_BLOCKS}
        return FashionWeights(
            variables={
                name.removeprefix("network/"): value.astype(np.float32)
                for name, value in arrays.items()
                if name.startswith("network/")
            },
            block_weights={name: float(about["block_weights"][name]) for name in BLOCKS},
            labels={name: tuple(about["labels"][name]) for name in ATTRIBUTE_BLOCKS},
            proxies=proxies,
            recall={name: float(about["recall"][name]) for name in RECALL},
            sharpness={name: float(about["sharpness"][name]) for name in ATTRIBUTE_BLOCKS},
        )
    # A zip cut short, a foreign archive, JSON of another shape: NumPy and json raise all of these.
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise WeightsError(
            f"{path} is no weights file of fashion ({reason}): check --weights"
        ) from None
