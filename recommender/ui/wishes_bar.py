"""The controls above the results: how many, words, filters, what counts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from recommender.address import METRICS, MOST_K, MOST_WORDS
from recommender.engines import installed_engines
from recommender.finding import Finder
from recommender.ui.cards import MATCH_HELP
from recommender.ui.filters import chips, filters_popover
from recommender.ui.visit import Visit

_CRITERIA = {
    "looks": ("Looks", "How alike the pictures are, all in all."),
    "colour": ("Colour", "How alike the colours are."),
    "style": ("Style", "How far type, gender, usage and season agree."),
}
_METRICS = {"euclidean": "Euclidean", "cosine": "Cosine"}


def wishes_bar(finder: Finder, visit: Visit) -> None:
    """Draw them."""
    _heading(len(finder.recommender), visit)
    with st.container(key="wishes", horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        _controlled("words", visit.wishes.words)
        st.text_input(
            "Words",
            key="words",
            max_chars=MOST_WORDS,
            placeholder="but red, striped …",
            icon=":material/search:",
            help="Words that name a colour, a type or another attribute filter; all others "
            "re-weigh the results. Typos are forgiven.",
            on_change=_take,
            args=(visit, "words"),
            label_visibility="collapsed",
        )
        filters_popover(finder, visit)
        if visit.trail:
            _ranking_popover(finder, visit)
        if visit.wishes.steered and visit.trail:
            st.button("Reset", icon=":material/undo:", key="reset", on_click=visit.reset)
    chips(finder, visit)


def _heading(total: int, visit: Visit) -> None:
    most = min(MOST_K, total)
    with st.container(
        key="heading",
        horizontal=True,
        vertical_alignment="bottom",
        horizontal_alignment="distribute",
    ):
        title = "Most similar" if visit.trail else "What was found"
        st.title(title, anchor=False, help=MATCH_HELP if visit.trail else None, width="content")
        if most > 1:
            _controlled("k", min(visit.wishes.k, most))
            st.number_input(
                "How many",
                min_value=1,
                max_value=most,
                key="k",
                width=130,
                on_change=_take,
                args=(visit, "k"),
            )


def _ranking_popover(finder: Finder, visit: Visit) -> None:
    wishes = visit.wishes
    with st.popover("Ranking", icon=":material/tune:", key="ranking"):
        st.markdown("**What counts**")
        for name in finder.likeness.criteria:
            label, help_text = _CRITERIA[name]
            _slider(visit, f"weight-{name}", label, wishes.weights.get(name, 0.0), help_text)
        st.markdown("**What is shown**")
        _slider(
            visit, "diversity", "Variety", wishes.diversity,
            "Prefers products that differ from each other (maximal marginal relevance).",
        )  # fmt: skip
        _controlled("fold", wishes.fold)
        st.toggle(
            "Nearly identical ones as one",
            key="fold",
            on_change=_take,
            args=(visit, "fold"),
        )
        _controlled("metric", wishes.metric)
        st.segmented_control(
            "Measure",
            options=METRICS,
            format_func=_METRICS.__getitem__,
            key="metric",
            required=True,
            help="What “Why” tells. Embeddings have length 1, so both give the same order.",
            on_change=_take,
            args=(visit, "metric"),
        )
        engines = installed_engines()
        if len(engines) > 1:
            _controlled("engine", wishes.engine if wishes.engine in engines else engines[0])
            st.selectbox(
                "Engine",
                options=engines,
                key="engine",
                help="exact compares with every product; faiss follows links between neighbours, "
                "which is faster in large catalogues and rarely misses one; milvus asks a "
                "database.",
                on_change=_take,
                args=(visit, "engine"),
            )


def _slider(visit: Visit, key: str, label: str, value: float, help_text: str) -> None:
    _controlled(key, value)
    st.slider(
        label, 0.0, 1.0, step=0.1, key=key, help=help_text, on_change=_take, args=(visit, key)
    )


def _controlled(key: str, value: Any) -> None:
    """Have a control show what the visit holds: other things than the control change it, too."""
    st.session_state[key] = value


def _take(visit: Visit, key: str) -> None:
    """Keep what a control says."""
    value = st.session_state[key]
    if key == "words":
        visit.wish(words=value.strip())
    elif key.startswith("weight-"):
        weights = {**visit.wishes.weights, key.removeprefix("weight-"): float(value)}
        visit.wish(weights=weights)
    else:
        visit.wish(**{key: value})
