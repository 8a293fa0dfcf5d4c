"""The command line: ``python -m recommender search PHOTO...``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from recommender.engines import engine_names
from recommender.errors import RecommenderError
from recommender.evaluation.command import add_evaluate


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        the exit code: 0, or 2 for wrong use or bad input.
    """
    parser = argparse.ArgumentParser(prog="python -m recommender", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_search(commands)
    add_evaluate(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        return code
    except RecommenderError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _add_search(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "search", help="find the products of an indexed catalogue that look most like a photo"
    )
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help="a picture file")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR",
                        help="the index folder (default: artifacts)")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="the dataset folder, if it has moved since")  # fmt: skip
    parser.add_argument("--weights", type=Path, metavar="FILE",
                        help="the encoder's weights, if they have moved since")  # fmt: skip
    parser.add_argument("-k", type=int, default=5, help="products a photo (default: 5)")
    parser.add_argument("--engine", choices=engine_names(), default=engine_names()[0])
    parser.add_argument("--where", action="append", default=[], type=_condition,
                        metavar="KEY=VALUE",
                        help="only products with this attribute; the same key again means OR, "
                        "another key AND")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object a photo")
    parser.set_defaults(run=_search)


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
    failed = False
    for photo in options.photos:
        try:
            matches = recommender.search(Path(photo), options.k, filters=filters)
        except RecommenderError as error:
            # One bad photo does not keep the others from their answer.
            print(f"error: {photo}: {error}", file=sys.stderr)
            failed = True
            continue
        if options.json:
            results = [match.to_json() for match in matches]
            print(json.dumps({"query": photo, "results": results}, ensure_ascii=False))
            continue
        print(photo)
        for match in matches:
            print(f"{match.rank:4}  {match.match:4.0%}  {match.title}  ({match.filename})")
        if not matches:
            print("      no product passes the filters")
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
