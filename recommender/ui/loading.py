"""Open the index and the model once a process; every session shares them."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from recommender.artifacts import find_dataset
from recommender.catalogue import STYLES_CSV
from recommender.errors import RecommenderError
from recommender.finding import Finder
from recommender.manifest import EMBEDDINGS, FILENAMES, HEAD, MANIFEST, located, read_manifest
from recommender.search import Recommender
from recommender.ui.settings import Settings


def styles_time(settings: Settings) -> int | None:
    """When the dataset's ``styles.csv`` was last written; None if there is none, or no dataset."""
    try:
        manifest = read_manifest(settings.artifacts)
        dataset = settings.data or (manifest and find_dataset(settings.artifacts, manifest))
        return (dataset / STYLES_CSV).stat().st_mtime_ns if dataset else None
    except (OSError, RecommenderError):
        return None  # Opening the index says what is wrong.


def index_time(artifacts: Path) -> int | None:
    """When the index was last written, in nanoseconds; None where there is none."""
    times = []
    for name in (MANIFEST, EMBEDDINGS, FILENAMES, HEAD):
        try:
            times.append(located(artifacts, name).stat().st_mtime_ns)
        except OSError:
            continue  # Missing, or just being replaced.
    return max(times, default=None)


def open_finder(settings: Settings, written: int) -> Finder:
    """The finder of these settings, ready to answer at once.

    Args:
        settings: which index.
        written: its `index_time`, so that an index that was built again is opened again.

    Raises:
        RecommenderError: the index or the weights cannot be used.
    """
    return _open(
        settings.artifacts,
        settings.data,
        settings.weights,
        settings.runtime,
        written,
        styles_time(settings),
    )


# One entry: an old index is let go when a new one is opened.
@st.cache_resource(max_entries=1, show_spinner="Opening the catalogue and loading the model …")
def _open(
    artifacts: Path,
    data: Path | None,
    weights: Path | None,
    runtime: str,
    written: int,
    described: int | None,
) -> Finder:
    # An index that this one replaces may be let go of.
    gc.unfreeze()
    recommender = Recommender.open(artifacts, data=data, weights=weights, runtime=runtime)
    finder = Finder(recommender)
    # What is computed on first use is computed here, under the lock of the cache: the sessions
    # that share it later only read, and the first search is as fast as the others.
    finder.warm_up()
    # Streamlit clears Keras after every run of a page, and that collects garbage in full. What
    # stays for good need not be looked through each time: a third of a second on 40,000 products.
    gc.collect()
    gc.freeze()
    return finder
