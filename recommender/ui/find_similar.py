"""The page "Find similar": upload a photo, see the products that look most like it."""

from __future__ import annotations

import os
import sys

import streamlit as st

from recommender.errors import ImageError, QueryError, RecommenderError
from recommender.search import Recommendation, Recommender
from recommender.ui import sample_shop, setup_pages
from recommender.ui.cards import (
    MATCH_HELP,
    attribute_badges,
    match_card,
    percentage,
    picture,
    plain,
    start_card,
)
from recommender.ui.loading import index_time, open_recommender
from recommender.ui.samples import starting_items
from recommender.ui.settings import ARTIFACTS, Settings
from recommender.ui.style import scroll_to_top
from recommender.ui.uploads import MAX_BYTES, read_upload
from recommender.ui.visit import Step, Visit

PREDICTION_HELP = (
    "What the encoder takes your photo for, and how often it is right when it is this sure."
)
_DEFAULT_K = 5
_MOST_K = 50
_STARTS = 12


def find_similar() -> None:
    """Draw the page, in whatever state the index and the visit are."""
    try:
        settings = Settings.read(sys.argv[1:], os.environ)
    except RecommenderError as error:
        setup_pages.wrong_arguments(error)
        return
    written = index_time(settings.artifacts)
    if written is None and settings.artifacts != ARTIFACTS:
        setup_pages.no_index(settings)
        return
    if written is None:
        if not sample_shop.ensure_sample(settings):
            return
        sample_shop.notice(settings)
        settings = sample_shop.sample_settings(settings)
        written = index_time(settings.artifacts)
    if written is None:
        setup_pages.no_index(settings)  # Deleted this very moment.
        return
    try:
        recommender = open_recommender(settings, written)
    except RecommenderError as error:
        setup_pages.unusable(error, settings)
        return
    visit = Visit.of(st.session_state)
    if visit.trail:
        _results(recommender, visit)
    else:
        _welcome(recommender, visit)
    scroll_to_top(move=visit.moves)


def _welcome(recommender: Recommender, visit: Visit) -> None:
    st.title("Find clothes that look like yours", anchor=False)
    st.markdown(
        f"Show a photo of a garment, shoes or an accessory, and see which of the "
        f"{len(recommender):,} products in this catalogue look most like it."
    )
    _warn_of_missing_dataset(recommender)
    _uploader(visit, "Drag a photo here, or choose one", place="first")
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.subheader("Or start from one of these", anchor=False, width="content")
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


def _results(recommender: Recommender, visit: Visit) -> None:
    _ways_back(visit)
    query, found = st.columns([0.26, 0.74], gap="medium")
    with query:
        with st.container(key="query", gap="xsmall"):
            _query(recommender, visit.trail[-1])
        _uploader(visit, "Search with another photo", place="again")
    with found:
        k = _how_many(len(recommender))
        try:
            with st.spinner("Looking for what is similar …"):
                matches = _search(recommender, visit.trail[-1], k)
        except RecommenderError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        _looks_like(recommender, visit.trail[-1])
        if not matches:
            st.info("This is the only product of the catalogue.", icon=":material/info:")
        with st.container(key="tiles"):
            for match in matches:
                match_card(match, recommender, search=visit.search_item)


def _query(recommender: Recommender, step: Step) -> None:
    if not isinstance(step, str):
        st.image(step.preview, width="stretch", output_format="JPEG", alt="Your photo")
        st.markdown("**Your photo**")
        st.caption(plain(step.name))
        return
    try:
        item = recommender.catalogue.items[recommender.catalogue.row_of(step)]
    except QueryError:
        # The index was built again meanwhile. The search says so in its place.
        st.markdown("**No longer in the catalogue**")
        return
    picture(item, recommender)
    st.markdown(f"**{plain(item.title)}**")
    badges = attribute_badges(item)
    if badges:
        st.markdown(badges)


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


def _uploader(visit: Visit, prompt: str, *, place: str) -> None:
    key = f"photo-{visit.uploads}"
    with st.container(key=f"upload-{place}", gap="xsmall"):
        st.file_uploader(
            prompt,
            # Of any type: `read_upload` says in a sentence what is wrong with a file, where the
            # browser's own check shows no more than a red name.
            type=None,
            key=key,
            max_upload_size=MAX_BYTES // 1024**2,
            on_change=_take_upload,
            args=(visit, key),
        )
        if visit.refusal:
            st.error(visit.refusal, icon=":material/error:")


def _take_upload(visit: Visit, key: str) -> None:
    uploaded = st.session_state[key]
    if uploaded is None:
        return
    visit.uploads += 1
    try:
        visit.search_photo(read_upload(uploaded.name, uploaded.getvalue()))
    except ImageError as error:
        visit.refusal = f"{plain(uploaded.name)}: {plain(str(error))}"


def _how_many(total: int) -> int:
    """The visitor's choice of k, in the line above the matches."""
    most = min(_MOST_K, total)
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    ):
        st.title("Most similar", anchor=False, help=MATCH_HELP, width="content")
        if most == 1:
            return 1
        chosen = st.number_input(
            "How many",
            min_value=1,
            max_value=most,
            value=min(_DEFAULT_K, most),
            key="k",
            width=150,
            # A link with ?k=10 keeps the choice, and so does the way back to the start.
            bind="query-params",
        )
    # The page's address can ask for anything.
    return max(1, min(most, int(chosen)))


def _search(recommender: Recommender, step: Step, k: int) -> list[Recommendation]:
    if isinstance(step, str):
        return recommender.similar_to(step, k)
    return recommender.search_vector(step.embedding(recommender), k)


def _looks_like(recommender: Recommender, step: Step) -> None:
    """What the encoder takes a photo for, where it can tell."""
    if isinstance(step, str):
        return  # The catalogue knows.
    predictions = recommender.predict_vector(step.embedding(recommender))
    if predictions:
        words = " ".join(
            f":gray-badge[{plain(guess.value)} {percentage(guess.confidence)}]"
            for guess in predictions
        )
        st.markdown(f"Looks like {words}", help=PREDICTION_HELP)


def _warn_of_missing_dataset(recommender: Recommender) -> None:
    dataset = recommender.index.dataset
    if not dataset.is_dir():
        st.warning(
            f"The pictures are not in `{dataset}` any more; start the app with their folder: "
            "`streamlit run app.py -- --data DIR`",
            icon=":material/folder_off:",
        )
