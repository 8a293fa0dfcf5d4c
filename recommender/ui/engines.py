"""The search engine that a visitor chose, or that the page's address names."""

from __future__ import annotations

import os

import streamlit as st

from recommender.engines import engine_names
from recommender.engines.connection import MILVUS_URI
from recommender.errors import EngineError, MissingExtraError
from recommender.finding import Finder
from recommender.ui.shop import settings_at_hand


def with_engine(finder: Finder, name: str) -> Finder:
    """The finder with an engine of `engine_names()`; the page says so if it cannot be used."""
    usual = engine_names()[0]
    if name == usual:
        return finder
    address = settings_at_hand().milvus_uri
    if address:
        os.environ[MILVUS_URI] = address  # Where the engine looks, once for the whole process.
    try:
        with st.spinner(f"Opening the search engine {name} …"):
            return finder.using(name)
    except (MissingExtraError, EngineError) as error:
        st.warning(f"{error} (this page searches with {usual})", icon=":material/extension_off:")
        return finder
