"""The search engine that a visitor chose, or that the page's address names."""

from __future__ import annotations

import streamlit as st

from recommender.engines import engine_names
from recommender.errors import MissingExtraError
from recommender.finding import Finder


def with_engine(finder: Finder, name: str) -> Finder:
    """The finder with an engine of `engine_names()`; the page says so if it is not installed."""
    usual = engine_names()[0]
    if name == usual:
        return finder
    try:
        with st.spinner(f"Opening the search engine {name} …"):
            return finder.using(name)
    except MissingExtraError as error:
        st.warning(f"{error} (this page searches with {usual})", icon=":material/extension_off:")
        return finder
