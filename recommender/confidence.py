"""How likely it is that a match shows the same kind of product as the photo.

What tells it is agreement: how many of the nearest products are of the match's type. Snapshots lie
farther from catalogue pictures than photos of one product do, so that their similarity says far too
little of them, but what lies nearest agrees no less. Source: Papernot & McDaniel, "Deep k-Nearest
Neighbors: Towards Confident, Interpretable and Robust Deep Learning", arXiv 1803.04765 (2018).

A curve fitted on products whose types are known turns it into a probability: isotonic regression,
which only assumes that more agreement is never less likely to be right. Source: Zadrozny & Elkan,
"Transforming Classifier Scores into Accurate Multiclass Probability Estimates", KDD 2002.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.base import EncoderCard
from recommender.errors import ArtifactsError

Floats = npt.NDArray[np.float64]

WORDS: tuple[tuple[float, str], ...] = (
    (0.9, "likely the same kind"),
    (0.5, "maybe the same kind"),
    (0.0, "hardly the same kind"),
)
"""From which probability on → what it is called."""

MATCHES = 10
"""How many of the nearest products are asked for their type: about as many as are shown."""

_NEAREST = 5
_SHIPPED = Path(__file__).parent / "encoders" / "weights"


@dataclass(frozen=True)
class ConfidenceCurve:
    """Agreement → probability that the article type is the same; straight between the knots.

    Attributes:
        agreements: of the knots, 0 to 1, ascending, at least two; see `agreement`.
        probabilities: at the knots, 0 to 1, never descending.
        nothing_below: mean cosine similarity of the five nearest products below which they may be
            nothing very similar; see `nothing_similar`.
        encoder: the encoder's name that it was fitted for; "" for the index at hand.
        weights_sha256: the weights that it was fitted for; "" for those of the index at hand.
    """

    agreements: tuple[float, ...]
    probabilities: tuple[float, ...]
    nothing_below: float
    encoder: str = ""
    weights_sha256: str = ""

    def __post_init__(self) -> None:
        """Check the knots.

        Raises:
            ArtifactsError: they are no curve.
        """
        x, y = np.array(self.agreements), np.array(self.probabilities)
        if len(x) != len(y) or len(x) < 2 or not np.isfinite([*x, *y, self.nothing_below]).all():
            raise ArtifactsError("a confidence curve needs two knots or more, all of them numbers")
        ascend = (np.diff(x) > 0).all() and (np.diff(y) >= 0).all()
        if not ascend or min(x[0], y[0]) < 0 or max(x[-1], y[-1]) > 1:
            raise ArtifactsError("the knots of a confidence curve must ascend, from 0 to 1")

    def __call__(self, agreement: npt.ArrayLike) -> Floats:
        """Probabilities, float64 of the same shape, of agreements from 0 to 1.

        Beyond the knots it runs level.

        >>> ConfidenceCurve((0.2, 0.8), (0.0, 1.0), 0.3)([0.1, 0.5, 0.9])
        array([0. , 0.5, 1. ])
        """
        found = np.interp(np.asarray(agreement, np.float64), self.agreements, self.probabilities)
        return np.asarray(found, np.float64)

    def fits(self, card: EncoderCard) -> bool:
        """Whether the curve was fitted for that encoder with those weights."""
        return (self.encoder, self.weights_sha256) == (card.name, card.weights_sha256)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "encoder": self.encoder,
            "weights_sha256": self.weights_sha256,
            "nothing_below": round(self.nothing_below, 4),
            "agreements": [round(value, 4) for value in self.agreements],
            "probabilities": [round(value, 4) for value in self.probabilities],
        }

    @classmethod
    def from_json(cls, stored: Any) -> ConfidenceCurve:
        """What `to_json` made.

        Raises:
            ArtifactsError: it is something else.
        """
        try:
            return cls(
                tuple(float(value) for value in stored["agreements"]),
                tuple(float(value) for value in stored["probabilities"]),
                float(stored["nothing_below"]),
                str(stored["encoder"]),
                str(stored["weights_sha256"]),
            )
        except (KeyError, TypeError, ValueError):
            raise ArtifactsError("this is no confidence curve: fit it again") from None


def agreement(types: Sequence[str | None], among: Sequence[str | None] | None = None) -> Floats:
    """How many of the nearest products are of the type of each match: shares from 0 to 1.

    An unknown type agrees with nothing, not even with itself, but counts as one of the nearest:
    what is not known supports nobody.

    Args:
        types: the article types of n matches; None or "" for unknown.
        among: those of the nearest products, about ten; None if the matches are the nearest.

    Returns:
        float64 (n,).

    >>> agreement(["Shirts", "Shirts", None, "Caps"])
    array([0.5 , 0.5 , 0.  , 0.25])
    >>> agreement(["Caps", "Belts"], ["Caps", "Shirts"])
    array([0.5, 0. ])
    """
    nearest = types if among is None else among
    counts = Counter(kind for kind in nearest if kind)
    shares = [counts[kind or ""] / max(len(nearest), 1) for kind in types]
    return np.array(shares, np.float64)


def in_words(probability: float) -> str:
    """A probability in words; the limits are those of `WORDS`: 90 and 50 %.

    >>> in_words(0.92), in_words(0.5)
    ('likely the same kind', 'maybe the same kind')
    """
    return next(words for least, words in WORDS if probability >= least or least == 0.0)


def nothing_similar(similarities: npt.ArrayLike, curve: ConfidenceCurve | None) -> bool:
    """Whether to say that the catalogue holds nothing very similar to the photo.

    It is said if the five nearest lie far off on average. That their types agree would be no
    excuse: those of a gradient or of a page of text agree nearly as often as those of a garment.

    Args:
        similarities: cosine similarities (k,) of the nearest products, in any order.
        curve: of the encoder; without one nothing is known, and nothing said.

    >>> curve = ConfidenceCurve((0.2, 0.8), (0.0, 1.0), 0.3)
    >>> nothing_similar([0.25, 0.2], curve), nothing_similar([0.9], curve)
    (True, False)
    >>> nothing_similar([], curve), nothing_similar([0.1], None)
    (True, False)
    """
    if curve is None:
        return False
    values = np.sort(np.asarray(similarities, np.float64).ravel())[-_NEAREST:]
    return not values.size or float(values.mean()) < curve.nothing_below


def shipped_curve(card: EncoderCard, folder: Path = _SHIPPED) -> ConfidenceCurve | None:
    """The curve that comes with an encoder; None if there is none for exactly these weights.

    A curve of other weights is never used: the weights' SHA-256 in it must be the encoder's.

    Args:
        card: of the encoder.
        folder: where ``<encoder>-confidence.json`` is looked for.

    Raises:
        ArtifactsError: the file is there but damaged.
    """
    path = folder / f"{card.name}-confidence.json"
    if not path.is_file():
        return None
    try:
        curve = ConfidenceCurve.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ArtifactsError) as error:
        reason = " ".join(str(error).split())
        raise ArtifactsError(
            f"{path} cannot be used ({reason}): delete it or fit it again"
        ) from None
    return curve if curve.fits(card) else None
