"""Galleries of drawn vectors that lie in groups, as products of a kind do."""

from __future__ import annotations

import numpy as np


def unit(rows):
    return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


class Groups:
    """A gallery (n, 24) of some kinds, and queries like its first rows; drawn from `dice`."""

    def __init__(self, n: int, *, kinds: int, queries: int) -> None:
        self.dice = dice = np.random.default_rng(5)
        self.dim = dim = 24
        self.centres = unit(dice.normal(size=(kinds, dim)))
        self.kind = dice.integers(0, kinds, n)
        self.gallery = unit(self.centres[self.kind] + 0.06 * dice.normal(size=(n, dim)))
        like = self.centres[self.kind[:queries]]
        self.queries = unit(like + 0.06 * dice.normal(size=(queries, dim)))
