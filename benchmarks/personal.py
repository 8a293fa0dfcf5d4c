"""Do suggestions fit visitors of two tastes?

    python -m benchmarks.personal --artifacts DIR

A simulated visitor has two tastes, each a type and a colour such as "Heels, Red", of different
types and with at least 40 products in the catalogue. In the last 30 days the visitor saved 1 to 5
products of each taste, looked at 2 to 6 others of it, and looked at 3 products drawn from the whole
catalogue.
Twelve suggestions are judged:

* fit: share that is of the type and the colour of one of the two tastes. A navy shirt for a taste
  of blue ones counts as wrong, and so does whatever else the catalogue's words tell apart.
* type fits: share that is of the type of one of them;
* both tastes: share of visitors with at least one suggestion of either taste, type and colour;
* smaller taste: mean share that the taste with fewer fitting suggestions has of the twelve; 50 % is
  the most that is possible.

Side by side, with the same products left out: one query with the weighted mean of all the history;
the products most like the newest favourite; products drawn by chance. What such visitors really
would like is not known: this tells whether the tastes are found, not whether anybody buys.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.personal import anchors_of, suggestions
from recommender.search import Recommender
from recommender.visitors import Event, History

PICKS = 12
_LEAST = 40
_NOW = 1e9
_DAY = 86400.0
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Visitor:
    """A simulated one.

    Attributes:
        tastes: numbers of two (type, colour) pairs.
        history: what was saved and looked at.
    """

    tastes: tuple[int, int]
    history: History


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--data", type=Path, metavar="DIR", help="if it has moved since")
    parser.add_argument("--visitors", type=int, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    options = parser.parse_args()
    recommender = Recommender.open(options.artifacts, data=options.data)
    kinds = recommender.catalogue.column("articleType").codes.astype(np.int64)
    colours = recommender.catalogue.column("baseColour").codes.astype(np.int64)
    tastes = kinds * (colours.max() + 1) + colours
    dice = np.random.default_rng(options.seed)
    visitors = [draw_visitor(recommender, kinds, tastes, dice) for _ in range(options.visitors)]
    methods: dict[str, Callable[[Visitor], Codes]] = {
        "`recommender.personal`": lambda visitor: by_interests(recommender, visitor),
        "mean of the history": lambda visitor: by_mean(recommender, visitor),
        "like the newest favourite": lambda visitor: by_newest(recommender, visitor),
        "by chance": lambda visitor: by_chance(recommender, visitor, dice),
    }
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{len(recommender)} products, {len(visitors)} visitors, {PICKS} suggestions each; "
          "± half of the 95 % interval over visitors\n")  # fmt: skip
    print("| suggestions | fit | type fits | both tastes | smaller taste |")
    print("|---|---|---|---|---|")
    for name, method in methods.items():
        measured = np.array([judge(method(one), one, kinds, tastes) for one in visitors])
        spread = 1.96 * measured.std(axis=0) / np.sqrt(len(measured))
        cells = zip(measured.mean(axis=0), spread, strict=True)
        print(f"| {name} | {' | '.join(f'{mean:.1%} ± {half:.1%}' for mean, half in cells)} |")
    return 0


def draw_visitor(
    recommender: Recommender, kinds: Codes, tastes: Codes, dice: np.random.Generator
) -> Visitor:
    """A visitor of two tastes of different types."""
    values, counts = np.unique(tastes, return_counts=True)
    common = values[counts >= _LEAST]
    while True:
        one, other = dice.choice(common, 2, replace=False).tolist()
        if kinds[tastes == one][0] != kinds[tastes == other][0]:
            break
    saved: list[int] = []
    viewed: list[int] = dice.integers(0, len(recommender), 3).tolist()
    for taste in (one, other):
        likes, looks = int(dice.integers(1, 6)), int(dice.integers(2, 7))
        rows = dice.choice(np.flatnonzero(tastes == taste), likes + looks, replace=False).tolist()
        saved += rows[:likes]
        viewed += rows[likes:]
    items = recommender.catalogue.items

    def events(rows: list[int]) -> tuple[Event, ...]:
        drawn = [Event(items[row].id, _NOW - 30 * _DAY * dice.random()) for row in rows]
        return tuple(sorted(drawn, key=lambda event: -event.at))

    return Visitor((one, other), History(events(saved), events(viewed)))


def judge(rows: Codes, visitor: Visitor, kinds: Codes, tastes: Codes) -> list[float]:
    """Fit, type fits, both tastes, smaller taste."""
    fits = [float((tastes[rows] == taste).sum()) / PICKS for taste in visitor.tastes]
    wanted = [kinds[tastes == taste][0] for taste in visitor.tastes]
    of_type = float(np.isin(kinds[rows], wanted).sum()) / PICKS
    return [sum(fits), of_type, float(min(fits) > 0), min(fits)]


def by_interests(recommender: Recommender, visitor: Visitor) -> Codes:
    found = suggestions(recommender, visitor.history, PICKS, now=_NOW)
    rows = (recommender.catalogue.row_of(one.recommendation.id) for one in found)
    return np.fromiter(rows, np.int64)


def by_mean(recommender: Recommender, visitor: Visitor) -> Codes:
    anchors = anchors_of(recommender, visitor.history, now=_NOW)
    vectors = recommender.index.embeddings[[anchor.row for anchor in anchors]]
    mean = np.array([anchor.weight for anchor in anchors]) @ vectors
    return _nearest(recommender, (mean / np.linalg.norm(mean)).astype(np.float32), visitor)


def by_newest(recommender: Recommender, visitor: Visitor) -> Codes:
    newest = recommender.catalogue.row_of(visitor.history.favourites[0].item)
    return _nearest(recommender, recommender.index.embeddings[newest], visitor)


def by_chance(recommender: Recommender, visitor: Visitor, dice: np.random.Generator) -> Codes:
    known = _known(recommender, visitor)
    rows = dice.permutation(len(recommender))[: PICKS + len(known)].astype(np.int64)
    return rows[~np.isin(rows, known)][:PICKS]


def _nearest(recommender: Recommender, vector: npt.NDArray[np.float32], visitor: Visitor) -> Codes:
    known = _known(recommender, visitor)
    rows = recommender.nearest(vector, PICKS, spare=len(known)).rows[0]
    return np.asarray(rows[~np.isin(rows, known)][:PICKS], np.int64)


def _known(recommender: Recommender, visitor: Visitor) -> list[int]:
    events = (*visitor.history.favourites, *visitor.history.views)
    return [recommender.catalogue.row_of(event.item) for event in events]


if __name__ == "__main__":
    sys.exit(main())
