"""The four questions that an encoder is asked, each as a function of its embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.evaluation import metrics
from recommender.evaluation.benchmark_data import LABELS, Benchmark
from recommender.evaluation.metrics import Estimate, summarise
from recommender.evaluation.ranking import Vectors, first_rank, nearest
from recommender.evaluation.street_types import STREET_TYPES

RELEVANCE: dict[str, tuple[str, ...]] = {
    "type": ("articleType",),
    "colour": ("baseColour",),
    "gender": ("gender",),
    "type+colour": ("articleType", "baseColour"),
    "all three": LABELS,
}
"""What counts as relevant → the columns in which the two products must agree."""
K = 5
DEEP = 10
VOTERS = 20
_TOP_TYPES = 15


@dataclass(frozen=True)
class Answers:
    """What an encoder said of the queries' attributes.

    Attributes:
        said: column → str (q,).
        confidence: column → float64 (q,).
    """

    said: dict[str, npt.NDArray[np.str_]]
    confidence: dict[str, npt.NDArray[np.float64]]


@dataclass
class Result:
    """Figures of one protocol.

    Attributes:
        figures: name → a mean with its interval.
        plain: name → a figure without one.
        details: what is drawn and stored besides, in JSON types.
    """

    figures: dict[str, Estimate] = field(default_factory=dict)
    plain: dict[str, float] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            **{name: estimate.to_json() for name, estimate in self.figures.items()},
            **{name: round(value, 5) for name, value in self.plain.items()},
            **self.details,
        }


def catalogue(benchmark: Benchmark, vectors: Vectors) -> Result:
    """Held-out products query the rest: precision at 5, mAP and nDCG at 10, macro averages.

    Args:
        benchmark: the catalogue.
        vectors: unit rows (n, dim), one a picture of the catalogue.
    """
    queries, gallery = benchmark.queries, benchmark.gallery
    found, clusters = retrieved(benchmark, vectors), benchmark.groups[queries]
    types = benchmark.labels["articleType"][queries]
    result = Result()
    for name, values in by_query(benchmark, found, RELEVANCE).items():
        result.figures[name] = summarise(values, clusters)
        if name.startswith(f"P@{K} "):
            result.plain[f"macro {name}"] = metrics.macro_average(values, types)
    gains, ideal = graded(benchmark, queries, gallery, found)
    result.figures[f"nDCG@{DEEP}"] = summarise(metrics.ndcg_at_k(gains, ideal), clusters)
    return result


def retrieved(benchmark: Benchmark, vectors: Vectors) -> npt.NDArray[np.int64]:
    """What each query finds among the rest, best first: rows int64 (q, 10).

    Args:
        benchmark: the catalogue.
        vectors: unit rows (n, dim), one a picture of the catalogue.
    """
    gallery = benchmark.gallery
    rows, _ = nearest(vectors[benchmark.queries], vectors[gallery], DEEP)
    return gallery[rows]


def by_query(
    benchmark: Benchmark,
    found: npt.NDArray[np.int64],
    relevance: Mapping[str, tuple[str, ...]],
) -> dict[str, npt.NDArray[np.float64]]:
    """Precision at 5 and average precision at 10 of every query.

    Args:
        benchmark: the catalogue.
        found: int64 (q, 10), of `retrieved`.
        relevance: what counts as relevant → the columns in which the two products must agree.

    Returns:
        ``P@5 <name>`` and ``mAP@10 <name>`` → float64 (q,), NaN where nothing relevant exists.
    """
    values = {}
    for name, columns in relevance.items():
        relevant, available = _relevance(
            benchmark, columns, benchmark.queries, benchmark.gallery, found
        )
        values[f"P@{K} {name}"] = metrics.precision_at_k(relevant[:, :K], available)
        values[f"mAP@{DEEP} {name}"] = metrics.average_precision_at_k(relevant, available)
    return values


def _combined(benchmark: Benchmark, columns: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """One number for each combination of labels, -1 where one of them is unknown."""
    parts = [benchmark.labels[column] for column in columns]
    _, codes = np.unique(np.stack(parts), axis=1, return_inverse=True)
    codes = codes.reshape(-1).astype(np.int64)
    codes[np.any([part == "" for part in parts], axis=0)] = -1
    return codes


def _relevance(
    benchmark: Benchmark,
    columns: tuple[str, ...],
    queries: npt.NDArray[np.int64],
    gallery: npt.NDArray[np.int64],
    found: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """(which of `found` are relevant (q, k), how many relevant the gallery holds (q,))."""
    codes = _combined(benchmark, columns)
    wanted = codes[queries]
    relevant = (codes[found] == wanted[:, None]) & (wanted >= 0)[:, None]
    counts = np.bincount(codes[gallery] + 1, minlength=int(codes.max()) + 2)
    return relevant, np.where(wanted >= 0, counts[wanted + 1], 0)


def graded(
    benchmark: Benchmark,
    queries: npt.NDArray[np.int64],
    gallery: npt.NDArray[np.int64],
    found: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Gains of what was found and the best possible ones, both (q, k).

    The same type is worth 1, the same colour and the same gender 1 more each; another type 0.
    """
    by_type = ("articleType",)
    same_type, of_type = _relevance(benchmark, by_type, queries, gallery, found)
    gains = same_type.astype(np.float64)
    counts = {}
    for name in ("baseColour", "gender"):
        same, counts[name] = _relevance(benchmark, (*by_type, name), queries, gallery, found)
        gains += same
    _, of_all = _relevance(benchmark, LABELS, queries, gallery, found)
    of_two = counts["baseColour"] + counts["gender"] - 2 * of_all
    place = np.arange(found.shape[1])[None, :]
    ideal = (place < of_type[:, None]).astype(np.float64)
    ideal += place < (of_all + of_two)[:, None]
    ideal += place < of_all[:, None]
    return gains, ideal


