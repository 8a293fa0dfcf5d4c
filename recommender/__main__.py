"""The command line: ``python -m recommender search PHOTO...``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from recommender.console import write_any_character
from recommender.encoders.attributes import AttributePredictor
from recommender.engines import engine_names
from recommender.errors import QueryError, RecommenderError
from recommender.evaluation.command import add_evaluate

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        the exit code: 0, or 2 for wrong use or bad input.
    """
    parser = argparse.ArgumentParser(prog="python -m recommender", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_search(commands)
    _add_predict(commands)
    add_evaluate(commands)
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


def _add_search(commands: Commands) -> None:
    parser = commands.add_parser(
        "search", help="find the products of an indexed catalogue that look most like a photo"
    )
    _add_index_options(parser)
    parser.add_argument("-k", type=int, default=5, help="products a photo (default: 5)")
    parser.add_argument("--engine", choices=engine_names(), default=engine_names()[0])
    parser.add_argument("--where", action="append", default=[], type=_condition,
                        metavar="KEY=VALUE",
                        help="only products with this attribute; the same key again means OR, "
                        "another key AND")  # fmt: skip
    parser.set_defaults(run=_search)


def _add_predict(commands: Commands) -> None:
    parser = commands.add_parser(
        "predict", help="say what a photo shows: its type, its colour, for whom it is"
    )
    _add_index_options(parser)
    parser.set_defaults(run=_predict)


def _add_index_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help="a picture file")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR",
                        help="the index folder (default: artifacts)")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="the dataset folder, if it has moved since")  # fmt: skip
    parser.add_argument("--weights", type=Path, metavar="FILE",
                        help="the encoder's weights, if they have moved since")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object a photo")


def _condition(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise argparse.ArgumentTypeError(f'expected key=value, as baseColour="Navy Blue": {text!r}')
    return key, value


def _search(options: argparse.Namespace) -> int:
    from recommender.search import Recommender

    recommender = Recommender.open(
        options.artifacts, engine=options.engine, data=options.data, weights=options.weights
    )
    filters: dict[str, list[str]] = {}
    for key, value in options.where:
        filters.setdefault(key, []).append(value)
    allowed = recommender.catalogue.mask(filters)

    def answer(photo: str) -> None:
        vector = recommender.embed(Path(photo))
        matches = recommender.search_vector(vector, options.k, allowed=allowed)
        if options.json:
            _print_json(photo, [match.to_json() for match in matches])
            return
        predictions = recommender.predict_vector(vector)
        looks_like = ", ".join(prediction.value for prediction in predictions)
        print(f"{photo}  looks like: {looks_like}" if looks_like else photo)
        for match in matches:
            print(f"{match.rank:4}  {match.match:4.0%}  {match.title}  ({match.filename})")
        if not matches:
            print("      no product passes the filters")

    return _for_each(options.photos, answer)


def _predict(options: argparse.Namespace) -> int:
    from recommender.search import Recommender

    recommender = Recommender.open(options.artifacts, data=options.data, weights=options.weights)
    if not isinstance(recommender.encoder, AttributePredictor):
        raise QueryError(
            f"the encoder {recommender.encoder.card.name!r} tells no attributes: index with one "
            "that does, as build_index.py --encoder fashion"
        )

    def answer(photo: str) -> None:
        predictions = recommender.predict(Path(photo))
        if options.json:
            _print_json(photo, [asdict(prediction) for prediction in predictions])
            return
        print(photo)
        for prediction in predictions:
            print(f"{prediction.confidence:6.0%}  {prediction.attribute}: {prediction.value}")

    return _for_each(options.photos, answer)


def _for_each(photos: Sequence[str], answer: Callable[[str], None]) -> int:
    """Answer every photo; one bad photo does not keep the others from their answer."""
    failed = False
    for photo in photos:
        try:
            answer(photo)
        except RecommenderError as error:
            print(f"error: {photo}: {error}", file=sys.stderr)
            failed = True
    return 2 if failed else 0


def _print_json(photo: str, results: list[dict[str, Any]]) -> None:
    print(json.dumps({"query": photo, "results": results}))


if __name__ == "__main__":
    sys.exit(main())
