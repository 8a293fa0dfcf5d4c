"""How much memory does the app take with many visitors, and does it give it back? (Linux)

    python -m benchmarks.visitors --artifacts DIR

Starts the real app and visits it as browsers do, but without any: over its WebSocket, with an
upload by HTTP, one after another click on "Find similar", and every picture of every page fetched.
All visitors stay until the last has come; then all leave, and after the two minutes for which
Streamlit keeps a session in case that its visitor returns, the next ones come. A server that only
keeps what it needs takes about as much after the second crowd as after the first.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.visitor import Visitor

APP = Path(__file__).resolve().parent.parent / "app.py"
_PATIENCE = 600
_KEPT = 125
"""Seconds for which Streamlit keeps the session of a visitor who left, and a few more."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument(
        "--app", type=Path, default=APP, metavar="FILE",
        help="another script, such as tests/ui/fake_app.py, which needs no TensorFlow",
    )  # fmt: skip
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--searches", type=int, default=20, help="of each visitor")
    parser.add_argument("--crowds", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=4)
    options = parser.parse_args()
    if not Path("/proc/self/status").is_file():
        raise SystemExit("this system does not tell a process's memory in /proc: run it on Linux")
    photo = phone_photo()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(
        f"{options.searches} searches each, the first with a photo of {len(photo) / 1e6:.1f} MB\n"
    )
    print("| visitors so far | there now | memory MB | pictures fetched | s a search |")
    print("|---|---|---|---|---|")
    with serving(options.app, options.artifacts) as (address, process):
        with Visitor(address) as first:
            first.run()  # Opens the index and loads the model.
        print(f"| 0 | 0 | {memory(process):.0f} | 0 | |", flush=True)
        for crowd in range(options.crowds):
            visit_together(address, process, options, photo, came=crowd * options.visitors)
            time.sleep(_KEPT)
            with Visitor(address) as another:
                another.run()  # Streamlit clears up when something happens.
            came = (crowd + 1) * options.visitors
            print(f"| {came} | 0 | {memory(process):.0f} | | |", flush=True)
    return 0


def visit_together(
    address: str, process: int, options: argparse.Namespace, photo: bytes, *, came: int
) -> None:
    """A crowd of visitors, a few of them busy at the same time."""
    visitors: list[Visitor] = []

    def come(number: int) -> int:
        visitor = Visitor(address, seed=came + number)
        visitors.append(visitor)
        return visitor.search(options.searches, photo)

    told = {round(options.visitors * share) for share in (0.2, 0.5, 1.0)}
    done, fetched, started, since = 0, 0, time.perf_counter(), 0
    with ThreadPoolExecutor(options.at_once) as pool:
        for pictures in pool.map(come, range(options.visitors)):
            done, fetched = done + 1, fetched + pictures
            if done in told:
                seconds = time.perf_counter() - started
                each = seconds / (done - since) / options.searches
                print(
                    f"| {came + done} | {done} | {memory(process):.0f} | {fetched} | {each:.2f} |",
                    flush=True,
                )
                started, since = time.perf_counter(), done
    for visitor in visitors:
        visitor.leave()


def phone_photo() -> bytes:
    """A JPEG of twelve megapixels, as phones take them."""
    from recommender.sample import sample_queries

    _, picture = next(iter(sample_queries()))
    file = io.BytesIO()
    picture.convert("RGB").resize((3000, 4000)).save(file, "JPEG", quality=92)
    return file.getvalue()


def memory(process: int, *, peak: bool = False) -> float:
    """Resident memory of a process in MB, now or at most."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:" if peak else "VmRSS:")[2].split()[0]) * 1024 / 1e6


@contextmanager
def serving(app: Path, artifacts: Path) -> Iterator[tuple[str, int]]:
    """(address, process id) of the app, while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", str(app), "--server.address", "127.0.0.1",
        "--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none",
        # It takes a browser's cookies; a server for visitors keeps it.
        "--server.enableXsrfProtection", "false",
        "--", "--artifacts", str(artifacts.resolve()),
    ]  # fmt: skip
    server = subprocess.Popen(
        command, cwd=APP.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("the app did not start: try `streamlit run app.py` by hand")


if __name__ == "__main__":
    sys.exit(main())
