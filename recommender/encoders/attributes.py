"""What an encoder may say about a photo, besides where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class AttributeScores:
    """One attribute of a batch of photos.

    Attributes:
        labels: the values it can take.
        probabilities: float32 (n, labels), rows sum to 1, calibrated.
    """

    labels: tuple[str, ...]
    probabilities: npt.NDArray[np.float32]

    def best(self) -> tuple[list[str], npt.NDArray[np.float32]]:
        """The likeliest value of each photo, and its probability.

        >>> AttributeScores(("Men", "Women"), np.array([[0.25, 0.75]], np.float32)).best()
        (['Women'], array([0.75], dtype=float32))
        """
        places = self.probabilities.argmax(axis=1)
        return [self.labels[place] for place in places], self.probabilities.max(axis=1)


@runtime_checkable
class AttributePredictor(Protocol):
    """An encoder that also names attributes."""

    def predict_attributes(self, batch: npt.NDArray[np.uint8]) -> dict[str, AttributeScores]:
        """Attributes of prepared pictures, by the catalogue's column: articleType and so on.

        Args:
            batch: uint8 (n, height, width, 3), as `Encoder.prepare` makes them.
        """
