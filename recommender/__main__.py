"""The command line: ``python -m recommender search PHOTO...``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from recommender.captions.command import add_caption
from recommender.catalogue_commands import add_catalogue_commands
from recommender.console import write_any_character
from recommender.encoders.attributes import AttributePredictor
from recommender.errors import QueryError, RecommenderError
from recommender.evaluation.command import add_evaluate
from recommender.export_command import add_export
from recommender.outfit_command import add_outfit
from recommender.photo_commands import Commands, add_index_options, for_each, print_json
from recommender.search_command import add_search
from recommender.tuning.command import add_tune


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        the exit code: 0, or 2 for wrong use or bad input.
    """
    parser = argparse.ArgumentParser(prog="python -m recommender", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_search(commands)
    add_outfit(commands)
    _add_predict(commands)
    add_evaluate(commands)
    add_catalogue_commands(commands)
    add_export(commands)
    add_caption(commands)
    add_tune(commands)
    options = parser.parse_args(arguments)
    write_any_character()
    try:
        code: int = options.run(options)
        return code
    except RecommenderError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _add_predict(commands: Commands) -> None:
    parser = commands.add_parser(
        "predict", help="say what a photo shows: its type, its colour, for whom it is"
    )
    add_index_options(parser)
    parser.set_defaults(run=_predict)


def _predict(options: argparse.Namespace) -> int:
    from recommender.search import Recommender

    recommender = Recommender.open(options.artifacts, data=options.data, weights=options.weights)
    if not isinstance(recommender.encoder, AttributePredictor):
        raise QueryError(
            f"the encoder {recommender.encoder.card.name!r} tells no attributes: teach it "
            "those of the catalogue with python -m recommender tune, or index with one that tells "
            "them, as build_index.py --encoder fashion"
        )

    def answer(photo: str) -> None:
        predictions = recommender.predict(Path(photo))
        if options.json:
            print_json(photo, [asdict(prediction) for prediction in predictions])
            return
        print(photo)
        for prediction in predictions:
            print(f"{prediction.confidence:6.0%}  {prediction.attribute}: {prediction.value}")

    return for_each(options.photos, answer)


if __name__ == "__main__":
    sys.exit(main())
