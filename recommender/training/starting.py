"""Where training starts: MobileNetV2 as ImageNet left it, or an earlier run of this training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recommender.encoders.fashion_network import backbone_of
from recommender.encoders.fashion_weights import fill, read_weights
from recommender.encoders.weights_files import load_keras_weights

_FIRST_TRAINED = "block_4_expand"
"""Layers before this keep the weights they start with: edges and colours are the same everywhere,
and leaving them alone doubles the speed."""


def start_from(network: Any, start: Path | None) -> None:
    """Give the network the weights to start with, and fix its first layers.

    Args:
        network: of `build_network`.
        start: a ``fashion.npz`` of an earlier run, or a ``.weights.h5`` of MobileNetV2 without its
            top; None takes Keras' download of the latter.

    Raises:
        WeightsError: the file is missing or another network's.
    """
    import keras

    if is_earlier_run(start):
        assert start is not None
        fill(network, read_weights(start).variables, start)
    else:
        _from_imagenet(network, start)
    trained = False
    for layer in backbone_of(network).layers:
        trained = trained or layer.name == _FIRST_TRAINED
        layer.trainable = trained
        if isinstance(layer, keras.layers.BatchNormalization):
            # Keras' 0.999 would take longer to follow than a run has steps.
            layer.momentum = 0.98


def is_earlier_run(start: Path | None) -> bool:
    """Whether this names weights that `recommender.training` wrote, and not ImageNet's."""
    return start is not None and start.suffix == ".npz"


def _from_imagenet(network: Any, start: Path | None) -> None:
    import keras

    if start is None:
        source = keras.applications.MobileNetV2(include_top=False, input_shape=(224, 224, 3))
    else:
        source = keras.applications.MobileNetV2(
            include_top=False, input_shape=(224, 224, 3), weights=None
        )
        load_keras_weights(source, start, name="MobileNetV2")
    for layer, given in zip(backbone_of(network).layers, source.layers, strict=True):
        layer.set_weights(given.get_weights())
