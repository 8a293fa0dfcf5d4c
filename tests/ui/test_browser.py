"""One visit in a real browser: the real app, the tests' encoder, drawn pictures.

Leaves screenshots in ``screenshots/``, or in the folder that SCREENSHOTS names.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recommender.indexing import build_index
from tests.fakes import COLOURS, draw_catalogue, draw_product
from tests.ui.serving import FLAGS, ROOT, chromium, serving

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS") or ROOT / "screenshots")

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
TRICKY = "Levi's *501* :red[W32] $5 & $6 <b>#1</b> :material/home:"

pytestmark = pytest.mark.slow


def tricky_catalogue(folder: Path) -> Path:
    """The drawn catalogue; the name of the red T-shirt is full of Markdown."""
    draw_catalogue(folder)
    path = folder / "styles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][-1] = TRICKY
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder


def settle(page: Any) -> None:
    """Until the script has ended and all it drew is on the page, which comes piece by piece.

    Titles come last: the browser fetches the code that draws links when there is the first one.
    """
    page.wait_for_function(
        """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState
          === 'notRunning' && !document.querySelector('[data-stale="true"]')
          && [...document.querySelectorAll('[class*="st-key-title-"]')].every(e => e.innerText)""",
        timeout=60_000,
    )


def wait_for_pictures(page: Any, count: int) -> None:
    """Until the grid of matches has `count` pictures, all of them loaded."""
    page.wait_for_function(
        """count => {
          const images = [...document.querySelectorAll('.st-key-tiles-0 img')];
          return images.length === count && images.every(i => i.complete && i.naturalWidth > 0);
        }""",
        arg=count,
        timeout=60_000,
    )
    settle(page)


def titles(page: Any) -> list[str]:
    settle(page)
    found: list[str] = page.locator('[class*="st-key-title-match"] strong').all_inner_texts()
    return [title.replace("\N{WORD JOINER}", "") for title in found if "%" not in title]


def wait_until(condition: Callable[[], bool]) -> None:
    """Streamlit draws a page piece by piece: what is asked for may be a moment away."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def boxes(page: Any) -> list[dict[str, float]]:
    """Where each matching picture is, and its own proportions."""
    found: list[dict[str, float]] = page.evaluate(
        """() => [...document.querySelectorAll('.st-key-tiles-0 img')].map(i => {
          const box = i.getBoundingClientRect();
          return {x: box.x, y: box.y, width: box.width, height: box.height,
                  ratio: i.naturalWidth / i.naturalHeight};
        })"""
    )
    return found


def address_has(page: Any, text: str) -> bool:
    """Whether the page's address holds some text. (``page.url`` may be that of a moment ago.)"""
    return text in page.evaluate("location.href")


def columns(page: Any) -> int:
    first = boxes(page)[0]["y"]
    return sum(abs(box["y"] - first) < 2 for box in boxes(page))


def is_wider_than_the_window(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_a_visit(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    artifacts = tmp_path / "artifacts"
    build_index(tricky_catalogue(tmp_path / "data"), artifacts, encoder="fake", progress=False)
    photo = tmp_path / "my photo.png"
    draw_product("Tshirts", COLOURS["Red"], size=(600, 800)).save(photo)
    (tmp_path / "notes.txt").write_text("not a picture", encoding="utf-8")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, serving(artifacts, tmp_path / "log.txt") as address:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                page: Any = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                errors: list[Any] = []
                fetched: list[str] = []
                page.on("pageerror", lambda error, seen=errors: seen.append(error))
                page.on("request", lambda request, seen=fetched: seen.append(request.url))
                kept: list[Any] = []
                page.on("response", lambda answer, seen=kept: seen.append(answer))
                page.goto(address)
                visit(page, photo, tmp_path / "notes.txt", f"{size}-{scheme}")
                assert not errors
                foreign = [u for u in fetched if not u.startswith((address, "data:", "blob:"))]
                assert not foreign
                thumbnails = [answer for answer in kept if "/thumbnails/" in answer.url]
                assert thumbnails
                assert all("immutable" in a.headers["cache-control"] for a in thumbnails)
                page.close()
        browser.close()


def visit(page: Any, photo: Path, notes: Path, name: str) -> None:
    # The first page, with items to start from.
    page.wait_for_selector(".st-key-starts img")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=SCREENSHOTS / f"start-{name}.png")

    # Something that is no picture: said so, and the page goes on.
    page.set_input_files("input[type=file]", notes)
    page.get_by_text("not a picture in a format that can be read").wait_for()

    # A photo: five matches beside it.
    page.set_input_files("input[type=file]", photo)
    wait_for_pictures(page, 5)
    page.locator(".st-key-query").get_by_text("my photo.png").wait_for()
    assert not page.get_by_text("not a picture in a format that can be read").is_visible()
    first = titles(page)
    assert first[0] == TRICKY
    tiles = boxes(page)
    assert all(abs(tile["width"] / tile["height"] - tile["ratio"]) < 0.02 for tile in tiles)
    assert len({round(tile["height"]) for tile in tiles}) == 1
    assert columns(page) == (2 if "phone" in name else 5)
    assert not is_wider_than_the_window(page)
    page.screenshot(path=SCREENSHOTS / f"matches-{name}.png")

    # A click on the picture of a match, not on its button, searches with it.
    page.locator(".st-key-card-match-0-2 img").scroll_into_view_if_needed()
    box = page.locator(".st-key-card-match-0-2 img").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator('[class*="st-key-query"]').get_by_text(first[1], exact=True).wait_for()
    wait_until(lambda: first[1] not in titles(page))
    wait_for_pictures(page, 5)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    page.screenshot(path=SCREENSHOTS / f"more-like-this-{name}.png")

    # The keyboard does the same, and goes back twice.
    second = page.locator('[class*="st-key-query"] strong').first.inner_text()
    page.get_by_role("button", name="Find similar").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Your photo").wait_for()
    for shown in (second, "Your photo"):
        page.get_by_role("button", name="Back").focus()
        page.keyboard.press("Enter")
        page.locator('[class*="st-key-query"]').get_by_text(shown, exact=True).wait_for()
    wait_until(lambda: titles(page) == first)
