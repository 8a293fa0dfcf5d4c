"""What the app shows where there is nothing to search yet, or nothing that can be searched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from recommender.download import PAGE
from recommender.errors import CatalogueError, RecommenderError, WeightsError
from recommender.manifest import Manifest, read_manifest
from recommender.ui.markdown import plain
from recommender.ui.settings import ARTIFACTS, Settings, build_command, quoted, run_command


def no_index(settings: Settings, *, problem: RecommenderError | None = None) -> None:
    """How to make the first index.

    Args:
        settings: which index is missing.
        problem: why the sample catalogue could not be made in its place, if that was tried.
    """
    st.title("Almost there: index a catalogue", anchor=False)
    if problem is not None:
        st.error(plain(str(problem)), icon=":material/error:")
    st.markdown(
        f"There is no index in `{settings.artifacts}` yet. Run this once, in the folder of this "
        "app; it reads every product picture and takes about a minute for a thousand of them."
    )
    command = build_command(settings, data=None, encoder=None, rebuild=False)
    st.code(command, language="bash", wrap_lines=True)
    _look_again()
    st.space("small")
    ways_to_an_index(settings)


def ways_to_an_index(settings: Settings) -> None:
    """The commands for the Kaggle catalogue and for one's own pictures, side by side."""
    command = build_command(settings, data=None, encoder=None, rebuild=False)
    kaggle, own = st.columns(2, gap="medium")
    with kaggle.container(border=True, height="stretch"):
        st.subheader("The Kaggle catalogue", anchor=False)
        st.markdown("44,000 fashion products, fetched and indexed for you:")
        st.code(
            f"pip install -r requirements-kaggle.txt\n{command} --download",
            language="bash",
            wrap_lines=True,
        )
        st.markdown(
            f"By hand: download [the dataset]({PAGE}), unpack it into the folder "
            f"`{settings.data or 'data'}` so that it holds `images` and `styles.csv`, then run the "
            "command above."
        )
    with own.container(border=True, height="stretch"):
        st.subheader("Your own pictures", anchor=False)
        st.markdown("Any folder of pictures will do; the folders below it are searched too:")
        artifacts = settings.artifacts
        own_command = ["python", "build_index.py", "--data", "path/to/pictures"]
        if artifacts != ARTIFACTS:
            own_command += ["--artifacts", str(artifacts)]
        st.code(quoted(own_command), language="bash", wrap_lines=True)
        st.markdown(
            "Names and attributes come from an optional `styles.csv` beside the pictures: a "
            "column `id` (the picture's file name without its ending), `productDisplayName`, and "
            "any others."
        )


def unusable(error: RecommenderError, settings: Settings) -> None:
    """What is wrong with the index or the weights, and what mends it."""
    st.title("The catalogue cannot be searched", anchor=False)
    st.error(plain(str(error)), icon=":material/error:")
    if isinstance(error, CatalogueError):
        st.markdown("Mend the file, then look again.")
        _look_again()
        return
    if isinstance(error, WeightsError):
        st.markdown("If the weights are somewhere else, start the app with their file:")
        st.code(
            run_command(settings, weights="path/to/weights.h5"), language="bash", wrap_lines=True
        )
        st.markdown("Or make the index again with the encoder's own weights:")
        settings = replace(settings, weights=None)
    else:
        st.markdown("This makes the index again:")
    st.code(_rebuild_command(settings), language="bash", wrap_lines=True)
    _look_again()


def wrong_arguments(error: RecommenderError) -> None:
    """The app was started with arguments that it cannot read."""
    st.title("The app was started wrongly", anchor=False)
    st.error(plain(str(error)), icon=":material/error:")


def _look_again() -> None:
    # Any click runs the page anew, and that looks again.
    st.button("Look again", icon=":material/refresh:", type="primary")


def _rebuild_command(settings: Settings) -> str:
    manifest = _manifest(settings.artifacts)
    return build_command(
        settings,
        data=None if manifest is None else _shortest(Path(manifest.dataset)),
        encoder=None if manifest is None else manifest.encoder.name,
        rebuild=True,
    )


def _manifest(artifacts: Path) -> Manifest | None:
    try:
        return read_manifest(artifacts)
    except RecommenderError:
        return None  # It is broken itself: the command then goes without what it would tell.


def _shortest(path: Path) -> Path:
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
