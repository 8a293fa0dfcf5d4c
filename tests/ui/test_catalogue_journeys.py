"""The map, the audit and the export in a real browser; leaves screenshots."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recommender import encoders
from recommender.export.site import export
from recommender.indexing import build_index
from recommender.search import Recommender
from tests.fakes import FakeEncoder
from tests.ui.accessibility import violations
from tests.ui.serving import serving
from tests.ui.test_browser import SCREENSHOTS, TRICKY, tricky_catalogue, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index, an export, and the CSV that the audit should find."""
    folder: Path = tmp_path_factory.mktemp("catalogue")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoders, "_registered", {"fake": FakeEncoder})
        data = tricky_catalogue(folder / "data")
        (data / "images" / "1019.jpg").write_bytes((data / "images" / "1001.jpg").read_bytes())
        build_index(data, folder / "artifacts", encoder="fake", progress=False)
    export(Recommender.open(folder / "artifacts"), folder / "out", k=5)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(folder / "artifacts", folder / "log.txt") as address:
        yield address


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme="dark")
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_a_click_on_the_map_opens_the_product(page: Any, address: str) -> None:
    page.goto(f"{address}/catalogue?view=map")
    canvas = page.locator("canvas.canvas")
    canvas.wait_for()
    page.get_by_role("button", name="Trousers · 6").click()
    box = canvas.bounding_box()
    peek = page.locator(".peek")
    # The colour of the points tells where one is.
    x, y = page.wait_for_function(
        """() => {
          const find = root => root.querySelector('canvas.canvas')
            ?? [...root.querySelectorAll('*')].map(e => e.shadowRoot && find(e.shadowRoot))
              .find(Boolean)
          const canvas = find(document)
          const { data, width } = canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height)
          const ratio = width / canvas.clientWidth
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] > 250 && data[i] > 200) {
              return [i / 4 % width / ratio, Math.floor(i / 4 / width) / ratio]
            }
          }
        }"""
    ).json_value()
    page.mouse.move(box["x"] + x, box["y"] + y)
    peek.wait_for()
    assert peek.inner_text() == "Trousers"
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.get_by_text("Drawn").first.wait_for()
    wait_until(lambda: "item=10" in page.evaluate("location.href"))
    page.locator(".st-key-query-item").wait_for()
    page.screenshot(path=SCREENSHOTS / "catalogue-map.png")
    # The map is as the visitor has left it.
    trousers = page.get_by_role("button", name="Trousers · 6")
    assert trousers.get_attribute("aria-pressed") == "true"
    assert violations(page) == []
    # The keyboard opens one, too.
    shown = page.evaluate("location.href")
    canvas.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    wait_until(lambda: page.evaluate("location.href") != shown)
    page.locator(".st-key-query-item").get_by_role("button", name="Find similar").click()
    page.get_by_text("Most similar").wait_for()


def test_the_audit_is_downloaded_as_a_safe_table(page: Any, address: str) -> None:
    page.goto(f"{address}/catalogue?view=audit")
    page.get_by_role("button", name="Look through the catalogue").click()
    table = page.get_by_test_id("stDataFrame")
    table.hover()
    # Streamlit's own download knows no formulas, and is not offered.
    assert page.get_by_test_id("stElementToolbar").get_by_label("Download as CSV").count() == 1
    assert not page.get_by_test_id("stElementToolbar").get_by_label("Download as CSV").is_visible()
    with page.expect_download() as download:
        page.locator(".st-key-download-near-duplicates button").click()
    assert download.value.suggested_filename == "near-duplicates.csv"
    text = Path(download.value.path()).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert {"1001", "1019"} <= {row["id"] for row in rows}
    page.screenshot(path=SCREENSHOTS / "catalogue-audit.png")


def test_the_export_works_when_it_is_opened_as_a_file(page: Any, folder: Path) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((folder / "out" / "demo.html").as_uri())
    page.get_by_role("link", name=TRICKY).click()
    page.get_by_role("heading", name="Similar products").wait_for()
    assert page.locator("h1").inner_text() == TRICKY
    cards = page.locator("#similar a")
    assert cards.count() == 5
    page.wait_for_function(
        "() => [...document.images].every(i => i.complete && i.naturalWidth > 0)"
    )
    page.screenshot(path=SCREENSHOTS / "export.png")
    name = cards.first.inner_text()
    cards.first.press("Enter")
    page.get_by_role("heading", name=name, exact=True).wait_for()
    page.goto((folder / "out" / "demo.html").as_uri() + "?id=nobody")
    page.get_by_role("heading", name="There is no such product").wait_for()
    assert said == []
    page.go_back()
    cards.first.wait_for()
    assert violations(page) == []


def test_the_widget_in_a_page_of_a_shops_own(page: Any, folder: Path) -> None:
    shop = folder / "shop.html"
    shop.write_text(
        """<!doctype html><html lang="en"><title>Shop</title>
        <link rel="stylesheet" href="out/similar-products.css">
        <div id="a" data-similar-to="1002" data-similar-link="p/{id}" data-similar-count="2"
          data-similar-title="<i>More"></div>
        <div id="b" data-similar-to="nobody"></div>
        <div id="c" data-similar-to="1003" data-similar-link="javascript:alert({id})"></div>
        <script src="out/similar-products.js"></script></html>""",
        encoding="utf-8",
    )
    page.goto(shop.as_uri())
    page.locator("#c li").first.wait_for()
    page.locator("#a li").first.wait_for()
    assert page.locator("#a h2").inner_text() == "<i>More"
    addresses = page.locator("#a a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(addresses) == 2
    assert all(address.startswith((folder / "p").as_uri()) for address in addresses)
    assert page.locator("#b").is_hidden()
    assert page.locator("#c a[href]").count() == 0
