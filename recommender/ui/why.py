"""Why a match is a match, in a small window of its own."""

from __future__ import annotations

import streamlit as st

from recommender.confidence import in_words
from recommender.finding import Match
from recommender.search import Recommender
from recommender.ui.markdown import percentage, plain, readable
from recommender.ui.swatch_row import swatch_row
from recommender.ui.thumbnails import colours
from recommender.ui.visit import Visit

_SHOWN = 8


def why(match: Match, recommender: Recommender, visit: Visit, *, key: str) -> None:
    """A button that opens it.

    Args:
        match: what to explain.
        recommender: knows its picture.
        visit: holds the query.
        key: of the button.
    """
    with st.popover("Why", type="tertiary", key=key):
        _attributes(match, known=bool(visit.item))
        _colours(match, recommender, visit)
        if visit.trail:
            _likeness(match, visit.wishes.metric)
        if match.folded:
            names = "\n".join(f"- {plain(item.title)} ({plain(item.id)})" for item in match.folded)
            st.markdown(f"**Nearly identical listings**\n{names}")


def _attributes(match: Match, *, known: bool) -> None:
    if not match.reasons:
        for name, value in match.recommendation.attributes.items():
            if value is not None:
                st.markdown(f"{plain(readable(name))}: {plain(str(value))}")
        return
    st.markdown("**Compared with the product**" if known else "**Compared with your photo**")
    for reason in match.reasons[:_SHOWN]:
        name, value = plain(readable(reason.attribute)), plain(reason.value)
        if reason.agrees:
            st.markdown(f":material/check: {name}: **{value}**")
        else:
            st.markdown(f":material/close: {name}: {value}, not {plain(reason.wanted)}")
    if not known:
        st.caption("Of your photo these are guesses.")


def _colours(match: Match, recommender: Recommender, visit: Visit) -> None:
    found = colours(recommender.image_path(match.recommendation.item))
    if visit.item:
        item = recommender.catalogue.items[recommender.catalogue.row_of(visit.item)]
        wanted = colours(recommender.image_path(item))
    else:
        wanted = visit.photos[0].swatches if visit.photos else ()
    if found and wanted:
        st.markdown("**Colours**: the query's, then this one's")
        swatch_row(wanted, of="the query")
        swatch_row(found, of="this product")


def _likeness(match: Match, metric: str) -> None:
    found = match.recommendation
    if metric == "cosine":
        measure = f"cosine similarity {found.similarity:.3f}"
    else:
        measure = f"Euclidean distance {found.distance:.3f}"
    st.markdown(f"**Likeness** {percentage(found.match)} ({measure})")
    if match.confidence is not None:
        st.markdown(
            f"**{in_words(match.confidence).capitalize()}**: where as many of the nearest products "
            f"are of the match's type as here, {percentage(match.confidence)} of matches are of "
            "the query's type."
        )
