"""What the commands over photos share: their options, and an answer for each photo."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from recommender.errors import RecommenderError

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_index_options(
    parser: argparse.ArgumentParser,
    *,
    photos: str = "+",
    of: str = "PHOTO",
    told: str = "a picture file",
) -> None:
    """Take photos, and the index to search in.

    Args:
        parser: of a command.
        photos: how many, as `argparse` writes it.
        of: what the usage calls one of them.
        told: what the help says of it.
    """
    parser.add_argument("photos", nargs=photos, metavar=of, help=told)
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR",
                        help="the index folder (default: artifacts)")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="the dataset folder, if it has moved since")  # fmt: skip
    parser.add_argument("--weights", type=Path, metavar="FILE",
                        help="the encoder's weights, if they have moved since")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object a photo")


def for_each(photos: Sequence[str], answer: Callable[[str], None]) -> int:
    """Answer every photo; one bad photo does not keep the others from their answer."""
    failed = False
    for photo in photos:
        try:
            answer(photo)
        except RecommenderError as error:
            print(f"error: {photo}: {error}", file=sys.stderr)
            failed = True
    return 2 if failed else 0


def print_json(query: str, results: list[dict[str, Any]], **more: Any) -> None:
    """Print one object, on one line."""
    print(json.dumps({"query": query, **more, "results": results}))
