"""A product as a card."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from recommender.catalogue import Item
from recommender.confidence import in_words as confidence_in_words
from recommender.finding import Match, Reason
from recommender.search import Recommender
from recommender.ui.favourite import favourite_button
from recommender.ui.markdown import percentage, plain
from recommender.ui.pages import page
from recommender.ui.swatch_row import swatch_row
from recommender.ui.thumbnail_route import thumbnail_html
from recommender.ui.thumbnails import colours
from recommender.ui.visit import Visit
from recommender.ui.why import why

MATCH_HELP = (
    "100 % is the same picture. 0 % is no closer than two products of this catalogue picked "
    "by chance."
)

_SCALE = (
    (0.99, "the same picture"),
    (0.8, "nearly the same"),
    (0.6, "very similar"),
    (0.4, "similar"),
    (0.2, "somewhat similar"),
    (0.0, "hardly similar"),
)
_ON_CARDS = ("gender", "articleType", "baseColour")


def match_card(match: Match, recommender: Recommender, visit: Visit, *, group: int = 0) -> None:
    """A match: picture, how similar, title, attributes; a click searches with it.

    Args:
        match: what to show.
        recommender: knows where its picture is.
        visit: what the buttons act on.
        group: which of several results on the page it belongs to.
    """
    found = match.recommendation
    name = f"{group}-{found.rank}"
    with st.container(key=f"card-match-{name}", gap="xsmall", height="stretch"):
        picture(found.item, recommender)
        if visit.trail:
            likely = (
                in_words(found.match)
                if match.confidence is None or found.match > _SCALE[0][0]
                else confidence_in_words(match.confidence)
            )
            st.progress(found.match, text=f"**{percentage(found.match)}** · {likely}")
        with st.container(key=f"title-match-{name}"):
            product_link(found.item)
        summary = attribute_summary(found.item, match.reasons)
        if summary:
            with st.container(key=f"summary-{name}"):
                st.caption(plain(summary))
        found_colours = colours(recommender.image_path(found.item))
        if found_colours:
            swatch_row(found_colours, of=found.title)
        if match.folded:
            st.caption(f":material/stacks: {len(match.folded) + 1} nearly identical listings")
        st.space("stretch")
        with st.container(key=f"go-match-{name}"):
            st.button(
                "Find similar",
                key=f"more-{name}",
                icon=":material/image_search:",
                width="stretch",
                on_click=visit.search_item,
                args=(found.id,),
            )
        with st.container(
            key=f"tools-{name}", horizontal=True, gap=None, horizontal_alignment="distribute"
        ):
            if visit.trail:
                _steering(found.id, name, visit)
            why(match, recommender, visit, key=f"why-{name}")
            favourite_button(found.item, key=f"save-{name}")


def _steering(item_id: str, name: str, visit: Visit) -> None:
    """Buttons that move the search towards an item, or away from it."""
    st.button(
        "More" if item_id not in visit.wishes.liked else ":green[More ✓]",
        key=f"like-{name}",
        type="tertiary",
        help="More like this one",
        on_click=visit.like,
        args=(item_id,),
    )
    st.button(
        "Less",
        key=f"dislike-{name}",
        type="tertiary",
        help="Less like this one; it is left out, too",
        on_click=visit.dislike,
        args=(item_id,),
    )


def start_card(
    item: Item, number: int, recommender: Recommender, *, search: Callable[[str], None]
) -> None:
    """An item to start from: a picture and its name, which is a button."""
    with st.container(key=f"card-start-{number}", gap="xsmall"):
        picture(item, recommender)
        with (
            st.container(key=f"title-start-{number}"),
            st.container(key=f"go-start-{number}"),
        ):
            st.button(
                plain(item.title),
                key=f"start-{number}",
                type="tertiary",
                width="stretch",
                on_click=search,
                args=(item.id,),
            )


def picture(item: Item, recommender: Recommender) -> None:
    """An item's picture on a white tile, or a placeholder."""
    st.html(thumbnail_html(item, recommender.image_path(item)))


def product_link(item: Item) -> None:
    """The name of a product, which leads to its page."""
    st.page_link(page("product"), label=f"**{plain(item.title)}**", query_params={"item": item.id})


def attribute_summary(item: Item, reasons: tuple[Reason, ...] = ()) -> str:
    """One line of what matters most: "Men · Shirts · Navy Blue"; empty if nothing is known.

    What agrees with the query has a tick.
    """
    names = _ON_CARDS if any(name in item.attributes for name in _ON_CARDS) else item.attributes
    agreeing = {reason.attribute for reason in reasons if reason.agrees}
    known = [
        f"{'✓ ' if name in agreeing else ''}{item.attributes[name]}"
        for name in names
        if item.attributes.get(name) is not None
    ]
    return " · ".join(known[: len(_ON_CARDS)])


def attribute_badges(item: Item) -> str:
    """All that is known of an item, as Streamlit's Markdown badges; empty if nothing is."""
    known = [str(value) for value in item.attributes.values() if value is not None]
    return " ".join(f":gray-badge[{plain(value)}]" for value in known)


def in_words(match: float) -> str:
    """How similar, on a scale of words.

    >>> in_words(1.0), in_words(0.65), in_words(0.0)
    ('the same picture', 'very similar', 'hardly similar')
    """
    return next(words for least, words in _SCALE if match >= least)
