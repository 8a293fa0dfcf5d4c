"""Read pickles without trusting them.

A pickle is a program: loading one can run anything. An index needs numpy arrays, lists and strings
only, so everything else is refused by name before it runs.
"""

from __future__ import annotations

import codecs
import pickle
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from recommender.errors import ArtifactsError

_NUMBERS = "biuf"


def load_pickle(path: Path, file: BinaryIO | None = None) -> Any:
    """The object in a pickle of numpy arrays of numbers and built-in lists, tuples and strings.

    Args:
        path: the file.
        file: the same, if it is open already.

    Raises:
        ArtifactsError: the file is missing, damaged, or asks for anything else; the message names
            what it asked for.
    """
    try:
        with path.open("rb") if file is None else nullcontext(file) as opened:
            return _SafeUnpickler(opened, path).load()
    except FileNotFoundError:
        raise ArtifactsError(f"there is no {path}") from None
    except PermissionError:
        raise ArtifactsError(f"cannot read {path}: change its permissions") from None
    except ArtifactsError:
        raise
    except MemoryError:
        raise ArtifactsError(f"{path} does not fit into memory") from None
    # A damaged or hostile stream makes the unpickler and numpy raise nearly anything.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ArtifactsError(f"{path} is damaged ({reason}): build the index again") from None


class _SafeUnpickler(pickle.Unpickler):
    def __init__(self, file: BinaryIO, path: Path) -> None:
        super().__init__(file)
        self._path = path

    def find_class(self, module: str, name: str) -> Any:
        # numpy 2 moved its private modules from numpy.core to numpy._core.
        allowed = _ALLOWED.get((module.replace("numpy.core.", "numpy._core."), name))
        if allowed is None:
            raise ArtifactsError(
                f"{self._path} asks for {module}.{name}, which no index needs and which may be "
                "an attack: delete the file and build the index again"
            )
        return allowed


def _dtype(*arguments: Any) -> np.dtype[Any]:
    dtype: np.dtype[Any] = np.dtype(*arguments)
    if dtype.kind not in _NUMBERS:
        raise ArtifactsError(f"holds an array of {dtype}, not of numbers")
    return dtype


def _ndarray(shape: Any, dtype: Any, buffer: Any) -> np.ndarray:
    return np.ndarray(shape, _dtype(dtype), buffer)


def _reconstruct(_type: Any, _shape: Any, _typecode: Any) -> np.ndarray:
    # What numpy itself makes here is always this empty array; its state follows in the stream.
    make: Callable[..., np.ndarray] = np.empty(0).__reduce__()[0]  # type: ignore[assignment]
    return make(np.ndarray, (0,), b"b")


def _frombuffer(buffer: Any, dtype: Any, shape: Any, order: Any) -> np.ndarray:
    return np.frombuffer(buffer, dtype=_dtype(dtype)).reshape(shape, order=order)


def _scalar(dtype: Any, data: Any) -> Any:
    return np.frombuffer(data, dtype=_dtype(dtype))[0]


def _encode(text: str, encoding: str) -> bytes:
    # How protocols 0 to 2 spell bytes.
    if encoding != "latin1":
        raise ArtifactsError(f"holds bytes in the encoding {encoding!r}")
    return codecs.encode(text, encoding)


_ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _ndarray,
    ("numpy", "dtype"): _dtype,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "scalar"): _scalar,
    ("numpy._core.numeric", "_frombuffer"): _frombuffer,
    ("_codecs", "encode"): _encode,
}
