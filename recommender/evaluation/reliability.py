"""Whether probabilities mean what they say, and how well a number tells two groups apart."""

from __future__ import annotations

import numpy as np

from recommender.evaluation.metrics import Bools, Floats


def reliability(confidence: Floats, right: Bools, *, bins: int = 10) -> list[dict[str, float]]:
    """What was said and what came true, by equally wide bins of confidence; empty ones left out.

    Args:
        confidence: float (n,), 0 to 1.
        right: bool (n,).
        bins: how many.

    Returns:
        for each bin ``said`` (mean confidence), ``true`` (share that was right), ``count``.

    >>> reliability(np.array([0.8, 0.8]), np.array([True, False]))
    [{'said': 0.8, 'true': 0.5, 'count': 2}]
    """
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    return [
        {
            "said": round(float(confidence[place == i].mean()), 4),
            "true": round(float(right[place == i].mean()), 4),
            "count": int((place == i).sum()),
        }
        for i in np.unique(place)
    ]


def area_under_curve(ours: Floats, others: Floats) -> float:
    """Probability that one of ours scores above one of the others; ties count half.

    The area under the ROC curve, by Hanley & McNeil, "The Meaning and Use of the Area under a
    Receiver Operating Characteristic Curve", Radiology 143 (1982).

    Args:
        ours: float (n,), should be high.
        others: float (m,), should be low.

    >>> area_under_curve(np.array([0.9, 0.5]), np.array([0.5, 0.1]))
    0.875
    """
    ordered = np.sort(others)
    below = np.searchsorted(ordered, ours, side="left")
    up_to = np.searchsorted(ordered, ours, side="right")
    return float((below + up_to).mean() / (2 * len(others)))
