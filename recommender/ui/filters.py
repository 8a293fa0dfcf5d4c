"""Filters with live counts, and what is filtered by, to be taken back one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from recommender.facets import FacetValue
from recommender.finding import Finder
from recommender.ui.markdown import plain, readable
from recommender.ui.visit import Visit

_FEW = 7
_MOST_VALUES = 200


def filters_popover(finder: Finder, visit: Visit) -> None:
    """All attributes of the catalogue, with how many products each value would leave."""
    filters = visit.wishes.filters
    chosen = sum(len(values) for values in filters.values())
    label = f"Filters ({chosen})" if chosen else "Filters"
    facets = finder.facets.counts(filters)
    if not facets:
        return
    with st.popover(label, icon=":material/filter_alt:", key="filters"):
        for attribute, values in facets.items():
            if len(values) <= _MOST_VALUES:  # More are prose, or numbers of parts.
                _filter(attribute, values, visit)


def _filter(attribute: str, values: Sequence[FacetValue], visit: Visit) -> None:
    key = f"filter-{attribute}"
    names = [str(value.value) for value in values]
    counts = {str(value.value): value.count for value in values}
    st.session_state[key] = [str(value.value) for value in values if value.selected]
    show = st.pills if len(names) <= _FEW else st.multiselect
    extra = {"selection_mode": "multi"} if show is st.pills else {"placeholder": "Any"}
    show(  # type: ignore[operator]
        readable(attribute),
        options=names,
        format_func=lambda name: f"{name} · {counts.get(name, 0):,}",
        key=key,
        on_change=_take,
        args=(visit, attribute, key),
        **extra,
    )


def _take(visit: Visit, attribute: str, key: str) -> None:
    visit.filter_by(attribute, st.session_state[key])


def chips(finder: Finder, visit: Visit) -> None:
    """What narrows or steers the search, each with a button that takes it back."""
    wishes = visit.wishes
    taken = [
        (f"{value}", partial(_unfilter, visit, attribute, value))
        for attribute, values in wishes.filters.items()
        for value in values
    ]
    if wishes.in_colour:
        taken.append((f"The same in {wishes.in_colour}", partial(visit.wish, in_colour="")))
    catalogue = finder.recommender.catalogue
    for sort, ids, take_back in (
        ("More like", wishes.liked, visit.like),
        ("Less like", wishes.disliked, visit.dislike),
    ):
        for item_id in ids:
            title = catalogue.items[catalogue.row_of(item_id)].title
            taken.append((f"{sort} {title}", partial(take_back, item_id)))
    if not taken:
        return
    with st.container(key="chips", horizontal=True, gap="xsmall"):
        for number, (label, take_back) in enumerate(taken):
            st.button(
                plain(label),
                key=f"chip-{number}",
                icon=":material/close:",
                help="Take this back",
                on_click=take_back,
            )


def _unfilter(visit: Visit, attribute: str, value: str) -> None:
    visit.filter_by(attribute, [v for v in visit.wishes.filters[attribute] if v != value])
