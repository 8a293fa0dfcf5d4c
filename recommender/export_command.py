"""``python -m recommender export OUT``: similar products for a shop's own pages."""

from __future__ import annotations

import argparse
from pathlib import Path

from recommender.catalogue_commands import add_whole_index_options, bars
from recommender.errors import QueryError
from recommender.photo_commands import Commands


def add_export(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        help="write similar products of every product as files for any web shop, with a widget",
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="a new folder, or an earlier export")
    add_whole_index_options(parser)
    parser.add_argument("-k", type=int, default=10,
                        help="similar products for each one (default: 10)")  # fmt: skip
    parser.add_argument("--size", type=int, default=240, metavar="PIXELS",
                        help="longer side of the pictures, at most (default: 240)")  # fmt: skip
    parser.add_argument("--pictures", action=argparse.BooleanOptionalAction, default=True,
                        help="write small pictures (default: yes)")  # fmt: skip
    parser.add_argument("--picture-url", metavar="URL",
                        help="with --no-pictures: where the shop's own are, as "
                        "https://shop.example/{id}.jpg; {filename} works, too")  # fmt: skip
    parser.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    from recommender.export.site import export
    from recommender.search import Recommender

    if options.picture_url is not None and options.pictures:
        raise QueryError("--picture-url needs --no-pictures: pictures are either written or linked")
    recommender = Recommender.open(options.artifacts, data=options.data)
    with bars() as on_step:
        done = export(
            recommender,
            options.out,
            k=options.k,
            size=options.size if options.pictures else None,
            picture_url=options.picture_url,
            on_step=on_step,
        )
    print(
        f"{done.products:,} products, {done.pictures:,} with a picture, in {done.files:,} files: "
        f"open {options.out / 'demo.html'}"
    )
    return 0
