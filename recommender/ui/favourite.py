"""The button that saves a product."""

from __future__ import annotations

import streamlit as st

from recommender.catalogue import Item
from recommender.ui.markdown import plain
from recommender.ui.visitor import Visitor


def favourite_button(item: Item, *, key: str, labelled: bool = False) -> None:
    """A heart that saves a product, or takes that back; nothing where nothing can be kept.

    An outline says that it is not saved, a heart with a tick that it is.

    Args:
        item: the product.
        key: of the button on this page.
        labelled: whether words stand beside the heart; else only screen readers get them.
    """
    visitor = Visitor.of_session()
    saved = visitor.likes(item.id)
    if visitor.problem:
        return
    words = "Saved" if saved else "Save"
    with st.container(key=f"{'saving' if labelled else 'heart'}-{key}", width="content"):
        st.button(
            # With its name, because a page has many such buttons.
            words if labelled else f"{words}: {plain(item.title)}",
            key=key,
            icon=":material/heart_check:" if saved else ":material/favorite:",
            type="secondary" if labelled else "tertiary",
            help="Take it off your favourites" if saved else "Save it as a favourite",
            on_click=visitor.toggle,
            args=(item.id,),
        )
