"""The page "Catalogue": browse it, see it as a map, know its index, look it through."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from recommender.browsing import VIEWS, Browsing
from recommender.ui.audit_view import audit_view
from recommender.ui.browse_view import browse_view, go
from recommender.ui.facts_view import facts_view
from recommender.ui.map_view import map_view
from recommender.ui.shop import index_folder, open_shop, warn_of_missing_dataset

_VIEWS = {
    "browse": "Browse",
    "map": "Map",
    "facts": "Facts",
    "audit": "Audit",
}


def catalogue_page() -> None:
    """Draw the page; of its views only the one that is looked at is computed."""
    finder = open_shop()
    if finder is None:
        return
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    browsing = Browsing.from_params(params, finder.recommender.catalogue)
    st.title("The catalogue", anchor=False)
    warn_of_missing_dataset(finder.recommender)
    key = "catalogue-view"
    st.session_state[key] = browsing.view
    st.segmented_control(
        "View",
        options=VIEWS,
        format_func=_VIEWS.__getitem__,
        required=True,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: go(replace(browsing, view=st.session_state[key], item="")),
    )
    if browsing.view == "browse":
        browse_view(finder, browsing)
    elif browsing.view == "map":
        map_view(finder, browsing, index_folder())
    elif browsing.view == "facts":
        facts_view(finder, index_folder())
    else:
        audit_view(finder, index_folder())
