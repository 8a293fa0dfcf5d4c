"""Groups of same pictures, and who is held out."""

from __future__ import annotations

import numpy as np

from recommender.evaluation.splits import (
    SAME_PICTURE,
    chosen,
    group_pictures,
    held_out,
    validation,
)


def naive_groups(thumbnails):
    flat = thumbnails.reshape(len(thumbnails), -1).astype(float)
    group = list(range(len(flat)))
    for i in range(len(flat)):
        for j in range(i):
            if np.sqrt(((flat[i] - flat[j]) ** 2).mean()) < SAME_PICTURE:
                old, new = max(group[i], group[j]), min(group[i], group[j])
                group = [new if g == old else g for g in group]
    return group


def test_groups_equal_the_naive_ones():
    dice = np.random.default_rng(3)
    base = dice.integers(0, 256, (25, 16, 12, 3))
    copies = base[dice.integers(0, 25, 60)] + dice.integers(-4, 5, (60, 16, 12, 3))
    thumbnails = np.concatenate([base, copies]).clip(0, 255).astype(np.uint8)
    groups = group_pictures(thumbnails)
    assert groups.tolist() == naive_groups(thumbnails)
    assert len(np.unique(groups)) < len(thumbnails)


def test_a_group_goes_to_one_side_as_a_whole():
    ids = [str(i) for i in range(5000)]
    groups = np.arange(5000) // 2 * 2
    out = held_out(ids, groups)
    assert (out[0::2] == out[1::2]).all()
    assert 0.08 < out.mean() < 0.12


def test_validation_is_apart_from_what_is_held_out():
    ids = [str(i) for i in range(5000)]
    groups = np.arange(5000)
    assert not (held_out(ids, groups) & validation(ids, groups)).any()
    assert 0.03 < validation(ids, groups).mean() < 0.07


def test_the_choice_depends_on_the_id_alone():
    some = chosen(["15970", "39386", "59263"], 0.5, salt="x")
    assert chosen(["59263", "15970"], 0.5, salt="x").tolist() == [some[2], some[0]]
    assert held_out(["15970", "1163", "1165", "1526"], np.arange(4)).tolist() == EXPECTED


EXPECTED = [False, False, True, False]
