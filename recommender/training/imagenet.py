"""Where training starts: MobileNetV2 as ImageNet left it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recommender.encoders.fashion_network import backbone_of
from recommender.encoders.weights_files import load_keras_weights

_FIRST_TRAINED = "block_4_expand"
"""Layers before this keep their ImageNet weights: edges and colours are the same everywhere, and
leaving them alone doubles the speed."""


def start_from_imagenet(network: Any, start: Path | None) -> None:
    """Give the backbone ImageNet weights, and fix its first layers.

    Args:
        network: of `build_network`.
        start: a weights file of MobileNetV2 without its top; None takes Keras' download.

    Raises:
        WeightsError: the file is missing or another network's.
    """
    import keras

    if start is None:
        source = keras.applications.MobileNetV2(include_top=False, input_shape=(224, 224, 3))
    else:
        source = keras.applications.MobileNetV2(
            include_top=False, input_shape=(224, 224, 3), weights=None
        )
        load_keras_weights(source, start, name="MobileNetV2")
    backbone = backbone_of(network)
    trained = False
    for layer, given in zip(backbone.layers, source.layers, strict=True):
        trained = trained or layer.name == _FIRST_TRAINED
        layer.set_weights(given.get_weights())
        layer.trainable = trained
        if isinstance(layer, keras.layers.BatchNormalization):
            # Keras' 0.999 would take longer to follow than a run has steps.
            layer.momentum = 0.98
