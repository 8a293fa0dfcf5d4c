"""How fast do the encoders run? TensorFlow beside OpenVINO, in one run.

    python -m benchmarks.runtimes [--weights FILE]

Prints, for each encoder on each runtime, images/s in batches of 32, as the indexer embeds them, and
milliseconds for a single photo once warm; both from prepared pictures to vectors. They take turns
over several rounds, so that a machine whose speed drifts treats them alike.

The last column relates that speed to a product of two float32 matrices in numpy, on as many
threads, measured in the same rounds: images/s x operations an image / operations a second of the
product. Operations are counted as 2 x multiplications, of convolutions (output numbers x height x
width x input channels of the kernel; without the channels where each has a kernel of its own) and
of dense layers (output numbers x input numbers).

ResNet50 has random weights of seed 0 unless ``--weights`` names others: that changes the vectors,
but not the speed. Where TensorFlow sees a GPU, it uses it; OpenVINO always runs on the processor.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from recommender.encoders import RUNTIMES, Encoder, get_encoder
from recommender.encoders.exports import export_file
from recommender.encoders.frozen import import_tensorflow
from recommender.indexing import BATCH_SIZE

_BATCHES = {"resnet50": 2, "fashion": 20}
_PHOTOS = {"resnet50": 10, "fashion": 50}
_SIDE = 2048
"""Rows and columns of the matrices."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, metavar="FILE", help="of ResNet50")
    parser.add_argument("--encoder", nargs="+", choices=_BATCHES, default=list(_BATCHES))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    tf = import_tensorflow()
    with tempfile.TemporaryDirectory() as folder:
        weights = options.weights or _random_weights(Path(folder))
        encoders = {
            (name, runtime): get_encoder(
                name, weights=weights if name == "resnet50" else None, runtime=runtime
            )
            for name in options.encoder
            for runtime in RUNTIMES
        }
        for encoder in encoders.values():
            _images_a_second(encoder, 1)
            _photo_seconds(encoder, 1)
        operations = {
            name: _operations(tf, encoders[name, "tensorflow"]) for name in options.encoder
        }
        if options.weights is None and "resnet50" in options.encoder:
            export_file(encoders["resnet50", "openvino"].card).unlink(missing_ok=True)
    product: list[float] = []
    speeds: dict[tuple[str, str], list[float]] = defaultdict(list)
    photos: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        product.append(_product_speed())
        for key, encoder in encoders.items():
            speeds[key].append(_images_a_second(encoder, _BATCHES[key[0]]))
            photos[key].append(_photo_seconds(encoder, _PHOTOS[key[0]]))
    gpus = len(tf.config.list_physical_devices("GPU"))
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, {gpus} GPUs, "
        f"Python {platform.python_version()}, TensorFlow {tf.__version__}; "
        f"product of matrices: {statistics.median(product) / 1e9:.0f} GFLOP/s; "
        + ", ".join(f"{name}: {count / 1e9:.2f} GFLOP" for name, count in operations.items())
    )
    print("\n| | images/s (median) | min to max | × | ms a photo | × | of the matrix product |")
    print("|---|---|---|---|---|---|---|")
    for (name, runtime), rounds in speeds.items():
        speed, photo = statistics.median(rounds), statistics.median(photos[name, runtime])
        base, base_photo = (statistics.median(of[name, RUNTIMES[0]]) for of in (speeds, photos))
        share = statistics.median(
            s * operations[name] / p for s, p in zip(rounds, product, strict=True)
        )
        print(
            f"| `{name}`, {runtime} | {speed:.1f} | {min(rounds):.1f} to {max(rounds):.1f} "
            f"| {speed / base:.2f} | {photo * 1000:.1f} | {base_photo / photo:.2f} | {share:.0%} |"
        )
    return 0


def _random_weights(folder: Path) -> Path:
    import keras

    keras.utils.set_random_seed(0)
    path = folder / "resnet50.weights.h5"
    keras.applications.ResNet50(weights=None, include_top=False).save_weights(path)
    return path


def _images_a_second(encoder: Encoder, batches: int) -> float:
    batch = _noise(encoder, BATCH_SIZE)
    return BATCH_SIZE / statistics.fmean(_seconds(lambda: encoder.embed(batch), batches))


def _photo_seconds(encoder: Encoder, photos: int) -> float:
    photo = _noise(encoder, 1)
    return statistics.median(_seconds(lambda: encoder.embed(photo), photos))


def _product_speed() -> float:
    """Operations a second of the product of two float32 matrices in numpy, the best of some."""
    one, other = np.random.default_rng(0).random((2, _SIDE, _SIDE), np.float32)
    return float(2 * _SIDE**3 / min(_seconds(lambda: one @ other, 8)))


def _seconds(call: Callable[[], Any], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return taken


def _noise(encoder: Encoder, n: int) -> Any:
    shape = (n, *encoder.input_size, 3)
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def _operations(tf: Any, encoder: Any) -> int:
    """Floating-point operations of convolutions and dense layers for one picture."""
    model = encoder._build_model()
    picture = tf.TensorSpec((1, *encoder.input_size, 3), tf.float32)
    traced = tf.function(lambda pixels: model(pixels, training=False))
    total = 0
    for operation in traced.get_concrete_function(picture).graph.get_operations():
        if operation.type in ("Conv2D", "DepthwiseConv2dNative", "MatMul"):
            first, second = (part.shape.as_list() for part in operation.inputs)
            inner = {
                "Conv2D": math.prod(second[:3]),
                "DepthwiseConv2dNative": math.prod(second[:2]),
                "MatMul": first[-1],
            }[operation.type]
            total += 2 * inner * math.prod(operation.outputs[0].shape.as_list())
    return total


if __name__ == "__main__":
    sys.exit(main())
