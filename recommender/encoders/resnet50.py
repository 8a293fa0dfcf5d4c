"""The encoder of the tutorials: ResNet50, ImageNet weights, global max pooling, L2 norm.

Source of the network: He et al., "Deep Residual Learning for Image Recognition", CVPR 2016.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.base import Encoder, EncoderCard, Resize
from recommender.encoders.runtimes import Graph, Runtime, graph_of
from recommender.encoders.weights_files import (
    file_sha256,
    keras_download,
    load_keras_weights,
)
from recommender.errors import WeightsError

URL = (
    "https://storage.googleapis.com/tensorflow/keras-applications/resnet/"
    "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
)
_MD5 = "4d473c1dd8becc155b73f8504c6f6626"


class ResNet50Encoder(Encoder):
    """2048 numbers a picture; the ImageNet weights are downloaded by Keras on first use."""

    def __init__(
        self,
        *,
        weights: Path | None = None,
        resize: Resize = "bilinear",
        runtime: Runtime = "tensorflow",
    ) -> None:
        """Name the weights; nothing is read yet.

        Args:
            weights: Keras' published ``..._notop.h5`` or a ``.weights.h5`` of the same network;
                None takes Keras' own copy of the ImageNet weights.
            resize: how pictures are brought to 224x224.
            runtime: what the network runs on.
        """
        self._weights = weights
        self._resize = resize
        self._runtime: Runtime = runtime

    @property
    def input_size(self) -> tuple[int, int]:
        return (224, 224)

    @property
    def resize(self) -> Resize:
        return self._resize

    @cached_property
    def card(self) -> EncoderCard:
        return EncoderCard(
            name="resnet50",
            version="1",
            dim=2048,
            input_size=self.input_size,
            preprocessing="caffe: BGR minus the ImageNet means",
            resize=self._resize,
            weights_sha256=file_sha256(self._weights_file),
            licence="MIT (ImageNet weights of keras.applications)",
        )

    @cached_property
    def _weights_file(self) -> Path:
        if self._weights is not None:
            return self._weights
        try:
            return keras_download(URL, md5=_MD5)
        except WeightsError as error:
            raise WeightsError(f"{error}; --encoder fashion needs no download") from None

    @cached_property
    def _graph(self) -> Graph:
        return graph_of(self._runtime, self._build_model, self.card)

    def _build_model(self) -> Any:
        import keras

        network = keras.applications.ResNet50(
            weights=None, include_top=False, pooling="max", input_shape=(*self.input_size, 3)
        )
        load_keras_weights(network, self._weights_file, name="ResNet50")
        pixels = keras.Input((*self.input_size, 3), dtype="float32")
        prepared = keras.applications.resnet50.preprocess_input(pixels)
        return keras.Model(pixels, network(prepared))

    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        return self._graph(batch)
