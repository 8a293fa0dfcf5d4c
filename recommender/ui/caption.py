"""The sentence about a product: stored, made now by a model that looks, or of its attributes."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from recommender.captions import MODEL, Blip, Captions, describe, is_installed, read_captions
from recommender.captions.files import CAPTIONS
from recommender.catalogue import Item
from recommender.errors import RecommenderError
from recommender.images import load_image
from recommender.search import Recommender
from recommender.ui.markdown import plain
from recommender.ui.shop import settings_at_hand
from recommender.ui.thumbnails import changed_at

_KEPT = 2000


def caption(item: Item, recommender: Recommender) -> None:
    """Draw it. Making one takes a few seconds, once; then the page says what it waits for."""
    picture = recommender.image_path(item)
    artifacts = settings_at_hand().artifacts.absolute()
    stored = _stored(artifacts, changed_at(artifacts / CAPTIONS))
    text = stored.text_of(item.id, picture) if stored else ""
    changed = changed_at(picture)
    if not text and changed is not None and is_installed():
        text = _made(picture, changed, stored.model if stored else MODEL)
    st.markdown(plain(text or describe(item)))


@st.cache_resource(max_entries=1, show_spinner=False)
def _stored(artifacts: Path, changed: int | None) -> Captions | None:
    try:
        return read_captions(artifacts)
    except RecommenderError:
        return None  # Others can be made; the command line says what is wrong with the file.


@st.cache_data(max_entries=_KEPT, show_spinner="Looking at the picture …")
def _made(picture: Path, changed: int, model: str) -> str:
    try:
        return _blip(model).caption([load_image(picture)])[0]
    except RecommenderError:
        return ""  # No picture, or no model on this machine: a page fetches no gigabyte.


@st.cache_resource(max_entries=1, show_spinner=False)
def _blip(model: str) -> Blip:
    return Blip(model, fetch=False)
