"""``python -m recommender map`` and ``audit``: a look at the whole catalogue."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.atlas import MAP, OnStep, neighbour_atlas, write_map
from recommender.audit import ATTRIBUTES, audit
from recommender.errors import QueryError
from recommender.photo_commands import Commands
from recommender.picture_check import TINY
from recommender.spreadsheet import csv_bytes
from recommender.whole_files import write_whole

if TYPE_CHECKING:
    from tqdm import tqdm


def add_catalogue_commands(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "map", help="arrange the catalogue on a map, which the app's page Catalogue shows"
    )
    add_whole_index_options(parser)
    parser.set_defaults(run=_map)
    parser = commands.add_parser(
        "audit", help="find listings twice over, doubtful labels and bad pictures"
    )
    add_whole_index_options(parser)
    parser.add_argument("--attribute", action="append", metavar="NAME",
                        help="look into the labels of this attribute; again for more (default: "
                        f"{', '.join(ATTRIBUTES)})")  # fmt: skip
    parser.add_argument("--tiny", type=int, default=TINY, metavar="PIXELS",
                        help="a picture with a shorter side below this is tiny (default: "
                        "%(default)s)")  # fmt: skip
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--csv", type=Path, metavar="FOLDER",
                        help="write the findings into this folder, a file for each kind"
                        )  # fmt: skip
    output.add_argument("--json", action="store_true", help="print one JSON object a finding")
    parser.set_defaults(run=_audit)


def add_whole_index_options(parser: argparse.ArgumentParser) -> None:
    """Take the index that a command is about."""
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR",
                        help="the index folder (default: artifacts)")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="the dataset folder, if it has moved since")  # fmt: skip


@contextmanager
def bars() -> Iterator[OnStep]:
    """Progress on stderr, a bar a step."""
    from tqdm import tqdm

    shown: dict[str, tqdm[None]] = {}
    # In a log file a line every ten seconds is enough.
    interval = 0.1 if sys.stderr.isatty() else 10.0

    def on_step(step: str, done: int, total: int) -> None:
        if step not in shown:
            shown[step] = tqdm(total=total, desc=step, unit=" products", mininterval=interval)
        bar = shown[step]
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    try:
        yield on_step
    finally:
        for bar in shown.values():
            bar.close()


def _map(options: argparse.Namespace) -> int:
    from recommender.artifacts import read_index

    index = read_index(options.artifacts, data=options.data)
    with bars() as on_step:
        atlas = neighbour_atlas(index.embeddings, on_step=on_step)
    write_map(options.artifacts, index.embeddings, atlas)
    print(f"{len(atlas.places):,} products on the map ({atlas.method}): {options.artifacts / MAP}")
    return 0


def _audit(options: argparse.Namespace) -> int:
    from recommender.search import Recommender

    if options.tiny < 0:
        raise QueryError(f"--tiny is {options.tiny}, but must be at least 0")
    recommender = Recommender.open(options.artifacts, data=options.data)
    with bars() as on_step:
        found = audit(
            recommender,
            options.artifacts,
            attributes=options.attribute,
            tiny=options.tiny,
            on_step=on_step,
        )
    tables = found.tables(recommender.catalogue)
    if options.json:
        for name, table in tables.items():
            for row in table.rows:
                finding = dict(zip(table.columns, row, strict=True))
                print(json.dumps({"finding": name, **finding}))
        return 0
    for name, table in tables.items():
        print(f"{len(table.rows):8,}  {name}")
        if options.csv is not None:
            write_whole(options.csv / f"{name}.csv", csv_bytes(table.columns, table.rows))
    if options.csv is not None:
        print(f"written to {options.csv}")
    return 0
