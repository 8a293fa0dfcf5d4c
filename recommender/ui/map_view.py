"""The catalogue as a map."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from recommender.atlas import MAP, MAP_COMMAND, Atlas, principal_atlas, read_map
from recommender.browsing import Browsing
from recommender.errors import ArtifactsError
from recommender.finding import Finder
from recommender.map_colours import Colouring, colourings
from recommender.ui.browse_view import go
from recommender.ui.catalogue_map import catalogue_map
from recommender.ui.item_panel import item_panel
from recommender.ui.loading import index_time
from recommender.ui.markdown import plain, readable
from recommender.ui.settings import ARTIFACTS, quoted
from recommender.ui.thumbnails import changed_at


def map_view(finder: Finder, browsing: Browsing, folder: Path) -> None:
    """Draw it, and the product that was clicked.

    Args:
        finder: of the catalogue.
        browsing: what is looked at.
        folder: of the index.
    """
    atlas, problem = _atlas(finder, folder, index_time(folder), changed_at(folder / MAP))
    catalogue = finder.recommender.catalogue
    colouring = _colouring(colourings(catalogue))
    chosen = catalogue.row_of(browsing.item) if browsing.item else None
    # Both columns always, so that the map stays where it is, as far as it is zoomed in.
    where, beside = st.columns([0.74, 0.26], gap="medium")
    with where:
        catalogue_map(
            atlas,
            colouring,
            catalogue,
            chosen=chosen,
            key="map",
            on_open=lambda item_id: go(replace(browsing, item=item_id)),
        )
    with beside:
        if chosen is not None:
            item_panel(catalogue.items[chosen], finder)
        st.caption(
            "Products that look alike are near each other. Click one to see it; drag to move, zoom "
            "with the buttons, two fingers, or Ctrl and the wheel."
        )
    if problem:
        st.warning(plain(problem), icon=":material/map:")
    elif atlas.method == "PCA":
        st.info(
            "This is a quick map, by the two directions in which the products differ most. A "
            "better one, on which groups stand apart, takes a minute or two, once:",
            icon=":material/map:",
        )
    if atlas.method == "PCA":
        st.code(_command(folder), language="bash", wrap_lines=True)


def _colouring(offered: dict[str, Colouring]) -> Colouring:
    names = list(offered)
    if len(names) == 1:
        return offered[names[0]]
    name = st.segmented_control(
        "Coloured by",
        label_visibility="collapsed",
        options=names,
        format_func=readable,
        default=names[0],
        required=True,
        key="coloured-by",
    )
    return offered[name]


@st.cache_resource(max_entries=1, show_spinner="Unfolding the map …")
def _atlas(
    _finder: Finder, folder: Path, written: int | None, mapped: int | None
) -> tuple[Atlas, str]:
    """The map that was made, or a quick one; and what is wrong with the one that was made."""
    embeddings = _finder.recommender.index.embeddings
    try:
        atlas = read_map(folder, embeddings)
    except ArtifactsError as error:
        return principal_atlas(embeddings), str(error)
    return atlas or principal_atlas(embeddings), ""


def _command(folder: Path) -> str:
    command = MAP_COMMAND.split()
    return quoted(command if folder == ARTIFACTS else [*command, "--artifacts", str(folder)])
