"""Complete the look: an outfit as cards, each of which can be exchanged or kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from recommender.errors import RecommenderError
from recommender.finding import Finder
from recommender.likeness import Look
from recommender.outfits import Outfit, OutfitMaker, Slot
from recommender.ui.cards import picture, product_link
from recommender.ui.favourite import favourite_button
from recommender.ui.markdown import percentage, plain
from recommender.ui.visitor import Visitor
from recommender.ui.visitor_cookie import tell_browser

HARMONY_HELP = (
    "How far the colours fit one template of hues on CIELAB's hue circle (after Cohen-Or et al., "
    "Color Harmonization, 2006). Black, white and grey go with everything."
)


@dataclass
class _Shown:
    """The outfit in one place of a page.

    Attributes:
        name: what it was made for.
        outfit: as it is now.
        pinned: slots that "Another look" leaves as they are.
    """

    name: str
    outfit: Outfit
    pinned: set[str] = field(default_factory=set)


@st.fragment
def complete_look(finder: Finder, look: Look, *, name: str, place: str, title: str = "") -> None:
    """Draw it.

    Args:
        finder: knows the catalogue.
        look: what to complete.
        name: tells one look from another; what was chosen is kept until it changes.
        place: which of a visitor's outfits it is, for keys.
        title: stands above, if anything does.
    """
    try:
        shown = _shown(finder, look, name, place)
    except RecommenderError as error:
        if title:
            st.subheader(title, anchor=False)
        st.info(plain(str(error)), icon=":material/info:")
        return
    _heading(finder.outfits, shown, place, title)
    outfit = shown.outfit
    if outfit.slots:
        with st.container(key=f"tiles-outfit-{place}"):
            for slot in outfit.slots:
                _card(finder, slot, shown, place)
    _told(outfit)
    # A heart pressed here draws this part of the page alone.
    tell_browser(Visitor.of_session())


def _shown(finder: Finder, look: Look, name: str, place: str) -> _Shown:
    key = f"outfit-of-{place}"
    shown = st.session_state.get(key)
    if not isinstance(shown, _Shown) or shown.name != name:
        shown = _Shown(name, finder.outfits.outfit(look))
        st.session_state[key] = shown
    return shown


def _heading(maker: OutfitMaker, shown: _Shown, place: str, title: str) -> None:
    if title:
        st.subheader(title, anchor=False)
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        if shown.outfit.harmony is not None:
            told = f"Harmony of the colours: {percentage(shown.outfit.harmony)}"
            st.caption(told, help=HARMONY_HELP, width="content")
        free = [slot.name for slot in shown.outfit.slots if slot.name not in shown.pinned]
        if shown.outfit.slots:
            st.button(
                "Another look",
                key=f"another-{place}",
                icon=":material/shuffle:",
                type="tertiary",
                disabled=not free,
                help="Exchanges every piece that is not pinned",
                on_click=_exchange,
                args=(maker, shown, *free),
            )


def _card(finder: Finder, slot: Slot, shown: _Shown, place: str) -> None:
    name = f"{place}-{slot.name}"
    pinned = slot.name in shown.pinned
    with st.container(key=f"card-outfit-{name}", gap="xsmall", height="stretch"):
        picture(slot.recommendation.item, finder.recommender)
        st.caption(f"**{slot.name.capitalize()}**")
        with st.container(key=f"title-outfit-{name}"), st.container(key=f"go-outfit-{name}"):
            product_link(slot.recommendation.item)
        with st.container(key=f"because-{name}"):
            st.caption(plain(slot.because))
        if slot.again:
            st.caption(":material/replay: You have seen all that fit; from the first again.")
        st.space("stretch")
        with st.container(
            key=f"tools-outfit-{name}", horizontal=True, gap=None,
            horizontal_alignment="distribute",
        ):  # fmt: skip
            st.button(
                "Another",
                key=f"reroll-{name}",
                icon=":material/refresh:",
                type="tertiary",
                disabled=pinned or slot.choices < 2,
                help=f"Exchange the {slot.name}; the other pieces stay",
                on_click=_exchange,
                args=(finder.outfits, shown, slot.name),
            )
            st.button(
                "Pinned" if pinned else "Pin",
                key=f"pin-{name}",
                icon=":material/keep:" if pinned else ":material/keep_off:",
                type="tertiary",
                help=f"Keep the {slot.name} when all is exchanged",
                on_click=_pin,
                args=(shown, slot.name),
            )
            favourite_button(slot.recommendation.item, key=f"save-outfit-{name}")


def _told(outfit: Outfit) -> None:
    """What is missing, guessed or not known."""
    if outfit.missing:
        left = "; ".join(f"{slot.name} ({slot.reason})" for slot in outfit.missing)
        st.caption(plain(f"Left out: {left}."))
    for note in outfit.notes:
        st.caption(plain(f"{note[:1].upper()}{note[1:]}."))


def _exchange(maker: OutfitMaker, shown: _Shown, *names: str) -> None:
    shown.outfit = maker.reroll(shown.outfit, *names)


def _pin(shown: _Shown, name: str) -> None:
    shown.pinned ^= {name}
