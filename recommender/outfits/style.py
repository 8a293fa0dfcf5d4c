"""How far products of different kinds look as if they belonged together, by any encoder."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from recommender.columns import Column
from recommender.encoders.aspects import AspectEncoder
from recommender.likeness import COLOUR
from recommender.neighbourhood import TYPE
from recommender.search import Recommender

_ROWS = 4096
"""Rows looked at together, so that no copy of the embeddings is made."""
Floats = npt.NDArray[np.float32]


class Style:
    """What the embedding of a product has besides its type and its colour.

    Two shirts are alike because they are shirts, and a blue shirt is like blue shoes because of the
    blue; neither says that they suit each other. So from every embedding the mean of its type is
    taken away, and of what is left the mean of its colour. What remains of a shirt and of shoes is
    compared by its cosine. ``benchmarks/outfits.py`` tells how much more often than by chance such
    neighbours are of one brand, which nothing here looks at.
    """

    def __init__(self, recommender: Recommender) -> None:
        """Keep the recommender; the means are computed on first use."""
        self._recommender = recommender

    def alike(self, vector: Floats, *, kind: str | None, colour: str | None) -> Floats:
        """How like a query's style that of every product is: float32 (n,), -1 to 1.

        Args:
            vector: of the query, float32 (dim,), unit length.
            kind: its article type, if known.
            colour: its colour word, if known.
        """
        part = self._part
        query = vector[part] - self._mean(self._kinds, self._of_kinds, kind)
        query = query - self._mean(self._colours, self._of_colours, colour)
        length = float(np.linalg.norm(query))
        if length < 1e-6:
            return np.zeros(len(self._recommender), np.float32)
        query = (query / length).astype(np.float32)
        along = self._recommender.index.embeddings[:, part] @ query
        along -= (self._of_kinds @ query)[self._codes(self._kinds)]
        along -= (self._of_colours @ query)[self._codes(self._colours)]
        return np.asarray(along / self._lengths, np.float32)

    @cached_property
    def _part(self) -> slice:
        """The numbers of the embedding that tell neither type nor colour nor gender, if any do."""
        encoder = self._recommender.encoder
        aspects = encoder.aspects if isinstance(encoder, AspectEncoder) else {}
        return aspects.get("general", slice(None))

    @cached_property
    def _kinds(self) -> Column | None:
        return self._column(TYPE)

    @cached_property
    def _colours(self) -> Column | None:
        return self._column(COLOUR)

    def _column(self, name: str) -> Column | None:
        catalogue = self._recommender.catalogue
        return catalogue.column(name) if name in catalogue.columns else None

    def _codes(self, column: Column | None) -> npt.NDArray[np.int32]:
        """A code for each product; -1, the last place of a table, where nothing is known."""
        if column is None:
            return np.full(len(self._recommender), -1, np.int32)
        return column.codes

    def _mean(self, column: Column | None, means: Floats, value: str | None) -> Floats:
        code = None if column is None or value is None else column.code_of(value)
        return np.asarray(means[-1 if code is None else code])

    @cached_property
    def _of_kinds(self) -> Floats:
        """Mean embedding of each type float32 (types + 1, d); the last is that of unknown types."""
        vectors = self._recommender.index.embeddings[:, self._part]
        codes = self._codes(self._kinds)
        means = np.empty((self._places(self._kinds), vectors.shape[1]), np.float32)
        means[:] = vectors.mean(axis=0)
        for code in np.unique(codes).tolist():
            means[code] = vectors[codes == code].mean(axis=0)
        return means

    @cached_property
    def _of_colours(self) -> Floats:
        """The same of the colours, of what is left without the types' means."""
        vectors = self._recommender.index.embeddings[:, self._part]
        codes, kinds = self._codes(self._colours), self._codes(self._kinds)
        means = np.zeros((self._places(self._colours), vectors.shape[1]), np.float32)
        for code in np.unique(codes).tolist():
            here = codes == code
            means[code] = vectors[here].mean(axis=0) - self._of_kinds[kinds[here]].mean(axis=0)
        return means

    def _places(self, column: Column | None) -> int:
        return 1 if column is None else len(column.values) + 1

    @cached_property
    def _lengths(self) -> Floats:
        vectors = self._recommender.index.embeddings[:, self._part]
        kinds, colours = self._codes(self._kinds), self._codes(self._colours)
        lengths = np.empty(len(vectors), np.float32)
        for start in range(0, len(vectors), _ROWS):
            rows = slice(start, start + _ROWS)
            left = vectors[rows] - self._of_kinds[kinds[rows]] - self._of_colours[colours[rows]]
            lengths[rows] = np.linalg.norm(left, axis=1)
        # The only one of its type and colour differs from them in nothing.
        return np.maximum(lengths, 1e-3)
