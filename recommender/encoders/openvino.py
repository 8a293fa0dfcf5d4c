"""Run a Keras model by OpenVINO: as Keras exports it, in float32, on the processor.

A single photo is computed by all cores together, which is quickest for one; of a batch each stream
of OpenVINO (on small machines, each core) computes a part of its own, which is most in all.
"""

from __future__ import annotations

import contextlib
import gc
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.encoders.base import EncoderCard, normalise
from recommender.encoders.exports import Export, exported
from recommender.encoders.runtimes import openvino_missing
from recommender.errors import MissingExtraError, RecommenderError

_PART = 8
"""Pictures that a stream takes at once, at most: fewer cost more calls, more leave the cache."""
_EQUAL = 0.9999
"""Cosine similarity from which two vectors of a picture are the same; both runtimes compute with
float32, which leaves 0.999999."""
_PROBES = 4


class OpenVinoGraph:
    """A function from prepared pictures to features; loaded on its first call, safe in threads."""

    def __init__(self, build_model: Callable[[], Any], card: EncoderCard) -> None:
        """Keep the recipe.

        Args:
            build_model: returns a Keras model from float32 pixels (n, height, width, 3), RGB,
                0 to 255, to features (n, dim). Called only if no export of it is kept yet.
            card: of the encoder; with the versions of Keras and OpenVINO it decides the export.
        """
        self._build_model = build_model
        self._card = card
        self._one: Callable[[npt.NDArray[np.uint8]], Any] | None = None
        self._many: Callable[[npt.NDArray[np.uint8]], Any] | None = None
        # The requests of either are used by one call at a time: it has all cores to itself.
        self._lock = threading.Lock()

    def __call__(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Features float32 (n, dim) of uint8 pictures (n, height, width, 3).

        Raises:
            MissingExtraError: OpenVINO or, for the export, TensorFlow is not installed, or not in a
            version that fits.
            RecommenderError: the export computes other vectors than Keras does.
        """
        ov = import_openvino()
        with self._lock:
            if len(batch) == 1:
                if self._one is None:
                    self._one = _for_one(ov, self._read(ov))
                features: npt.NDArray[np.float32] = self._one(batch)
            else:
                if self._many is None:
                    self._many = _for_many(ov, self._read(ov), self._card.dim)
                features = self._many(batch)
        return features

    def _read(self, ov: Any) -> Any:
        export = exported(self._card, lambda: _export(ov, self._build_model, self._card))
        return _network(ov, export)


def import_openvino() -> Any:
    """The module ``openvino``, kept from reporting its use to its makers.

    Without being asked, importing it and converting a model would send messages to Google
    Analytics. It does without the package that sends them where that is not to be had.

    Raises:
        MissingExtraError: OpenVINO is not installed.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino
    except ImportError:
        raise openvino_missing() from None
    return openvino


def _network(ov: Any, export: Export) -> Any:
    """The network of an export, from uint8 pixels to the features alone."""
    network = ov.Core().read_model(export.network, export.weights)
    # What Keras' exporter adds behind the model's own output are intermediate results.
    network = ov.Model([network.output(0)], network.get_parameters(), "encoder")
    pixels = ov.preprocess.PrePostProcessor(network)
    pixels.input().tensor().set_element_type(ov.Type.u8)
    return pixels.build()


def _compiled(ov: Any, network: Any, hint: str) -> Any:
    # Without the second hint, processors that can compute with 16 bits would.
    settings = {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": "f32"}
    return ov.Core().compile_model(network, "CPU", settings)


def _for_one(ov: Any, network: Any) -> Callable[[npt.NDArray[np.uint8]], Any]:
    shape = network.input().partial_shape
    shape[0] = 1
    network.reshape(shape)
    request = _compiled(ov, network, "LATENCY").create_infer_request()
    return lambda batch: request.infer({0: batch})[0].copy()


def _for_many(ov: Any, network: Any, dim: int) -> Callable[[npt.NDArray[np.uint8]], Any]:
    queue = ov.AsyncInferQueue(_compiled(ov, network, "THROUGHPUT"))

    def run(batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        features = np.empty((len(batch), dim), np.float32)

        def keep(request: Any, place: slice) -> None:
            features[place] = request.get_output_tensor().data

        queue.set_callback(keep)
        part = min(_PART, -(-len(batch) // len(queue)))
        for start in range(0, len(batch), part):
            place = slice(start, start + part)
            queue.start_async({0: batch[place]}, place)
        queue.wait_all()
        return features

    return run


def _export(ov: Any, build_model: Callable[[], Any], card: EncoderCard) -> Export:
    """Build the model and have Keras export it; compare what the two compute."""
    from recommender.encoders.frozen import import_tensorflow

    import_tensorflow()
    model = build_model()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "encoder.xml"
        # Whatever is told meanwhile: stdout belongs to results.
        try:
            with contextlib.redirect_stdout(sys.stderr):
                model.export(str(path), format="openvino", verbose=False)
        # What is raised depends on which of the two is too old, or too new, for the other.
        except Exception as error:
            raise MissingExtraError(
                f"Keras {version('keras')} cannot export the encoder {card.name} for OpenVINO "
                f"{version('openvino')} ({' '.join(str(error).split())[:200]}): "
                "pip install -r requirements-openvino.txt, or leave --runtime out"
            ) from None
        export = Export(path.read_bytes(), path.with_suffix(".bin").read_bytes())
    probes = np.random.default_rng(0).integers(0, 256, (_PROBES, *card.input_size, 3), np.uint8)
    there = normalise(_for_many(ov, _network(ov, export), card.dim)(probes))
    here = normalise(np.asarray(model(probes.astype(np.float32), training=False)))
    least = float((here * there).sum(axis=1).min())
    del model
    gc.collect()
    if least < _EQUAL:
        raise RecommenderError(
            f"with this version of OpenVINO the encoder {card.name} computes other vectors (cosine "
            f"similarity {least:.4f}): leave --runtime out, or install another version"
        )
    return export
