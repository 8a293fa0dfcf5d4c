"""The two lists of an index folder: the pictures that are in it, and those that are not."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from recommender.manifest import FILES, SKIPPED, broken, located


def write_skipped(path: Path, skipped: Iterable[tuple[str, str]]) -> None:
    """Write (file, reason) pairs as CSV."""
    _write_csv(path, ("filename", "reason"), skipped)


@dataclass(frozen=True)
class FileState:
    """What tells whether a picture has changed since it was indexed."""

    size: int
    mtime_ns: int
    sha256: str


def write_files(path: Path, states: Iterable[tuple[str, FileState]]) -> None:
    """Write the state of each indexed picture, in the order of the rows."""
    rows = ((name, s.size, s.mtime_ns, s.sha256) for name, s in states)
    _write_csv(path, ("filename", "size", "mtime_ns", "sha256"), rows)


def read_files(artifacts: Path) -> list[tuple[str, FileState]]:
    """The state of each indexed picture, in the order of the rows.

    Raises:
        ArtifactsError: the file is missing or damaged.
    """
    try:
        with located(artifacts, FILES).open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            return [(name, FileState(int(s), int(t), sha)) for name, s, t, sha in reader]
    except (OSError, ValueError, StopIteration, csv.Error) as error:
        raise broken(artifacts, f"{FILES} cannot be read ({error})") from None


def read_skipped(artifacts: Path) -> list[tuple[str, str]]:
    """(file name, reason) of each picture left out; empty without the file."""
    path = located(artifacts, SKIPPED)
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in list(csv.reader(file))[1:] if len(row) == 2]


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
