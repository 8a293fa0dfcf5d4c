"""One product, small, beside something else."""

from __future__ import annotations

import streamlit as st

from recommender.catalogue import Item
from recommender.finding import Finder
from recommender.ui.cards import attribute_badges, picture
from recommender.ui.markdown import plain
from recommender.ui.pages import page
from recommender.ui.visit import Visit


def item_panel(item: Item, finder: Finder) -> None:
    """Its picture, what is known of it, and the way to products like it."""
    with st.container(key="query-item", gap="xsmall"):
        picture(item, finder.recommender)
        st.markdown(f"**{plain(item.title)}**")
        st.markdown(attribute_badges(item))
        st.caption(f"Id {plain(item.id)}")
        if st.button("Find similar", icon=":material/image_search:", width="stretch"):
            search_like(item.id, finder)


def search_like(item_id: str, finder: Finder) -> None:
    """Go to the page that finds products like one; nothing after this call is run."""
    Visit.of(st.session_state, {}, finder.recommender.catalogue).search_item(item_id)
    st.switch_page(page("find"))
