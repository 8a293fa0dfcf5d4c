"""The weights file of the encoder ``fashion``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion_network import BLOCKS
from recommender.errors import WeightsError

Knots = tuple[tuple[float, ...], tuple[float, ...]]
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
        sharpness: attribute → factor from cosine to logit, fitted on validation products, for
            blocks that have been drawn.
        certainty: attribute → knots (probability by these logits, how often the likeliest value is
            right with it), both ascending.
    """

    variables: dict[str, npt.NDArray[np.float32]]
    block_weights: dict[str, float]
    labels: dict[str, tuple[str, ...]]
    proxies: dict[str, npt.NDArray[np.float32]]
    recall: dict[str, float]
    sharpness: dict[str, float]
    certainty: dict[str, Knots]


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
        "certainty": weights.certainty,
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
            certainty={name: _knots(about["certainty"][name]) for name in ATTRIBUTE_BLOCKS},
        )
    # A zip cut short, a foreign archive, JSON of another shape: NumPy and json raise all of these.
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise WeightsError(
            f"{path} is no weights file of fashion ({reason}): check --weights"
        ) from None


def _knots(stored: list[list[float]]) -> Knots:
    given, right = stored
    return tuple(map(float, given)), tuple(map(float, right))
