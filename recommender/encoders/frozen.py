"""Run a Keras model as a frozen TensorFlow graph.

With its variables turned into constants, TensorFlow folds batch normalisation into the convolutions
and fuses them with their activations; `model.predict` on one picture at a time, besides, spends
most of its time outside the network.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.errors import MissingExtraError, RecommenderError


class FrozenGraph:
    """A function from prepared pictures to features; built on its first call, safe in threads."""

    def __init__(self, build_model: Callable[[], Any], input_size: tuple[int, int]) -> None:
        """Keep the recipe.

        Args:
            build_model: returns a Keras model from float32 pixels (n, height, width, 3), RGB,
                0 to 255, to features (n, dim).
            input_size: (height, width).
        """
        self._build_model = build_model
        self._input_size = input_size
        self._run: Callable[[npt.NDArray[np.uint8]], Any] | None = None
        self._lock = threading.Lock()

    def __call__(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Features float32 (n, dim) of uint8 pictures (n, height, width, 3)."""
        tf = import_tensorflow()
        with self._lock:
            if self._run is None:
                self._run = self._freeze(tf)
        features: npt.NDArray[np.float32] = self._run(batch)
        return features

    def _freeze(self, tf: Any) -> Callable[[npt.NDArray[np.uint8]], Any]:
        from tensorflow.python.framework.convert_to_constants import (
            convert_variables_to_constants_v2,
        )

        # The model must outlive the conversion: a traced function holds its variables weakly, and
        # garbage may be collected at any time.
        model = self._build_model()
        frozen = convert_variables_to_constants_v2(self._trace(tf, model))
        # The weights are constants of the graph now; the model holds a second copy.
        del model
        gc.collect()
        # A session of its own: `keras.backend.clear_session` empties the cache of optimised graphs
        # that TensorFlow's functions share, and Streamlit calls it after every run of a script.
        # Optimising ResNet50 anew would cost every search in the app three seconds.
        session = tf.compat.v1.Session(graph=frozen.graph)
        pixels, features = frozen.inputs[0].name, frozen.outputs[0].name
        return lambda batch: session.run(features, {pixels: batch})

    def _trace(self, tf: Any, model: Any) -> Any:
        def features(pixels: Any) -> Any:
            return model(tf.cast(pixels, tf.float32), training=False)

        signature = tf.TensorSpec((None, *self._input_size, 3), tf.uint8)
        return tf.function(features).get_concrete_function(signature)


def import_tensorflow() -> Any:
    """The module ``tensorflow``, with Keras on top of it and their start-up noise off.

    Raises:
        MissingExtraError: TensorFlow is not installed.
        RecommenderError: Keras is set to another backend.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    first_time = "tensorflow" not in sys.modules
    if first_time:
        _give_memory_back()
    try:
        with _native_stderr_held_back() if first_time else nullcontext():
            import keras
            import tensorflow

            tensorflow.config.list_physical_devices()
    except ImportError as error:
        raise MissingExtraError(
            f"TensorFlow cannot be imported ({error}): pip install -r requirements.txt"
        ) from None
    if keras.backend.backend() != "tensorflow":
        raise RecommenderError(
            f"Keras is set to the backend {keras.backend.backend()!r}: unset KERAS_BACKEND"
        )
    return tensorflow


def _give_memory_back() -> None:
    """Have freed blocks of a megabyte or more returned to the system at once (glibc only).

    Freezing a graph and running it allocate and free hundreds of megabytes in such blocks; by
    default glibc keeps them, which makes half a gigabyte of difference to ResNet50.
    """
    with suppress(OSError, AttributeError):  # Windows, macOS, musl.
        mallopt = ctypes.CDLL("libc.so.6").mallopt
        mmap_threshold = -3  # M_MMAP_THRESHOLD of <malloc.h>
        mallopt(mmap_threshold, 1 << 20)


@contextmanager
def _native_stderr_held_back() -> Iterator[None]:
    """Hold back what is written to the process's stderr; show it only if the body fails.

    While it starts, before it reads its own log level, TensorFlow's native code warns about absent
    GPU drivers, which alarms people who never meant to use one.
    """
    try:
        saved = os.dup(2)
    except OSError:  # Started without a stderr, as by pythonw.exe.
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            if failed:
                held.seek(0)
                os.write(2, held.read())
