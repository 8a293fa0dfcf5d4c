"""One product, small, beside something else."""

from __future__ import annotations

import streamlit as st

from recommender.catalogue import Item
from recommender.finding import Finder
from recommender.ui.cards import attribute_badges, picture, product_link
from recommender.ui.item_card import find_similar_button
from recommender.ui.markdown import plain
from recommender.ui.visit import Visit


def item_panel(item: Item, finder: Finder) -> None:
    """Its picture, what is known of it, and the ways to its page and to products like it."""
    with st.container(key="query-item", gap="xsmall"):
        picture(item, finder.recommender)
        with st.container(key="title-panel"):
            product_link(item)
        st.markdown(attribute_badges(item))
        st.caption(f"Id {plain(item.id)}")
        visit = Visit.of(st.session_state, {}, finder.recommender.catalogue)
        find_similar_button(item.id, visit, key="open-panel", kind="secondary", width="stretch")
