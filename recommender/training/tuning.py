"""How much each block of the embedding should count, by trial on validation products."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion_network import BLOCKS
from recommender.training.validation import Blocks, Validator, precisions_of

_STEP = 0.1
_K = 5
_GOALS = {
    "type": 1.0, "colour": 1.0, "type+colour": 1.0, "all": 1.0, "street": 1.0,
    "snapshot_recall@1": 1.0,
}  # fmt: skip
"""What is weighed against what: figure → how much it counts."""


def tune_block_weights(validator: Validator) -> dict[str, float]:
    """Try all mixtures of the blocks' similarities in steps of a tenth, and take the best.

    Returns:
        block → weight; the squares add up to 1.
    """
    data = validator.data
    gallery = validator.embed(data.pictures[validator.gallery, ..., :3])
    queries = validator.embed(data.pictures[validator.queries, ..., :3])
    photos = validator.embed(data.street[validator.photos]) if len(validator.photos) else None
    snapshots = validator.embed(validator.snapshots())
    everything = {name: np.concatenate([queries[name], gallery[name]]) for name in BLOCKS}
    to_gallery = _similarities(queries, gallery)
    to_everything = _similarities(snapshots, everything)
    of_photos = None if photos is None else _similarities(photos, gallery)
    best, best_value = dict.fromkeys(BLOCKS, 0.5), -np.inf
    for shares in _mixtures():
        rows = _top(_mixed(to_gallery, shares), _K)
        figures = precisions_of(data, validator.queries, validator.gallery[rows])
        own = _mixed(to_everything, shares)
        figures["snapshot_recall@1"] = float((own.argmax(axis=1) == np.arange(len(own))).mean())
        if of_photos is not None:
            found = validator.gallery[_top(_mixed(of_photos, shares), _K)]
            figures["street"] = validator.street_match(found)
        value = sum(_GOALS[name] * figure for name, figure in figures.items())
        if value > best_value:
            best_value = value
            best = {name: float(np.sqrt(share)) for name, share in shares.items()}
    return best


def _mixtures() -> Iterator[dict[str, float]]:
    """Shares of the blocks that add up to 1, none of them 0."""
    parts = round(1 / _STEP)
    for general in range(1, parts):
        for kind in range(1, parts - general):
            for colour in range(1, parts - general - kind):
                rest = parts - general - kind - colour
                counts = {"general": general, "type": kind, "colour": colour, "gender": rest}
                yield {name: count * _STEP for name, count in counts.items()}


def _similarities(queries: Blocks, gallery: Blocks) -> Blocks:
    return {name: queries[name] @ gallery[name].T for name in BLOCKS}


def _mixed(similarities: Blocks, shares: dict[str, float]) -> npt.NDArray[np.float32]:
    """Cosine similarity of embeddings whose blocks have these shares of the squared length."""
    total = np.zeros_like(similarities["general"])
    for name, share in shares.items():
        total += np.float32(share) * similarities[name]
    return total


def _top(similar: npt.NDArray[np.float32], k: int) -> npt.NDArray[np.int64]:
    return np.argpartition(-similar, k - 1, axis=1)[:, :k]
