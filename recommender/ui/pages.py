"""The pages of the app, by name, so that any page can link to any other."""

from __future__ import annotations

from typing import Literal, TypeAlias

import streamlit as st

Name: TypeAlias = Literal["find", "for-you", "catalogue", "product"]


def page(name: Name) -> st.Page:
    """A page, for ``st.navigation``, ``st.page_link`` and ``st.switch_page``."""
    # Imported here, because the pages import this module to link to each other.
    from recommender.ui.catalogue_page import catalogue_page
    from recommender.ui.find_similar import find_similar
    from recommender.ui.for_you import for_you
    from recommender.ui.product import product

    return {
        "find": lambda: st.Page(
            find_similar, title="Find similar", icon=":material/image_search:", default=True
        ),
        "for-you": lambda: st.Page(
            for_you, title="For you", icon=":material/favorite:", url_path="for-you"
        ),
        "catalogue": lambda: st.Page(
            catalogue_page, title="Catalogue", icon=":material/grid_view:", url_path="catalogue"
        ),
        # Nobody comes here but by a link that names the product.
        "product": lambda: st.Page(product, title="Product", visibility="hidden"),
    }[name]()
