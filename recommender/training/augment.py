"""From a catalogue picture to a snapshot: every step on a whole batch, inside TensorFlow's graph.

All functions take and return float32 pixels from 0 to 255.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recommender.encoders.frozen import import_tensorflow

# Quantisation of luminance in the JPEG standard (ITU T.81, annex K).
_JPEG_TABLE = np.array(
    [[16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
     [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
     [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
     [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99]],
    np.float32,
)  # fmt: skip
_K = np.arange(8)
_DCT = np.sqrt(2 / 8) * np.cos(np.pi * (2 * _K[None, :] + 1) * _K[:, None] / 16)
_DCT[0] /= np.sqrt(2)
_DCT = _DCT.astype(np.float32)


class Dice:
    """Random numbers that depend on a seed and on nothing else."""

    def __init__(self, seed: Any) -> None:
        """Start a stream; `seed` is an int32 tensor (2,)."""
        self._tf = import_tensorflow()
        self._seed = seed
        self._rolls = 0

    def _next(self) -> Any:
        self._rolls += 1
        return self._tf.random.experimental.stateless_fold_in(self._seed, self._rolls)

    def uniform(self, shape: Any, low: float = 0.0, high: float = 1.0) -> Any:
        """Evenly distributed float32 values."""
        return self._tf.random.stateless_uniform(shape, self._next(), low, high)

    def normal(self, shape: Any) -> Any:
        """Standard normal float32 values."""
        return self._tf.random.stateless_normal(shape, self._next())

    def chance(self, n: Any, probability: float) -> Any:
        """1.0 with this probability, else 0.0: float32 (n, 1, 1, 1)."""
        return self._tf.cast(self.uniform((n, 1, 1, 1)) < probability, self._tf.float32)


def clean_view(pictures: Any, size: tuple[int, int], dice: Dice) -> Any:
    """Catalogue pictures, hardly changed: mirrored, shifted and scaled a little, on white.

    Args:
        pictures: (n, height, width, 3).
        size: (height, width) of the result.
        dice: the randomness.
    """
    n = _count(pictures)
    moves = _moves(dice, n, scale=(0.92, 1.12), turn=4.0, shift=0.05, tilt=0.0, stretch=0.04)
    view = 255.0 - _warp(255.0 - pictures, moves, size)
    return _clip(view * dice.uniform((n, 1, 1, 1), 0.95, 1.04))


def snapshot_view(cut_outs: Any, backgrounds: Any, size: tuple[int, int], dice: Dice) -> Any:
    """Catalogue pictures made to look like what people photograph at home.

    Args:
        cut_outs: (n, height, width, 4), RGB and alpha, of garments.
        backgrounds: (n, height, width, 3), snapshots to take clutter from.
        size: (height, width) of the result.
        dice: the randomness.
    """
    tf = import_tensorflow()
    n = _count(cut_outs)
    # One in four keeps its white background, as a screenshot of a shop does.
    whole = dice.chance(n, 0.25)
    alpha = tf.maximum(cut_outs[..., 3:] / 255.0, whole)
    premultiplied = tf.concat([cut_outs[..., :3] * alpha, alpha], axis=-1)
    moves = _moves(dice, n, scale=(0.6, 1.35), turn=22.0, shift=0.22, tilt=0.16, stretch=0.18)
    warped = _warp(premultiplied, moves, size)
    behind = _clutter(backgrounds, size, dice)
    view = warped[..., :3] + (1.0 - warped[..., 3:]) * behind
    view = _occlude(view, tf.reverse(behind, [0]), dice)
    return _camera(view, dice, strength=1.0)


def street_view(photos: Any, size: tuple[int, int], dice: Dice) -> Any:
    """Real snapshots, cropped, turned and lit anew.

    Args:
        photos: (n, height, width, 3).
        size: (height, width) of the result.
        dice: the randomness.
    """
    n = _count(photos)
    moves = _moves(dice, n, scale=(1.0, 1.6), turn=15.0, shift=0.15, tilt=0.1, stretch=0.12)
    view = _warp(photos, moves, size, fill="REFLECT")
    view = _occlude(view, import_tensorflow().reverse(view, [0]), dice)
    return _camera(view, dice, strength=0.6)


def _count(images: Any) -> Any:
    return import_tensorflow().shape(images)[0]


def _clip(images: Any) -> Any:
    return import_tensorflow().clip_by_value(images, 0.0, 255.0)


def _moves(
    dice: Dice, n: Any, *, scale: tuple[float, float], turn: float, shift: float, tilt: float,
    stretch: float,
) -> Any:  # fmt: skip
    """Homographies (n, 3, 3) from points of the result to points of the picture, both in -1..1.

    Args:
        dice: the randomness.
        n: how many.
        scale: size of the picture in the result, from and to.
        turn: degrees at most.
        shift: at most, of half the picture.
        tilt: perspective at most.
        stretch: how far the aspect ratio may change.
    """
    tf = import_tensorflow()
    angle = dice.uniform((n,), -turn, turn) * (np.pi / 180)
    log_size = dice.uniform((n,), float(np.log(scale[0])), float(np.log(scale[1])))
    log_aspect = dice.uniform((n,), -stretch, stretch)
    mirror = tf.sign(dice.uniform((n,), -1.0, 1.0))
    across, down = tf.exp(-log_size - log_aspect), tf.exp(-log_size + log_aspect)
    cos, sin = tf.cos(angle), tf.sin(angle)
    # Pictures are 3 wide to 4 high: turning happens in units that are square.
    aspect = 3.0 / 4.0
    rows = [
        [mirror * across * cos, -mirror * across * sin / aspect, dice.uniform((n,), -shift, shift)],
        [down * sin * aspect, down * cos, dice.uniform((n,), -shift, shift)],
        [dice.uniform((n,), -tilt, tilt), dice.uniform((n,), -tilt, tilt), tf.ones((n,))],
    ]
    return tf.stack([tf.stack(row, axis=-1) for row in rows], axis=1)


def _warp(images: Any, moves: Any, size: tuple[int, int], *, fill: str = "CONSTANT") -> Any:
    """Images seen through homographies; outside is 0 or the mirror image."""
    tf = import_tensorflow()
    shape = tf.cast(tf.shape(images), tf.float32)
    high, wide = shape[1], shape[2]
    # A pixel's centre in -1..1 is (x + 1/2) / width * 2 - 1, and back.
    to_unit = tf.constant(
        [[2 / size[1], 0, 1 / size[1] - 1], [0, 2 / size[0], 1 / size[0] - 1], [0, 0, 1]],
        tf.float32,
    )
    zero, one = tf.zeros(()), tf.ones(())
    to_pixel = tf.stack(
        [
            tf.stack([wide / 2, zero, wide / 2 - 0.5]),
            tf.stack([zero, high / 2, high / 2 - 0.5]),
            tf.stack([zero, zero, one]),
        ]
    )
    matrices = to_pixel @ moves @ to_unit
    matrices = matrices / matrices[:, 2:, 2:]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.reshape(matrices, (-1, 9))[:, :8],
        output_shape=tf.constant(size),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode=fill,
    )


def _clutter(photos: Any, size: tuple[int, int], dice: Dice) -> Any:
    """Backgrounds: magnified corners of snapshots, or soft colours with some texture."""
    tf = import_tensorflow()
    n = _count(photos)
    moves = _moves(dice, n, scale=(1.2, 4.0), turn=90.0, shift=0.0, tilt=0.2, stretch=0.3)
    corner = tf.sign(dice.uniform((n, 2), -1.0, 1.0)) * dice.uniform((n, 2), 0.45, 0.9)
    shift = tf.concat([tf.zeros((n, 2, 2)), corner[:, :, None]], axis=-1)
    moves += tf.pad(shift, [[0, 0], [0, 1], [0, 0]])
    photo = _warp(photos, moves, size, fill="REFLECT")
    base = dice.uniform((n, 1, 1, 3), 20.0, 245.0)
    coarse = tf.image.resize(dice.normal((n, 5, 4, 3)) * dice.uniform((n, 1, 1, 1), 0, 45.0), size)
    fine = tf.image.resize(dice.normal((n, 24, 18, 1)) * dice.uniform((n, 1, 1, 1), 0, 25.0), size)
    drawn = _clip(base + coarse + fine)
    real = dice.chance(n, 0.65)
    return real * photo + (1.0 - real) * drawn


def _occlude(view: Any, other: Any, dice: Dice) -> Any:
    """Cover a rectangle of three pictures in ten with something else."""
    tf = import_tensorflow()
    n, height, width = _count(view), view.shape[1], view.shape[2]
    half = dice.uniform((n, 1, 1, 2), 0.05, 0.2)
    centre = dice.uniform((n, 1, 1, 2))
    x = (tf.range(width, dtype=tf.float32)[None, None, :] + 0.5) / width
    y = (tf.range(height, dtype=tf.float32)[None, :, None] + 0.5) / height
    inside = (tf.abs(x - centre[..., 0]) < half[..., 0]) & (
        tf.abs(y - centre[..., 1]) < half[..., 1]
    )
    mask = tf.cast(inside, tf.float32)[..., None] * dice.chance(n, 0.3)
    return view + mask * (other - view)


def _camera(view: Any, dice: Dice, *, strength: float) -> Any:
    """Light and its colour, uneven light, blur, noise and JPEG; `strength` 1 is a bad phone."""
    tf = import_tensorflow()
    n, height, width = _count(view), view.shape[1], view.shape[2]
    some = (n, 1, 1, 1)
    view = _clip(view) / 255.0
    view = tf.pow(view + 1e-4, tf.exp(dice.uniform(some, -0.35, 0.35) * strength))
    light = tf.exp(dice.uniform(some, -0.35, 0.25) * strength)
    # The cast stays mild, as colour is one of the things to be learned.
    cast = tf.exp(dice.normal((n, 1, 1, 3)) * 0.05 * strength)
    x = tf.linspace(-1.0, 1.0, width)[None, None, :, None]
    y = tf.linspace(-1.0, 1.0, height)[None, :, None, None]
    uneven = 1.0 + 0.22 * strength * (
        dice.uniform(some, -1.0, 1.0) * x + dice.uniform(some, -1.0, 1.0) * y
    )
    view = tf.clip_by_value(view * (light * cast) * uneven, 0.0, 1.0) * 255.0
    view = _blur(view, dice, strength)
    view += dice.normal(tf.shape(view)) * dice.uniform(some, 0.0, 12.0 * strength)
    return _clip(_jpeg(view, dice))


def _blur(view: Any, dice: Dice, strength: float) -> Any:
    """Lower the resolution of half the pictures, some slightly and some by a factor of three."""
    tf = import_tensorflow()
    n, size = _count(view), (view.shape[1], view.shape[2])
    soft = tf.nn.avg_pool2d(view, 3, 1, "SAME")
    low = tf.image.resize(tf.image.resize(view, (size[0] // 3, size[1] // 3), "area"), size)
    amount = dice.chance(n, 0.5 * strength) * dice.uniform((n, 1, 1, 1))
    hard = dice.chance(n, 0.3)
    return view + amount * (hard * low + (1.0 - hard) * soft - view)


def _jpeg(view: Any, dice: Dice) -> Any:
    """Quantise the cosine transform of 8x8 blocks, as JPEG does; the sides are multiples of 8."""
    tf = import_tensorflow()
    n, high, wide = _count(view), view.shape[1] // 8, view.shape[2] // 8
    step = (_JPEG_TABLE * tf.exp(dice.uniform((n, 1, 1), -2.3, 0.4)))[:, None]
    blocks = tf.transpose(tf.reshape(view - 128.0, (n, high, 8, wide, 8, 3)), (0, 1, 3, 5, 2, 4))
    waves = _DCT @ tf.reshape(blocks, (n, -1, 8, 8)) @ _DCT.T
    waves = tf.round(waves / step) * step
    blocks = tf.reshape(_DCT.T @ waves @ _DCT, (n, high, wide, 3, 8, 8))
    return tf.reshape(tf.transpose(blocks, (0, 1, 4, 2, 5, 3)), tf.shape(view)) + 128.0
