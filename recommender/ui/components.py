"""The app's own Streamlit components: their files, and how they are put on a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_ASSETS = Path(__file__).parent / "assets"


def mount(name: str, *, key: str, data: dict[str, Any], on: str, told: Callable[[], None]) -> Any:
    """Put a component on the page.

    Args:
        name: of its files in ``assets``; nothing that comes from outside.
        key: of the component on this page.
        data: what its script gets; the script treats all of it as text or as an image's address.
        on: the trigger that its script fires.
        told: called before the run that the trigger causes; the value is in the session's state.

    Returns:
        the trigger's value in that one run, else None.
    """
    # Registered on every run, which costs nothing and is silent while the files are the same:
    # older releases of Streamlit forget a component whenever a test starts a new server.
    component = st.components.v2.component(
        f"fashion-recommender.{name}", html=_text(f"{name}.html"), css=_text(f"{name}.css"),
        js=_text(f"{name}.js"),
    )  # fmt: skip
    callbacks: dict[str, Any] = {f"on_{on}_change": told}
    return component(key=key, data=data, **callbacks)[on]


@cache
def _text(file: str) -> str:
    return (_ASSETS / file).read_text(encoding="utf-8")
