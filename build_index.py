"""Index a catalogue of product pictures, once: python build_index.py"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from recommender.array_pickles import STORED
from recommender.batches import Workers
from recommender.console import write_any_character
from recommender.encoders import encoder_names
from recommender.errors import RecommenderError
from recommender.folders import is_address
from recommender.indexing import BATCH_SIZE, BuildReport, build_index
from recommender.photo_commands import add_runtime_option

# Measured by `python -m benchmarks.indexing` and `python -m recommender evaluate`; see the README.
_TIP = (
    "Tip: --encoder fashion, trained on such a catalogue, indexes about 9 times as fast, needs no "
    "download, and finds the right type, colour and garments on snapshots more often (README)."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the index.

    Returns:
        the exit code: 0; 1 if a picture was skipped under ``--strict``; 2 for bad input; 130 after
        Ctrl-C.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.ray is None and (options.ray_actors or options.ray_cpus):
        parser.error("--ray-actors and --ray-cpus go with --ray ADDRESS")
    if options.download and is_address(options.data):
        parser.error("--download puts the catalogue into a folder: name one with --data")
    write_any_character()
    try:
        if options.download:
            from recommender.download import download_catalogue

            download_catalogue(Path(options.data))
        report = build_index(
            options.data,
            options.artifacts,
            encoder=options.encoder,
            weights=options.weights,
            runtime=options.runtime,
            batch_size=options.batch_size,
            limit=options.limit,
            rebuild=options.rebuild,
            dtype=options.dtype,
            workers=_workers(options),
        )
    except RecommenderError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        print(str(interrupt) or "stopped; run the same command again to go on", file=sys.stderr)
        return 130
    print(_summary(report, options.artifacts))
    if options.encoder == "resnet50" and report.indexed:
        print(_TIP, file=sys.stderr)
    return 1 if options.strict and report.skipped else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="Run it again at any time: only new and changed pictures are embedded, and an "
        "interrupted run goes on where it was.",
    )
    parser.add_argument("--data", default="data", metavar="DIR",
                        help="the folder that holds images/ and, optionally, styles.csv, or any "
                        "folder of pictures; also an address, as s3://bucket/catalogue "
                        "(default: data)")  # fmt: skip
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR",
                        help="where the index goes (default: artifacts)")  # fmt: skip
    parser.add_argument("--encoder", choices=encoder_names(), default=encoder_names()[0],
                        help="turns a picture into numbers (default: %(default)s)")  # fmt: skip
    parser.add_argument("--weights", type=Path, metavar="FILE",
                        help="a weights file (.h5) instead of the encoder's own")  # fmt: skip
    add_runtime_option(parser)
    parser.add_argument("--batch-size", type=_positive, default=BATCH_SIZE, metavar="N",
                        help="pictures embedded at once (default: %(default)s)")  # fmt: skip
    parser.add_argument("--limit", type=_positive, metavar="N",
                        help="index only the first N pictures")  # fmt: skip
    parser.add_argument("--rebuild", action="store_true",
                        help="start over instead of embedding only what is new")  # fmt: skip
    parser.add_argument("--dtype", choices=STORED,
                        help="how vectors are stored: float16 takes half the space (default: as "
                        "the index has them, else float32)")  # fmt: skip
    parser.add_argument("--download", action="store_true",
                        help="first fetch the Kaggle catalogue into the data folder")  # fmt: skip
    parser.add_argument("--strict", action="store_true",
                        help="exit with 1 if any picture had to be skipped")  # fmt: skip
    parser.add_argument("--ray", metavar="ADDRESS",
                        help="have the machines of a Ray cluster embed the pictures: auto, local "
                        "or HOST:PORT")  # fmt: skip
    parser.add_argument("--ray-actors", type=_positive, metavar="N",
                        help="workers on the cluster (default: as many as fit)")  # fmt: skip
    parser.add_argument("--ray-cpus", type=_positive, metavar="N",
                        help="processors and threads of each worker (default: as many threads as "
                        "here, which gives the same vectors to the last bit)")  # fmt: skip
    return parser


def _workers(options: argparse.Namespace) -> Workers | None:
    if options.ray is None:
        return None
    from recommender.distributed import RayCluster

    return RayCluster(address=options.ray, actors=options.ray_actors, cpus=options.ray_cpus)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more: {text!r}")
    return int(text)


def _summary(report: BuildReport, artifacts: Path) -> str:
    minutes, seconds = divmod(round(report.seconds), 60)
    time = f"{minutes} min {seconds} s" if minutes else f"{report.seconds:.1f} s"
    speed = f", {report.images_per_second:.1f} images/s" if report.images_per_second else ""
    counts = [
        f"{report.indexed - report.changed:,} new",
        f"{report.changed:,} changed",
        f"{report.reused:,} reused",
        f"{report.removed:,} removed",
        f"{len(report.skipped):,} skipped",
    ]
    lines = [f"{report.total:,} pictures in {artifacts}: {', '.join(counts)} ({time}{speed})"]
    if report.resumed:
        lines.append(f"{report.resumed:,} of them were finished by the run before, which stopped")
    if report.skipped:
        lines.append(f"Why the skipped ones are not in it: {artifacts / 'skipped.csv'}")
    if report.head_dropped:
        lines.append("The old index was tuned, the new one is not: python -m recommender tune")
    lines.append("Search it: streamlit run app.py")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
