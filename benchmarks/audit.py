"""How many wrong labels does the audit find?

    python -m benchmarks.audit --artifacts artifacts

In a copy of the catalogue's labels some are exchanged for the label of another item drawn by
chance; `recommender.doubts` then judges all labels by the neighbours. Recall is the share of the
planted errors found; precision counts planted errors alone, so it is too low by the errors that the
catalogue had before. An encoder that was trained on this catalogue has seen most of its labels, so
the held-out products, which it has not, have a row of their own.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.folding import thumbnails
from recommender.columns import Column
from recommender.doubts import LEAST_EVIDENCE, VOTERS, Doubt, doubts
from recommender.evaluation.splits import group_pictures, held_out
from recommender.search import Recommender
from recommender.survey import survey

ATTRIBUTES = ("articleType", "baseColour")
PLANTED = 200
SEEDS = (0, 1, 2)
_ALL = -1e9


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, metavar="DIR", help="if it has moved since")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    options = parser.parse_args()
    recommender = Recommender.open(options.artifacts, data=options.data)
    started = time.perf_counter()
    own, threshold = recommender.one_product
    neighbours = survey(recommender.index.embeddings, VOTERS, threshold=threshold, own=own).rows
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{len(recommender)} products surveyed in {time.perf_counter() - started:.0f} s\n")
    ids = [item.id for item in recommender.catalogue.items]
    unseen = held_out(ids, group_pictures(thumbnails(recommender)))
    everywhere = np.ones(len(recommender), bool)
    print("| attribute | planted among | doubted | found | of these, right label suggested "
          "| precision | precision of the first 200 | average precision |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    for attribute in ATTRIBUTES:
        column = recommender.catalogue.column(attribute)
        for name, among in (("all", everywhere), ("held out", unseen)):
            scores = [measure(column, neighbours, among, seed) for seed in SEEDS]
            doubted, *shares = np.mean(scores, axis=0)
            cells = " | ".join(f"{share:.1%}" for share in shares[:-1])
            print(f"| {attribute} | {name} | {doubted:.0f} | {cells} | {shares[-1]:.3f} |")
    return 0


def measure(
    column: Column, neighbours: npt.NDArray[np.int32], among: npt.NDArray[np.bool_], seed: int
) -> tuple[float, ...]:
    """Plant errors and look for them: the cells of a row of the table."""
    dice = np.random.default_rng(seed)
    known = np.flatnonzero(column.codes >= 0)
    planted = dice.choice(np.flatnonzero(among & (column.codes >= 0)), PLANTED, replace=False)
    codes = column.codes.copy()
    for row in planted:
        while codes[row] == column.codes[row]:
            codes[row] = column.codes[dice.choice(known)]
    ranked = doubts("", replace(column, codes=codes), neighbours, least=_ALL)
    ranked = [doubt for doubt in ranked if among[doubt.row]]
    wrong = set(planted.tolist())
    doubted = [doubt for doubt in ranked if doubt.evidence >= LEAST_EVIDENCE]
    found = [doubt for doubt in doubted if doubt.row in wrong]
    right = [d for d in found if d.suggested == str(column.values[column.codes[d.row]])]
    first = sum(doubt.row in wrong for doubt in ranked[:PLANTED])
    return (
        len(doubted), len(found) / PLANTED, len(right) / max(1, len(found)),
        len(found) / max(1, len(doubted)), first / PLANTED, average_precision(ranked, wrong),
    )  # fmt: skip


def average_precision(ranked: list[Doubt], wrong: set[int]) -> float:
    """Mean of the precision at the place of each planted error; 0 for one that has none."""
    hits = np.array([doubt.row in wrong for doubt in ranked])
    precision = hits.cumsum() / np.arange(1, len(hits) + 1)
    return float(precision[hits].sum() / len(wrong))


if __name__ == "__main__":
    sys.exit(main())
