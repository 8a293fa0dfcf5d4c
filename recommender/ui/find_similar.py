"""The page "Find similar": photos, words or an item, and the products that look most like it."""

from __future__ import annotations

import streamlit as st

from recommender.finding import Finder
from recommender.ui.query_panel import query_panel
from recommender.ui.results import results
from recommender.ui.shop import open_shop, warn_of_missing_dataset
from recommender.ui.style import scroll_to_top
from recommender.ui.visit import Visit
from recommender.ui.welcome import welcome
from recommender.ui.wishes_bar import wishes_bar


def find_similar() -> None:
    """Draw the page, in whatever state the index and the visit are."""
    finder = open_shop()
    if finder is not None:
        _find(finder)


def _find(finder: Finder) -> None:
    recommender = finder.recommender
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    visit = Visit.of(st.session_state, params, recommender.catalogue)
    if visit.searching:
        _ways_back(visit)
        query, found = st.columns([0.26, 0.74], gap="medium")
        with query:
            query_panel(finder, visit)
        with found:
            wishes_bar(finder, visit)
            results(finder, visit)
    else:
        warn_of_missing_dataset(recommender)
        welcome(finder, visit)
    _write_address(visit)
    scroll_to_top(move=visit.moves)


def _write_address(visit: Visit) -> None:
    """Keep the page's address in step with the search, so that it can be passed on."""
    params = visit.wishes.to_params()
    if {name: st.query_params.get_all(name) for name in st.query_params} != params:
        st.query_params.from_dict(params)


def _ways_back(visit: Visit) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        if len(visit.trail) > 1:
            st.button("Back", icon=":material/arrow_back:", on_click=visit.back)
        if len(visit.trail) > 2 and not isinstance(visit.trail[0], str):
            st.button(
                "Your photo",
                icon=":material/photo:",
                on_click=visit.back,
                args=(len(visit.trail) - 1,),
            )
        st.button("Start over", icon=":material/restart_alt:", on_click=visit.start_over)
