"""An encoder with a head on top, learned from a catalogue by ``python -m recommender tune``."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PIL import Image

from recommender.encoders.attributes import AttributeScores
from recommender.encoders.base import Encoder, EncoderCard, Resize
from recommender.encoders.head import Head


class TunedEncoder(Encoder):
    """Sees pictures as its base does, and names the attributes that the head was taught.

    It is no `AspectEncoder`, even if its base is: numbers of the base that stand for the colour are
    not all that tells the colour here.
    """

    def __init__(self, base: Encoder, head: Head) -> None:
        """Put a head on an encoder.

        Args:
            base: whose embeddings the head takes.
            head: trained on embeddings of exactly this encoder.
        """
        self._base = base
        self._head = head

    @property
    def input_size(self) -> tuple[int, int]:
        return self._base.input_size

    @property
    def resize(self) -> Resize:
        return self._base.resize

    @cached_property
    def card(self) -> EncoderCard:
        """The base's card, but for the name, the dimension and the hash, which is of both parts."""
        base = self._base.card
        both = hashlib.sha256(f"{base.weights_sha256}\n{self._head.sha256}".encode())
        return replace(
            base, name=f"{base.name}+head", dim=self._head.dim, weights_sha256=both.hexdigest()
        )

    def prepare(self, image: Image.Image) -> npt.NDArray[np.uint8]:
        return self._base.prepare(image)

    def warm_up(self) -> None:
        self._base.warm_up()

    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        return self._head.apply(self._base.embed(batch))

    def predict_attributes(self, batch: npt.NDArray[np.uint8]) -> dict[str, AttributeScores]:
        """The attributes that the head was taught, of prepared pictures uint8 (n, h, w, 3)."""
        return self.attributes_of(self.embed(batch))

    def attributes_of(self, embeddings: npt.NDArray[np.float32]) -> dict[str, AttributeScores]:
        """The same from tuned embeddings float32 (n, dim)."""
        return self._head.attributes_of(embeddings)
