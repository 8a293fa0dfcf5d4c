"""Encoders to compare with: two that need no weights, and MobileNetV2 as ImageNet left it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.base import Encoder, EncoderCard, Resize
from recommender.encoders.frozen import FrozenGraph
from recommender.encoders.weights_files import file_sha256, load_keras_weights
from recommender.errors import WeightsError


class HistogramEncoder(Encoder):
    """How often each of 4x4x4 colours occurs; the roots, so that rare colours count too."""

    def __init__(self, *, weights: Path | None = None, resize: Resize = "bilinear") -> None:
        """Take the arguments of every encoder; neither changes a thing."""

    @property
    def input_size(self) -> tuple[int, int]:
        return (80, 60)

    @property
    def card(self) -> EncoderCard:
        return _card("histogram", dim=64, input_size=self.input_size, preprocessing="none")

    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        coarse = (batch // 64).reshape(len(batch), -1, 3).astype(np.int64)
        bins = (coarse[..., 0] * 4 + coarse[..., 1]) * 4 + coarse[..., 2]
        counts = np.stack([np.bincount(row, minlength=64) for row in bins])
        return np.sqrt(counts).astype(np.float32)


class ThumbnailEncoder(Encoder):
    """The picture itself at 16x12 pixels, less its mean."""

    def __init__(self, *, weights: Path | None = None, resize: Resize = "bilinear") -> None:
        """Take the arguments of every encoder; neither changes a thing."""

    @property
    def input_size(self) -> tuple[int, int]:
        return (16, 12)

    @property
    def card(self) -> EncoderCard:
        size = self.input_size
        return _card("thumbnail", dim=16 * 12 * 3, input_size=size, preprocessing="less the mean")

    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        values = batch.reshape(len(batch), -1).astype(np.float32)
        # A picture of one colour has no direction of its own: it gets a common one.
        values -= values.mean(axis=1, keepdims=True) - np.float32(1e-3)
        return values


class MobileNetV2Encoder(Encoder):
    """MobileNetV2, ImageNet weights, average pooling: what ``fashion`` was trained from."""

    def __init__(self, *, weights: Path | None = None, resize: Resize = "bilinear") -> None:
        """Name the weights; nothing is read yet.

        Args:
            weights: a file of MobileNetV2 without its top.
            resize: how pictures are brought to 224x224.

        Raises:
            WeightsError: no file is named. Keras publishes no checksum of its own copy, so it is
                not fetched here.
        """
        if weights is None:
            raise WeightsError(
                "mobilenetv2 needs the ImageNet weights of keras.applications.MobileNetV2 without "
                "its top: name the file with --weights mobilenetv2=FILE"
            )
        self._weights = weights
        self._resize = resize

    @property
    def input_size(self) -> tuple[int, int]:
        return (224, 224)

    @property
    def resize(self) -> Resize:
        return self._resize

    @cached_property
    def card(self) -> EncoderCard:
        return EncoderCard(
            name="mobilenetv2",
            version="1",
            dim=1280,
            input_size=self.input_size,
            preprocessing="-1 to 1",
            resize=self._resize,
            weights_sha256=file_sha256(self._weights),
            licence="Apache-2.0 (ImageNet weights of keras.applications)",
        )

    @cached_property
    def _graph(self) -> FrozenGraph:
        return FrozenGraph(self._build_model, self.input_size)

    def _build_model(self) -> Any:
        import keras

        network = keras.applications.MobileNetV2(
            weights=None, include_top=False, pooling="avg", input_shape=(*self.input_size, 3)
        )
        load_keras_weights(network, self._weights, name="MobileNetV2")
        pixels = keras.Input((*self.input_size, 3), dtype="float32")
        return keras.Model(pixels, network(pixels / 127.5 - 1.0))

    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        return self._graph(batch)


def _card(name: str, *, dim: int, input_size: tuple[int, int], preprocessing: str) -> EncoderCard:
    return EncoderCard(
        name=name,
        version="1",
        dim=dim,
        input_size=input_size,
        preprocessing=preprocessing,
        resize="bilinear",
        weights_sha256="",
        licence="MIT",
    )
