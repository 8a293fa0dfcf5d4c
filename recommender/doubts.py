"""Labels that an item's neighbours contradict.

The nearest other items vote. That shirts stand among T-shirts is no news, so the vote is held
against what is usual: the evidence is the log odds of the best other label against the given one
among the neighbours, less the same log odds of an average item with the given label. The idea of
judging a label by how labels are confused anyway is that of confident learning: C. Northcutt, L.
Jiang & I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021).
``benchmarks/audit.py`` measures it on planted errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.columns import UNKNOWN, Column

VOTERS = 30
"""Neighbours that vote: with 10 the average precision on planted errors is 0.73, with 30 0.77."""
LEAST_EVIDENCE = 5.0
"""Log odds from which a label is doubted: the vote is 150 times as much against it as usual."""
_LEAST_SHARE = 0.5
_FLOOR = 0.02  # Added to every share: among 30 voters none at all is no proof.
_BLOCK = 4096
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A label that its item's neighbours contradict.

    Attributes:
        row: of the index.
        attribute: a column of the catalogue.
        given: the label as it is.
        suggested: what most of the neighbours have.
        given_share: share of the neighbours with the label given, 0 to 1.
        suggested_share: share with the label suggested.
        evidence: how much more the neighbours are against the label than is usual for it, in log
            odds; higher is surer.
    """

    row: int
    attribute: str
    given: str
    suggested: str
    given_share: float
    suggested_share: float
    evidence: float


def doubts(
    attribute: str,
    column: Column,
    neighbours: npt.NDArray[np.int32],
    *,
    least: float = LEAST_EVIDENCE,
) -> list[Doubt]:
    """The labels of an attribute that the neighbours contradict, the surest first.

    Args:
        attribute: its name.
        column: its values; items without one neither vote nor are doubted.
        neighbours: int32 (n, k), rows of the nearest other items; below 0 where there is none.
        least: evidence from which a label is doubted.
    """
    if len(column.values) < 2:
        return []
    labels = column.codes
    usual = _usual_shares(column, neighbours)
    found = []
    for start in range(0, len(labels), _BLOCK):
        given = labels[start : start + _BLOCK]
        shares = _shares(column, neighbours[start : start + _BLOCK])
        places = np.arange(len(given))
        own = shares[places, given]
        others = shares.copy()
        others[places, given] = -1.0
        best = others.argmax(axis=1)
        share = others[places, best]
        evidence = _log_odds(share, own) - _log_odds(usual[given, best], usual[given, given])
        doubted = (given != UNKNOWN) & (evidence >= least) & (share >= _LEAST_SHARE)
        found += [
            Doubt(
                row=start + place,
                attribute=attribute,
                given=str(column.values[given[place]]),
                suggested=str(column.values[best[place]]),
                given_share=float(own[place]),
                suggested_share=float(share[place]),
                evidence=float(evidence[place]),
            )
            for place in np.flatnonzero(doubted).tolist()
        ]
    return sorted(found, key=lambda doubt: (-doubt.evidence, doubt.row))


def _shares(column: Column, neighbours: npt.NDArray[np.int32]) -> Floats:
    """Of each row's neighbours that have a label, the share with each: (q, labels), or zeros."""
    count = len(column.values)
    # Whatever has no label, or is not there, votes in a place of its own, which is cut off.
    votes = np.where(neighbours >= 0, column.codes[neighbours], UNKNOWN)
    votes = np.where(votes == UNKNOWN, count, votes)
    ballots = votes + (count + 1) * np.arange(len(votes))[:, None]
    totals = np.bincount(ballots.ravel(), minlength=len(votes) * (count + 1))
    shares = totals.reshape(len(votes), count + 1)[:, :count].astype(np.float64)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1.0))


def _usual_shares(column: Column, neighbours: npt.NDArray[np.int32]) -> Floats:
    """Of the items with each label, the mean shares of their neighbours: (labels, labels)."""
    count = len(column.values)
    sums = np.zeros((count + 1, count))
    for start in range(0, len(neighbours), _BLOCK):
        given = column.codes[start : start + _BLOCK]
        np.add.at(sums, given, _shares(column, neighbours[start : start + _BLOCK]))
    totals = sums[:count].sum(axis=1, keepdims=True)
    return np.asarray(sums[:count] / np.maximum(totals, 1e-9))


def _log_odds(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.log((one + _FLOOR) / (other + _FLOOR)))
