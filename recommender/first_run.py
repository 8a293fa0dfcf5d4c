"""Something to try at once: the sample catalogue, drawn and indexed where nothing else is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from recommender.indexing import BuildReport, build_index
from recommender.sample import draw_sample

FOLDER = "sample"
"""Below the index folder, so that neither the user's pictures nor their index are in its way."""

OnStep = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, of how many)."""


def sample_index(artifacts: Path) -> Path:
    """Where the index of the sample catalogue goes.

    >>> sample_index(Path("artifacts")).as_posix()
    'artifacts/sample/index'
    """
    return artifacts / FOLDER / "index"


def make_sample_index(
    artifacts: Path, *, encoder: str = "fashion", on_step: OnStep | None = None
) -> BuildReport:
    """Draw the sample catalogue and index it, below an index folder.

    A run that was cut short is finished; a finished one costs next to nothing.

    Args:
        artifacts: the index folder; made if missing.
        encoder: a name for `recommender.encoders.get_encoder`, one that needs no download.
        on_step: follows the progress.

    Raises:
        StorageError: the folder cannot be written.
        RecommenderError: as `build_index`.
    """

    def follow(step: str) -> Callable[[int, int], None]:
        return lambda done, total: on_step(step, done, total) if on_step else None

    catalogue = draw_sample(
        artifacts / FOLDER / "catalogue", progress=follow("Drawing the sample catalogue")
    )
    return build_index(
        catalogue,
        sample_index(artifacts),
        encoder=encoder,
        progress=follow("Learning what each product looks like"),
    )
