"""A Streamlit script of the tests in a real browser."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.ui.test_browser import FLAGS, ROOT, chromium, wait_for

PAGES = ROOT / "tests" / "ui" / "pages"

# A camera that shows a moving test picture, and no question whether the page may use it.
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@contextmanager
def running(script: Path, log: Path) -> Iterator[str]:
    """The address of a Streamlit script, while it runs with the app's theme."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", str(script), "--server.address", "127.0.0.1",
        "--server.port", str(port), "--server.headless", "true",
        "--server.fileWatcherType", "none",
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
