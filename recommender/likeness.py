"""How alike the products of a catalogue are to a query, in looks, in colour and in style."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from recommender.colours import colour_similarity
from recommender.encoders.aspects import AspectEncoder
from recommender.encoders.attributes import AttributePredictor
from recommender.search import Recommender

CRITERIA = ("looks", "colour", "style")
"""What a search can be weighed by."""

COLOUR = "baseColour"
_STYLE = {"articleType": 0.4, "gender": 0.25, "usage": 0.15, "season": 0.1, "subCategory": 0.1}
"""Attribute → how much agreeing in it counts for style."""
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Look:
    """A query: where it lies, and what is known or guessed of it.

    Attributes:
        vector: float32 (dim,), unit length.
        attributes: attribute → value → probability, which adds up to 1; known values have 1.
        known: whether the attributes are the catalogue's own, and not guesses.
        row: of the index, if the query is one of its products.
        blind: numbers of the embedding that the query is blind to; they are 0 in `vector`.
    """

    vector: npt.NDArray[np.float32]
    attributes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    known: bool = False
    row: int | None = None
    blind: slice | None = None

    def best(self, attribute: str) -> str | None:
        """The likeliest value of an attribute; None if nothing is known of it."""
        values = self.attributes.get(attribute)
        return max(values, key=values.__getitem__) if values else None


def look_of_vector(recommender: Recommender, vector: npt.NDArray[np.float32]) -> Look:
    """The query that an embedding of one or several photos makes: float32 (dim,), unit length."""
    attributes: dict[str, dict[str, float]] = {}
    encoder = recommender.encoder
    if isinstance(encoder, AttributePredictor):
        for name, scores in encoder.attributes_of(vector[np.newaxis]).items():
            pairs = zip(scores.labels, scores.probabilities[0].tolist(), strict=True)
            attributes[name] = {label: p for label, p in pairs if p >= 0.001}
    return Look(vector, attributes)


def look_of_item(recommender: Recommender, item_id: str) -> Look:
    """The query that a product of the catalogue makes.

    Raises:
        QueryError: there is no such item.
    """
    row = recommender.catalogue.row_of(item_id)
    item = recommender.catalogue.items[row]
    attributes = {
        name: {str(value): 1.0} for name, value in item.attributes.items() if value is not None
    }
    return Look(recommender.index.embeddings[row], attributes, known=True, row=row)


class Likeness:
    """The scores of all the products of an index against a query; 1 is best, 0 worst."""

    def __init__(self, recommender: Recommender) -> None:
        """Keep the recommender; what is costly is computed on first use."""
        self._recommender = recommender

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """Those of `CRITERIA` that this index can be weighed by."""
        columns = self._recommender.catalogue.columns
        offered = {
            "looks": True,
            "colour": self._colour_block is not None or COLOUR in columns,
            "style": any(name in columns for name in _STYLE),
        }
        return tuple(name for name in CRITERIA if offered[name])

    def scores(self, look: Look, wanted: Collection[str] = CRITERIA) -> dict[str, Scores]:
        """How alike all the products are to a query.

        Args:
            look: the query.
            wanted: the criteria to score by.

        Returns:
            criterion → float32 (n,); criteria of which the query says nothing are left out.
        """
        score = {"looks": self._looks, "colour": self._colour, "style": self._style}
        found = {name: score[name](look) for name in CRITERIA if name in wanted}
        return {name: scores for name, scores in found.items() if scores is not None}

    def distance(self, look: Look, row: int) -> float:
        """Euclidean distance of a product from a query; both without what the query is blind to."""
        vector = self._recommender.index.embeddings[row].astype(np.float64)
        if look.blind is not None:
            vector[look.blind] = 0.0
            vector /= np.linalg.norm(vector) or 1.0
        difference = vector - look.vector
        return float(np.sqrt(difference @ difference))

    def without_colour(self, look: Look) -> Look:
        """The same query, blind to colour, if the encoder can be."""
        block = self._colour_block
        if block is None:
            return look
        vector = look.vector.copy()
        vector[block] = 0.0
        length = float(np.linalg.norm(vector))
        if not length:
            return look
        return replace(look, vector=vector / np.float32(length), blind=block)

    def _looks(self, look: Look) -> Scores | None:
        similarity = self._recommender.index.embeddings @ look.vector
        return self._recommender.match(similarity).astype(np.float32)

    def _colour(self, look: Look) -> Scores | None:
        block = self._colour_block
        if block is not None:
            query = look.vector[block]
            length = float(np.linalg.norm(query))
            gallery = self._recommender.index.embeddings[:, block]
            lengths = self._colour_lengths
            cosine = gallery @ query / np.maximum(lengths * length, 1e-12)
            return np.asarray(np.clip(cosine, 0.0, 1.0), np.float32)
        if COLOUR not in self._recommender.catalogue.columns or COLOUR not in look.attributes:
            return None
        column = self._recommender.catalogue.column(COLOUR)
        # A place more than there are values: unknown, as an index, points there.
        table = np.zeros(len(column.values) + 1, np.float32)
        for name, probability in look.attributes[COLOUR].items():
            for place, value in enumerate(column.values):
                table[place] += probability * _alike(name, str(value))
        return table[column.codes]

    def _style(self, look: Look) -> Scores | None:
        catalogue = self._recommender.catalogue
        shared = [n for n in _STYLE if n in catalogue.columns and n in look.attributes]
        if not shared:
            return None
        total = np.zeros(len(catalogue), np.float32)
        for name in shared:
            column = catalogue.column(name)
            table = np.zeros(len(column.values) + 1, np.float32)
            for value, probability in look.attributes[name].items():
                code = column.code_of(value)
                if code is not None:
                    table[code] = probability
            total += np.float32(_STYLE[name]) * table[column.codes]
        return total / np.float32(sum(_STYLE[name] for name in shared))

    @cached_property
    def _colour_block(self) -> slice | None:
        # Asking for the encoder may fail where weights are missing; looks need none.
        encoder = self._recommender.encoder
        return encoder.aspects.get("colour") if isinstance(encoder, AspectEncoder) else None

    @cached_property
    def _colour_lengths(self) -> Scores:
        gallery = self._recommender.index.embeddings[:, self._colour_block]
        return np.asarray(np.linalg.norm(gallery, axis=1), np.float32)


@lru_cache(maxsize=4096)
def _alike(one: str, other: str) -> float:
    # An encoder may give a probability to each of dozens of colour words.
    return colour_similarity(one, other) or 0.0
