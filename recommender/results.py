"""What a search and a prediction return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recommender.catalogue import AttributeValue, Item


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """One product that a search found.

    Attributes:
        rank: 1 for the best.
        item: the product.
        distance: Euclidean, between unit vectors: 0 (same picture) to 2; lower is better.
        similarity: cosine, 1 - distance²/2; higher is better.
        match: the similarity on a scale that means the same for every encoder: 1 is the same
            picture, 0 is no closer than two products of this catalogue picked by chance.
    """

    rank: int
    item: Item
    distance: float
    similarity: float
    match: float

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def filename(self) -> str:
        return self.item.filename

    @property
    def title(self) -> str:
        return self.item.title

    @property
    def attributes(self) -> dict[str, AttributeValue]:
        return dict(self.item.attributes)

    def to_json(self) -> dict[str, Any]:
        """What the command line prints for it."""
        return {
            "rank": self.rank,
            "id": self.id,
            "filename": self.filename,
            "distance": round(self.distance, 6),
            "similarity": round(self.similarity, 6),
            "attributes": self.attributes,
        }


@dataclass(frozen=True)
class Prediction:
    """What the encoder takes a photo for.

    Attributes:
        attribute: a column of the catalogue, such as ``articleType``.
        value: the likeliest value, such as ``Kurtas``.
        confidence: the probability that it is right, calibrated on held-out products: 0 to 1.
    """

    attribute: str
    value: str
    confidence: float
