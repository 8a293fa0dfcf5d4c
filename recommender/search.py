"""Search a catalogue: encoder, engine, index and catalogue put together."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.artifacts import Index, read_index
from recommender.catalogue import Catalogue, Filters, Item, load_catalogue
from recommender.encoders import RUNTIMES, Encoder
from recommender.encoders.attributes import AttributePredictor
from recommender.encoders.head import BASE_SHARE
from recommender.engines import Hits, SearchEngine, get_engine
from recommender.errors import QueryError
from recommender.images import ImageSource
from recommender.index_encoder import encoder_of
from recommender.ranking import NEARLY_IDENTICAL, chance_product
from recommender.results import Prediction, Recommendation
from recommender.styles import STYLES_COPY

__all__ = ["Prediction", "Recommendation", "Recommender"]


class Recommender:
    """Finds the products of an indexed catalogue that look most like a photo."""

    def __init__(
        self,
        *,
        index: Index,
        catalogue: Catalogue,
        engine: SearchEngine,
        weights: Path | None,
        runtime: str = RUNTIMES[0],
        folder: Path | None = None,
    ) -> None:
        """Use `open`, unless you have the parts.

        Args:
            index: the vectors.
            catalogue: one item a row of the index.
            engine: built over `index.embeddings`.
            weights: the encoder's weights file; None for the one that the index names.
            runtime: what the encoder's network runs on.
            folder: where other engines may keep what they build; None keeps nothing.
        """
        self.index = index
        self.catalogue = catalogue
        self._engine = engine
        self._weights = weights
        self._runtime = runtime
        self._folder = folder

    @classmethod
    def open(
        cls,
        artifacts: str | Path = "artifacts",
        *,
        engine: str = "exact",
        data: str | Path | None = None,
        weights: str | Path | None = None,
        runtime: str = RUNTIMES[0],
    ) -> Recommender:
        """Open an index folder; the encoder's model is loaded on the first photo.

        Args:
            artifacts: the index folder.
            engine: a name for `recommender.engines.get_engine`.
            data: where the dataset is now, if it has moved since.
            weights: where the encoder's weights file is now, if it has moved since.
            runtime: what the encoder's network runs on, one of `recommender.encoders.RUNTIMES`.

        Raises:
            ArtifactsError: there is no index, or it is broken.
            CatalogueError: ``styles.csv`` cannot be read.
            QueryError: there is no engine of that name.
            MissingExtraError, EngineError: the engine's library or database cannot be used.
        """
        folder = Path(artifacts)
        index = read_index(folder, data=None if data is None else Path(data))
        catalogue = load_catalogue(index.dataset, index.filenames, copy=folder / STYLES_COPY)
        return cls(
            index=index,
            catalogue=catalogue,
            engine=get_engine(engine, index.embeddings, folder=folder, attributes=catalogue.coded),
            weights=None if weights is None else Path(weights),
            runtime=runtime,
            folder=folder,
        )

    def using(self, engine: str) -> Recommender:
        """The same, with another engine; vectors, catalogue and a loaded model are shared.

        Args:
            engine: a name for `recommender.engines.get_engine`.

        Raises:
            QueryError, MissingExtraError, EngineError: as `open`.
        """
        other = copy(self)
        other._engine = get_engine(
            engine, self.index.embeddings, folder=self._folder, attributes=self.catalogue.coded
        )
        return other

    def __len__(self) -> int:
        return len(self.catalogue)

    def search(
        self, photo: ImageSource, k: int = 5, *, filters: Filters | None = None
    ) -> list[Recommendation]:
        """The k products that look most like a photo.

        Args:
            photo: a path, the bytes of a file, an open binary file, or a Pillow image.
            k: how many, at least 1.
            filters: attribute → the value or values that pass.

        Returns:
            the best first; fewer than k only if the catalogue has fewer that pass the filters.

        Raises:
            ImageError: the photo cannot be used.
            WeightsError: the encoder's weights cannot be had.
            ArtifactsError: the index was made with other weights.
            QueryError: k is below 1, or a filter names no attribute.
        """
        allowed = self.catalogue.mask(filters) if filters else None
        return self.search_vector(self.embed(photo), k, allowed=allowed)

    def similar_to(
        self, item_id: str, k: int = 5, *, filters: Filters | None = None
    ) -> list[Recommendation]:
        """The k products that look most like one of the catalogue, itself left out.

        Args:
            item_id: the item's id or file name.
            k: how many.
            filters: attribute → the value or values that pass.

        Raises:
            QueryError: there is no such item, k is below 1, or a filter names no attribute.
        """
        row = self.catalogue.row_of(item_id)
        allowed = self.catalogue.mask(filters) if filters else None
        # One more than asked for, in case the item itself is among them. To forbid it instead would
        # make the engine scan a copy of the gallery.
        hits = self.nearest(self.index.embeddings[row], k, allowed=allowed, spare=1)
        others = hits.rows[0] != row
        return self._recommendations(hits.rows[0][others][:k], hits.distances[0][others][:k])

    def embed(self, photo: ImageSource) -> npt.NDArray[np.float32]:
        """The embedding float32 (dim,) of a photo. Raises as `search` does."""
        vector: npt.NDArray[np.float32] = self.encoder.embed(self.encoder.load(photo)[None])[0]
        return vector

    def predict(self, photo: ImageSource) -> list[Prediction]:
        """What the encoder takes a photo for: its type, colour, gender.

        Returns:
            one prediction an attribute; none if the encoder only measures likeness.

        Raises:
            ImageError, WeightsError, ArtifactsError: as `search`.
        """
        return self.predict_vector(self.embed(photo))

    def predict_vector(self, vector: npt.NDArray[np.float32]) -> list[Prediction]:
        """The same for an embedding float32 (dim,)."""
        if not isinstance(self.encoder, AttributePredictor):
            return []
        predictions = []
        for attribute, scores in self.encoder.attributes_of(vector[np.newaxis]).items():
            values, confidences = scores.best()
            predictions.append(Prediction(attribute, values[0], float(confidences[0])))
        return predictions

    def search_vector(
        self,
        vector: npt.NDArray[np.float32],
        k: int = 5,
        *,
        allowed: npt.NDArray[np.bool_] | None = None,
    ) -> list[Recommendation]:
        """The k products nearest to an embedding.

        Args:
            vector: float32 (dim,), of unit L2 norm.
            k: how many.
            allowed: bool (n,), the rows to search in.

        Raises:
            QueryError: k is below 1.
        """
        hits = self.nearest(vector, k, allowed=allowed)
        return self._recommendations(hits.rows[0], hits.distances[0])

    def image_path(self, item: Item | Recommendation) -> Path:
        """Where the picture of an item is."""
        return self.index.dataset / item.filename

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder that made the index, with the index's head if it has one.

        Raises:
            WeightsError: its weights cannot be had.
            ArtifactsError: the weights at hand are not those that the index was made with.
        """
        return encoder_of(self.index, weights=self._weights, runtime=self._runtime)

    @cached_property
    def chance_similarity(self) -> float:
        """Mean cosine similarity of two different products picked by chance."""
        return chance_product(self.index.embeddings)

    @cached_property
    def one_product(self) -> tuple[npt.NDArray[np.float32], float]:
        """What tells one product from two: vectors (n, d), and from which inner product it is one.

        That is `ranking.NEARLY_IDENTICAL` of the way from chance to identity. Of a tuned index the
        encoder's own numbers count: what a head adds is the same for many of a kind.
        """
        index = self.index
        own, identity = index.embeddings, 1.0
        if index.head is not None:
            own, identity = own[:, : index.head.base_dim], BASE_SHARE
        return own, identity - (1 - NEARLY_IDENTICAL) * (identity - chance_product(own))

    def match(self, similarity: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Cosine similarities on the scale of `Recommendation.match`: float64 of their shape."""
        # A catalogue of one picture, many times over, leaves no room between chance and identity.
        room = max(1 - self.chance_similarity, 1e-6)
        return np.clip(1 - (1 - np.asarray(similarity, np.float64)) / room, 0.0, 1.0)

    def recommendation(self, rank: int, row: int, distance: float) -> Recommendation:
        """A row of the index as a result, at a Euclidean distance from the query."""
        similarity = 1 - distance**2 / 2
        return Recommendation(
            rank=rank,
            item=self.catalogue.items[row],
            distance=distance,
            similarity=similarity,
            match=float(self.match(similarity)),
        )

    def nearest(
        self,
        vector: npt.NDArray[np.float32],
        k: int,
        *,
        allowed: npt.NDArray[np.bool_] | None = None,
        spare: int = 0,
    ) -> Hits:
        """The rows nearest to an embedding, as the engine finds them.

        Args:
            vector: float32 (dim,), of unit L2 norm.
            k: how many.
            allowed: bool (n,), the rows to search in.
            spare: so many more than k, if there are so many.

        Raises:
            QueryError: k is below 1.
        """
        if k < 1:
            raise QueryError(f"k is {k}, but must be at least 1")
        return self._engine.search(vector[np.newaxis], min(k + spare, len(self)), allowed=allowed)

    def _recommendations(
        self, rows: npt.NDArray[np.int64], distances: npt.NDArray[np.float32]
    ) -> list[Recommendation]:
        return [
            self.recommendation(rank, int(row), float(distance))
            for rank, (row, distance) in enumerate(zip(rows, distances, strict=True), start=1)
        ]
