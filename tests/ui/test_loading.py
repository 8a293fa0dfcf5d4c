from __future__ import annotations

import gc
import weakref
from pathlib import Path

import streamlit as st

from recommender.ui.loading import index_time, open_finder
from recommender.ui.settings import Settings


def test_an_index_that_was_replaced_is_let_go_of(artifacts: Path) -> None:
    st.cache_resource.clear()
    settings = Settings(artifacts=artifacts)
    written = index_time(artifacts)
    assert written is not None
    try:
        old = weakref.ref(open_finder(settings, written))
        assert open_finder(settings, written) is old()
        assert gc.get_freeze_count() > 0
        # As if it had been built again.
        assert open_finder(settings, written + 1) is not old()
        assert old() is None
    finally:
        st.cache_resource.clear()
        gc.unfreeze()
