"""Read the pickles that the common tutorials on this subject write.

They hold a list of 2048-long arrays and the paths that ``os.path.join`` made on the author's
machine, without a word about the model. Such an index is taken for what those scripts compute:
ResNet50 on pictures resized by Keras' ``load_img`` defaults (nearest neighbour).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.artifacts import Index, check_embeddings, check_filenames
from recommender.encoders.base import Resize
from recommender.errors import ArtifactsError
from recommender.manifest import BUILD_COMMAND, EMBEDDINGS, FILENAMES
from recommender.unpickling import load_pickle

ENCODER = "resnet50"
RESIZE: Resize = "nearest"
_DIM = 2048


def read_tutorial_index(artifacts: Path, *, data: Path | None = None) -> Index:
    """Read ``embeddings.pkl`` and ``filenames.pkl`` that came without a manifest.

    Args:
        artifacts: the folder that holds both.
        data: the dataset folder; by default ``data`` beside `artifacts`.

    Raises:
        ArtifactsError: they are not such pickles, or none of the pictures is under `data`.
    """
    embeddings = _as_array(load_pickle(artifacts / EMBEDDINGS), artifacts / EMBEDDINGS)
    check_embeddings(embeddings, artifacts / EMBEDDINGS)
    if embeddings.shape[1] != _DIM:
        raise ArtifactsError(
            f"{artifacts / EMBEDDINGS} has {embeddings.shape[1]} numbers an image instead of "
            f"ResNet50's {_DIM}, and no manifest says what made it: build it with {BUILD_COMMAND}"
        )
    names = load_pickle(artifacts / FILENAMES)
    check_filenames(names, artifacts / FILENAMES)
    if len(names) != len(embeddings):
        raise ArtifactsError(
            f"{artifacts} has {len(embeddings)} embeddings but {len(names)} file names: "
            f"build the index again with {BUILD_COMMAND}"
        )
    dataset = data or artifacts.resolve().parent / "data"
    return Index(
        embeddings=embeddings,
        filenames=_relative(names, dataset, artifacts),
        dataset=dataset,
        manifest=None,
    )


def _as_array(pickled: Any, path: Path) -> npt.NDArray[np.float32]:
    try:
        rows = [np.asarray(row, dtype=np.float32).ravel() for row in pickled]
        return np.ascontiguousarray(np.stack(rows))
    except (TypeError, ValueError):
        raise ArtifactsError(
            f"{path} does not hold a list of equally long vectors: build it with {BUILD_COMMAND}"
        ) from None


def _relative(names: Sequence[str], dataset: Path, artifacts: Path) -> list[str]:
    """The names as POSIX paths relative to the dataset folder, wherever they were made.

    Of each path, the longest ending that exists under `dataset` counts. A picture that is gone
    keeps the ending that its neighbours have.
    """
    split = [_parts(name) for name in names]
    depth: int | None = None
    depths: list[int | None] = []
    for parts in split:
        if depth is None or not dataset.joinpath(*parts[-depth:]).is_file():
            found = _existing_depth(parts, dataset)
            depths.append(found)
            depth = found or depth
        else:
            depths.append(depth)
    if depth is None:
        raise ArtifactsError(
            f"none of the pictures that {artifacts / FILENAMES} names, such as {names[0]!r}, is "
            f"under {dataset}: name their folder with --data"
        )
    return ["/".join(parts[-(own or depth) :]) for parts, own in zip(split, depths, strict=True)]


def _parts(name: str) -> tuple[str, ...]:
    r"""The folders and the file of a path of any system, without root, drive or steps upward.

    >>> _parts("C:\\shop\\images/1.jpg")
    ('shop', 'images', '1.jpg')
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return tuple(part for part in parts if part not in ("/", "//", "..") and not part.endswith(":"))


def _existing_depth(parts: tuple[str, ...], dataset: Path) -> int | None:
    depths = range(len(parts), 0, -1)
    return next((d for d in depths if dataset.joinpath(*parts[-d:]).is_file()), None)
