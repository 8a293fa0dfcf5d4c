"""Train the encoder ``fashion``.

python -m recommender.training --data data --street street-train --output runs/fashion

Reads the Kaggle catalogue (images/ and styles.csv) and a folder of snapshots, one folder a class.
A run that was stopped goes on from its last checkpoint when it is started again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from recommender.errors import RecommenderError


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, then export.

    Returns:
        the exit code: 0, 2 for bad input, 130 after Ctrl-C.
    """
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except RecommenderError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m recommender.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR",
                        help="the catalogue: images/ and styles.csv (default: data)")  # fmt: skip
    parser.add_argument("--street", type=Path, metavar="DIR",
                        help="snapshots in folders named by class; without them nothing ties the "
                        "catalogue to real photos")  # fmt: skip
    parser.add_argument("--start", type=Path, metavar="FILE",
                        help="ImageNet weights of MobileNetV2 without its top, or a fashion.npz "
                        "to go on from (default: Keras' download of the former)")  # fmt: skip
    parser.add_argument("--output", type=Path, default=Path("runs/fashion"), metavar="DIR",
                        help="checkpoint, log, curves, weights (runs/fashion)")  # fmt: skip
    parser.add_argument("--cache", type=Path, metavar="DIR",
                        help="decoded pictures (default: OUTPUT/cache)")  # fmt: skip
    parser.add_argument(
        "--steps", type=int, metavar="N", help="steps of the first stage; 0 goes on with the head"
    )
    parser.add_argument("--head-steps", type=int, metavar="N",
                        help="steps of the second stage, which trains the head alone")  # fmt: skip
    parser.add_argument("--coarse-share", type=float, metavar="X",
                        help="part of the steps, the first ones, on smaller pictures")  # fmt: skip
    parser.add_argument("--rate", type=float, metavar="X", help="peak learning rate")
    parser.add_argument("--seed", type=int, help="of everything random")
    return parser


def _run(options: argparse.Namespace) -> None:
    from recommender.training.data import load_training_data
    from recommender.training.export import export
    from recommender.training.settings import Settings
    from recommender.training.stages import train_head, train_network

    names = ("steps", "head_steps", "coarse_share", "rate", "seed")
    given = {name: getattr(options, name) for name in names}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    (output / "settings.json").write_text(json.dumps(asdict(settings), indent=2) + "\n")
    data = load_training_data(options.data, options.street, options.cache or output / "cache")
    network = train_network(data, settings, output, start=options.start)
    trainer = train_head(data, settings, output / "head", network)
    print(export(trainer, network, data, settings, output))


if __name__ == "__main__":
    sys.exit(main())
