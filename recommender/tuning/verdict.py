"""Whether a head helps: before and after on the held-out products, query by query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.encoders.head import Floats
from recommender.evaluation.metrics import Estimate, summarise
from recommender.evaluation.protocols import by_query, retrieved
from recommender.evaluation.report import lay_out
from recommender.tuning.examples import Examples

MEAN = "mean"


@dataclass(frozen=True)
class Change:
    """One figure without and with the head.

    Attributes:
        before: mean over the held-out products, with its interval.
        after: the same with the head.
        difference: of the two, query by query, with the interval of its mean.
    """

    before: Estimate
    after: Estimate
    difference: Estimate

    @property
    def falls(self) -> bool:
        """Whether the figure is lower, and hardly by chance."""
        return self.difference.high < 0

    @property
    def rises(self) -> bool:
        """Whether the figure is higher, and hardly by chance."""
        return self.difference.low > 0


@dataclass(frozen=True)
class Verdict:
    """What a head does to each figure.

    Attributes:
        changes: figure → its change; `MEAN` is that of all the others.
    """

    changes: dict[str, Change]

    @property
    def objection(self) -> str:
        """Why the head is of no use; "" if it is.

        It is if the mean of all figures rises beyond the 95 % interval of the difference, and no
        figure falls beyond its own.
        """
        reasons = []
        if not self.changes[MEAN].rises:
            found = self.changes[MEAN].difference
            reasons.append(
                f"the mean of all figures does not rise beyond chance ({found.value:+.4f}, "
                f"95 % interval {found.low:+.4f} to {found.high:+.4f})"
            )
        fallen = [
            f"{name} falls by {-change.difference.value:.4f}"
            for name, change in self.changes.items()
            if change.falls and name != MEAN
        ]
        return "; ".join([*reasons, *fallen])

    def table(self) -> str:
        """For people."""
        rows = [
            [name, _cell(change.before), _cell(change.after), _cell(change.difference, "+")]
            for name, change in self.changes.items()
        ]
        return lay_out(["held-out products", "before", "after", "change"], rows, markdown=False)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            name: {
                "before": change.before.to_json(),
                "after": change.after.to_json(),
                "difference": change.difference.to_json(),
            }
            for name, change in self.changes.items()
        }


def judge(examples: Examples, tuned: Floats) -> Verdict:
    """Compare the tuned embeddings with those they were made from.

    Each held-out product searches the rest. Precision at 5 and mean average precision at 10, with
    bootstrap intervals over groups of near-identical pictures, as in `recommender.evaluation`.

    Args:
        examples: what was learned from.
        tuned: float32 (n, dim), of the same rows, unit length.
    """
    benchmark = examples.benchmark
    clusters = benchmark.groups[benchmark.queries]
    before, after = (
        by_query(benchmark, retrieved(benchmark, vectors), examples.relevance)
        for vectors in (examples.vectors, tuned)
    )
    names = [name for name in before if not np.isnan(before[name]).all()]
    both = [{name: values[name] for name in names} for values in (before, after)]
    for values in both:
        values[MEAN] = _mean([values[name] for name in names])
    return Verdict(
        {
            name: Change(
                summarise(both[0][name], clusters),
                summarise(both[1][name], clusters),
                summarise(both[1][name] - both[0][name], clusters),
            )
            for name in both[0]
        }
    )


def _mean(figures: Sequence[Any]) -> Any:
    """Each query's mean over the figures that it has; NaN where it has none."""
    table = np.stack(figures)
    known = ~np.isnan(table)
    counts = known.sum(axis=0)
    sums = np.where(known, table, 0.0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _cell(estimate: Estimate, sign: str = "") -> str:
    return f"{estimate.value:{sign}.3f} ±{(estimate.high - estimate.low) / 2:.3f}"
