"""What an outfit is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recommender.likeness import Look
from recommender.results import Recommendation


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One piece of an outfit.

    Attributes:
        name: what it is in the outfit: ``shoes``.
        recommendation: the product; its distance and similarity are to the query.
        score: what it was chosen by, 0 to 1; higher is better.
        reasons: why it was chosen, the colour first.
        choices: how many products fit the slot.
        again: whether all of them had been shown, so that it starts anew.
    """

    name: str
    recommendation: Recommendation
    score: float
    reasons: tuple[str, ...]
    choices: int
    again: bool = False

    @property
    def id(self) -> str:
        return self.recommendation.id

    @property
    def because(self) -> str:
        """The reasons in one line."""
        return " · ".join(self.reasons)

    def to_json(self) -> dict[str, Any]:
        """What the command line prints for it."""
        return {
            "slot": self.name,
            **self.recommendation.to_json(),
            "score": round(self.score, 6),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A slot that nothing fills.

    Attributes:
        name: of the slot.
        reason: why, in a few words.
    """

    name: str
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Outfit:
    """Pieces that complete a look.

    Attributes:
        look: what it was made for.
        slots: the pieces, in the order in which they are shown.
        missing: slots that nothing fills.
        harmony: of all the colours, the query's too, above 0 to 1; None if fewer than two are
            known.
        notes: what was guessed, or is not known, a line each. Where there are no slots at all, the
            first says why.
        seen: slot → ids that it has shown, the present one last; re-rolling goes on from there.
    """

    look: Look
    slots: tuple[Slot, ...] = ()
    missing: tuple[Missing, ...] = ()
    harmony: float | None = None
    notes: tuple[str, ...] = ()
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def slot(self, name: str) -> Slot | None:
        """The slot of a name, if it is filled."""
        return next((slot for slot in self.slots if slot.name == name), None)
