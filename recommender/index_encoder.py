"""The encoder that an index was made with, so that queries lie where the index does."""

from __future__ import annotations

from pathlib import Path

from recommender import tutorials
from recommender.artifacts import Index
from recommender.encoders import RUNTIMES, Encoder, get_encoder
from recommender.encoders.tuned import TunedEncoder
from recommender.errors import ArtifactsError
from recommender.manifest import Manifest


def encoder_of(index: Index, *, weights: Path | None = None, runtime: str = RUNTIMES[0]) -> Encoder:
    """The encoder that made an index, with the index's head if it has one.

    Args:
        index: which index.
        weights: the encoder's weights file; None for the one that the index names.
        runtime: what its network runs on, whatever the index was made with.

    Raises:
        WeightsError: its weights cannot be had.
        ArtifactsError: the weights at hand are not those that the index was made with.
        MissingExtraError: the runtime is not installed.
    """
    base = _base_encoder(index.manifest, weights, runtime)
    return base if index.head is None else TunedEncoder(base, index.head)


def _base_encoder(manifest: Manifest | None, weights: Path | None, runtime: str) -> Encoder:
    if manifest is None:
        return get_encoder(
            tutorials.ENCODER, weights=weights, resize=tutorials.RESIZE, runtime=runtime
        )
    encoder = get_encoder(
        manifest.encoder.name,
        weights=weights or _recorded_weights(manifest),
        resize=manifest.encoder.resize,
        runtime=runtime,
    )
    differences = encoder.card.differences(manifest.encoder)
    if differences:
        made_with = f" ({manifest.weights_file})" if manifest.weights_file else ""
        raise ArtifactsError(
            f"the index was made otherwise: there is {', '.join(differences)}{made_with}; "
            "name the right weights with --weights, or build the index again with --rebuild"
        )
    return encoder


def _recorded_weights(manifest: Manifest) -> Path | None:
    recorded = manifest.weights_file
    return Path(recorded) if recorded is not None and Path(recorded).is_file() else None
