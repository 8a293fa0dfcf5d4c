"""Networks exported for another runtime, kept in the user's cache from one start to the next."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from recommender.encoders.base import EncoderCard
from recommender.encoders.weights_files import keras_home
from recommender.errors import StorageError
from recommender.whole_files import write_whole

_FORMAT = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Export:
    """A network as OpenVINO's two files hold it.

    Attributes:
        network: the layers, in XML.
        weights: their numbers.
    """

    network: bytes
    weights: bytes


class _UnfitExportError(Exception):
    """A file that does not hold the export that its name promises."""


def export_file(card: EncoderCard) -> Path:
    """Where the export of an encoder is kept: in the folder where Keras keeps its downloads.

    The name tells all that decides the export: the encoder and its version, the SHA-256 of its
    weights, the versions of Keras and OpenVINO.
    """
    return keras_home() / "openvino" / f"{_key(card)}.npz"


def exported(card: EncoderCard, export: Callable[[], Export]) -> Export:
    """The export of an encoder, from its file or made anew.

    Where it cannot be written, or was broken or another's, a warning says so once.

    Args:
        card: of which encoder.
        export: makes it.
    """
    path, key = export_file(card), _key(card)
    try:
        return _read(path, key)
    except FileNotFoundError:
        _log.warning("exporting the encoder %s for OpenVINO, once: %s", card.name, path)
    except _UnfitExportError as error:
        _log.warning("exporting the encoder %s again, %s: %s", card.name, path, error)
    made = export()
    data = io.BytesIO()
    np.savez(
        data,
        key=np.array(key),
        network=np.frombuffer(made.network, np.uint8),
        weights=np.frombuffer(made.weights, np.uint8),
    )
    try:
        write_whole(path, data.getvalue())
    except StorageError as error:
        _log.warning("the export cannot be kept, it will be made again: %s", error)
    return made


def _key(card: EncoderCard) -> str:
    return (
        f"{card.name}-{card.version}-{card.weights_sha256}-{_FORMAT}"
        f"-keras{version('keras')}-openvino{version('openvino')}"
    )


def _read(path: Path, key: str) -> Export:
    """The export that a file holds; zip files check what is read against a checksum.

    Raises:
        FileNotFoundError: there is none.
        _UnfitExportError: it is another's, or broken.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            if str(file["key"]) != key:
                raise _UnfitExportError("it holds another network")
            network, weights = file["network"], file["weights"]
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _UnfitExportError(f"it cannot be read ({error})") from None
    if network.dtype != np.uint8 or weights.dtype != np.uint8:
        raise _UnfitExportError("it holds no network")
    return Export(network.tobytes(), weights.tobytes())
