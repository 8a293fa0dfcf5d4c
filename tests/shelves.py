"""A shop of drawn vectors, for what needs many products but no pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.artifacts import Index
from recommender.catalogue import Catalogue, Item
from recommender.encoders.attributes import AttributeScores
from recommender.encoders.fashion import softmax
from recommender.engines import get_engine
from recommender.search import Recommender
from tests.fakes import COLOURS, TYPES, FakeEncoder

COLUMNS = ("gender", "articleType", "baseColour", "usage")
PATTERNS = ("striped", "checked", "printed", "solid")
COPIES = 5
"""Every eighth product has so many near-duplicates."""
_LOOKS = slice(0, 32)
_HUE = slice(32, 48)


def directions(seed: int, count: int, dim: int) -> npt.NDArray[np.float32]:
    """Unit vectors float32 (count, dim), drawn by chance."""
    vectors = np.random.default_rng(seed).normal(size=(count, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


_PROTOTYPES = {"articleType": directions(1, len(TYPES), 32), "baseColour": directions(2, 6, 16)}


class Knowing(FakeEncoder):
    """Guesses type and colour."""

    def attributes_of(self, embeddings):
        parts = {"articleType": (TYPES, _LOOKS), "baseColour": (tuple(COLOURS), _HUE)}
        return {
            name: AttributeScores(labels, softmax(8 * embeddings[:, place] @ _PROTOTYPES[name].T))
            for name, (labels, place) in parts.items()
        }

    def predict_attributes(self, batch):
        return self.attributes_of(self.embed(batch))


class Dividing(Knowing):
    """Keeps colour in numbers of its own."""

    @property
    def aspects(self):
        return {"general": _LOOKS, "colour": _HUE}


ENCODERS = (FakeEncoder, Knowing, Dividing)


def shop_of(items, columns, embeddings, encoder) -> Recommender:
    """A shop of these items and their vectors, with an encoder ready to use and no pictures."""
    recommender = Recommender(
        index=Index(
            embeddings=embeddings,
            filenames=[item.filename for item in items],
            dataset=Path("nowhere"),
            manifest=None,
        ),
        catalogue=Catalogue(items, columns),
        engine=get_engine("exact", embeddings),
        weights=None,
    )
    recommender.__dict__["encoder"] = encoder  # A cached property.
    return recommender


def shelf(encoder, n: int = 600) -> Recommender:
    """A shop of n products, some of them nearly identical, with an encoder ready to use."""
    dice = np.random.default_rng(7)
    kinds, hues = dice.integers(0, len(TYPES), n), dice.integers(0, len(COLOURS), n)
    looks = _PROTOTYPES["articleType"][kinds] + dice.normal(size=(n, 32), scale=0.15)
    shades = _PROTOTYPES["baseColour"][hues] + dice.normal(size=(n, 16), scale=0.1)
    patterns = dice.integers(0, len(PATTERNS), n)
    for row in range(0, n - COPIES, 8):
        for copy in range(row + 1, row + 1 + COPIES):
            kinds[copy], hues[copy], patterns[copy] = kinds[row], hues[row], patterns[row]
            looks[copy] = looks[row] + dice.normal(size=32, scale=0.01)
            shades[copy] = shades[row] + dice.normal(size=16, scale=0.01)
    looks *= 0.8 / np.linalg.norm(looks, axis=1, keepdims=True)
    shades *= 0.6 / np.linalg.norm(shades, axis=1, keepdims=True)
    embeddings = np.ascontiguousarray(np.concatenate([looks, shades], axis=1), np.float32)
    colours = tuple(COLOURS)
    items = tuple(
        Item(
            str(row),
            f"images/{row}.jpg",
            f"Drawn {PATTERNS[patterns[row]]} {colours[hues[row]]} {TYPES[kinds[row]]}",
            {
                "gender": "Women" if row % 2 else "Men",
                "articleType": TYPES[kinds[row]],
                "baseColour": colours[hues[row]],
                "usage": None if row % 11 == 0 else "Casual",
            },
        )
        for row in range(n)
    )
    return shop_of(items, COLUMNS, embeddings, encoder())


def photo(seed: int = 0) -> npt.NDArray[np.float32]:
    """The embedding float32 (48,) of a photo of no product: a navy T-shirt, or nearly."""
    dice = np.random.default_rng(seed)
    looks = _PROTOTYPES["articleType"][0] + dice.normal(size=32, scale=0.1)
    shade = _PROTOTYPES["baseColour"][1] + dice.normal(size=16, scale=0.1)
    looks *= 0.8 / np.linalg.norm(looks)
    shade *= 0.6 / np.linalg.norm(shade)
    return np.concatenate([looks, shade]).astype(np.float32)
