"""Exact nearest neighbours of unit vectors, in blocks that fit into memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_BLOCK = 512


def nearest(
    queries: Vectors, gallery: Vectors, k: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The k most similar gallery rows of each query, best first.

    Args:
        queries: unit rows (q, d).
        gallery: unit rows (n, d), n at least k.
        k: how many.

    Returns:
        int64 (q, k) rows and float32 (q, k) cosine similarities.

    >>> rows, similar = nearest(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), 1)
    >>> rows.tolist(), similar.tolist()
    ([[0], [1]], [[1.0], [1.0]])
    """
    rows = np.empty((len(queries), k), np.int64)
    values = np.empty((len(queries), k), np.float32)
    for start in range(0, len(queries), _BLOCK):
        similar = queries[start : start + _BLOCK] @ gallery.T
        part = np.argpartition(similar, -k, axis=1)[:, -k:]
        found = np.take_along_axis(similar, part, axis=1)
        # Equal similarities, as of identical pictures, go by row: the same result everywhere.
        order = np.lexsort((part, -found), axis=1)
        rows[start : start + _BLOCK] = np.take_along_axis(part, order, axis=1)
        values[start : start + _BLOCK] = np.take_along_axis(found, order, axis=1)
    return rows, values


def first_rank(
    queries: Vectors,
    gallery: Vectors,
    query_groups: npt.NDArray[np.int64],
    gallery_groups: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Rank, from 1, of the first gallery row of the query's own group.

    Args:
        queries: unit rows (q, d).
        gallery: unit rows (n, d).
        query_groups: int64 (q,), each of which occurs in `gallery_groups`.
        gallery_groups: int64 (n,).

    >>> first_rank(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), np.array([7, 7]),
    ...            np.array([3, 7])).tolist()
    [2, 1]
    """
    ranks = np.empty(len(queries), np.int64)
    for start in range(0, len(queries), _BLOCK):
        similar = queries[start : start + _BLOCK] @ gallery.T
        own = query_groups[start : start + _BLOCK, None] == gallery_groups[None, :]
        best = np.where(own, similar, -np.inf).max(axis=1)
        ranks[start : start + _BLOCK] = 1 + (similar > best[:, None]).sum(axis=1)
    return ranks
