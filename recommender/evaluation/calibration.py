"""Make probabilities as high as they are often right, on products that were not trained on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion import softmax
from recommender.encoders.fashion_weights import Knots
from recommender.evaluation.metrics import expected_calibration_error

_KNOTS = 20
_LEAST_A_KNOT = 40


def fit_sharpness(
    cosines: npt.NDArray[np.float32], truth: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """The factor that makes a softmax of cosines likeliest to tell the truth.

    Temperature scaling, Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.

    Args:
        cosines: float32 (n, labels).
        truth: int64 (n,), -1 for unknown.

    Returns:
        (factor, expected calibration error with it).
    """
    known = truth >= 0
    cosines, truth = cosines[known], truth[known]
    places = np.arange(len(truth))

    def surprise(factor: float) -> float:
        return float(-np.log(softmax(factor * cosines)[places, truth] + 1e-12).mean())

    factors = [float(factor) for factor in np.geomspace(3.0, 100.0, 120)]
    best = min(factors, key=surprise)
    p = softmax(best * cosines)
    right = p.argmax(axis=1) == truth
    return best, round(expected_calibration_error(p.max(axis=1).astype(np.float64), right), 4)


def fit_certainty(probabilities: npt.NDArray[np.float32], truth: npt.NDArray[np.int64]) -> Knots:
    """How often the likeliest value is right, by how likely it is said to be.

    Isotonic regression, Zadrozny & Elkan, "Transforming Classifier Scores into Accurate Multiclass
    Probability Estimates", KDD 2002.

    Args:
        probabilities: float32 (n, values).
        truth: int64 (n,), -1 for unknown.

    Returns:
        knots as `encoders.fashion.as_often_right` takes them; the diagonal where there are too few.
    """
    from sklearn.isotonic import IsotonicRegression

    known = truth >= 0
    largest = probabilities[known].max(axis=1).astype(np.float64)
    right = probabilities[known].argmax(axis=1) == truth[known]
    if len(largest) < _LEAST_A_KNOT:
        return (0.0, 1.0), (0.0, 1.0)
    order = np.argsort(largest, kind="stable")
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0).fit_transform(largest[order], right[order])
    parts = np.array_split(np.arange(len(order)), min(_KNOTS, len(order) // _LEAST_A_KNOT))
    given = [float(largest[order][part].mean()) for part in parts]
    often = [float(fitted[part].mean()) for part in parts]
    return tuple(given), tuple(often)
