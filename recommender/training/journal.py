"""What a run leaves behind besides weights: a log a person can read, and curves."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


class RunLog:
    """One JSON object a line; a resumed run goes on in the same file."""

    def __init__(self, path: Path, *, until_step: int) -> None:
        """Open the log and forget what was written after the checkpoint that the run resumes from.

        Args:
            path: the file, made if it is missing.
            until_step: the step of the checkpoint.
        """
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = [entry for entry in self.entries() if entry["step"] <= until_step]
        path.write_text("".join(json.dumps(entry) + "\n" for entry in kept))

    def entries(self) -> list[dict[str, Any]]:
        """All lines so far."""
        if not self.path.is_file():
            return []
        return [json.loads(line) for line in self.path.read_text().splitlines() if line.strip()]

    def write(self, step: int, seconds: float, **values: float | dict[str, float]) -> None:
        """Append a line."""
        with self.path.open("a") as file:
            file.write(json.dumps({"step": step, "seconds": round(seconds, 1), **values}) + "\n")


def draw_curves(log: RunLog, path: Path) -> None:
    """Draw losses and validation figures over the steps as a PNG.

    Needs matplotlib; without it a line on stderr says so, and training goes on.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print("the curves are not drawn: pip install matplotlib", file=sys.stderr)
        return
    entries = log.entries()
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axis, key, title in ((left, "losses", "loss"), (right, "validation", "validation")):
        rows = [entry for entry in entries if key in entry]
        for name in rows[-1][key] if rows else ():
            points = [(entry["step"], entry[key][name]) for entry in rows if name in entry[key]]
            axis.plot(*zip(*points, strict=True), label=name, linewidth=1)
        axis.set(title=title, xlabel="step")
        axis.grid(alpha=0.3)
        if rows:
            axis.legend(fontsize=7)
    left.set_yscale("log")
    right.set_ylim(0, 1)
    figure.savefig(path, dpi=110)
