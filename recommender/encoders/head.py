"""A small network on top of an encoder's embeddings that knows a catalogue's own attributes.

It sees only the base embedding, so that the index keeps the vectors as the encoder made them and
gets the head on the way into memory. Its embedding has the base's numbers, unchanged in direction,
and after them a block of 64 for each attribute, drawn towards what it is taken for; cosines are the
weighted means of the parts' cosines. Half of the weight is the base's: what tells one product from
another of its kind is there, and no label teaches it.

Sources: proxies on the unit sphere, Zhai & Wu, "Classification is a Strong Baseline for Deep Metric
Learning", BMVC 2019; drawing towards the proxies, which is one step of retrieval from a modern
Hopfield network, Ramsauer et al., "Hopfield Networks is All You Need", ICLR 2021.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.confidence import ConfidenceCurve
from recommender.encoders.attributes import AttributeScores
from recommender.encoders.base import EncoderCard
from recommender.encoders.fashion import as_often_right, softmax
from recommender.encoders.fashion_weights import Knots
from recommender.errors import ArtifactsError

Floats: TypeAlias = npt.NDArray[np.float32]

SHARPNESS = 16.0
"""From the cosine with a proxy to the logit of its value."""
FARTHEST = 6.0
"""A number of the base counts as at most so many standard deviations from its mean."""
BASE_SHARE = 0.5
"""How much of a cosine is the base's."""
_DRAWN = 0.5
_AT_ONCE = 4096
_SCHEMA = 1
_IN_META = ("name", "labels", "share", "sharpness", "certainty")
# What numpy, zip and JSON raise on a file that is something else.
_NO_HEAD = (
    ArtifactsError, ValueError, KeyError, TypeError, AttributeError, OSError, EOFError,
    zipfile.BadZipFile,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class AttributeHead:
    """What is known of one attribute.

    Attributes:
        name: column of the catalogue.
        labels: the values it tells apart.
        weights: float32 (hidden, size), from the hidden layer to the attribute's block.
        proxies: float32 (labels, size), unit rows: where each value lies.
        share: how much of what is not the base's it makes up in a cosine; the shares add up to 1.
        sharpness: from the cosine with a proxy to a logit, for blocks that have been drawn.
        certainty: knots (probability by these logits, how often the likeliest value is right with
            it), both ascending; None where there were too few products to find out.
    """

    name: str
    labels: tuple[str, ...]
    weights: Floats
    proxies: Floats
    share: float
    sharpness: float
    certainty: Knots | None

    def drawn(self, hidden: Floats) -> Floats:
        """The block, drawn towards the proxies by how likely each is: unit rows (n, size)."""
        block = unit(hidden @ self.weights)
        likely = softmax(block @ self.proxies.T * SHARPNESS)
        memory = unit(likely @ self.proxies)
        return unit((1 - _DRAWN) * block + _DRAWN * memory)


@dataclass(frozen=True, eq=False)
class Head:
    """Base embeddings in, tuned ones out.

    Attributes:
        base: card of the encoder whose embeddings it takes; None for an index without a manifest.
        mean: float32 (base dim,), of the embeddings it was trained on.
        scale: float32 (base dim,), one by their standard deviation.
        hidden: float32 (base dim, units).
        bias: float32 (units,).
        attributes: one head each, at least one.
        confidence: curve of matches in the tuned embeddings, fitted on products that the head was
            not trained on; None where there were too few, or the type was not learned.
    """

    base: EncoderCard | None
    mean: Floats
    scale: Floats
    hidden: Floats
    bias: Floats
    attributes: tuple[AttributeHead, ...]
    confidence: ConfidenceCurve | None = None

    @property
    def base_dim(self) -> int:
        """Numbers in a base embedding."""
        size: int = self.mean.size
        return size

    @property
    def dim(self) -> int:
        """Numbers in a tuned embedding."""
        dim: int = self.base_dim + sum(head.proxies.shape[1] for head in self.attributes)
        return dim

    def fits(self, card: EncoderCard | None, dim: int) -> bool:
        """Whether it takes the embeddings, of `dim` numbers, that an encoder of that card makes."""
        if self.base is None or card is None:
            return self.base is card and self.base_dim == dim
        return not self.base.differences(card) and self.base_dim == dim

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of `to_bytes`, in hex."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def apply(self, vectors: Floats) -> Floats:
        """Tuned embeddings.

        Args:
            vectors: float32 (n, base dim), unit rows.

        Returns:
            float32 (n, dim), C-contiguous, unit rows.
        """
        tuned = np.empty((len(vectors), self.dim), np.float32)
        for start in range(0, len(vectors), _AT_ONCE):
            part = vectors[start : start + _AT_ONCE]
            inside = standardised(part, self.mean, self.scale) @ self.hidden + self.bias
            inside = np.maximum(inside, 0)
            rows = tuned[start : start + _AT_ONCE]
            rows[:, : self.base_dim] = unit(part) * np.float32(np.sqrt(BASE_SHARE))
            for head, place in self._places():
                length = np.float32(np.sqrt((1 - BASE_SHARE) * head.share))
                rows[:, place] = head.drawn(inside) * length
            # A block may be all zero, where no unit of the hidden layer answers.
            rows[:] = unit(rows)
        return tuned

    def attributes_of(self, tuned: Floats) -> dict[str, AttributeScores]:
        """What tuned embeddings float32 (n, dim) are taken for: attribute → scores.

        Attributes whose probabilities could not be calibrated are left out.
        """
        cosines = self.cosines(tuned)
        return {
            head.name: AttributeScores(
                head.labels,
                as_often_right(softmax(head.sharpness * cosines[head.name]), head.certainty),
            )
            for head in self.attributes
            if head.certainty is not None
        }

    def cosines(self, tuned: Floats) -> dict[str, Floats]:
        """How near tuned embeddings are to each proxy: attribute → float32 (n, labels)."""
        return {head.name: unit(tuned[:, place]) @ head.proxies.T for head, place in self._places()}

    def _places(self) -> Iterator[tuple[AttributeHead, slice]]:
        start = self.base_dim
        for head in self.attributes:
            stop = start + head.proxies.shape[1]
            yield head, slice(start, stop)
            start = stop

    def to_bytes(self) -> bytes:
        """An ``.npz`` file: the arrays, and ``meta``, which is JSON in UTF-8."""
        meta = {
            "schema": _SCHEMA,
            "base": None if self.base is None else self.base.to_json(),
            "attributes": [
                {name: getattr(head, name) for name in _IN_META} for head in self.attributes
            ],
            "confidence": None if self.confidence is None else self.confidence.to_json(),
        }
        text = json.dumps(meta, ensure_ascii=False).encode()
        arrays = {name: getattr(self, name) for name in ("mean", "scale", "hidden", "bias")}
        for i, head in enumerate(self.attributes):
            arrays |= {f"weights_{i}": head.weights, f"proxies_{i}": head.proxies}
        file = io.BytesIO()
        np.savez(file, meta=np.frombuffer(text, np.uint8), **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, path: Path) -> Head:
        """What `to_bytes` made.

        Args:
            data: of the file.
            path: where it comes from, for the message.

        Raises:
            ArtifactsError: it is something else, or from another version of this program.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                head = cls._from_arrays(file)
        except _NO_HEAD as error:
            reason = " ".join(str(error).split())
            raise ArtifactsError(
                f"{path} holds no head that this version can use ({reason}): take it off with "
                "python -m recommender tune --remove"
            ) from None
        return head

    @classmethod
    def _from_arrays(cls, file: Any) -> Head:
        meta = json.loads(file["meta"].tobytes())
        if meta["schema"] != _SCHEMA:
            raise ValueError(f"schema {meta['schema']!r} instead of {_SCHEMA}")
        mean, scale, bias = (_array(file, name, 1) for name in ("mean", "scale", "bias"))
        hidden = _array(file, "hidden", 2)
        heads = tuple(
            AttributeHead(
                str(stored["name"]),
                tuple(str(label) for label in stored["labels"]),
                _array(file, f"weights_{i}", 2),
                _array(file, f"proxies_{i}", 2),
                float(stored["share"]),
                float(stored["sharpness"]),
                _knots(stored["certainty"]),
            )
            for i, stored in enumerate(meta["attributes"])
        )
        fits = heads and mean.shape == scale.shape and hidden.shape == (len(mean), len(bias))
        for head in heads:
            size = head.proxies.shape[1]
            fits = fits and head.weights.shape == (len(bias), size)
            fits = fits and len(head.proxies) == len(head.labels)
        if not fits or not np.isclose(sum(head.share for head in heads), 1.0):
            raise ValueError("its parts do not fit together")
        base = None if meta["base"] is None else EncoderCard.from_json(meta["base"])
        curve = meta["confidence"]
        confidence = None if curve is None else ConfidenceCurve.from_json(curve)
        return cls(base, mean, scale, hidden, bias, heads, confidence)


def standardised(vectors: Floats, mean: Floats, scale: Floats) -> Floats:
    """What the hidden layer takes: base embeddings (n, dim) in standard deviations, bounded."""
    bounded: Floats = np.clip((vectors - mean) * scale, -FARTHEST, FARTHEST)
    return bounded


def unit(rows: Floats) -> Floats:
    """Rows of length 1; a zero row stays one.

    >>> unit(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = rows / np.maximum(length, np.float32(1e-12))
    return scaled


def _array(file: Any, name: str, dimensions: int) -> Floats:
    array: Floats = file[name]
    if array.dtype != np.float32 or array.ndim != dimensions or not np.isfinite(array).all():
        raise ValueError(f"{name} is {array.dtype} {array.shape}, or not finite")
    return array


def _knots(stored: Any) -> Knots | None:
    if stored is None:
        return None
    given, right = (tuple(map(float, part)) for part in stored)
    if len(given) != len(right) or not given or not np.isfinite([*given, *right]).all():
        raise ValueError("its certainty is no curve")
    return given, right
