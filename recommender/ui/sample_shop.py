"""The first run: where there is no index, the sample catalogue is drawn, indexed and shown."""

from __future__ import annotations

import threading
from pathlib import Path

import streamlit as st

from recommender.errors import RecommenderError
from recommender.first_run import make_sample_index, sample_index, sample_is_ready
from recommender.ui import setup_pages
from recommender.ui.loading import index_time
from recommender.ui.settings import Settings

# Several visitors may open a new app at once; the first one's session does the work.
_one_at_a_time = threading.Lock()


def sample_settings(settings: Settings) -> Settings:
    """The same settings, with the index of the sample catalogue."""
    return Settings(
        artifacts=sample_index(settings.artifacts),
        visitors=settings.visitors,
        runtime=settings.runtime,
    )


def ensure_sample(settings: Settings) -> bool:
    """Make the sample index under a progress bar, unless it is there.

    Returns:
        whether there is one; if not, the page says why and how to make an index of one's own.
    """
    if _ready(settings):
        return True
    room = st.empty()
    with room.container():
        st.title("Welcome", anchor=False)
        st.markdown(
            "There is no catalogue yet, so the app draws a small one to try it with. "
            "This takes less than a minute and happens once."
        )
        bar = st.progress(0.0, text="Waiting for another visitor's page to do it …")

    def follow(step: str, done: int, total: int) -> None:
        bar.progress(done / total, text=f"{step}: {done} of {total}")

    try:
        with _one_at_a_time:
            if not _ready(settings):
                make_sample_index(settings.artifacts, on_step=follow)
    except RecommenderError as error:
        room.empty()
        setup_pages.no_index(settings, problem=error)
        return False
    room.empty()
    return True


def _ready(settings: Settings) -> bool:
    place = sample_settings(settings).artifacts
    written = index_time(place)
    return written is not None and _is_current(settings.artifacts, written)


# Hashing the weights takes a moment, and every run of the page asks.
@st.cache_data(max_entries=4, show_spinner=False)
def _is_current(artifacts: Path, written: int) -> bool:
    try:
        return sample_is_ready(artifacts)
    except RecommenderError:
        return True  # Opening the index says what is wrong.


def notice(settings: Settings) -> None:
    """Say that this is a sample, and how to show a catalogue of one's own."""
    with st.container(key="sample-notice", horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/palette: This is a **sample**: 300 drawn products, to try the app with.",
            width="stretch",
        )
        with st.popover("Use your own catalogue", width="content"):
            setup_pages.ways_to_an_index(settings)
