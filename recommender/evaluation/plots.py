"""Pictures of an evaluation: encoders side by side, and which types are taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender.errors import MissingExtraError
from recommender.evaluation.report import COLUMNS
from recommender.evaluation.run import Scores

_BARS = tuple(
    column
    for column in COLUMNS
    if column[0]
    in ("P@5 type", "colour", "type+colour", "all three", "phone R@1", "street match@5")
)


def draw(scores: Sequence[Scores], folder: Path) -> list[Path]:
    """Write ``encoders.png``, and of each ``confusion-`` and ``reliability-<encoder>.png``.

    Args:
        scores: one or more.
        folder: made if it is missing.

    Returns:
        the files.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    figure_class = _figure_class()
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "encoders.png"]
    _bars(figure_class, scores, written[0])
    for one in scores:
        protocol = [name for name in one.results if name.startswith("attributes")][-1]
        path = folder / f"confusion-{one.name}.png"
        _confusion(figure_class, one, protocol, path)
        written.append(path)
        if "reliability" in one.results["confidence"].details:
            written.append(folder / f"reliability-{one.name}.png")
            _reliability(figure_class, one, written[-1])
    return written


def _figure_class() -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("plots need matplotlib: pip install matplotlib") from None
    return Figure


def _bars(figure_class: Any, scores: Sequence[Scores], path: Path) -> None:
    figure = figure_class(figsize=(11, 4.5), layout="constrained")
    axis = figure.subplots()
    shown = [column for column in _BARS if all(column[1] in one.results for one in scores)]
    width = 0.8 / len(scores)
    for i, one in enumerate(scores):
        estimates = [one.results[protocol].figures[name] for _, protocol, name in shown]
        values = np.array([estimate.value for estimate in estimates])
        ends = np.array([[e.low, e.high] for e in estimates]).T
        axis.bar(
            np.arange(len(shown)) + (i - (len(scores) - 1) / 2) * width,
            values,
            width,
            yerr=np.abs(ends - values),
            label=one.name,
        )
    axis.set_xticks(range(len(shown)), [heading for heading, _, _ in shown])
    axis.set_ylim(0, 1)
    axis.set_title("Held-out products and real snapshots, with 95 % intervals")
    axis.grid(axis="y", alpha=0.3)
    axis.legend()
    figure.savefig(path, dpi=110)


def _confusion(figure_class: Any, scores: Scores, protocol: str, path: Path) -> None:
    found = scores.results[protocol].details["confusion"]
    counts = np.array(found["counts"], np.float64)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = figure_class(figsize=(8, 7), layout="constrained")
    axis = figure.subplots()
    axis.imshow(shares, vmin=0, vmax=1, cmap="Blues")
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.01:
            colour = "white" if share > 0.5 else "black"
            axis.text(
                column, row, f"{share:.0%}", ha="center", va="center", fontsize=6, color=colour
            )
    axis.set_xticks(range(counts.shape[1]), [*found["types"], "other"], rotation=60, ha="right")
    axis.set_yticks(range(counts.shape[0]), found["types"])
    axis.set(xlabel="said", ylabel="is", title=f"{scores.name}, {protocol}")
    figure.savefig(path, dpi=110)


def _reliability(figure_class: Any, scores: Scores, path: Path) -> None:
    result = scores.results["confidence"]
    figure = figure_class(figsize=(6, 5.5), layout="constrained")
    axis = figure.subplots()
    axis.plot([0, 1], [0, 1], color="grey", linestyle=":", linewidth=1)
    for name, bins in result.details["reliability"].items():
        error = result.plain[f"ECE {name}"]
        label = f"{name}: ECE {error:.3f}"
        axis.plot([b["said"] for b in bins], [b["true"] for b in bins], label=label)
        counts = np.array([b["count"] for b in bins])
        axis.scatter(
            [b["said"] for b in bins], [b["true"] for b in bins], 150 * counts / counts.sum() + 4
        )
    axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="probability said", ylabel="same type")
    axis.set_title(f"{scores.name}: is the match of the same type as the query?")
    axis.grid(alpha=0.3)
    axis.legend()
    figure.savefig(path, dpi=110)
