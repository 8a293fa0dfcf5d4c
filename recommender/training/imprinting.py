"""Proxies for a network that can see already: the mean embedding of each label's products.

Source: Qi, Brown & Lowe, "Low-Shot Learning with Imprinted Weights", CVPR 2018.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def imprinted(
    block: npt.NDArray[np.float32], labels: npt.NDArray[np.int64], classes: int
) -> npt.NDArray[np.float32]:
    """Unit rows (classes, d); labels without a product get a zero row.

    Args:
        block: float32 (n, d), unit rows.
        labels: int64 (n,) or (n, several), -1 for none.
        classes: how many there are.

    >>> imprinted(np.eye(2, dtype=np.float32), np.array([1, -1]), 3).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
    """
    columns = labels.reshape(len(labels), -1)
    sums = np.zeros((classes, block.shape[1]), np.float32)
    for column in columns.T:
        known = column >= 0
        np.add.at(sums, column[known], block[known])
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    result: npt.NDArray[np.float32] = sums / np.maximum(length, np.float32(1e-12))
    return result
