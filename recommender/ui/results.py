"""What a search found, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from recommender.errors import RecommenderError
from recommender.finding import Finder, Found
from recommender.likeness import COLOUR, Look, look_of_item, look_of_vector
from recommender.neighbourhood import TYPE
from recommender.steering import fuse
from recommender.ui.cards import match_card
from recommender.ui.complete_look import complete_look
from recommender.ui.markdown import percentage, plain, readable
from recommender.ui.visit import Visit
from recommender.words import Understood

PREDICTION_HELP = (
    "What the encoder takes your photo for, and how often it is right when it is this sure."
)
_PREDICTED = ("gender", TYPE, COLOUR)


def results(finder: Finder, visit: Visit) -> None:
    """Search, and draw what was found."""
    try:
        with st.spinner("Looking for what is similar …"):
            looks = _looks(finder, visit)
            found = [finder.find(look, visit.wishes) for look in looks]
    except RecommenderError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _understood(found[0].understood)
    for group, (look, one) in enumerate(zip(looks, found, strict=True)):
        if len(looks) > 1:
            st.subheader(f"Like photo {group + 1}", anchor=False)
        if look is not None and not look.known:
            _looks_like(look)
        _one(finder, visit, one, group)
    if len(looks) == 1 and looks[0] is not None:
        _another_colour(finder, visit, looks[0])
        if visit.photos:
            _complete_look(finder, looks[0])


def _looks(finder: Finder, visit: Visit) -> Sequence[Look | None]:
    """The queries: one of all photos, or one of each; None where there is no picture."""
    recommender = finder.recommender
    if visit.item:
        return [look_of_item(recommender, visit.item)]
    if not visit.photos:
        return [None]
    vectors = np.stack([photo.embedding(recommender) for photo in visit.photos])
    if visit.together:
        return [look_of_vector(recommender, fuse(vectors))]
    return [look_of_vector(recommender, vector) for vector in vectors]


def _one(finder: Finder, visit: Visit, found: Found, group: int) -> None:
    if not found.passing:
        _nothing_passes(finder, visit, found.understood, group)
        return
    if found.nothing_similar:
        st.info(
            "Nothing very similar in this catalogue. These are the nearest:",
            icon=":material/search_off:",
        )
    with st.container(key=f"tiles-{group}"):
        for match in found.matches:
            match_card(match, finder.recommender, visit, group=group)
    asked = min(visit.wishes.k, len(finder.recommender))
    if len(found.matches) < asked:
        st.caption(f"These are all: {_products(found.passing)} pass the filters.")


def _nothing_passes(finder: Finder, visit: Visit, understood: Understood, group: int) -> None:
    if len(finder.recommender) == 1:
        st.info("This is the only product of the catalogue.", icon=":material/info:")
        return
    state = visit.wishes
    filters = {**understood.filters, **state.filters}
    if not (filters or understood.excluded or state.in_colour):
        st.info("No product has a name like these words.", icon=":material/search_off:")
        return
    st.info("No product passes all of the filters.", icon=":material/filter_alt_off:")
    if state.in_colour:
        filters[COLOUR] = [state.in_colour]
    for relaxation in finder.facets.relaxations(filters):
        names = " and ".join(readable(name) for name in relaxation.attributes)
        st.button(
            f"Without {plain(names)}: {_products(relaxation.count)}",
            key=f"relax-{group}-{'-'.join(relaxation.attributes)}",
            icon=":material/filter_alt_off:",
            on_click=_relax,
            args=(visit, relaxation.attributes, understood),
        )


def _relax(visit: Visit, attributes: Sequence[str], understood: Understood) -> None:
    for name in attributes:
        if name in visit.wishes.filters:
            visit.filter_by(name, ())
        elif name == COLOUR and visit.wishes.in_colour:
            visit.wish(in_colour="")
        elif name in understood.filters:
            visit.wish(words=understood.rest)


def _understood(understood: Understood) -> None:
    """Say which words filter and which re-weigh."""
    said = [f"only **{plain(' or '.join(values))}**" for values in understood.filters.values()] + [
        f"no **{plain(' or '.join(values))}**" for values in understood.excluded.values()
    ]
    if understood.rest:
        said.append(f"re-weighed by “{plain(understood.rest)}”")
    if said:
        st.caption(f"Your words: {', '.join(said)}.")
    for note in understood.notes:
        st.caption(plain(note))


def _looks_like(look: Look) -> None:
    """What the encoder takes a photo for, where it can tell."""
    badges = []
    for attribute in _PREDICTED:
        best = look.best(attribute)
        if best is not None:
            sure = percentage(look.attributes[attribute][best])
            badges.append(f":gray-badge[{plain(best)} {sure}]")
    if badges:
        st.markdown(f"Looks like {' '.join(badges)}", help=PREDICTION_HELP)


def _another_colour(finder: Finder, visit: Visit, look: Look) -> None:
    """Offer the same in the colours that products of the query's type have."""
    kind = look.best(TYPE)
    if kind is None or COLOUR not in finder.recommender.catalogue.columns:
        return
    offered = finder.facets.counts({TYPE: kind}).get(COLOUR, ())
    names = [str(value.value) for value in offered if value.count]
    if len(names) < 2:
        return
    counts = {str(value.value): value.count for value in offered}
    key = "in-colour"
    st.session_state[key] = visit.wishes.in_colour or None
    if visit.wishes.in_colour and visit.wishes.in_colour not in names:
        names.insert(0, visit.wishes.in_colour)
    st.selectbox(
        "The same in another colour",
        options=names,
        index=None,
        placeholder="Choose a colour",
        format_func=lambda name: f"{name} · {counts.get(name, 0):,}",
        key=key,
        width=320,
        on_change=_take_colour,
        args=(visit, key),
    )


def _complete_look(finder: Finder, look: Look) -> None:
    """Offer an outfit for the photo; a product has it on its own page."""
    # Made only when it is asked for.
    with st.expander(
        "Complete the look", icon=":material/apparel:", key="photo-outfit", on_change="rerun"
    ) as opened:
        if opened.open:
            complete_look(finder, look, name=look.vector.tobytes().hex(), place="photo")


def _take_colour(visit: Visit, key: str) -> None:
    visit.wish(in_colour=st.session_state[key] or "")


def _products(count: int) -> str:
    return "1 product" if count == 1 else f"{count:,} products"
