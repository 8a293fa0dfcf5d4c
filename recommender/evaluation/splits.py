"""Which products are held out, so that no picture is both learned from and tested on.

Training and evaluation share these functions. Several ids often carry one and the same picture, or
nearly: such pictures form a group, and a group goes to one side as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

HELD_OUT_SHARE = 0.10
VALIDATION_SHARE = 0.05
SAME_PICTURE = 3.0
"""Two pictures are one if their 16x12 thumbnails differ by less than this, in grey levels of 255:
the root of the mean squared difference."""

_BLOCK = 2048


def thumbnail(image: Image.Image) -> npt.NDArray[np.uint8]:
    """The picture at 16x12 pixels, by which near-identical ones are recognised.

    It passes through 80x60, at which training keeps its pictures, so that both see the same.

    Args:
        image: RGB.

    Returns:
        uint8 (16, 12, 3).
    """
    kept = image.resize((60, 80), Image.Resampling.BILINEAR)
    return np.asarray(kept.resize((12, 16), Image.Resampling.BILINEAR))


def group_pictures(
    thumbnails: npt.NDArray[np.uint8], *, threshold: float = SAME_PICTURE
) -> npt.NDArray[np.int64]:
    """Group near-identical pictures: neighbours closer than `threshold`, and theirs, and so on.

    Args:
        thumbnails: uint8 (n, height, width, 3).
        threshold: root mean squared difference in grey levels below which two are the same.

    Returns:
        int64 (n,): for each picture the smallest row of its group.

    >>> same = np.full((1, 16, 12, 3), 9, np.uint8)
    >>> group_pictures(np.concatenate([same, same + 99, same + 1])).tolist()
    [0, 1, 0]
    """
    n = len(thumbnails)
    flat = thumbnails.reshape(n, -1).astype(np.float32)
    limit = threshold**2 * flat.shape[1]
    squares = np.einsum("ij,ij->i", flat, flat, dtype=np.float64)
    # Pictures can be that close only if their norms are: in the order of norms a window suffices.
    order = np.argsort(squares, kind="stable")
    flat, norms = flat[order], np.sqrt(squares[order])
    squares = squares[order]
    parent = np.arange(n)
    reach = np.searchsorted(norms, norms + np.sqrt(limit), side="right")
    for start in range(0, n, _BLOCK):
        stop = min(start + _BLOCK, n)
        end = int(reach[stop - 1])
        products = flat[start:stop] @ flat[start:end].T
        distances = squares[start:stop, None] + squares[None, start:end] - 2.0 * products
        for row, column in zip(*np.nonzero(distances < limit), strict=True):
            if column > row:
                _join(parent, order[start + row], order[start + column])
    return np.array([_root(parent, row) for row in range(n)], dtype=np.int64)


def _root(parent: npt.NDArray[np.int64], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = int(parent[row])
    return row


def _join(parent: npt.NDArray[np.int64], one: int, other: int) -> None:
    one, other = _root(parent, one), _root(parent, other)
    parent[max(one, other)] = min(one, other)


def chosen(keys: Sequence[str], share: float, *, salt: str) -> npt.NDArray[np.bool_]:
    """Which keys a hash picks: the same on every machine, whatever else is in the list.

    Args:
        keys: ids.
        share: about this part of them is picked.
        salt: another salt, an independent choice.

    Returns:
        bool (n,).

    >>> chosen(["15970", "39386"], 1.0, salt="held-out").tolist()
    [True, True]
    """
    digests = (hashlib.sha256(f"{salt}:{key}".encode()).digest() for key in keys)
    return np.array([int.from_bytes(d[:8], "big") / 2**64 < share for d in digests], dtype=bool)


def held_out(ids: Sequence[str], groups: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The products to test on: never trained on, nor any picture like theirs.

    Args:
        ids: one a picture.
        groups: int64 (n,), of `group_pictures`; the id of a group's first row decides.

    Returns:
        bool (n,), about `HELD_OUT_SHARE` of it true.
    """
    return chosen([ids[group] for group in groups], HELD_OUT_SHARE, salt="held-out")


def validation(ids: Sequence[str], groups: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The products to tune on: about `VALIDATION_SHARE` of those that are not held out.

    Returns:
        bool (n,), nowhere true where `held_out` is.
    """
    picked = chosen([ids[group] for group in groups], VALIDATION_SHARE, salt="validation")
    return picked & ~held_out(ids, groups)
