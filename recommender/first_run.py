"""Something to try at once: the sample catalogue, drawn and indexed where nothing else is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from recommender.encoders import get_encoder
from recommender.indexing import BuildReport, build_index
from recommender.manifest import read_manifest
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


def sample_is_ready(artifacts: Path, *, encoder: str = "fashion") -> bool:
    """Whether the sample's index is there, and made by the encoder as it is now.

    After an update of the program its weights may be others.

    Raises:
        ArtifactsError: the manifest is broken.
    """
    manifest = read_manifest(sample_index(artifacts))
    return manifest is not None and not get_encoder(encoder).card.differences(manifest.encoder)


def make_sample_index(
    artifacts: Path, *, encoder: str = "fashion", on_step: OnStep | None = None
) -> BuildReport:
    """Draw the sample catalogue and index it, below an index folder.

    A run that was cut short is finished; a finished one costs next to nothing. An index of other
    weights is made anew.

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

    place = sample_index(artifacts)
    catalogue = draw_sample(
        artifacts / FOLDER / "catalogue", progress=follow("Drawing the sample catalogue")
    )
    outdated = read_manifest(place) is not None and not sample_is_ready(artifacts, encoder=encoder)
    return build_index(
        catalogue,
        place,
        encoder=encoder,
        rebuild=outdated,
        progress=follow("Learning what each product looks like"),
    )
