"""The contract of every encoder: a picture goes in, a unit vector comes out.

A subclass says what it is (`card`) and computes raw features (`_features`); resizing, checking,
batching and L2 normalisation are done here, once, for the index and for the query alike.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from recommender.errors import RecommenderError
from recommender.images import ImageSource, load_image

Resize = Literal["bilinear", "nearest"]
"""How a picture is brought to the input size. ``bilinear`` is Pillow's, antialiased when it
shrinks; ``nearest`` is the default of Keras' ``load_img``, which most tutorials index with."""

_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "nearest": Image.Resampling.NEAREST}


@dataclass(frozen=True, kw_only=True)
class EncoderCard:
    """What an index must know about the encoder that made it.

    Two indices may be mixed only if their cards are equal.

    Attributes:
        name: the name that `recommender.encoders.get_encoder` takes.
        version: changes whenever the same picture would get another vector.
        dim: numbers in an embedding.
        input_size: (height, width) in pixels that the model sees.
        preprocessing: what happens to pixel values before the model.
        resize: how a picture is brought to `input_size`.
        weights_sha256: SHA-256 of the weights file, in hex.
        licence: licence of the weights.
    """

    name: str
    version: str
    dim: int
    input_size: tuple[int, int]
    preprocessing: str
    resize: Resize
    weights_sha256: str
    licence: str

    def to_json(self) -> dict[str, Any]:
        """The card as plain JSON types."""
        return asdict(self) | {"input_size": list(self.input_size)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> EncoderCard:
        """The card that `to_json` wrote. Raises KeyError, TypeError or ValueError on others."""
        card = cls(**data | {"input_size": tuple(data["input_size"])})
        if card.resize not in _FILTERS:
            raise ValueError(f"resize is {card.resize!r}")
        return card

    def differences(self, other: EncoderCard) -> list[str]:
        """What sets the two cards apart, in words a user understands.

        The licence does not count: it changes no vector.
        """
        mine, theirs = self.to_json(), other.to_json()
        return [
            f"{field.replace('_', ' ')} {_short(mine[field])} instead of {_short(theirs[field])}"
            for field in mine
            if field != "licence" and mine[field] != theirs[field]
        ]


class Encoder(ABC):
    """Turns pictures into embeddings: float32 rows of unit L2 norm."""

    @property
    @abstractmethod
    def card(self) -> EncoderCard:
        """What this encoder is. Reads at most the bytes of the weights file, never the model.

        Raises:
            WeightsError: the weights file cannot be had.
        """

    @abstractmethod
    def _features(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Raw features (n, dim) of a batch of prepared pictures (n, height, width, 3), RGB."""

    @property
    @abstractmethod
    def input_size(self) -> tuple[int, int]:
        """(height, width) in pixels of a prepared picture."""

    @property
    def resize(self) -> Resize:
        """The rule that `prepare` resizes by."""
        return "bilinear"

    def load(self, source: ImageSource) -> npt.NDArray[np.uint8]:
        """Decode and prepare one picture: the one way in for index and query.

        Big JPEGs are decoded at a reduced size that still holds twice the input size, except under
        the ``nearest`` rule, whose result depends on every source pixel.

        Args:
            source: a path, the bytes of a file, an open binary file, or a Pillow image.

        Returns:
            uint8 (height, width, 3), RGB.

        Raises:
            ImageError: the source is not a usable picture.
        """
        height, width = self.input_size
        enough = None if self.resize == "nearest" else (2 * width, 2 * height)
        return self.prepare(load_image(source, at_least=enough))

    def prepare(self, image: Image.Image) -> npt.NDArray[np.uint8]:
        """Resize an RGB picture to the input size; cheap and thread-safe.

        Returns:
            uint8 (height, width, 3), RGB.
        """
        height, width = self.input_size
        resized = image.convert("RGB").resize((width, height), _FILTERS[self.resize])
        return np.asarray(resized, dtype=np.uint8)

    def warm_up(self) -> None:
        """Load the model now, instead of at the first `embed`.

        Raises:
            WeightsError: the weights cannot be loaded.
        """
        self._features(np.full((1, *self.input_size, 3), 128, np.uint8))

    def embed(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Embed prepared pictures.

        Args:
            batch: uint8 (n, height, width, 3), RGB, as `prepare` makes them.

        Returns:
            float32 (n, dim), C-contiguous, rows of unit L2 norm.

        Raises:
            ValueError: the batch has another shape or dtype.
            WeightsError: the weights cannot be loaded.
        """
        expected = (*self.input_size, 3)
        if batch.ndim != 4 or batch.shape[1:] != expected or batch.dtype != np.uint8:
            raise ValueError(
                f"embed() takes uint8 (n, {', '.join(map(str, expected))}), "
                f"not {batch.dtype} {batch.shape}"
            )
        if len(batch) == 0:
            return np.empty((0, self.card.dim), np.float32)
        return normalise(self._features(batch))

    def encode(
        self, images: Iterable[Image.Image], *, batch_size: int = 32
    ) -> npt.NDArray[np.float32]:
        """Embed Pillow images: `prepare`, then `embed` in batches.

        Returns:
            float32 (n, dim), rows of unit L2 norm, in the order given.
        """
        prepared = (self.prepare(image) for image in images)
        parts = [self.embed(np.stack(batch)) for batch in _batches(prepared, batch_size)]
        return np.concatenate(parts) if parts else np.empty((0, self.card.dim), np.float32)


def normalise(vectors: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Scale each row to unit L2 norm; norms are summed in float64.

    Raises:
        RecommenderError: a row is zero or not finite, so it has no direction.

    >>> normalise([[3.0, 4.0]])
    array([[0.6, 0.8]], dtype=float32)
    """
    rows = np.asarray(vectors, dtype=np.float64)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.all(np.isfinite(norms) & (norms > 0)):
        raise RecommenderError(
            "the encoder returned an empty or infinite vector; its weights file is damaged: "
            "fetch it again"
        )
    return np.ascontiguousarray(rows / norms, dtype=np.float32)


def _batches(
    rows: Iterable[npt.NDArray[np.uint8]], size: int
) -> Iterator[list[npt.NDArray[np.uint8]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _short(value: Any) -> str:
    text = str(value)
    return text[:12] + "…" if len(text) > 40 else text
