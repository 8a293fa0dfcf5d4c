"""The first page: a photo, words, or an item to start from."""

from __future__ import annotations

import streamlit as st

from recommender.address import MOST_WORDS
from recommender.finding import Finder
from recommender.ui.cards import start_card
from recommender.ui.intake import sample_shots, samples, uploader
from recommender.ui.samples import starting_items
from recommender.ui.visit import Visit

_STARTS = 12
_WORDS = "first-words"


def welcome(finder: Finder, visit: Visit) -> None:
    """Draw it."""
    recommender = finder.recommender
    st.title("Find clothes that look like yours", anchor=False)
    st.markdown(
        f"Show photos of a garment, shoes or an accessory, and see which of the "
        f"{len(recommender):,} products in this catalogue look most like them."
    )
    uploader(visit, "Drag photos here, or choose some", place="first")
    st.text_input(
        "Or describe it",
        key=_WORDS,
        max_chars=MOST_WORDS,
        placeholder="red striped t-shirt",
        icon=":material/search:",
        on_change=_take_words,
        args=(visit,),
    )
    st.subheader("Or try one of these photos", anchor=False)
    samples(visit, sample_shots())
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.subheader("Or start from a product", anchor=False, width="content")
        st.button("Show others", icon=":material/shuffle:", type="tertiary", on_click=visit.shuffle)
    items = starting_items(
        recommender.catalogue,
        _STARTS,
        seed=visit.shuffles,
        usable=lambda item: recommender.image_path(item).is_file(),
    )
    with st.container(key="starts"):
        for number, item in enumerate(items or recommender.catalogue.items[:_STARTS], start=1):
            start_card(item, number, recommender, search=visit.search_item)


def _take_words(visit: Visit) -> None:
    visit.wish(words=st.session_state[_WORDS].strip())
