"""The crop box in a real browser: mouse, finger, keyboard, and what Python hears of them.

Leaves screenshots in ``screenshots/``, or in the folder that SCREENSHOTS names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from recommender.cropping import MIN_SIDE, Box
from tests.ui.serving import PAGES, running
from tests.ui.test_browser import SCREENSHOTS, SIZES, is_wider_than_the_window, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(PAGES / "crop.py", tmp_path_factory.mktemp("crop") / "log.txt") as address:
        yield address


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    page = open_page(browser, address)
    yield page
    page.close()


def open_page(browser: Any, address: str, **options: Any) -> Any:
    page = browser.new_page(**{"viewport": {"width": 1440, "height": 900}, **options})
    page.goto(address)
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some(e => {
          const photo = e.shadowRoot?.querySelector('.photo');
          return photo?.complete && photo.naturalWidth > 0;
        })"""
    )
    return page


def heard(page: Any) -> tuple[str, int]:
    """The box that Python has, as text, and how many it was told."""
    line = page.get_by_text("told").inner_text()
    found = re.fullmatch(r"box (\S+) returned (\S+) told (\d+)", line)
    assert found
    assert found[1] == found[2]
    return found[1], int(found[3])


def wait_for_box(page: Any, *expected: float, told: int | None = None) -> None:
    def is_there() -> bool:
        text, count = heard(page)
        if text == "None" or (told is not None and count != told):
            return False
        box = Box.parse(text)
        sides = (box.left, box.top, box.right, box.bottom)
        return sides == pytest.approx(expected, abs=0.006)

    wait_until(is_there)