def phone(benchmark: Benchmark, vectors: Vectors, photos: Vectors) -> Result:
    """Degraded pictures of the held-out products must find the product's own picture.

    Args:
        benchmark: the catalogue.
        vectors: unit rows (n, dim): all of it is searched.
        photos: unit rows (q, dim) of the degraded pictures, in the order of the queries.
    """
    own = benchmark.groups[benchmark.queries]
    ranks = first_rank(photos, vectors, own, benchmark.groups)
    result = Result()
    for k in (1, 5):
        result.figures[f"recall@{k}"] = summarise((ranks <= k).astype(np.float64), own)
    result.figures["MRR"] = summarise(metrics.reciprocal_rank(ranks), own)
    return result


def street(benchmark: Benchmark, vectors: Vectors, photos: Vectors) -> Result:
    """Labelled snapshots query the whole catalogue: do the types found fit the class?

    Args:
        benchmark: the catalogue and the classes of the snapshots.
        vectors: unit rows (n, dim).
        photos: unit rows (s, dim) of the snapshots.
    """
    rows, _ = nearest(photos, vectors, K)
    types = benchmark.labels["articleType"][rows]
    fits = np.array(
        [
            np.isin(found, STREET_TYPES[name])
            for found, name in zip(types, benchmark.street_classes, strict=True)
        ]
    )
    share = fits.mean(axis=1)
    classes = np.array(benchmark.street_classes)
    result = Result()
    result.figures[f"type-match@{K}"] = summarise(share)
    result.figures[f"hit@{K}"] = summarise(metrics.hit(fits))
    result.plain[f"macro type-match@{K}"] = metrics.macro_average(share, classes)
    result.details["by class"] = {
        name: round(float(share[classes == name].mean()), 4) for name in np.unique(classes).tolist()
    }
    return result


def neighbours_vote(benchmark: Benchmark, vectors: Vectors) -> Answers:
    """The attributes most of the 20 nearest products have; confidence is their share."""
    gallery = benchmark.gallery
    rows, _ = nearest(vectors[benchmark.queries], vectors[gallery], VOTERS)
    said, confidence = {}, {}
    for name in LABELS:
        values, codes = np.unique(benchmark.labels[name], return_inverse=True)
        votes = np.zeros((len(rows), len(values)), np.int64)
        np.add.at(votes, (np.arange(len(rows))[:, None], codes[gallery[rows]]), 1)
        votes[:, values == ""] = 0
        said[name] = values[votes.argmax(axis=1)]
        confidence[name] = votes.max(axis=1) / VOTERS
    return Answers(said, confidence)


def attributes(benchmark: Benchmark, answers: Answers) -> Result:
    """How often the attributes that an encoder names are right, and how well it knows.

    Args:
        benchmark: the catalogue.
        answers: of the queries.
    """
    result = Result()
    queries = benchmark.queries
    for name in LABELS:
        truth = benchmark.labels[name][queries]
        known = truth != ""
        truth, said = truth[known], answers.said[name][known]
        right = truth == said
        result.figures[f"accuracy {name}"] = summarise(
            right.astype(np.float64), benchmark.groups[queries][known]
        )
        scores = metrics.f1_by_class(truth, said)
        result.plain[f"macro-F1 {name}"] = float(np.mean(list(scores.values())))
        result.plain[f"ECE {name}"] = metrics.expected_calibration_error(
            answers.confidence[name][known], right
        )
        if name == "articleType":
            names, counts = np.unique(truth, return_counts=True)
            top = names[np.argsort(-counts, kind="stable")][:_TOP_TYPES].tolist()
            result.details["confusion"] = {
                "types": top,
                "counts": metrics.confusion(truth, said, top).tolist(),
            }
    return result
