"""The command line: ``python -m recommender caption``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from recommender.captions.blip import MODEL, Blip
from recommender.captions.files import CAPTIONS
from recommender.captions.writing import write_captions
from recommender.photo_commands import Commands


def add_caption(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("caption", help="write a sentence for each product (BLIP)")
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR",
                        help="the index folder (default: artifacts)")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="the dataset folder, if it has moved since")  # fmt: skip
    parser.add_argument("--batch-size", type=int, default=8, metavar="N",
                        help="pictures at a time (default: 8)")  # fmt: skip
    parser.add_argument("--limit", type=int, metavar="N", help="make so many at most")
    parser.add_argument("--model", default=MODEL, metavar="NAME_OR_FOLDER",
                        help=f"a BLIP that captions (default: {MODEL}, 1 GB)")  # fmt: skip
    parser.set_defaults(run=_caption)


def _caption(options: argparse.Namespace) -> int:
    captioner = Blip(options.model)
    from recommender.search import Recommender

    report = write_captions(
        Recommender.open(options.artifacts, data=options.data),
        options.artifacts,
        captioner,
        batch_size=options.batch_size,
        limit=options.limit,
    )
    for name, reason in report.skipped:
        print(f"skipped {name}: {reason}", file=sys.stderr)
    print(f"{report.made} captions made; {report.total} in {options.artifacts / CAPTIONS}")
    return 0
