"""The network that a head is trained as: its loss and its gradient, in plain numpy.

One hidden layer is shared by all attributes; each attribute has a block on the unit sphere, and a
proxy there for each of its values. The loss is the cross-entropy of the softmax of the cosines
between block and proxies: Zhai & Wu, "Classification is a Strong Baseline for Deep Metric
Learning", BMVC 2019, with smoothed labels as in Szegedy et al., "Rethinking the Inception
Architecture for Computer Vision", CVPR 2016. So small a network trains as fast here as in a
framework, which would take longer to load than a small catalogue takes to learn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.encoders.head import SHARPNESS, Floats

SIZE = 64
"""Numbers in the block of an attribute."""
_SMOOTHING = 0.05
_TINY = np.float32(1e-6)

Labels: TypeAlias = Mapping[str, npt.NDArray[np.int64]]
"""Attribute → the place of each row's value, -1 for unknown."""
Parameters: TypeAlias = dict[str, Floats]
"""``hidden`` (dim, units), ``bias`` (units,), and for each attribute ``weights <name>``
(units, SIZE) and ``proxies <name>`` (values, SIZE)."""


def new_parameters(
    dim: int, units: int, values: Mapping[str, int], dice: np.random.Generator
) -> Parameters:
    """A network that knows nothing yet.

    Args:
        dim: numbers in a base embedding.
        units: of the hidden layer.
        values: attribute → how many values it has.
        dice: what is drawn is drawn from here.
    """
    # He et al., "Delving Deep into Rectifiers", ICCV 2015.
    shapes = {"hidden": (dim, units, np.sqrt(2 / dim))}
    for name, count in values.items():
        shapes[f"weights {name}"] = (units, SIZE, np.sqrt(1 / units))
        shapes[f"proxies {name}"] = (count, SIZE, 0.1)
    drawn = {
        name: (dice.normal(size=(rows, columns)) * spread).astype(np.float32)
        for name, (rows, columns, spread) in shapes.items()
    }
    return drawn | {"bias": np.zeros(units, np.float32)}


def loss_and_gradient(
    parameters: Parameters, inputs: Floats, labels: Labels, dropout: Floats
) -> tuple[float, Parameters]:
    """The loss of a batch, summed over the attributes, and its gradient.

    Args:
        parameters: of `new_parameters`.
        inputs: (n, dim), standardised.
        labels: of the n rows; those unknown do not count.
        dropout: (n, units), what each unit's output is multiplied by.

    Returns:
        the loss, and an array for each of the parameters.
    """
    before: Floats = inputs @ parameters["hidden"] + parameters["bias"]
    gate: Floats = np.where(before > 0, dropout, np.float32(0))
    hidden: Floats = before * gate
    behind = np.zeros_like(hidden)
    loss, gradient = 0.0, {}
    for name, places in labels.items():
        weights, proxies = parameters[f"weights {name}"], parameters[f"proxies {name}"]
        block, block_length = _unit(hidden @ weights)
        proxy, proxy_length = _unit(proxies)
        own, slope = _cross_entropy(block @ proxy.T * SHARPNESS, places)
        slope *= SHARPNESS
        to_block = _through_unit(slope @ proxy, block, block_length)
        gradient[f"proxies {name}"] = _through_unit(slope.T @ block, proxy, proxy_length)
        gradient[f"weights {name}"] = hidden.T @ to_block
        behind += to_block @ weights.T
        loss += own
    behind *= gate
    return loss, gradient | {"hidden": inputs.T @ behind, "bias": behind.sum(axis=0)}


def _cross_entropy(logits: Floats, places: npt.NDArray[np.int64]) -> tuple[float, Floats]:
    """Mean smoothed cross-entropy over the known rows, and its slope (n, values) by the logits."""
    known = np.flatnonzero(places >= 0)
    slope = np.zeros_like(logits)
    if not len(known):
        return 0.0, slope
    logits = logits[known] - logits[known].max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    target = np.full_like(log_p, _SMOOTHING / log_p.shape[1])
    target[np.arange(len(known)), places[known]] += np.float32(1 - _SMOOTHING)
    slope[known] = (np.exp(log_p) - target) / np.float32(len(known))
    return float(-(target * log_p).sum() / len(known)), slope


def _unit(rows: Floats) -> tuple[Floats, Floats]:
    length = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)
    return rows / length, length


def _through_unit(slope: Floats, rows: Floats, length: Floats) -> Floats:
    """The slope by what was scaled to the unit rows, from the slope by these."""
    along = (slope * rows).sum(axis=1, keepdims=True)
    result: Floats = (slope - rows * along) / length
    return result
