"""The page "For you": suggestions with their reasons, favourites, history, and what is kept."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

import streamlit as st

from recommender.catalogue import Item
from recommender.errors import QueryError
from recommender.finding import Finder
from recommender.neighbourhood import TYPE
from recommender.personal import Suggestion, suggestions
from recommender.search import Recommender
from recommender.ui.item_card import item_card
from recommender.ui.markdown import plain
from recommender.ui.pages import page
from recommender.ui.samples import starting_items
from recommender.ui.shop import open_shop
from recommender.ui.visit import Visit
from recommender.ui.visitor import Visitor
from recommender.visitors import FORGOTTEN_AFTER, MOST_VIEWS, Event

_SUGGESTIONS = 12
_SHOWN = 12
_TYPES = 8
WHAT_IS_KEPT = (
    f"This shop's server keeps which products you save, the last {MOST_VIEWS} that you look at, "
    "and when, under a random number that your browser holds in a cookie: no name, no address, no "
    f"photo. All of it is deleted {FORGOTTEN_AFTER} days after you last saved or looked at one."
)


def for_you() -> None:
    """Draw the page, in whatever state the index and the visitor are."""
    finder = open_shop()
    if finder is None:
        return
    visitor = Visitor.of_session()
    history = visitor.history
    st.title("For you", anchor=False)
    if visitor.problem:
        st.warning(
            f"Favourites cannot be kept here: {plain(visitor.problem)}",
            icon=":material/heart_broken:",
        )
    recommender = finder.recommender
    visit = Visit.of(st.session_state, {}, recommender.catalogue)
    if not history:
        _ways_to_begin(finder, visit, visitor)
        return
    picks = suggestions(recommender, history, _SUGGESTIONS, now=time.time())
    if picks:
        st.markdown("Picked from what you saved and looked at.")
        with st.container(key="tiles-picks"):
            for number, pick in enumerate(picks, start=1):
                item_card(
                    pick.recommendation.item, f"pick-{number}", recommender, visit,
                    reason=_reason(pick, recommender),
                )  # fmt: skip
    else:
        st.info("Nothing more in this catalogue goes with what you saved and looked at.")
    _shelf("Your favourites", "saved", history.favourites, recommender, visit)
    _shelf("Lately looked at", "viewed", history.views, recommender, visit)
    _your_data(visitor, recommender)


def _ways_to_begin(finder: Finder, visit: Visit, visitor: Visitor) -> None:
    recommender = finder.recommender
    if not visitor.problem:
        st.markdown(
            "Nothing to go by yet. Save products with the heart on their card, or look at some: "
            "suggestions that fit appear here, each with its reason."
        )
        st.caption(WHAT_IS_KEPT)
    values = finder.facets.counts({}).get(TYPE, ())
    common = sorted(values, key=lambda value: -value.count)[:_TYPES]
    if common:
        st.subheader("What there is most of", anchor=False)
        with st.container(horizontal=True, gap="small"):
            for number, value in enumerate(common):
                if st.button(f"{plain(str(value.value))} · {value.count:,}", key=f"type-{number}"):
                    visit.start_over()
                    visit.filter_by(TYPE, (str(value.value),))
                    st.switch_page(page("find"))
    st.subheader("Or begin with one of these", anchor=False)
    items = starting_items(
        recommender.catalogue, _SHOWN, seed=0,
        usable=lambda item: recommender.image_path(item).is_file(),
    )  # fmt: skip
    with st.container(key="tiles-begin"):
        for number, item in enumerate(items or recommender.catalogue.items[:_SHOWN], start=1):
            item_card(item, f"begin-{number}", recommender, visit)


def _reason(pick: Suggestion, recommender: Recommender) -> str:
    anchor = recommender.catalogue.items[recommender.catalogue.row_of(pick.because)]
    did = "saved" if pick.liked else "looked at"
    return f"Because you {did} **{plain(anchor.title)}**"


def _shelf(
    title: str, name: str, events: Sequence[Event], recommender: Recommender, visit: Visit
) -> None:
    """Products of the history, the newest first: a few, or all."""
    items = [item for event in events if (item := _item(recommender, event.item)) is not None]
    if not items:
        return
    st.space("small")
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.subheader(title, anchor=False, width="content")
        everything = len(items) > _SHOWN and st.toggle(f"All {len(items)}", key=f"all-{name}")
    with st.container(key=f"tiles-{name}"):
        for number, item in enumerate(items if everything else items[:_SHOWN], start=1):
            item_card(item, f"{name}-{number}", recommender, visit)


def _item(recommender: Recommender, item_id: str) -> Item | None:
    try:
        return recommender.catalogue.items[recommender.catalogue.row_of(item_id)]
    except QueryError:
        return None  # The catalogue has it no more.


def _your_data(visitor: Visitor, recommender: Recommender) -> None:
    st.space("small")
    st.subheader("Your data", anchor=False)
    st.markdown(WHAT_IS_KEPT)
    mine = visitor.history.to_json(recommender.catalogue)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download my data",
            json.dumps(mine, indent=2, ensure_ascii=False),
            file_name="my-data.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover("Delete my data", icon=":material/delete:"):
            st.markdown("All favourites and what you looked at are deleted for good.")
            st.button(
                "Delete all of it", key="delete-data", type="primary", on_click=visitor.forget
            )
