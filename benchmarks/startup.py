"""How long does a start take? Fresh processes, this checkout beside another one.

    python -m benchmarks.startup --artifacts DIR [--against CHECKOUT]

Prints the median of seconds over several rounds, in which everything takes turns: of whole
commands, from the start of Python to its end, and of what the app does before its first visitor is
answered, without Streamlit: the imports, opening the index, loading the model and all else that
`Finder.warm_up` prepares, the first search by a photo. A dash stands for what a checkout cannot do.
Files have been read before: they come from the system's memory.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.visitors import phone_photo
from recommender.encoders import RUNTIMES

_ROOT = Path(__file__).resolve().parent.parent
_APP = """
import json, sys, time
runtime = {"runtime": sys.argv[3]} if sys.argv[3] != "tensorflow" else {}
began = time.perf_counter()
times = {}
def passed(name):
    global began
    times[name], began = time.perf_counter() - began, time.perf_counter()
from recommender.finding import Finder
from recommender.likeness import look_of_vector
from recommender.search import Recommender
from recommender.wishes import Wishes
passed("import")
recommender = Recommender.open(sys.argv[1], **runtime)
passed("open the index")
finder = Finder(recommender)
finder.warm_up()
passed("warm up")
finder.find(look_of_vector(recommender, recommender.embed(sys.argv[2])), Wishes(k=10))
passed("first search")
print(json.dumps(times))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="the code before")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    checkouts = [_ROOT, *([options.against.resolve()] if options.against else [])]
    seconds: dict[tuple[str, Path], list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(phone_photo())
        index = ["--artifacts", str(options.artifacts.resolve())]
        commands = {
            "`--help`": ["--help"],
            "`search --text`": ["search", *index, "--text", "blue shirt"],
            "`search PHOTO`": ["search", *index, str(photo)],
            "`search PHOTO --runtime openvino`":
                ["search", *index, str(photo), "--runtime", "openvino"],
        }  # fmt: skip
        # Reads files and exports the network; does not count.
        _app(_ROOT, options.artifacts.resolve(), photo, "openvino")
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            for checkout in checkouts:
                taken = {name: _command(checkout, words) for name, words in commands.items()}
                for runtime in RUNTIMES:
                    steps = _app(checkout, options.artifacts.resolve(), photo, runtime)
                    taken |= {f"app, {runtime}: {step}": time for step, time in steps.items()}
                for name, one in taken.items():
                    if one is not None:
                        seconds[name, checkout].append(one)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| seconds |" + " before |" * (len(checkouts) - 1) + " now |")
    print("|---|" + "---|" * len(checkouts))
    for name in dict.fromkeys(name for name, _ in seconds):
        cells = [
            f"{statistics.median(found):.2f}" if (found := seconds.get((name, checkout))) else "–"
            for checkout in reversed(checkouts)
        ]
        print(f"| {name} | {' | '.join(cells)} |")
    return 0


def _command(checkout: Path, words: list[str]) -> float | None:
    started = time.perf_counter()
    result = _run(checkout, ["-m", "recommender", *words])
    return None if result is None else time.perf_counter() - started


def _app(checkout: Path, artifacts: Path, photo: Path, runtime: str) -> dict[str, float]:
    output = _run(checkout, ["-c", _APP, str(artifacts), str(photo), runtime])
    steps: dict[str, float] = {} if output is None else json.loads(output.splitlines()[-1])
    return steps


def _run(checkout: Path, arguments: list[str]) -> str | None:
    """What a fresh process printed; None if it failed."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    result = subprocess.run(
        [sys.executable, *arguments], cwd=checkout, env=environment, capture_output=True, text=True
    )
    return result.stdout if result.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
