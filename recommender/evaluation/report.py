"""Figures as a table for the screen, as Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.evaluation.run import Scores

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("P@5 type", "catalogue", "P@5 type"),
    ("colour", "catalogue", "P@5 colour"),
    ("gender", "catalogue", "P@5 gender"),
    ("type+colour", "catalogue", "P@5 type+colour"),
    ("all three", "catalogue", "P@5 all three"),
    ("macro type", "catalogue", "macro P@5 type"),
    ("mAP@10 type", "catalogue", "mAP@10 type"),
    ("nDCG@10", "catalogue", "nDCG@10"),
    ("phone R@1", "phone", "recall@1"),
    ("R@5", "phone", "recall@5"),
    ("MRR", "phone", "MRR"),
    ("street match@5", "street", "type-match@5"),
    ("hit@5", "street", "hit@5"),
)
"""(heading, protocol, figure) of the main table."""

ATTRIBUTE_COLUMNS: tuple[tuple[str, str], ...] = tuple(
    (f"{short} {what}", f"{figure} {column}")
    for short, column in (("type", "articleType"), ("colour", "baseColour"), ("gender", "gender"))
    for what, figure in (("accuracy", "accuracy"), ("macro-F1", "macro-F1"), ("ECE", "ECE"))
)

CONFIDENCE_COLUMNS: tuple[tuple[str, str], ...] = (
    *(
        (f"{name} {heading}", f"ECE {name}{suffix}")
        for name in ("catalogue", "phone", "street")
        for heading, suffix in (
            ("ECE", ""),
            ("by index", " index"),
            ("by similarity", " from similarity"),
            ("raw", " similarity"),
        )
    ),
    *(
        (heading, f"nothing {name}")
        for heading, name in (
            ("nothing: catalogue", "catalogue"),
            ("phone", "phone"),
            ("street", "street"),
            ("no fashion", "strangers"),
        )
    ),
    ("AUC phone", "AUC phone mean of 5"),
    ("street", "AUC street mean of 5"),
)
"""(heading, figure): calibration errors of the curve from agreement, of one fitted to the index, of
one from similarity, and of the bare similarity; how often nothing is said to be similar; how well
the mean similarity of the five best tells."""


def table(scores: Sequence[Scores], *, markdown: bool = False) -> str:
    """The main table, an encoder a row; an interval is as wide as plus or minus half of it."""
    heads = ["encoder", "numbers", *(heading for heading, _, _ in COLUMNS)]
    rows = [
        [
            one.name,
            str(one.dim),
            *(_cell(one, protocol, figure) for _, protocol, figure in COLUMNS),
        ]
        for one in scores
    ]
    return lay_out(heads, rows, markdown=markdown)


def attributes_table(scores: Sequence[Scores], *, markdown: bool = False) -> str:
    """What the encoders say of photos' attributes, by heads of their own or neighbours' vote."""
    heads = ["encoder", *(heading for heading, _ in ATTRIBUTE_COLUMNS)]
    rows = [
        [
            f"{one.name}, {protocol.removeprefix('attributes by ')}",
            *(_cell(one, protocol, figure) for _, figure in ATTRIBUTE_COLUMNS),
        ]
        for one in scores
        for protocol in one.results
        if protocol.startswith("attributes")
    ]
    return lay_out(heads, rows, markdown=markdown)


def confidence_table(scores: Sequence[Scores], *, markdown: bool = False) -> str:
    """How well calibrated the probability of the same type is, and what it does without fashion."""
    heads = ["encoder", *(heading for heading, _ in CONFIDENCE_COLUMNS)]
    rows = [
        [one.name, *(_cell(one, "confidence", figure) for _, figure in CONFIDENCE_COLUMNS)]
        for one in scores
    ]
    return lay_out(heads, rows, markdown=markdown)


def _cell(scores: Scores, protocol: str, figure: str) -> str:
    result = scores.results.get(protocol)
    if result is None:
        return "-"
    if figure in result.figures:
        estimate = result.figures[figure]
        return f"{estimate.value:.3f} ±{(estimate.high - estimate.low) / 2:.3f}"
    # Without snapshots, or with few products, the confidence has fewer figures.
    return f"{result.plain[figure]:.3f}" if figure in result.plain else "-"


def lay_out(heads: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool) -> str:
    """Columns as wide as they need to be.

    >>> print(lay_out(["a", "b"], [["x", "1"]], markdown=False))
    a  b
    x  1
    """
    if markdown:
        lines = [heads, ["---"] * len(heads), *rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)
    widths = [max(len(line[i]) for line in [heads, *rows]) for i in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [heads, *rows]
    )
