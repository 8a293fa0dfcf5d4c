"""The two stages of training: the whole network, then its head alone."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from recommender.encoders.fashion_network import build_network
from recommender.encoders.frozen import import_tensorflow
from recommender.training.data import TrainingData
from recommender.training.features import ViewFeatures
from recommender.training.head_trainer import HeadTrainer, HeadValidator
from recommender.training.loop import train
from recommender.training.settings import Settings
from recommender.training.starting import is_earlier_run, start_from
from recommender.training.trainer import Trainer
from recommender.training.validation import Validator


def train_network(
    data: TrainingData, settings: Settings, output: Path, *, start: Path | None
) -> Any:
    """The first stage.

    Args:
        data: what to learn from.
        settings: how.
        output: folder of the checkpoint, the log and the curves.
        start: as in `start_from`.

    Returns:
        a network of `build_network` with the averaged weights.

    Raises:
        WeightsError: the starting weights cannot be had.
    """
    import_tensorflow()
    import keras

    keras.utils.set_random_seed(settings.seed)
    network = build_network()
    start_from(network, start)
    if settings.steps == 0:
        return network
    known = None
    if is_earlier_run(start):
        rows = np.flatnonzero(data.part == 0)
        seeing = Validator(data, settings.fine_size, network)
        known = seeing.embed(data.pictures[rows, ..., :3])
    trainer = Trainer(data, settings, network, known=known)
    result = build_network()
    train(trainer, Validator(data, settings.fine_size, result), data, output)
    trainer.put_average_into(result)
    return result


def train_head(data: TrainingData, settings: Settings, output: Path, network: Any) -> HeadTrainer:
    """The second stage; `network`, of the first, gets the averaged weights of its head.

    Args:
        data: what to learn from.
        settings: how.
        output: folder of the views' features, the checkpoint, the log and the curves.
        network: of `train_network`.
    """
    import keras

    forget_other_networks(output, network)
    features = ViewFeatures(
        network, data, settings.fine_size, output / "features",
        rounds=settings.rounds, seed=settings.seed,
    )  # fmt: skip
    keras.utils.set_random_seed(settings.seed)
    # What is trained and what is measured with averaged weights are two networks.
    measured = keras.models.clone_model(network)
    measured.set_weights(network.get_weights())
    trainer = HeadTrainer(data, settings.of_head(), network, features)
    train(trainer, HeadValidator(data, settings.fine_size, measured), data, output)
    trainer.put_average_into(network)
    return trainer


def forget_other_networks(output: Path, network: Any) -> None:
    """Empty a folder that holds what was made with other weights of the first stage."""
    digest = hashlib.sha256()
    for value in network.get_weights():
        digest.update(np.ascontiguousarray(value).tobytes())
    mark = output / "network.sha256"
    if output.is_dir() and (not mark.is_file() or mark.read_text() != digest.hexdigest()):
        shutil.rmtree(output)
    output.mkdir(parents=True, exist_ok=True)
    mark.write_text(digest.hexdigest())
