"""A product as a card."""

from __future__ import annotations

import re
from collections.abc import Callable

import streamlit as st

from recommender.catalogue import Item
from recommender.search import Recommendation, Recommender
from recommender.ui.thumbnails import MISSING, tile

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
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")
_SHORTCODE = re.compile(r":(?=\w)")


def match_card(
    match: Recommendation, recommender: Recommender, *, search: Callable[[str], None]
) -> None:
    """A match: picture, title, attributes, how similar; a click searches with it.

    Args:
        match: what to show.
        recommender: knows where its picture is.
        search: called with the item's file name.
    """
    with st.container(key=f"card-match-{match.rank}", gap="xsmall", height="stretch"):
        picture(match.item, recommender)
        percent = percentage(match.match)
        st.progress(match.match, text=f"**{percent}** · {in_words(match.match)}")
        with st.container(key=f"title-match-{match.rank}"):
            st.markdown(f"**{plain(match.title)}**")
        summary = attribute_summary(match.item)
        if summary:
            st.caption(plain(summary))
        st.space("stretch")
        st.button(
            "More like this",
            key=f"more-{match.rank}",
            icon=":material/image_search:",
            width="stretch",
            on_click=search,
            args=(match.filename,),
        )


def start_card(
    item: Item, number: int, recommender: Recommender, *, search: Callable[[str], None]
) -> None:
    """An item to start from: a picture and its name, which is a button."""
    with st.container(key=f"card-start-{number}", gap="xsmall"):
        picture(item, recommender)
        with st.container(key=f"title-start-{number}"):
            st.button(
                plain(item.title),
                key=f"start-{number}",
                type="tertiary",
                width="stretch",
                on_click=search,
                args=(item.filename,),
            )


def picture(item: Item, recommender: Recommender) -> None:
    """An item's picture on a white tile, or a placeholder."""
    jpeg = tile(recommender.image_path(item))
    if jpeg is None:
        st.image(MISSING, width="stretch", alt=f"{item.title} (its picture is missing)")
    else:
        st.image(jpeg, width="stretch", output_format="JPEG", alt=item.title)


def attribute_summary(item: Item) -> str:
    """One line of what matters most: "Men · Shirts · Navy Blue"; empty if nothing is known."""
    names = _ON_CARDS if any(name in item.attributes for name in _ON_CARDS) else item.attributes
    known = [str(item.attributes[name]) for name in names if item.attributes.get(name) is not None]
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


def percentage(match: float) -> str:
    """The match as a percentage that does not break across lines.

    >>> percentage(0.987).replace("\N{NO-BREAK SPACE}", " ")
    '99 %'
    """
    return f"{100 * match:.0f}\N{NO-BREAK SPACE}%"


def plain(text: str) -> str:
    r"""Text as it stands, where Streamlit would read Markdown.

    >>> plain("Levi's *501* [W32]")
    "Levi's \\*501\\* \\[W32\\]"
    """
    escaped = _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
    # A backslash does not keep Streamlit from drawing :smile: or :material/home:.
    return _SHORTCODE.sub(":\N{WORD JOINER}", escaped)
