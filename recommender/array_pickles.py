"""The pickle of the vectors: written without holding them, read without loading them.

The pickle is one call, ``numpy.ndarray(shape, dtype, bytearray)``, spelt in the format's own
opcodes; every numpy reads it. The numbers lie in it as they do in memory and begin at a multiple of
64 bytes, so they can also be mapped: then processes that search one index share its pages, and
pages are read when they are needed.
"""

from __future__ import annotations

import mmap
import os
import pickle
import struct
import sys
from collections.abc import Iterable
from typing import BinaryIO, Literal, get_args

import numpy as np
import numpy.typing as npt

Stored = Literal["float32", "float16"]
"""How a vector's numbers are stored; they are computed and searched as float32."""
STORED: tuple[Stored, ...] = get_args(Stored)

_CODES: dict[Stored, str] = {"float32": "<f4", "float16": "<f2"}
_ALIGNED = 64
_END = pickle.TUPLE + pickle.REDUCE + pickle.STOP


def row_bytes(dim: int, dtype: Stored) -> int:
    """Bytes of a stored row."""
    return dim * np.dtype(_CODES[dtype]).itemsize


def as_float32(data: bytes, dtype: Stored) -> bytes:
    """The float32 numbers of stored ones; to store them again gives the same bytes.

    >>> as_float32(np.float16([0.5]).tobytes(), "float16") == np.float32([0.5]).tobytes()
    True
    """
    return np.frombuffer(data, _CODES[dtype]).astype("<f4").tobytes()


def write_array_pickle(
    file: BinaryIO, pieces: Iterable[bytes], *, shape: tuple[int, int], dtype: Stored = "float32"
) -> int:
    """Write the pickle of an array without ever holding the array.

    Args:
        file: open for writing, at its start.
        pieces: whole float32 numbers of the array in C order, little-endian.
        shape: of the array.
        dtype: what to store them as.

    Returns:
        the offset in bytes at which the numbers start.

    Raises:
        ValueError: the pieces are more or fewer numbers than the shape says.
    """
    size = shape[0] * row_bytes(shape[1], dtype)
    head = _head(shape, dtype)
    file.write(head)
    for piece in pieces:
        stored = np.frombuffer(piece, "<f4").astype(_CODES[dtype], copy=False)
        file.write(stored.data)
    if file.tell() - len(head) != size:
        raise ValueError(f"{file.tell() - len(head)} bytes of vectors for an array of {size}")
    file.write(_END)
    return len(head)


def map_array_pickle(
    file: BinaryIO, *, shape: tuple[int, int], offset: int
) -> npt.NDArray[np.float32] | None:
    """The float32 array of a pickle, in the file's own pages.

    Nobody may write to the file as long as the array lives: to replace it is safe, its pages stay.

    Args:
        file: open for reading; it may be closed afterwards.
        shape: that the array must have.
        offset: where its numbers must start.

    Returns:
        float32 of that shape, read-only; None if the file is anything but what `write_array_pickle`
        writes for it, or this system lets no mapped file be replaced (Windows): then load it.
    """
    if os.name != "posix" or sys.byteorder != "little":
        return None
    numbers, head = shape[0] * shape[1], _head(shape, "float32")
    end = len(head) + numbers * 4
    file.seek(0, os.SEEK_END)
    if offset != len(head) or file.tell() != end + len(_END):
        return None
    pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if pages[: len(head)] != head or pages[end:] != _END:
        return None
    return np.frombuffer(pages, np.float32, numbers, len(head)).reshape(shape)


def _head(shape: tuple[int, int], dtype: Stored) -> bytes:
    """All of the pickle that stands before the numbers."""
    head = pickle.PROTO + b"\x05" + _text("numpy") + _text("ndarray") + pickle.STACK_GLOBAL
    head += pickle.MARK + pickle.MARK + b"".join(map(_integer, shape)) + pickle.TUPLE
    head += _text(_CODES[dtype])
    size = pickle.BYTEARRAY8 + struct.pack("<Q", shape[0] * row_bytes(shape[1], dtype))
    missing = -(len(head) + len(size)) % _ALIGNED
    # Something is put on the unpickler's stack and taken off again, in two bytes or in three.
    odd = pickle.BININT1 + b"\x00" + pickle.POP if missing % 2 else b""
    missing += _ALIGNED if missing == 1 else 0
    return head + odd + (pickle.NONE + pickle.POP) * ((missing - len(odd)) // 2) + size


def _text(text: str) -> bytes:
    return pickle.SHORT_BINUNICODE + bytes([len(text)]) + text.encode()


def _integer(value: int) -> bytes:
    encoded = pickle.encode_long(value)
    return pickle.LONG1 + bytes([len(encoded)]) + encoded
