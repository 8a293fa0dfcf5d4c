"""The protocol "confidence": does a probability of the same type come true, and is a picture that
shows no fashion at all told apart?

The curve from agreement is fitted on one half of the held-out products and checked on the other.
The halves are chosen by hash, and pictures that are nearly the same go to one side. Beside it stand
the bare similarity taken for a probability, a curve from similarity fitted to the same half, and
the curve that an index fits to itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.confidence import MATCHES, ConfidenceCurve, agreement, nothing_similar
from recommender.confidence_fit import fit_curve, fit_on_index
from recommender.encoders.base import EncoderCard
from recommender.evaluation.benchmark_data import Benchmark
from recommender.evaluation.metrics import Bools, Floats, expected_calibration_error
from recommender.evaluation.protocols import Result
from recommender.evaluation.ranking import Vectors, nearest
from recommender.evaluation.reliability import area_under_curve, reliability
from recommender.evaluation.splits import chosen
from recommender.evaluation.street_types import STREET_TYPES

RARELY = 0.005
"""Share of phone photos that may lie too far from the catalogue to be taken for fashion. Real
snapshots lie farther off: about one in twenty of them then does."""

TypeConfidence = Callable[[Vectors], Floats]
"""Embeddings (n, d) → probability (n,) of the likeliest article type."""


@dataclass(frozen=True)
class Photos:
    """Embeddings of pictures that are no rows of the catalogue.

    Attributes:
        phone: unit rows (q, d), the degraded pictures of the queries.
        street: unit rows (s, d) of the snapshots, or None.
        strangers: kind → unit rows of pictures without fashion.
    """

    phone: Vectors
    street: Vectors | None
    strangers: dict[str, Vectors]


@dataclass(frozen=True)
class _Matches:
    similarities: Floats
    """(q, MATCHES), best first."""
    same: Bools
    """(q, MATCHES): whether the type is the query's."""
    types: npt.NDArray[np.str_]
    """(q, MATCHES): of the matches."""
    agreements: Floats
    """(q, MATCHES): share of a query's matches that are of the type of each."""


def confidence(
    benchmark: Benchmark,
    vectors: Vectors,
    photos: Photos,
    card: EncoderCard,
    type_confidence: TypeConfidence | None = None,
) -> Result:
    """Fit on one half of the held-out products, check on the other.

    Args:
        benchmark: the catalogue.
        vectors: unit rows (n, d), one a picture of the catalogue.
        photos: what else is asked.
        card: of the encoder.
        type_confidence: of an encoder that names types.

    Returns:
        calibration errors, rates of "nothing similar", areas under curves; in the details the
        curve itself. Without figures if the benchmark is too small to fit a curve.
    """
    own = [benchmark.ids[group] for group in benchmark.groups[benchmark.queries]]
    fitting = chosen(own, 0.5, salt="confidence")
    catalogue = _held_out(benchmark, vectors, vectors[benchmark.queries])
    phone = _held_out(benchmark, vectors, photos.phone)
    result = Result()
    curve = _fit(catalogue, phone, fitting, card)
    if curve is None or fitting.all():
        return result
    checked = {"catalogue": _part(catalogue, ~fitting), "phone": _part(phone, ~fitting)}
    if photos.street is not None:
        checked["street"] = _street(benchmark, vectors, photos.street)
    gallery = benchmark.gallery
    types = benchmark.labels["articleType"][gallery]
    from_index = fit_on_index(vectors[gallery], types)
    from_similarity = _by_similarity([_part(catalogue, fitting), _part(phone, fitting)])
    result.details["reliability"] = {}
    for name, matches in checked.items():
        _errors(result, name, matches, curve, from_similarity, from_index)
        result.plain[f"nothing {name}"] = _nothing(matches, curve)
        said = curve(matches.agreements).ravel()
        result.details["reliability"][name] = reliability(said, matches.same.ravel())
    _strangers(result, benchmark, vectors, photos, checked, curve)
    if type_confidence is not None:
        others = type_confidence(np.concatenate(list(photos.strangers.values())))
        ours = {"phone": type_confidence(photos.phone[~fitting])}
        if photos.street is not None:
            ours["street"] = type_confidence(photos.street)
        for name, values in ours.items():
            result.plain[f"AUC {name} type confidence"] = area_under_curve(values, others)
    result.details["curve"] = curve.to_json()
    result.details["curve of the index"] = None if from_index is None else from_index.to_json()
    return result


def _fit(
    catalogue: _Matches, phone: _Matches, fitting: Bools, card: EncoderCard
) -> ConfidenceCurve | None:
    """On catalogue pictures and phone photos alike, as a user's photo may be either."""
    if not fitting.any():
        return None
    parts = [_part(catalogue, fitting), _part(phone, fitting)]
    return fit_curve(
        np.concatenate([part.agreements for part in parts]),
        np.concatenate([part.same for part in parts]),
        nothing_below=float(np.quantile(_mean_of_5(parts[1].similarities), RARELY)),
        card=card,
    )


