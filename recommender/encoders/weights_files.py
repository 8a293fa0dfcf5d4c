"""Weights files: where they are, what they hold, and whether they fit."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from recommender.errors import WeightsError


def file_sha256(path: Path) -> str:
    """SHA-256 of a weights file, in hex.

    Raises:
        WeightsError: the file cannot be read.
    """
    return _digest(path, "sha256")


def keras_home() -> Path:
    """The folder in which Keras keeps what it downloads."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


def keras_download(url: str, *, md5: str) -> Path:
    """A weights file in Keras' cache, downloaded by Keras if it is not there yet.

    Raises:
        WeightsError: it can be had neither from the cache nor from the network.
    """
    cached = keras_home() / "models" / url.rpartition("/")[2]
    if cached.is_file() and _digest(cached, "md5") == md5:
        return cached
    from recommender.encoders.frozen import import_tensorflow

    import_tensorflow()
    import keras

    try:
        # Keras draws its progress bar on stdout, which belongs to results.
        with contextlib.redirect_stdout(sys.stderr):
            path = keras.utils.get_file(cached.name, url, cache_subdir="models", file_hash=md5)
    # Keras raises a bare Exception when the address cannot be reached.
    except Exception as error:
        reason = " ".join(str(error).split())
        raise WeightsError(
            f"the ImageNet weights are not in {cached.parent} and cannot be downloaded ({reason}): "
            f"fetch {url} elsewhere and put it there, or name the file with --weights"
        ) from None
    return Path(path)


def load_keras_weights(model: Any, path: Path, *, name: str) -> None:
    """Fill a Keras model from a weights file, in Keras 3's layout or the legacy one.

    Args:
        model: the network, built.
        path: a ``.weights.h5`` (Keras 3) or ``.h5`` (legacy layout) file.
        name: what to call the network in messages.

    Raises:
        WeightsError: the file is missing, damaged, or of another model.
    """
    layout, arrays = _inspect(path)
    keras_3_name = path.name.endswith(".weights.h5")
    if layout == "keras 3" and not keras_3_name:
        raise WeightsError(
            f"{path} has Keras 3's layout, which Keras reads under a name that ends in "
            ".weights.h5 only: rename it"
        )
    if layout == "legacy" and (keras_3_name or path.suffix != ".h5"):
        raise WeightsError(
            f"{path} has the legacy layout, which Keras reads under a name that ends in .h5 "
            "without .weights before it: rename it"
        )
    # Keras may leave layers as they were where a file departs from the model, so count first.
    if arrays != len(model.weights):
        raise _another_model(path, name, f"{arrays} arrays instead of {len(model.weights)}")
    try:
        model.load_weights(str(path))
    # Keras raises ValueError, KeyError or OSError, depending on where the file departs.
    except Exception as error:
        raise _another_model(path, name, _first(" ".join(str(error).split()))) from None


def _another_model(path: Path, name: str, reason: str) -> WeightsError:
    return WeightsError(
        f"{path} does not hold the weights of {name} without its top ({reason}): name the file for "
        "that model with --weights"
    )


def _inspect(path: Path) -> tuple[str, int]:
    """(layout, number of arrays) of a weights file."""
    if not path.is_file():
        raise WeightsError(f"there is no weights file {path}: check --weights")
    import h5py

    try:
        with h5py.File(path, "r") as file:
            if "layer_names" in file.attrs or "model_weights" in file:
                return "legacy", _count_arrays(file.get("model_weights", file))
            if "layers" in file or "_layer_checkpoint_dependencies" in file:
                return "keras 3", _count_arrays(file)
    # A damaged file makes h5py raise OSError, RuntimeError, KeyError, UnicodeDecodeError ...
    except Exception as error:
        raise WeightsError(
            f"{path} is not a readable HDF5 file ({_first(' '.join(str(error).split()))}): "
            "fetch it again"
        ) from None
    raise WeightsError(f"{path} is an HDF5 file, but not of Keras weights: check --weights")


def _count_arrays(group: Any) -> int:
    import h5py

    found = 0

    def count(_: str, thing: Any) -> None:
        nonlocal found
        found += isinstance(thing, h5py.Dataset)

    group.visititems(count)
    return found


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except FileNotFoundError:
        raise WeightsError(f"there is no weights file {path}: check --weights") from None
    except OSError as error:
        raise WeightsError(f"cannot read the weights {path} ({error.strerror})") from None
    return digest.hexdigest()


def _first(reason: str) -> str:
    return reason.split(". ")[0][:200]
