"""A picture by way of the clipboard and of the camera, in a real browser."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest

from recommender.ui.paste import MAX_BYTES
from tests.fakes import COLOURS, draw_product
from tests.ui.serving import PAGES, running, take_photo
from tests.ui.test_browser import wait_until

pytestmark = pytest.mark.slow

# A paste as a browser tells it, on whatever has the focus. Gives whether the page took it.
PASTE = """({bytes, type, size}) => {
  const data = new DataTransfer()
  const content = size ? new Uint8Array(size) : Uint8Array.from(atob(bytes), c => c.charCodeAt(0))
  if (type === 'text/plain') data.setData(type, 'words')
  else data.items.add(new File([content], 'a', {type}))
  const event = new ClipboardEvent('paste', {
    clipboardData: data, bubbles: true, cancelable: true, composed: true,
  })
  return !document.activeElement.dispatchEvent(event)
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(PAGES / "inputs.py", tmp_path_factory.mktemp("inputs") / "log.txt") as address:
        yield address


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Paste a picture").wait_for()
    yield page
    context.close()


def picture() -> bytes:
    file = io.BytesIO()
    draw_product("Tshirts", COLOURS["Red"]).save(file, "PNG")
    return file.getvalue()


def in_words(data: bytes) -> str:
    return f"'{len(data)} {hashlib.sha256(data).hexdigest()[:8]}'"


def paste(page: Any, *, data: bytes = b"", kind: str = "image/png", size: int = 0) -> bool:
    text = base64.b64encode(data).decode()
    return bool(page.evaluate(PASTE, {"bytes": text, "type": kind, "size": size}))


def test_a_pasted_picture_arrives_once(page: Any) -> None:
    data = picture()
    assert paste(page, data=data)
    page.get_by_text(f"pasted [{in_words(data)}]").wait_for()
    page.get_by_text(f"run 2 returned {len(data)}").wait_for()
    page.get_by_role("button", name="Again").click()
    page.get_by_text("run 3 returned None").wait_for()
    assert page.get_by_text(f"pasted [{in_words(data)}]").is_visible()
    # The same picture once more is once more.
    assert paste(page, data=data)
    page.get_by_text(f"pasted [{in_words(data)}, {in_words(data)}]").wait_for()


def test_text_is_left_to_the_field_it_is_pasted_into(page: Any) -> None:
    page.get_by_label("Words").focus()
    assert not paste(page, kind="text/plain")
    assert not paste(page, data=b"%PDF", kind="application/pdf")
    page.wait_for_timeout(500)
    assert page.get_by_text("run 1 returned None").is_visible()
    # A picture cannot go into the field.
    assert paste(page, data=picture())
    page.get_by_text(in_words(picture())).wait_for()


def test_a_picture_that_is_too_large_is_refused_in_the_browser(page: Any) -> None:
    assert paste(page, size=MAX_BYTES + 1)
    page.get_by_role("status").get_by_text("17 MB, more than the limit of 16 MB").wait_for()
    assert page.get_by_text("run 1 returned None").is_visible()
    assert paste(page, size=MAX_BYTES)  # This one just fits, through the socket too.
    page.get_by_text(f"returned {MAX_BYTES}").wait_for()
    assert not page.get_by_text("more than the limit").is_visible()


def test_the_button_reads_the_clipboard_where_it_may(page: Any, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.bring_to_front()
    button = page.get_by_role("button", name="Paste a picture")
    page.evaluate("navigator.clipboard.writeText('words')")
    button.click()
    page.get_by_role("status").get_by_text("no picture in the clipboard").wait_for()
    page.evaluate(
        """async bytes => {
          const content = Uint8Array.from(atob(bytes), c => c.charCodeAt(0))
          const blob = new Blob([content], {type: 'image/png'})
          await navigator.clipboard.write([new ClipboardItem({'image/png': blob})])
        }""",
        base64.b64encode(picture()).decode(),
    )
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("run 2 returned").wait_for()  # As the browser encodes it anew.
    wait_until(lambda: "pasted ['" in page.get_by_text("pasted").inner_text())
    # And with the real keys.
    page.keyboard.press("Control+V")
    page.get_by_text("run 3 returned").wait_for()


def test_a_refusal_names_the_keys(page: Any) -> None:
    page.evaluate(
        """() => {
          navigator.clipboard.read = async () => { throw new DOMException('', 'NotAllowedError') }
        }"""
    )
    page.get_by_role("button", name="Paste a picture").click()
    page.get_by_role("status").get_by_text("Press Ctrl+V instead").wait_for()


def test_the_camera_gives_a_picture(page: Any, address: str) -> None:
    page.goto(f"{address}/?camera=1")
    take_photo(page)
    shot = page.get_by_text("shot JPEG")
    shot.wait_for()
    assert int(shot.inner_text().split()[-2]) > 5000
