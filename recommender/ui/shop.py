"""The catalogue that the app shows: opened, or the page that says how to make one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st

from recommender.errors import ArtifactsError, RecommenderError
from recommender.finding import Finder
from recommender.search import Recommender
from recommender.ui import sample_shop, setup_pages
from recommender.ui.loading import index_time, open_finder
from recommender.ui.settings import ARTIFACTS, Settings


def open_shop() -> Finder | None:
    """The finder of the catalogue; every page begins with this.

    Returns:
        None if there is no catalogue, or none that can be used: then the page says so already.
    """
    try:
        settings = Settings.read(sys.argv[1:], os.environ)
    except RecommenderError as error:
        setup_pages.wrong_arguments(error)
        return None
    written = index_time(settings.artifacts)
    if written is None and settings.artifacts != ARTIFACTS:
        setup_pages.no_index(settings)
        return None
    if written is None:
        if not sample_shop.ensure_sample(settings):
            return None
        sample_shop.notice(settings)
        settings = sample_shop.sample_settings(settings)
        written = index_time(settings.artifacts)
    if written is None:
        setup_pages.no_index(settings)  # Deleted this very moment.
        return None
    try:
        return open_finder(settings, written)
    except RecommenderError as error:
        setup_pages.unusable(error, settings)
        return None


def finder_at_hand() -> Finder:
    """The same for what is no page, such as a route: nothing is drawn.

    Raises:
        RecommenderError: there is no catalogue, or none that can be used.
    """
    settings = settings_at_hand()
    return open_finder(settings, _written(settings))


def index_folder() -> Path:
    """The index folder of the catalogue that the app shows: the sample's where there is no other.

    Raises:
        RecommenderError: the app was started with arguments that cannot be read.
    """
    return settings_at_hand().artifacts


def artifacts_at_hand() -> Path:
    """The same where there is an index; nothing is loaded.

    Raises:
        RecommenderError: there is no index.
    """
    settings = settings_at_hand()
    _written(settings)
    return settings.artifacts


def _written(settings: Settings) -> int:
    """When the index was written."""
    written = index_time(settings.artifacts)
    if written is None:
        raise ArtifactsError(f"there is no index in {settings.artifacts}: run build_index.py")
    return written


def settings_at_hand() -> Settings:
    """The settings of the catalogue that is shown: those of the sample where nothing else is.

    Raises:
        RecommenderError: the app was started with arguments that cannot be read.
    """
    settings = Settings.read(sys.argv[1:], os.environ)
    if settings.artifacts == ARTIFACTS and index_time(settings.artifacts) is None:
        return sample_shop.sample_settings(settings)
    return settings


def warn_of_missing_dataset(recommender: Recommender) -> None:
    """Say so if the folder of the pictures is gone."""
    dataset = recommender.index.dataset
    if not dataset.is_dir():
        st.warning(
            f"The pictures are not in `{dataset}` any more; start the app with their folder: "
            "`streamlit run app.py -- --data DIR`",
            icon=":material/folder_off:",
        )
