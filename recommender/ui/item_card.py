"""A product of the catalogue as a card, on every page but that of the matches."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from recommender.catalogue import Item
from recommender.search import Recommender
from recommender.ui.cards import attribute_summary, picture, product_link
from recommender.ui.favourite import favourite_button
from recommender.ui.markdown import plain
from recommender.ui.pages import page
from recommender.ui.visit import Visit


def item_card(
    item: Item, name: str, recommender: Recommender, visit: Visit, *, reason: str = ""
) -> None:
    """Draw it: a click leads to its page, a button searches with it, the heart saves it.

    Args:
        item: what to show.
        name: tells the card from the others of the page.
        recommender: knows where its picture is.
        visit: what searches with it.
        reason: Markdown that says why it is shown, if that is to be said.
    """
    with st.container(key=f"card-{name}", gap="xsmall", height="stretch"):
        picture(item, recommender)
        with st.container(key=f"title-{name}"), st.container(key=f"go-{name}"):
            product_link(item)
        if summary := attribute_summary(item):
            with st.container(key=f"summary-{name}"):
                st.caption(plain(summary))
        if reason:
            with st.container(key=f"reason-{name}"):
                st.caption(reason)
        st.space("stretch")
        with st.container(
            key=f"tools-{name}", horizontal=True, gap=None, vertical_alignment="center",
            horizontal_alignment="distribute",
        ):  # fmt: skip
            find_similar_button(item.id, visit, key=f"open-{name}")
            favourite_button(item, key=f"save-{name}")


def find_similar_button(
    item_id: str,
    visit: Visit,
    *,
    key: str,
    kind: Literal["primary", "secondary", "tertiary"] = "tertiary",
    width: Literal["content", "stretch"] = "content",
) -> None:
    """The way to the search with a product; nothing after it is run when it is pressed."""
    # Not a link: the visit knows of the photo before, and filters stay.
    icon = ":material/image_search:"
    if st.button("Find similar", key=key, icon=icon, type=kind, width=width):
        visit.search_item(item_id)
        st.switch_page(page("find"))
