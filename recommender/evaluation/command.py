"""``python -m recommender evaluate``: its options, and what it prints."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.encoders import Encoder, encoder_names, get_encoder, register_encoder
from recommender.errors import CatalogueError, RecommenderError, StorageError, WeightsError

if TYPE_CHECKING:
    from recommender.evaluation.run import Scores

BASELINES = ("histogram", "thumbnail")
_DEFAULT = (*BASELINES, "mobilenetv2", "resnet50", "fashion")


def add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to ``python -m recommender``."""
    parser = commands.add_parser(
        "evaluate", help="measure encoders on a labelled catalogue, side by side"
    )
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR",
                        help="the labelled catalogue: images/ and styles.csv "
                        "(default: data)")  # fmt: skip
    parser.add_argument("--street", type=Path, metavar="DIR",
                        help="snapshots in folders named by class: dress, hat, longsleeve, ..."
                        )  # fmt: skip
    parser.add_argument("--encoder", action="append", metavar="NAME",
                        help="measure this one too, besides the baselines; again for more "
                        "(default: all whose weights are at hand)")  # fmt: skip
    parser.add_argument("--weights", action="append", default=[], type=_weights,
                        metavar="NAME=FILE", help="a weights file for an encoder")  # fmt: skip
    parser.add_argument("--cache", type=Path, metavar="DIR",
                        help="keep embeddings here for the next run")  # fmt: skip
    parser.add_argument("--plots", type=Path, metavar="DIR",
                        help="draw the figures into this folder (needs matplotlib)")  # fmt: skip
    parser.add_argument("--write-confidence", type=Path, metavar="FILE",
                        help="write the confidence curve of the last encoder measured, as shipped "
                        "in <encoder>-confidence.json beside its weights")  # fmt: skip
    style = parser.add_mutually_exclusive_group()
    style.add_argument("--json", action="store_true", help="print one JSON object an encoder")
    style.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.set_defaults(run=_evaluate)


def _weights(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not (name and equals and path):
        raise argparse.ArgumentTypeError(f"expected NAME=FILE, as resnet50=weights.h5: {text!r}")
    return name, Path(path)


def _evaluate(options: argparse.Namespace) -> int:
    from recommender.evaluation.benchmark_data import load_benchmark
    from recommender.evaluation.plots import draw
    from recommender.evaluation.report import attributes_table, confidence_table, table
    from recommender.evaluation.run import evaluate

    encoders = _encoders(options.encoder, dict(options.weights))
    benchmark = load_benchmark(options.data, options.street)
    print(
        f"{len(benchmark.queries):,} held-out products against {len(benchmark.gallery):,}, "
        f"{len(benchmark.street_paths):,} snapshots",
        file=sys.stderr,
    )
    scores = []
    for encoder in encoders:
        scores.append(evaluate(benchmark, encoder, cache=options.cache))
        if options.json:
            print(json.dumps(scores[-1].to_json()), flush=True)
    if not options.json:
        print(table(scores, markdown=options.markdown))
        print()
        print(attributes_table(scores, markdown=options.markdown))
        print()
        print(confidence_table(scores, markdown=options.markdown))
    if options.plots is not None:
        for path in draw(scores, options.plots):
            print(path, file=sys.stderr)
    if options.write_confidence is not None:
        _write_confidence(scores[-1], options.write_confidence)
    return 0


def _write_confidence(scores: Scores, path: Path) -> None:
    curve = scores.results["confidence"].details.get("curve")
    if curve is None:
        raise CatalogueError("--write-confidence needs more held-out products to fit a curve to")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(curve, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}") from None
    print(path, file=sys.stderr)


def _encoders(names: list[str] | None, weights: dict[str, Path]) -> list[Encoder]:
    """The encoders to measure: the baselines, then those asked for or at hand."""
    from recommender.evaluation import baselines

    register_encoder("histogram", baselines.HistogramEncoder)
    register_encoder("thumbnail", baselines.ThumbnailEncoder)
    register_encoder("mobilenetv2", baselines.MobileNetV2Encoder)
    strange = set(weights) - set(encoder_names())
    if strange:
        raise RecommenderError(
            f"--weights names no encoder: {', '.join(sorted(strange))}; "
            f"there are {', '.join(encoder_names())}"
        )
    wanted = _DEFAULT if names is None else (*BASELINES, *names)
    found: dict[str, Encoder] = {}
    for name in wanted:
        try:
            encoder = get_encoder(name, weights=weights.get(name))
            _ = encoder.card  # Reads the weights file, which may be missing.
        except WeightsError as error:
            if names is not None or name in weights:
                raise
            print(f"left out: {name} ({error})", file=sys.stderr)
            continue
        found[name] = encoder
    return list(found.values())
