"""Heads that know nothing, for what must hold of any."""

from __future__ import annotations

from typing import Any

import numpy as np

from recommender.encoders.base import EncoderCard
from recommender.encoders.head import AttributeHead, Head, unit

KNOTS = ((0.5, 0.9), (0.4, 0.8))


def random_head(base: EncoderCard | None, *, dim: int = 48, units: int = 16) -> Head:
    """A head of two attributes whose numbers are drawn by chance, always the same ones."""
    dice = np.random.default_rng(0)

    def drawn(*shape: int) -> Any:
        return dice.normal(size=shape).astype(np.float32)

    heads = tuple(
        AttributeHead(
            name, labels, drawn(units, 8), unit(drawn(len(labels), 8)), share, 10.0, KNOTS
        )
        for name, labels, share in (
            ("articleType", ("Shirts", "Jeans", "Größe"), 0.75),
            ("baseColour", ("Red", "Navy Blue"), 0.25),
        )
    )
    return Head(
        base, drawn(dim) / 10, np.abs(drawn(dim)) + 1, drawn(dim, units), drawn(units), heads
    )
