"""What is searched with: photos that can be cropped, or an item; and how to search otherwise."""

from __future__ import annotations

from functools import partial

import streamlit as st

from recommender.cropping import Box
from recommender.errors import QueryError
from recommender.finding import Finder
from recommender.search import Recommender
from recommender.ui.cards import attribute_badges, picture
from recommender.ui.crop_box import crop_box
from recommender.ui.intake import uploader
from recommender.ui.markdown import plain
from recommender.ui.swatch_row import swatch_row
from recommender.ui.uploads import Photo
from recommender.ui.visit import Visit

_TOGETHER = "together"
_MODES = {True: "As one", False: "Each on its own"}


def query_panel(finder: Finder, visit: Visit) -> None:
    """Draw it."""
    recommender = finder.recommender
    if visit.photos:
        _photos(visit)
    elif visit.item:
        with st.container(key="query", gap="xsmall"):
            _item(recommender, visit.item)
    # Open at once where something went wrong with the last photo, or the camera is on.
    wanted = bool(visit.refusals or visit.camera or not visit.trail)
    label = "Another photo" if visit.photos else "Search with a photo"
    with st.expander(label, icon=":material/add_a_photo:", expanded=wanted):
        add = bool(visit.photos) and st.toggle(
            "Together with these" if len(visit.photos) > 1 else "Together with this one",
            key="add-photo",
        )
        uploader(visit, "Drag photos here, or choose some", place="again", add=add)


def _photos(visit: Visit) -> None:
    several = len(visit.photos) > 1
    for number, photo in enumerate(visit.photos):
        # On a phone the photo stands beside its name; a crop box takes the whole width.
        shown_as = "cropping" if visit.cropping == number else "query"
        key = f"{shown_as}-of-several-{number}" if several else shown_as
        with st.container(key=key, gap="xsmall"):
            _photo(visit, number, photo, several=several)
    if several:
        key = f"{_TOGETHER}-{visit.moves}"
        st.session_state[key] = visit.together
        st.segmented_control(
            "Search with these photos",
            options=list(_MODES),
            format_func=_MODES.__getitem__,
            required=True,
            key=key,
            help="As one: products like all of them at once, by the mean of their embeddings.",
            on_change=_choose_mode,
            args=(visit, key),
        )


def _photo(visit: Visit, number: int, photo: Photo, *, several: bool) -> None:
    name = f"Photo {number + 1}" if several else "Your photo"
    cropping = visit.cropping == number
    if cropping:
        st.caption("Search with a part of the photo: draw the box, or move its edges.")
        crop_box(
            photo.preview,
            box=photo.box,
            key=f"crop-{visit.moves}-{number}",
            on_change=partial(_crop, photo),
        )
    else:
        st.image(photo.shown(), width="stretch", output_format="JPEG", alt=name)
    st.markdown(f"**{name}**")
    st.caption(plain(photo.name))
    swatch_row(photo.swatches, of=name.lower())
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Done" if cropping else "Crop" if photo.box is None else "Cropped",
            icon=":material/check:" if cropping else ":material/crop:",
            key=f"crop-{number}",
            help="Search with a part of the photo",
            on_click=visit.crop,
            args=(None if cropping else number,),
        )
        if several:
            st.button(
                "Remove",
                icon=":material/close:",
                key=f"remove-{number}",
                on_click=visit.remove_photo,
                args=(number,),
            )


def _crop(photo: Photo, box: Box | None) -> None:
    photo.box = box


def _choose_mode(visit: Visit, key: str) -> None:
    visit.together = bool(st.session_state[key])


def _item(recommender: Recommender, item_id: str) -> None:
    try:
        item = recommender.catalogue.items[recommender.catalogue.row_of(item_id)]
    except QueryError:
        # The index was built again meanwhile. The search says so in its place.
        st.markdown("**No longer in the catalogue**")
        return
    picture(item, recommender)
    st.markdown(f"**{plain(item.title)}**")
    badges = attribute_badges(item)
    if badges:
        st.markdown(badges)
