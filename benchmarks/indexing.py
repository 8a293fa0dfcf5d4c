"""How fast is indexing? The tutorials' loop, this indexer, and the bare model, in one run.

    python -m benchmarks.indexing --data DIR --weights FILE

Prints images/s of

a. the loop of the tutorials: ``load_img``, ``preprocess_input``, ``model.predict``, one picture at
   a time;
b. `build_index` end to end: finding, hashing, decoding, embedding, journal, publishing, everything
   but the loading of the model;
c. the same encoder on pictures that lie prepared in memory.

The three take turns over several rounds, so that a machine whose speed drifts treats them alike.
Each runs in a process of its own, whose peak memory is told too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BATCH_SIZE = 32


def main() -> int:
    options = _options()
    if options.part:
        print(json.dumps(PARTS[options.part](options)))
        return 0
    rounds: dict[str, list[dict[str, Any]]] = {part: [] for part in PARTS}
    for number in range(options.rounds):
        for part, results in rounds.items():
            print(f"round {number + 1} of {options.rounds}: {part}", file=sys.stderr)
            results.append(_in_a_process(part))
    _print_table(rounds)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR")
    parser.add_argument("--weights", type=Path, metavar="FILE")
    parser.add_argument("--encoder", default="resnet50")
    parser.add_argument("--images", type=int, default=640, help="pictures for b and c")
    parser.add_argument("--loop-images", type=int, default=64, help="pictures for a")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(part: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.indexing", *sys.argv[1:], "--part", part]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    return result


def loop(options: argparse.Namespace) -> dict[str, float]:
    """What the tutorials do."""
    from recommender.catalogue import catalogue_images, dataset_folder
    from recommender.encoders.frozen import import_tensorflow

    import_tensorflow()
    import keras
    import numpy as np

    base = keras.applications.ResNet50(
        weights=str(options.weights) if options.weights else "imagenet",
        include_top=False,
        input_shape=(224, 224, 3),
    )
    model = keras.Sequential([base, keras.layers.GlobalMaxPooling2D()])

    def extract(path: Path) -> Any:
        image = keras.utils.load_img(path, target_size=(224, 224))
        batch = np.expand_dims(keras.utils.img_to_array(image), axis=0)
        features = model.predict(
            keras.applications.resnet50.preprocess_input(batch), verbose=0
        ).flatten()
        return features / np.linalg.norm(features)

    paths = catalogue_images(dataset_folder(options.data))[: options.loop_images]
    extract(paths[0])
    started = time.perf_counter()
    for path in paths:
        extract(path)
    return _result(len(paths), time.perf_counter() - started)


def indexer(options: argparse.Namespace) -> dict[str, float]:
    """`build_index`, from a folder of files to a published index."""
    from recommender.encoders import get_encoder
    from recommender.indexing import build_index

    encoder = get_encoder(options.encoder, weights=options.weights)
    encoder.warm_up()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        report = build_index(
            options.data, folder, encoder=encoder, limit=options.images, progress=False,
            batch_size=BATCH_SIZE,
        )  # fmt: skip
        return _result(report.total, time.perf_counter() - started)


def bare_model(options: argparse.Namespace) -> dict[str, float]:
    """The encoder on pictures in memory."""
    import numpy as np

    from recommender.catalogue import catalogue_images, dataset_folder
    from recommender.encoders import get_encoder

    encoder = get_encoder(options.encoder, weights=options.weights)
    encoder.warm_up()
    paths = catalogue_images(dataset_folder(options.data))[: options.images]
    pictures = np.stack([encoder.load(path) for path in paths])
    started = time.perf_counter()
    for start in range(0, len(pictures), BATCH_SIZE):
        encoder.embed(pictures[start : start + BATCH_SIZE])
    return _result(len(pictures), time.perf_counter() - started)


PARTS = {"loop": loop, "indexer": indexer, "bare model": bare_model}


def _result(images: int, seconds: float) -> dict[str, float]:
    return {"images": images, "speed": images / seconds, "memory": _peak_memory()}


def _peak_memory() -> float:
    """Peak memory of this process in GB; NaN where the system does not tell (Windows)."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def _print_table(rounds: dict[str, list[dict[str, Any]]]) -> None:
    speed = {part: statistics.median(r["speed"] for r in rs) for part, rs in rounds.items()}
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| | images | images/s (median) | min to max | × loop | × bare model | peak GB |")
    print("|---|---|---|---|---|---|---|")
    for part, results in rounds.items():
        speeds = [result["speed"] for result in results]
        print(
            f"| {part} | {results[0]['images']:.0f} | {speed[part]:.1f} "
            f"| {min(speeds):.1f} to {max(speeds):.1f} | {speed[part] / speed['loop']:.2f} "
            f"| {speed[part] / speed['bare model']:.2f} "
            f"| {max(result['memory'] for result in results):.2f} |"
        )


if __name__ == "__main__":
    sys.exit(main())
