"""A Streamlit script of the tests in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "ui" / "pages"

# Nothing but the app itself is to be fetched.
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# A camera that shows a moving test picture, and no question whether the page may use it.
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def chromium(playwright: Any) -> str:
    """Path of a Chromium. Without one the test is skipped, and fails where CI is set."""
    candidates = [
        os.environ.get("CHROMIUM"),
        *map(shutil.which, ("chromium", "chromium-browser", "google-chrome")),
        playwright.chromium.executable_path,
    ]
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return str(candidate)
    reason = "no Chromium: run `playwright install --with-deps chromium`, or name one in CHROMIUM"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running(script: Path, log: Path, *arguments: str) -> Iterator[str]:
    """The address of a Streamlit script, while it runs with the app's theme.

    Args:
        script: what to run.
        log: gets what the server prints.
        arguments: those of the script itself.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", str(script), "--server.address", "127.0.0.1",
        "--server.port", str(port), "--server.headless", "true",
        "--server.fileWatcherType", "none", "--", *arguments,
    ]  # fmt: skip
    # In the root, where .streamlit/config.toml is.
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/_stcore/health", server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def serving(artifacts: Path, log: Path) -> AbstractContextManager[str]:
    """The address of the app with the tests' encoder, while it runs on an index."""
    return running(ROOT / "tests" / "ui" / "fake_app.py", log, "--artifacts", str(artifacts))


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the app did not start:\n{log.read_text()}")


@contextmanager
def chrome(*, camera: bool = False) -> Iterator[Any]:
    """A Chromium; with `camera`, one whose camera shows a test picture."""
    from playwright.sync_api import sync_playwright

    flags = [*FLAGS, *FAKE_CAMERA] if camera else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=flags)
        try:
            yield browser
        finally:
            browser.close()


def take_photo(page: Any, *, field: int = 0) -> None:
    """Take a photo with one of the page's ``st.camera_input``, once its picture moves.

    The browser must be one with a camera: `chrome(camera=True)`.
    """
    camera = page.get_by_test_id("stCameraInput").nth(field)
    camera.locator("video").wait_for()
    page.wait_for_function(
        """field => document.querySelectorAll('[data-testid=stCameraInput]')[field]
          .querySelector('video')?.videoWidth > 0""",
        arg=field,
    )
    camera.get_by_role("button", name="Take Photo").click()
