"""The map of the catalogue: every product a point; a click opens one."""

from __future__ import annotations

import base64
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import streamlit as st

from recommender.atlas import Atlas
from recommender.catalogue import Catalogue
from recommender.map_colours import Colouring
from recommender.ui.components import mount

_FULL = 65535


def catalogue_map(
    atlas: Atlas,
    colouring: Colouring,
    catalogue: Catalogue,
    *,
    chosen: int | None,
    key: str,
    on_open: Callable[[str], None],
) -> None:
    """Draw it.

    Args:
        atlas: where the products are.
        colouring: which colour they have.
        catalogue: what they are.
        chosen: row of the product that is looked at.
        key: of this map on the page.
        on_open: called with the id of a product that the visitor clicks, before the script runs
            again.
    """

    def told() -> None:
        row = _row(st.session_state[key]["item"], len(catalogue))
        if row is not None:
            on_open(catalogue.items[row].id)

    classes = [
        {"name": one.name, "count": one.count, "colour": "#{:02x}{:02x}{:02x}".format(*one.rgb)}
        for one in colouring.classes
    ]
    mount(
        "catalogue_map",
        key=key,
        data={
            "places": _base64(_fractions(atlas)),
            "codes": _base64(colouring.codes),
            "classes": classes,
            # No line break is in an id: it is a file name, or part of one, and shown on a line.
            "ids": "\n".join(item.id.replace("\n", " ") for item in catalogue.items),
            "chosen": chosen,
            "label": f"Map of {len(catalogue):,} products",
        },
        on="item",
        told=told,
    )


def _fractions(atlas: Atlas) -> npt.NDArray[np.uint16]:
    """Places from the left and from the top, as fractions of 65535."""
    right_down = (atlas.places * np.array([1, -1], np.float32) + 1) / 2
    return np.asarray((right_down * _FULL).round().clip(0, _FULL), "<u2")


def _base64(numbers: npt.NDArray[np.uint16] | npt.NDArray[np.uint8]) -> str:
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def _row(said: object, n: int) -> int | None:
    """The row that a browser told; None if it told none, or nonsense."""
    if not isinstance(said, str) or not said.isdecimal() or len(said) > 9:
        return None
    return int(said) if int(said) < n else None
