"""Colours as a row of dots."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from recommender.swatches import Swatch
from recommender.ui.markdown import percentage


def swatch_row(swatches: Sequence[Swatch], *, of: str) -> None:
    """Show colours, the most of it first; their names are there for screen readers and a pointer.

    Args:
        swatches: what to show.
        of: whose colours they are, for screen readers.
    """
    names = ", ".join(f"{swatch.name} {percentage(swatch.share)}" for swatch in swatches)
    dots = "".join(
        f'<span title="{html.escape(swatch.name)}" style="background:rgb{swatch.rgb}"></span>'
        for swatch in swatches
    )
    label = html.escape(f"Colours of {of}: {names}", quote=True)
    st.html(f'<div class="swatches" role="img" aria-label="{label}">{dots}</div>')
