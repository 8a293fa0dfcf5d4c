"""``python -m recommender tune``: its options, and what it prints."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.photo_commands import Commands

if TYPE_CHECKING:
    from recommender.tuning.tune import TuningReport


def add_tune(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "tune", help="teach an index the attributes of its own catalogue, in minutes on a CPU"
    )
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR",
                        help="the index folder, of any encoder (default: artifacts)")  # fmt: skip
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="the dataset folder, if it has moved since")  # fmt: skip
    parser.add_argument("--attributes", nargs="+", metavar="COLUMN",
                        help="columns of styles.csv to learn (default: articleType, baseColour and "
                        "gender; without these, every column of words that repeat)")  # fmt: skip
    parser.add_argument("--seconds", type=_positive, metavar="N",
                        help="stop learning after so long (default: when all is seen often "
                        "enough)")  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="of everything random (default: 0)")  # fmt: skip
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="learn and measure, change nothing")
    what.add_argument("--remove", action="store_true",
                      help="make the index what it was before it was tuned")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_tune)


def _positive(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0: {text!r}")
    return seconds


def _tune(options: argparse.Namespace) -> int:
    from recommender.tuning.learning import Settings
    from recommender.tuning.tune import remove_head, tune

    if options.remove:
        had = remove_head(options.artifacts)
        print(f"{options.artifacts} " + ("is untuned again" if had else "was not tuned"))
        return 0
    try:
        report = tune(
            options.artifacts,
            data=options.data,
            attributes=options.attributes,
            settings=Settings(seconds=options.seconds, seed=options.seed),
            install=not options.dry_run,
        )
    except KeyboardInterrupt:
        print("stopped: the index is what it was", file=sys.stderr)
        return 130
    for name, reason in report.left_out.items():
        print(f"left out: {name} ({reason})", file=sys.stderr)
    if options.json:
        print(json.dumps(report.to_json()))
    else:
        print(_words(report, options.artifacts))
    if report.verdict.objection:
        print(f"not installed: {report.verdict.objection}", file=sys.stderr)
        return 1
    return 0


def _words(report: TuningReport, artifacts: Path) -> str:
    learned = ", ".join(f"{name} ({count} values)" for name, count in report.attributes.items())
    named = ", ".join(
        f"{name} {right:.1%} (calibration error {error:.3f})"
        for name, (right, error) in report.named.items()
    )
    lines = [
        f"Learned {learned} from {report.learned_from:,} products in {report.seconds:.0f} s; "
        f"measured on {report.queries:,} others.",
        "",
        report.verdict.table(),
        "",
    ]
    if named:
        lines.append(f"Named right: {named}")
    if report.installed:
        lines.append(
            f"{artifacts} is tuned; python -m recommender tune --remove makes it what it was."
        )
    return "\n".join(lines)
