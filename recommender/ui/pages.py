"""The pages of the app, by name, so that any page can link to any other."""

from __future__ import annotations

from typing import Literal, TypeAlias

import streamlit as st

Name: TypeAlias = Literal["find", "product"]


def page(name: Name) -> st.Page:
    """A page, for ``st.navigation``, ``st.page_link`` and ``st.switch_page``."""
    # Imported here, because the pages import this module to link to each other.
    from recommender.ui.find_similar import find_similar
    from recommender.ui.product import product

    return {
        "find": lambda: st.Page(
            find_similar, title="Find similar", icon=":material/image_search:", default=True
        ),
        # Nobody comes here but by a link that names the product.
        "product": lambda: st.Page(product, title="Product", visibility="hidden"),
    }[name]()
