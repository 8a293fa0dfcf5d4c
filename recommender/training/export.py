"""From a finished run to the files that ship: weights, and a card that says what they are."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion import (
    ATTRIBUTE_BLOCKS,
    FashionWeights,
    softmax,
    variable_names,
    write_weights,
)
from recommender.encoders.fashion_network import BLOCKS, DIM
from recommender.evaluation.metrics import expected_calibration_error
from recommender.training.data import TrainingData
from recommender.training.trainer import Trainer
from recommender.training.tuning import tune_block_weights
from recommender.training.validation import Validator

_GALLERY = 12_000
SOURCES = [
    {
        "what": "40,024 product photos with attributes",
        "from": "Kaggle dataset paramaggarwal/fashion-product-images-small",
        "licence": "MIT, as its Kaggle page states",
    },
    {
        "what": "2,468 labelled snapshots (training split)",
        "from": "github.com/alexeygrigorev/clothing-dataset-small",
        "licence": "CC0 (public domain), as its author states",
    },
    {
        "what": "starting weights",
        "from": "keras.applications MobileNetV2 (alpha 1.0), ImageNet",
        "licence": "Apache-2.0",
    },
]


def export(trainer: Trainer, network: Any, data: TrainingData, output: Path) -> Path:
    """Tune what is tuned after training on the validation products, and write the files.

    Args:
        trainer: of a finished run.
        network: of `build_network`, with the weights to ship.
        data: what it was trained on.
        output: the run's folder.

    Returns:
        the weights file, ``fashion.npz``; its card ``fashion.json`` is beside it.
    """
    validator = Validator(data, trainer.settings.fine_size, network, gallery=_GALLERY)
    block_weights = tune_block_weights(validator)
    figures = validator.measure(block_weights)
    blocks = validator.embed(data.pictures[validator.queries, ..., :3])
    averaged_heads = trainer.averaged_heads()
    proxies, sharpness, calibration = {}, {}, {}
    for attribute, block in ATTRIBUTE_BLOCKS.items():
        proxies[attribute] = averaged_heads[attribute]
        cosines = blocks[block] @ proxies[attribute].T
        truth = data.labels[attribute][validator.queries]
        sharpness[attribute], calibration[attribute] = fit_sharpness(cosines, truth)
    weights = FashionWeights(
        variables={name: v.numpy() for name, v in variable_names(network).items()},
        block_weights=block_weights,
        labels={name: data.names[name] for name in ATTRIBUTE_BLOCKS},
        proxies=proxies,
        sharpness=sharpness,
    )
    path = output / "fashion.npz"
    write_weights(path, weights)
    card: dict[str, Any] = {
        "name": "fashion",
        "architecture": "MobileNetV2 (alpha 1.0), embedding of four unit blocks",
        "blocks": BLOCKS,
        "block_weights": {name: round(value, 4) for name, value in block_weights.items()},
        "dim": DIM,
        "trained_by": "python -m recommender.training",
        "settings": asdict(trainer.settings),
        "sources": SOURCES,
        "licence": "MIT",
        "products_trained_on": int((data.part == 0).sum()),
        "snapshots_trained_on": int((data.street_part == 0).sum()),
        "validation": {name: round(value, 4) for name, value in figures.items()},
        "validation_calibration_error": calibration,
        "weights_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    (output / "fashion.json").write_text(json.dumps(card, indent=2) + "\n")
    return path


def fit_sharpness(
    cosines: npt.NDArray[np.float32], truth: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """The factor that makes a softmax of cosines likeliest to tell the truth.

    Temperature scaling, Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.

    Args:
        cosines: float32 (n, labels).
        truth: int64 (n,), -1 for unknown.

    Returns:
        (factor, expected calibration error with it).
    """
    known = truth >= 0
    cosines, truth = cosines[known], truth[known]
    places = np.arange(len(truth))

    def surprise(factor: float) -> float:
        return float(-np.log(softmax(factor * cosines)[places, truth] + 1e-12).mean())

    factors = [float(factor) for factor in np.geomspace(3.0, 100.0, 120)]
    best = min(factors, key=surprise)
    p = softmax(best * cosines)
    right = p.argmax(axis=1) == truth
    return best, round(expected_calibration_error(p.max(axis=1).astype(np.float64), right), 4)
