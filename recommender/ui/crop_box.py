"""A box on a photo, to search with a part of it."""

from __future__ import annotations

import base64
from collections.abc import Callable

import streamlit as st

from recommender.cropping import MIN_SIDE, Box
from recommender.errors import QueryError
from recommender.ui.components import mount

_WHOLE = Box(0, 0, 1, 1)


def crop_box(
    photo_jpeg: bytes,
    *,
    box: Box | None,
    key: str,
    on_change: Callable[[Box | None], None] | None = None,
) -> Box | None:
    """Show a photo with a box on it, which mouse, finger and keyboard move and resize.

    The box that is shown is always that of the argument: keep what is returned, or what
    `on_change` gets, and give it again in the next run. The browser tells a box when the visitor
    lets go of it, not while it moves.

    Args:
        photo_jpeg: the bytes of an upright JPEG, such as a preview; it is a part of the page, so
            it should be small.
        box: what to show; None for the whole picture.
        key: of this crop box on the page.
        on_change: called with the visitor's new box, before the script runs again.

    Returns:
        the visitor's box if this run is due to one, else `box`. None is the whole picture.
    """

    def told() -> None:
        if on_change is not None:
            on_change(_read(st.session_state[key]["box"], otherwise=box))

    photo = base64.b64encode(photo_jpeg).decode("ascii")
    said = mount(
        "crop_box",
        key=key,
        data={
            "photo": f"data:image/jpeg;base64,{photo}",
            "box": str(box or _WHOLE),
            "least": MIN_SIDE,
        },
        on="box",
        told=told,
    )
    return _read(said, otherwise=box)


def _read(said: object, *, otherwise: Box | None) -> Box | None:
    """The box that a browser told; what was there before if it told none, or nonsense."""
    if not isinstance(said, str):
        return otherwise
    try:
        box = Box.parse(said)
    except QueryError:
        return otherwise
    return None if box.is_whole else box
