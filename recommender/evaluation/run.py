"""Ask several encoders the same questions, in one run."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.attributes import AttributePredictor
from recommender.encoders.base import Encoder
from recommender.evaluation import protocols
from recommender.evaluation.benchmark_data import Benchmark, embed_files, embed_phone_photos
from recommender.evaluation.confidence import Photos, TypeConfidence, confidence
from recommender.evaluation.degrade import VERSION
from recommender.evaluation.protocols import Answers, Result
from recommender.evaluation.strangers import VERSION as STRANGERS_VERSION
from recommender.evaluation.strangers import strangers


@dataclass(frozen=True)
class Scores:
    """All that was measured of one encoder.

    Attributes:
        name: of the encoder.
        dim: numbers in an embedding.
        images_per_second: decoding and embedding catalogue pictures; None if embeddings were kept
            from an earlier run.
        results: protocol → figures.
    """

    name: str
    dim: int
    images_per_second: float | None
    results: dict[str, Result]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "encoder": self.name,
            "dim": self.dim,
            "images_per_second": self.images_per_second,
            **{name: result.to_json() for name, result in self.results.items()},
        }


def evaluate(benchmark: Benchmark, encoder: Encoder, *, cache: Path | None = None) -> Scores:
    """Run all protocols that the benchmark has data for.

    Args:
        benchmark: what to measure on.
        encoder: what to measure.
        cache: a folder that keeps embeddings from one run to the next.
    """
    store = Store(encoder, cache)
    out = [benchmark.paths[row] for row in benchmark.queries]
    ids = [benchmark.ids[row] for row in benchmark.queries]
    began = time.monotonic()
    vectors = store.get(
        "catalogue", benchmark.paths, lambda: embed_files(encoder, benchmark.paths, "catalogue")
    )
    seconds = time.monotonic() - began
    photos = store.get(f"phone-{VERSION}", out, lambda: embed_phone_photos(encoder, out, ids))
    results = {
        "catalogue": protocols.catalogue(benchmark, vectors),
        "phone": protocols.phone(benchmark, vectors, photos),
    }
    snapshots = None
    if benchmark.street_paths:
        snapshots = store.get(
            "street",
            benchmark.street_paths,
            lambda: embed_files(encoder, benchmark.street_paths, "street"),
        )
        results["street"] = protocols.street(benchmark, vectors, snapshots)
    asked = Photos(photos, snapshots, _strangers(encoder, store))
    sure = _type_confidence(encoder) if isinstance(encoder, AttributePredictor) else None
    results["confidence"] = confidence(benchmark, vectors, asked, encoder.card, sure)
    vote = protocols.neighbours_vote(benchmark, vectors)
    results["attributes by neighbours"] = protocols.attributes(benchmark, vote)
    if isinstance(encoder, AttributePredictor):
        results["attributes by heads"] = protocols.attributes(benchmark, _heads(encoder, out))
    speed = None if store.kept("catalogue") else round(len(vectors) / seconds, 1)
    return Scores(encoder.card.name, encoder.card.dim, speed, results)


def _strangers(encoder: Encoder, store: Store) -> dict[str, npt.NDArray[np.float32]]:
    pictures = strangers()
    names = [Path(f"{kind}-{i}") for kind, found in pictures.items() for i in range(len(found))]

    def embed() -> npt.NDArray[np.float32]:
        found = [encoder.load(picture) for kind in pictures.values() for picture in kind]
        parts = [found[start : start + 64] for start in range(0, len(found), 64)]
        return np.concatenate([encoder.embed(np.stack(part)) for part in parts])

    vectors = store.get(f"strangers-{STRANGERS_VERSION}", names, embed)
    ends = np.cumsum([len(found) for found in pictures.values()])
    return dict(zip(pictures, np.split(vectors, ends[:-1]), strict=True))


def _type_confidence(encoder: AttributePredictor) -> TypeConfidence:
    def sure(embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        _, probabilities = encoder.attributes_of(embeddings)["articleType"].best()
        return probabilities.astype(np.float64)

    return sure


def _heads(encoder: Any, paths: Sequence[Path]) -> Answers:
    said: dict[str, list[str]] = {}
    confidence: dict[str, list[float]] = {}
    for start in range(0, len(paths), 64):
        batch = np.stack([encoder.load(path) for path in paths[start : start + 64]])
        for name, scores in encoder.predict_attributes(batch).items():
            labels, sure = scores.best()
            said.setdefault(name, []).extend(labels)
            confidence.setdefault(name, []).extend(sure.tolist())
    return Answers(
        {name: np.array(labels) for name, labels in said.items()},
        {name: np.array(values) for name, values in confidence.items()},
    )


class Store:
    """Embeddings on disk, under a name that tells encoder and pictures apart."""

    def __init__(self, encoder: Encoder, folder: Path | None) -> None:
        card = {name: v for name, v in encoder.card.to_json().items() if name != "licence"}
        self._key = json.dumps(card, sort_keys=True)
        self._name = encoder.card.name
        self._folder = folder
        self._kept: set[str] = set()

    def kept(self, what: str) -> bool:
        """Whether `what` came from an earlier run."""
        return what in self._kept

    def get(
        self, what: str, paths: Sequence[Path], make: Callable[[], npt.NDArray[np.float32]]
    ) -> npt.NDArray[np.float32]:
        """The embeddings of `paths`, made if they are not there yet."""
        if self._folder is None:
            return make()
        names = "\n".join(path.name for path in paths)
        digest = hashlib.sha256(f"{self._key}\n{names}".encode()).hexdigest()[:12]
        path = self._folder / f"{self._name}-{what}-{digest}.npy"
        if path.is_file():
            self._kept.add(what)
            stored: npt.NDArray[np.float32] = np.load(path)
            return stored
        made = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished.npy")
        np.save(unfinished, made)
        unfinished.replace(path)
        return made