def _by_similarity(parts: list[_Matches]) -> Callable[[Floats], Floats]:
    """What a curve would say that goes by similarity."""
    from sklearn.isotonic import IsotonicRegression

    similar = np.concatenate([part.similarities.ravel() for part in parts])
    same = np.concatenate([part.same.ravel() for part in parts])
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(similar, same)
    return lambda similarities: np.asarray(fitted.predict(similarities), np.float64)


def _held_out(benchmark: Benchmark, vectors: Vectors, queries: Vectors) -> _Matches:
    """Best matches of the held-out products, or of photos of them, among the others."""
    gallery, types = benchmark.gallery, benchmark.labels["articleType"]
    rows, values = nearest(queries, vectors[gallery], MATCHES)
    wanted, found = types[benchmark.queries][:, None], types[gallery][rows]
    return _matches(values, (found == wanted) & (wanted != ""), found)


def _street(benchmark: Benchmark, vectors: Vectors, photos: Vectors) -> _Matches:
    rows, values = nearest(photos, vectors, MATCHES)
    types = benchmark.labels["articleType"][rows]
    fits = [
        np.isin(found, STREET_TYPES[name])
        for found, name in zip(types, benchmark.street_classes, strict=True)
    ]
    return _matches(values, np.array(fits), types)


def _matches(similarities: Vectors, same: Bools, types: npt.NDArray[np.str_]) -> _Matches:
    agreements = np.stack([agreement(found) for found in types.tolist()])
    return _Matches(similarities.astype(np.float64), same, types, agreements)


def _part(matches: _Matches, rows: Bools) -> _Matches:
    return _Matches(
        matches.similarities[rows],
        matches.same[rows],
        matches.types[rows],
        matches.agreements[rows],
    )


def _errors(
    result: Result,
    name: str,
    matches: _Matches,
    curve: ConfidenceCurve,
    from_similarity: Callable[[Floats], Floats],
    from_index: ConfidenceCurve | None,
) -> None:
    """Calibration errors of the curve, and of what else a probability could be read from."""
    similar, agreements = matches.similarities.ravel(), matches.agreements.ravel()
    said = {
        "": curve(agreements),
        " similarity": similar.clip(0, 1),
        " from similarity": from_similarity(similar),
    }
    if from_index is not None:
        said[" index"] = from_index(agreements)
    for what, probabilities in said.items():
        error = expected_calibration_error(probabilities, matches.same.ravel())
        result.plain[f"ECE {name}{what}"] = error


def _nothing(matches: _Matches, curve: ConfidenceCurve) -> float:
    said = [nothing_similar(similar, curve) for similar in matches.similarities]
    return float(np.mean(said))


def _strangers(
    result: Result,
    benchmark: Benchmark,
    vectors: Vectors,
    photos: Photos,
    checked: dict[str, _Matches],
    curve: ConfidenceCurve,
) -> None:
    """How often pictures without fashion are told, and how well other numbers would tell them."""
    found = {kind: _of_no_type(benchmark, vectors, rows) for kind, rows in photos.strangers.items()}
    result.details["nothing by kind"] = {
        kind: round(_nothing(matches, curve), 4) for kind, matches in found.items()
    }
    sizes = [len(matches.same) for matches in found.values()]
    rates = list(result.details["nothing by kind"].values())
    result.plain["nothing strangers"] = float(np.average(rates, weights=sizes))
    strange = np.concatenate([matches.similarities for matches in found.values()])
    for name, matches in checked.items():
        for statistic, number in _STATISTICS.items():
            area = area_under_curve(number(matches.similarities), number(strange))
            result.plain[f"AUC {name} {statistic}"] = area


def _of_no_type(benchmark: Benchmark, vectors: Vectors, queries: Vectors) -> _Matches:
    rows, values = nearest(queries, vectors[benchmark.gallery], MATCHES)
    types = benchmark.labels["articleType"][benchmark.gallery][rows]
    return _matches(values, np.zeros(rows.shape, bool), types)


def _mean_of_5(similarities: Floats) -> Floats:
    return np.asarray(similarities[:, :5].mean(axis=1))


_STATISTICS: dict[str, Callable[[Floats], Floats]] = {
    "best": lambda similarities: similarities[:, 0],
    "mean of 5": _mean_of_5,
    "mean of 10": lambda similarities: np.asarray(similarities.mean(axis=1)),
    "margin": lambda similarities: similarities[:, 0] - similarities[:, -1],
}
