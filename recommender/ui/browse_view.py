"""The catalogue page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from recommender.address import SearchState
from recommender.browsing import PAGE_SIZE, Browsing, pages, sorts
from recommender.finding import Finder
from recommender.ui.filters import chips, filters_popover
from recommender.ui.item_card import item_card
from recommender.ui.style import scroll_to_top
from recommender.ui.visit import Visit

_SORTS = {"catalogue": "Catalogue order", "name": "Name", "year": "Latest first"}


def go(browsing: Browsing) -> None:
    """Show something else of the catalogue: the address says what."""
    st.query_params.from_dict(browsing.to_params())


@dataclass
class _Filtering(Visit):
    """What the filters act on: the address, not the visitor's search."""

    browsing: Browsing = field(default_factory=Browsing)

    def filter_by(self, attribute: str, values: Sequence[str]) -> None:
        super().filter_by(attribute, values)
        go(replace(self.browsing, wishes=self.wishes, page=1))


def browse_view(finder: Finder, browsing: Browsing) -> None:
    """Draw it: filters, order, the products of one page, the way to the others."""
    catalogue = finder.recommender.catalogue
    rows = browsing.rows(catalogue)
    browsing = browsing.on(min(browsing.page, pages(len(rows))))
    _controls(finder, browsing)
    if not len(rows):
        _nothing(finder, browsing)
        return
    visit = Visit.of(st.session_state, {}, catalogue)
    start = (browsing.page - 1) * PAGE_SIZE
    shown = rows[start : start + PAGE_SIZE].tolist()
    st.caption(f"{start + 1:,} to {start + len(shown):,} of {len(rows):,}")
    with st.container(key="tiles-catalogue"):
        for number, row in enumerate(shown, start=1):
            item_card(catalogue.items[row], f"item-{number}", finder.recommender, visit)
    _paging(browsing, pages(len(rows)))
    scroll_to_top(move=browsing.page)


def _controls(finder: Finder, browsing: Browsing) -> None:
    visit = _Filtering(wishes=browsing.wishes, browsing=browsing)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        filters_popover(finder, visit)
        key = "catalogue-sort"
        st.session_state[key] = browsing.sort
        st.selectbox(
            "Order",
            options=sorts(finder.recommender.catalogue),
            format_func=_SORTS.__getitem__,
            key=key,
            width=200,
            label_visibility="collapsed",
            on_change=lambda: go(replace(browsing, sort=st.session_state[key], page=1)),
        )
    chips(finder, visit)


def _nothing(finder: Finder, browsing: Browsing) -> None:
    st.info("No product passes all of the filters.", icon=":material/filter_alt_off:")
    st.button(
        f"Show all {len(finder.recommender):,} products",
        on_click=lambda: go(replace(browsing, wishes=SearchState(), page=1)),
    )


def _paging(browsing: Browsing, count: int) -> None:
    if count == 1:
        return
    with st.container(
        horizontal=True,
        horizontal_alignment="center",
        vertical_alignment="center",
        gap="xsmall",
    ):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            disabled=browsing.page == 1,
            on_click=lambda: go(browsing.on(browsing.page - 1)),
        )
        key = "catalogue-page"
        st.session_state[key] = browsing.page
        st.number_input(
            "Page",
            min_value=1,
            max_value=count,
            key=key,
            width=100,
            label_visibility="collapsed",
            on_change=lambda: go(browsing.on(st.session_state[key])),
        )
        st.markdown(f"of {count:,}", width="content")
        st.button(
            "Next",
            icon=":material/chevron_right:",
            disabled=browsing.page == count,
            on_click=lambda: go(browsing.on(browsing.page + 1)),
        )
