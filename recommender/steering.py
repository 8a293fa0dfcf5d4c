"""Queries made of several pictures: fused into one, or moved towards some and away from others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.errors import QueryError

_KEEP, _TOWARDS, _AWAY = 1.0, 0.75, 0.25
_SHORTEST = 1e-6


def fuse(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """One query out of several: the mean of their embeddings, scaled to unit length.

    Args:
        vectors: float32 (m, dim), unit rows, m at least 1.

    Returns:
        float32 (dim,), unit length.

    Raises:
        QueryError: there is none, or they cancel out.

    >>> fuse(np.eye(2, dtype=np.float32)).round(3).tolist()
    [0.7070000171661377, 0.7070000171661377]
    """
    if vectors.ndim != 2 or not len(vectors):
        raise QueryError("there is no photo to search with: give at least one")
    return _unit(vectors.mean(axis=0), "these photos cancel each other out: search them one by one")


def steer(
    query: npt.NDArray[np.float32],
    *,
    liked: npt.NDArray[np.float32],
    disliked: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Move a query towards what is liked and away from what is not.

    q' = q + 0.75 · mean(liked) - 0.25 · mean(disliked), scaled to unit length. Rocchio's relevance
    feedback: J. J. Rocchio, "Relevance Feedback in Information Retrieval", in G. Salton (ed.), The
    SMART Retrieval System, 1971. What is disliked counts less, as what is wrong with an item says
    less than what is right with one.

    Args:
        query: float32 (dim,), unit length.
        liked: float32 (p, dim), unit rows; p may be 0.
        disliked: float32 (q, dim), unit rows; q may be 0.

    Returns:
        float32 (dim,), unit length.

    Raises:
        QueryError: nothing is left of the query.

    >>> q = np.array([1, 0], np.float32)
    >>> steer(q, liked=np.eye(2, dtype=np.float32)[1:], disliked=np.empty((0, 2))).round(2).tolist()
    [0.800000011920929, 0.6000000238418579]
    """
    moved = _KEEP * query
    if len(liked):
        moved = moved + _TOWARDS * liked.mean(axis=0)
    if len(disliked):
        moved = moved - _AWAY * disliked.mean(axis=0)
    return _unit(moved, "these examples leave nothing of the query: take one of them back")


def _unit(vector: npt.NDArray[np.float32], otherwise: str) -> npt.NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    if length < _SHORTEST:
        raise QueryError(otherwise)
    return (vector / length).astype(np.float32)
