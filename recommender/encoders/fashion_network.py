"""The network of the encoder ``fashion``: MobileNetV2 with an embedding in four blocks.

Source of the backbone: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
CVPR 2018.
"""

from __future__ import annotations

from typing import Any

BLOCKS: dict[str, int] = {"general": 128, "type": 64, "colour": 48, "gender": 16}
"""Part of the embedding → how many numbers it has; each part is a unit vector of its own."""
DIM = sum(BLOCKS.values())

FEATURES = 1280 + 576
"""Numbers that the backbone gives the head: averages of its last level and of a middle one."""

_HIDDEN = 1024
_MIDDLE = "block_13_expand_relu"
"""The last layer at a stride of 16 pixels; it still tells where colours are."""


def build_network() -> Any:
    """A Keras model from float32 pixels (n, height, width, 3), RGB, 0 to 255, to the blocks.

    The picture may have any size; it was trained at 128x96.

    Returns:
        a Keras model whose output is a dict of `BLOCKS`' names to unit rows (n, size).
    """
    import keras

    pixels = keras.Input((None, None, 3), dtype="float32", name="pixels")
    backbone = keras.applications.MobileNetV2(
        include_top=False, weights=None, input_shape=(None, None, 3)
    )
    levels = keras.Model(
        backbone.input, [backbone.output, backbone.get_layer(_MIDDLE).output], name="backbone"
    )
    last, middle = levels(pixels / 127.5 - 1.0)
    # Where the garment is: colours are averaged there and not over the background.
    attention = keras.layers.Conv2D(1, 1, activation="sigmoid", name="attention")(middle)
    weight = keras.ops.mean(attention, axis=(1, 2)) + 1e-3
    attended = keras.ops.mean(middle * attention, axis=(1, 2)) / weight
    pooled = keras.layers.Concatenate(axis=-1, name="pooled")(
        [keras.ops.mean(last, axis=(1, 2)), attended]
    )
    return keras.Model(pixels, build_head()(pooled), name="fashion")


def build_head() -> Any:
    """A Keras model from the backbone's `FEATURES` numbers a picture to the blocks."""
    import keras

    pooled = keras.Input((FEATURES,), dtype="float32", name="features_in")
    features = keras.layers.BatchNormalization(momentum=0.98, name="features")(pooled)
    features = keras.layers.Dropout(0.1, name="dropout")(features)
    hidden = keras.layers.Dense(_HIDDEN, activation="silu", name="hidden")(features)
    hidden = keras.layers.Dropout(0.3, name="hidden_dropout")(hidden)
    blocks = {
        name: keras.layers.UnitNormalization(name=f"{name}_unit")(
            keras.layers.Dense(size, name=name)(features)
            # From nothing at first: the straight way leads, the bent one mends.
            + keras.layers.Dense(
                size, use_bias=False, kernel_initializer="zeros", name=f"{name}_bent"
            )(hidden)
        )
        for name, size in BLOCKS.items()
    }
    return keras.Model(pooled, blocks, name="head")


def head_of(network: Any) -> Any:
    """The part of `build_network`'s model behind the backbone."""
    return network.get_layer("head")


def pooled_of(network: Any, size: tuple[int, int]) -> Any:
    """`build_network`'s model without its head: pixels of (height, width) → (n, FEATURES)."""
    import keras

    pixels = keras.Input((*size, 3), dtype="float32")
    without_head = keras.Model(network.input, network.get_layer("pooled").output)
    return keras.Model(pixels, without_head(pixels))


def backbone_of(network: Any) -> Any:
    """The MobileNetV2 inside `build_network`'s model."""
    return network.get_layer("backbone")