def centre(page: Any, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def at(page: Any, across: float, down: float) -> tuple[float, float]:
    """Where a place of the photo is in the window."""
    box = page.locator(".photo").bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def drag(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def test_a_dragged_corner_is_told_once_on_release(page: Any) -> None:
    page.mouse.move(*at(page, 0, 0))
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(*at(page, 0.03 * step, 0.02 * step))
    page.wait_for_timeout(500)
    assert heard(page) == ("None", 0)  # Not while it moves.
    page.mouse.up()
    wait_for_box(page, 0.3, 0.2, 1, 1, told=1)
    drag(page, at(page, 1, 1), at(page, 0.8, 0.9))
    wait_for_box(page, 0.3, 0.2, 0.8, 0.9, told=2)


def test_edges_and_the_whole_box_are_dragged(page: Any) -> None:
    drag(page, centre(page, ".edge.top"), at(page, 0.5, 0.5))
    wait_for_box(page, 0, 0.5, 1, 1)
    drag(page, centre(page, ".edge.right"), at(page, 0.5, 0.7))
    wait_for_box(page, 0, 0.5, 0.5, 1)
    drag(page, centre(page, ".box"), at(page, 0.45, 0.55))
    wait_for_box(page, 0.2, 0.3, 0.7, 0.8)
    drag(page, centre(page, ".box"), at(page, 3, 3))  # It stays within the photo.
    wait_for_box(page, 0.5, 0.5, 1, 1)


def test_no_drag_makes_a_box_too_small_or_turns_it_over(page: Any) -> None:
    drag(page, at(page, 0, 0), at(page, 1.2, 1.2))
    wait_for_box(page, 1 - MIN_SIDE, 1 - MIN_SIDE, 1, 1, told=1)


def test_a_mouse_draws_a_box_on_the_whole_photo(page: Any) -> None:
    drag(page, at(page, 0.7, 0.8), at(page, 0.2, 0.3))
    wait_for_box(page, 0.2, 0.3, 0.7, 0.8)
    page.mouse.click(*at(page, 0.1, 0.1))  # Beside the box: nothing is drawn, nothing is lost.
    page.wait_for_timeout(300)
    assert heard(page)[1] == 1


def test_the_keyboard_moves_and_resizes(page: Any) -> None:
    part = page.get_by_role("slider", name="Part of the photo")
    part.focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Shift+ArrowUp")
    wait_for_box(page, 0, 0, 0.8, 0.8, told=1)  # Twenty keys, one message.
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    wait_for_box(page, 0.1, 0.02, 0.9, 0.82, told=2)
    assert part.get_attribute("aria-valuetext") == "from 10 % to 90 % across, from 2 % to 82 % down"
    page.keyboard.press("Tab")
    page.keyboard.press("PageUp")
    page.keyboard.press("Tab")  # Leaving says it at once.
    wait_for_box(page, 0.2, 0.02, 0.9, 0.82, told=3)
    top = page.get_by_role("slider", name="Top edge")
    assert top.get_attribute("aria-valuetext") == "2 % from the top"
    top.press("ArrowUp")
    wait_for_box(page, 0.2, 0, 0.9, 0.82)
    assert top.get_attribute("aria-valuenow") == top.get_attribute("aria-valuemax") == "100"
    page.get_by_role("button", name="Use the whole photo").press("Enter")
    wait_until(lambda: heard(page)[0] == "None")
    assert part.evaluate("e => e.getRootNode().activeElement === e")


def test_python_sets_the_box(page: Any) -> None:
    page.get_by_role("button", name="Lower half").click()
    wait_for_box(page, 0, 0.5, 1, 1, told=0)
    window = page.locator(".window")
    wait_until(lambda: window.evaluate("e => e.style.top") == "50%")
    drag(page, at(page, 0, 0.5), at(page, 0.2, 0.6))
    wait_for_box(page, 0.2, 0.6, 1, 1, told=1)
    page.get_by_role("button", name="Lower half").click()
    wait_until(lambda: window.evaluate("e => e.style.top") == "50%")
    page.get_by_role("button", name="All of it").click()
    wait_until(lambda: window.evaluate("e => e.style.height") == "100%")
    wait_until(lambda: heard(page) == ("None", 1))


def test_quick_drags_are_not_taken_back_by_late_answers(page: Any) -> None:
    drag(page, at(page, 0, 0), at(page, 0.2, 0.2))
    drag(page, at(page, 0.2, 0.2), at(page, 0.4, 0.3))
    drag(page, at(page, 1, 1), at(page, 0.9, 0.9))
    seen = set()
    for _ in range(15):
        seen.add(page.locator(".window").evaluate("e => Math.round(parseFloat(e.style.left))"))
        page.wait_for_timeout(50)
    assert seen == {40}
    wait_for_box(page, 0.4, 0.3, 0.9, 0.9)


def touch(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    session = page.context.new_cdp_session(page)
    send = "Input.dispatchTouchEvent"
    points = [[start[i] + (end[i] - start[i]) * step / 8 for i in (0, 1)] for step in range(9)]
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 8], points, strict=True):
        session.send(send, {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send(send, {"type": "touchEnd", "touchPoints": []})


def test_a_finger_drags_the_box_and_scrolls_the_page_on_a_whole_photo(
    browser: Any, address: str
) -> None:
    page = open_page(browser, address, viewport={"width": 390, "height": 640}, has_touch=True)
    touch(page, at(page, 0, 0), at(page, 0.3, 0.1))
    wait_for_box(page, 0.3, 0.1, 1, 1, told=1)
    touch(page, at(page, 0.6, 0.5), at(page, 0.4, 0.6))  # It has no room downwards.
    wait_for_box(page, 0.1, 0.1, 0.8, 1, told=2)
    page.wait_for_timeout(600)  # A tap while the page is being drawn anew is lost.
    page.get_by_role("button", name="Use the whole photo").tap()
    wait_until(lambda: heard(page)[0] == "None")
    touch(page, at(page, 0.6, 0.5), at(page, 0.4, 0.6))
    assert page.locator(".move").evaluate("e => getComputedStyle(e).touchAction") == "auto"
    assert heard(page) == ("None", 3)
    page.close()


def test_it_fits_phone_and_desktop_in_both_themes(browser: Any, address: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            page = open_page(
                browser, address, viewport={"width": width, "height": height}, color_scheme=scheme
            )
            errors: list[Any] = []
            page.on("pageerror", lambda error, seen=errors: seen.append(error))
            page.screenshot(path=SCREENSHOTS / f"crop-whole-{size}-{scheme}.png")
            drag(page, at(page, 0, 0), at(page, 0.25, 0.2))
            wait_for_box(page, 0.25, 0.2, 1, 1)
            page.get_by_role("slider", name="Right edge").press("PageDown")
            wait_for_box(page, 0.25, 0.2, 0.9, 1)
            assert not is_wider_than_the_window(page)
            page.screenshot(path=SCREENSHOTS / f"crop-part-{size}-{scheme}.png")
            page.get_by_role("slider", name="Part of the photo").press("ArrowUp")
            wait_for_box(page, 0.25, 0.18, 0.9, 0.98)
            page.screenshot(path=SCREENSHOTS / f"crop-focus-{size}-{scheme}.png")
            assert not errors
            page.close()
