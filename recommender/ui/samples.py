"""Items to start from, for a visitor without a photo at hand."""

from __future__ import annotations

import random
from collections.abc import Callable

from recommender.catalogue import Catalogue, Item

_TYPE = "articleType"


def starting_items(
    catalogue: Catalogue, count: int, *, seed: int, usable: Callable[[Item], bool]
) -> list[Item]:
    """Items drawn by chance, of as many different types as there are.

    Args:
        catalogue: where they come from.
        count: how many, if so many are usable.
        seed: the same seed draws the same items.
        usable: tells whether an item can be shown; asked for few items beyond `count`.
    """
    order = list(range(len(catalogue)))
    random.Random(seed).shuffle(order)
    chosen: list[Item] = []
    again: list[Item] = []
    seen = set()
    for row in order:
        item = catalogue.items[row]
        kind = item.attributes.get(_TYPE)
        if kind is not None and kind in seen:
            again.append(item)
        elif usable(item):
            seen.add(kind)
            chosen.append(item)
            if len(chosen) == count:
                return chosen
    for item in again:
        if len(chosen) == count:
            break
        if usable(item):
            chosen.append(item)
    return chosen
