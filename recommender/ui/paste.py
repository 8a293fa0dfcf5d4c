"""Paste a picture from the clipboard."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

import streamlit as st

from recommender.errors import ImageError
from recommender.ui.components import mount

MAX_BYTES = 16 * 1024 * 1024
"""Less than of an upload. A paste comes as one message through the page's WebSocket, a third larger
than the picture, and Streamlit cuts the connection at 25 million bytes (1.67)."""

_NO_PICTURE = "what was pasted is no picture: copy it once more"


def paste_picture(*, key: str, on_paste: Callable[[bytes], None] | None = None) -> bytes | None:
    """A button that takes the picture in the clipboard; so does Ctrl+V anywhere on the page.

    What browsers allow: Ctrl+V (or a phone's "Paste") hands over a picture wherever the page was
    reached from. The button reads the clipboard by itself, which works over HTTPS and on localhost
    alone, asks the visitor's permission first, and gives most pictures as PNG; where it is refused
    the button says to press Ctrl+V. What is text stays with the field it is pasted into. What is
    larger than `MAX_BYTES` is refused in the browser, in words. Within a form nothing arrives:
    Streamlit allows no such events there.

    Args:
        key: of this button on the page. A picture goes to each such button that is shown, so one
            a page is enough.
        on_paste: called with the bytes, before the script runs again.

    Returns:
        the bytes in the run that follows a paste, else None. They are not checked to be a picture.

    Raises:
        ImageError: the browser sent more than `MAX_BYTES`, or nonsense; ours does neither, and
            `on_paste` is not called then.
    """

    def told() -> None:
        if on_paste is None:
            return
        try:
            picture = _read(st.session_state[key]["picture"])
        except ImageError:
            return  # Raised once more below, where the page can show it.
        if picture is not None:
            on_paste(picture)

    said = mount("paste", key=key, data={"limit": MAX_BYTES}, on="picture", told=told)
    return _read(said)


def _read(said: object) -> bytes | None:
    if said is None:
        return None
    if not isinstance(said, str):
        raise ImageError(_NO_PICTURE)
    if len(said) > 4 * -(-MAX_BYTES // 3):
        raise ImageError(
            f"the picture has more than the limit of {MAX_BYTES // 1024**2} MB: make it smaller"
        )
    try:
        return base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        raise ImageError(_NO_PICTURE) from None
