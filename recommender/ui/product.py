"""The page of one product: what it is, what goes with it, what is like it."""

from __future__ import annotations

import html

import streamlit as st

from recommender.catalogue import Item
from recommender.errors import QueryError
from recommender.finding import Finder
from recommender.likeness import Look, look_of_item
from recommender.ui.caption import caption
from recommender.ui.cards import picture
from recommender.ui.complete_look import complete_look
from recommender.ui.favourite import favourite_button
from recommender.ui.item_card import find_similar_button, item_card
from recommender.ui.markdown import percentage, plain, readable
from recommender.ui.pages import page
from recommender.ui.shop import open_shop, warn_of_missing_dataset
from recommender.ui.style import scroll_to_top
from recommender.ui.swatch_row import swatch_row
from recommender.ui.thumbnails import colours
from recommender.ui.visit import Visit
from recommender.ui.visitor import Visitor
from recommender.wishes import Wishes

_SIMILAR = 10
_ADDRESS = "product-in-address"


def product() -> None:
    """Draw the page of the product that the address names, in whatever state the index is."""
    finder = open_shop()
    if finder is not None:
        _product(finder, st.query_params.get("item", ""))


def _product(finder: Finder, item_id: str) -> None:
    recommender = finder.recommender
    st.page_link(page("find"), label="Find similar products", icon=":material/arrow_back:")
    try:
        row = recommender.catalogue.row_of(item_id)
    except QueryError:
        named = f"There is no product “{plain(item_id)}” in this catalogue."
        st.info(named if item_id else "No product is chosen.", icon=":material/search_off:")
        return
    Visitor.of_session().look_at(item_id)
    warn_of_missing_dataset(recommender)
    item = recommender.catalogue.items[row]
    look = look_of_item(recommender, item_id)
    # The address names the product of this page, not a search.
    visit = Visit.of(st.session_state, {}, recommender.catalogue)
    _head(finder, item, visit)
    with st.container(key="outfit"):
        complete_look(finder, look, name=item.id, place="product", title="Complete the look")
    _similar(finder, look, visit)
    scroll_to_top(move=-1 - row)
    _write_address(item_id)


def _write_address(item_id: str) -> None:
    """Put the product into the browser's address: a link from product to product does not."""
    if st.session_state.setdefault(_ADDRESS, item_id) != item_id:
        st.session_state[_ADDRESS] = item_id
        st.query_params["item"] = item_id


def _head(finder: Finder, item: Item, visit: Visit) -> None:
    shown, told = st.columns([0.34, 0.66], gap="large")
    with shown, st.container(key="product-picture"):
        picture(item, finder.recommender)
    with told:
        st.title(plain(item.title), anchor=False)
        caption(item, finder.recommender)
        facts = "".join(
            f"<div><dt>{html.escape(readable(name))}</dt><dd>{html.escape(str(value))}</dd></div>"
            for name, value in item.attributes.items()
            if value is not None
        )
        facts += f"<div><dt>Id</dt><dd>{html.escape(item.id)}</dd></div>"
        st.html(f'<dl class="facts">{facts}</dl>')
        found = colours(finder.recommender.image_path(item))
        if found:
            swatch_row(found, of=item.title)
            names = (f"{swatch.name} {percentage(swatch.share)}" for swatch in found)
            st.caption(f"Colours of the picture: {plain(', '.join(names))}")
        with st.container(horizontal=True, key="product-actions"):
            find_similar_button(item.id, visit, key="more-product", kind="primary")
            favourite_button(item, key="save-product", labelled=True)


def _similar(finder: Finder, look: Look, visit: Visit) -> None:
    st.subheader("Similar products", anchor=False)
    found = finder.find(look, Wishes(k=_SIMILAR, fold=True))
    if not found.matches:
        st.caption("This is the only product of the catalogue.")
        return
    with st.container(key="tiles-similar"):
        for match in found.matches:
            recommendation = match.recommendation
            name = f"similar-{recommendation.rank}"
            item_card(recommendation.item, name, finder.recommender, visit)
