"""From a finished run to the files that ship: weights, and a card that says what they are."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.fashion import drawn_blocks, softmax
from recommender.encoders.fashion_network import BLOCKS, DIM
from recommender.encoders.fashion_weights import (
    ATTRIBUTE_BLOCKS,
    RECALL,
    FashionWeights,
    variable_names,
    write_weights,
)
from recommender.evaluation.calibration import fit_certainty, fit_sharpness
from recommender.training.data import TrainingData
from recommender.training.head_trainer import HeadValidator
from recommender.training.settings import Settings
from recommender.training.trainer import Trainer
from recommender.training.validation import Blocks

_GALLERY = 12_000
BLOCK_WEIGHTS = {"general": 0.8, "type": 0.56, "colour": 0.18, "gender": 0.12}
"""How much each block counts in the embedding. More of the type finds more of the same type, more
of the general finds the very product in a phone's picture; colour and gender need little, as the
general block knows them too."""
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


def export(
    trainer: Trainer, network: Any, data: TrainingData, settings: Settings, output: Path
) -> Path:
    """Fit what is fitted after training on the validation products, and write the files.

    Args:
        trainer: of a finished run.
        network: of `build_network`, with the weights to ship.
        data: what it was trained on.
        settings: of the whole run.
        output: the run's folder.

    Returns:
        the weights file, ``fashion.npz``; its card ``fashion.json`` is beside it.
    """
    validator = HeadValidator(data, settings.fine_size, network, gallery=_GALLERY)
    rows, averaged_heads = validator.queries, trainer.averaged_heads()
    proxies = {attribute: averaged_heads[attribute] for attribute in ATTRIBUTE_BLOCKS}
    pictures = data.pictures[rows, ..., :3]
    sharpness, _ = _fit(validator.embed(pictures), proxies, data)
    recall = {attribute: sharpness[attribute] for attribute in RECALL}
    validator.finish = lambda blocks: {
        name: np.asarray(block) for name, block in drawn_blocks(blocks, proxies, recall).items()
    }
    figures = validator.measure(BLOCK_WEIGHTS)
    drawn = validator.embed(pictures)
    sharpness, calibration = _fit(drawn, proxies, data)
    certainty = {}
    for attribute, block in ATTRIBUTE_BLOCKS.items():
        cosines = drawn[block] @ proxies[attribute].T
        truth = data.labels[attribute][rows]
        certainty[attribute] = fit_certainty(softmax(sharpness[attribute] * cosines), truth)
    weights = FashionWeights(
        variables={name: v.numpy() for name, v in variable_names(network).items()},
        block_weights=BLOCK_WEIGHTS,
        labels={name: data.names[name] for name in ATTRIBUTE_BLOCKS},
        proxies=proxies,
        recall=recall,
        sharpness=sharpness,
        certainty=certainty,
    )
    path = output / "fashion.npz"
    write_weights(path, weights)
    card: dict[str, Any] = {
        "name": "fashion",
        "architecture": "MobileNetV2 (alpha 1.0), embedding of four unit blocks",
        "blocks": BLOCKS,
        "block_weights": BLOCK_WEIGHTS,
        "dim": DIM,
        "trained_by": "python -m recommender.training",
        "settings": asdict(settings),
        "sources": SOURCES,
        "licence": "MIT",
        "products_trained_on": int((data.part == 0).sum()),
        "snapshots_trained_on": int((data.street_part == 0).sum()),
        "validation": {name: round(value, 4) for name, value in figures.items()},
        "validation_calibration_error_before_certainty": calibration,
        "weights_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    (output / "fashion.json").write_text(json.dumps(card, indent=2) + "\n")
    return path


def _fit(
    blocks: Blocks, proxies: dict[str, npt.NDArray[np.float32]], data: TrainingData
) -> tuple[dict[str, float], dict[str, float]]:
    """Attribute → factor, and attribute → calibration error, on the validation products."""
    sharpness, calibration = {}, {}
    for attribute, block in ATTRIBUTE_BLOCKS.items():
        cosines = blocks[block] @ proxies[attribute].T
        truth = data.labels[attribute][data.part == 1]
        sharpness[attribute], calibration[attribute] = fit_sharpness(cosines, truth)
    return sharpness, calibration
