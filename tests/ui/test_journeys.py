"""What visitors do, from beginning to end, in a real browser; leaves screenshots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from recommender import encoders
from recommender.indexing import build_index
from tests.fakes import COLOURS, FakeEncoder, draw_catalogue, draw_product
from tests.ui.accessibility import violations
from tests.ui.serving import serving, take_photo
from tests.ui.test_browser import SCREENSHOTS, address_has, titles, wait_for_pictures, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("journeys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoders, "_registered", {"fake": FakeEncoder})
        data = draw_catalogue(folder / "data")
        build_index(data, folder / "artifacts", encoder="fake", progress=False)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with serving(folder / "artifacts", folder / "log.txt") as address:
        yield address


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.wait_for_selector(".st-key-starts img")
    yield page
    context.close()


def picture(path: Path, *products: tuple[str, str]) -> Path:
    """Products side by side, as one photo."""
    photo = Image.new("RGB", (300 * len(products), 400), "white")
    for place, (kind, colour) in enumerate(products):
        photo.paste(draw_product(kind, COLOURS[colour], size=(300, 400)), (300 * place, 0))
    photo.save(path)
    return path


def upload(page: Any, *photos: Path) -> None:
    page.set_input_files("input[type=file]", list(photos))
    wait_for_pictures(page, 5)


def shot(page: Any, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"journey-{name}.png")


def test_upload_filter_steer_reset(page: Any, tmp_path: Path) -> None:
    upload(page, picture(tmp_path / "red.png", ("Tshirts", "Red")))
    before = titles(page)
    page.get_by_role("button", name="Filters").click()
    page.get_by_text("Casual Shoes · 6").click()
    wait_until(lambda: all("Casual Shoes" in title for title in titles(page)))
    wait_until(lambda: address_has(page, "where.articleType=Casual"))
    shot(page, "filtered")
    page.keyboard.press("Escape")
    chosen = titles(page)
    page.get_by_role("button", name="Less", exact=True).first.click()
    wait_until(lambda: chosen[0] not in titles(page))
    page.get_by_role("button", name="More", exact=True).last.click()
    page.get_by_role("button", name="More like", exact=False).first.wait_for()
    shot(page, "steered")
    page.get_by_role("button", name="Reset").click()
    wait_until(lambda: titles(page) == before)
    wait_until(lambda: not address_has(page, "where"))


def test_nothing_passes_and_one_click_mends_it(page: Any, tmp_path: Path) -> None:
    upload(page, picture(tmp_path / "red.png", ("Tshirts", "Red")))
    words = page.get_by_role("textbox", name="Words")
    words.fill("red")
    words.press("Enter")
    wait_until(lambda: all("Red" in title for title in titles(page)))
    page.get_by_role("button", name="Filters").click()
    page.locator(".st-key-filter-gender").get_by_text(re.compile("^Men · ")).click()
    page.get_by_text("No product passes all of the filters").wait_for()
    page.keyboard.press("Escape")
    shot(page, "nothing-passes")
    page.get_by_role("button", name="Without Gender").click()
    wait_until(lambda: bool(titles(page)) and all("Red" in title for title in titles(page)))


def test_two_photos_as_one_and_each_on_its_own(page: Any, tmp_path: Path) -> None:
    red = picture(tmp_path / "red.png", ("Tshirts", "Red"))
    yellow = picture(tmp_path / "yellow.png", ("Casual Shoes", "Yellow"))
    upload(page, red, yellow)
    fused = titles(page)
    assert page.locator('[class*="st-key-query-"] img').count() == 2
    shot(page, "two-photos")
    page.get_by_text("Each on its own").click()
    page.get_by_text("Like photo 2").wait_for()
    wait_until(lambda: len(titles(page)) == 10)
    assert titles(page)[0] == "Drawn Red Tshirts"
    assert titles(page)[5] == "Drawn Yellow Casual Shoes"
    assert titles(page)[:5] != fused
    shot(page, "each-on-its-own")


def test_a_crop_searches_with_one_garment_of_two(page: Any, tmp_path: Path) -> None:
    upload(page, picture(tmp_path / "two.png", ("Tshirts", "Red"), ("Casual Shoes", "Yellow")))
    whole = titles(page)
    page.get_by_role("button", name="Crop", exact=True).click()
    stage = page.locator(".stage")
    stage.wait_for()
    box = stage.bounding_box()
    # The left edge is dragged to the middle: what is left is the shoe.
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, middle, steps=8)
    page.mouse.up()
    wait_until(lambda: titles(page) != whole)
    wait_until(lambda: titles(page)[0] == "Drawn Yellow Casual Shoes")
    shot(page, "cropped")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Cropped").wait_for()


def test_the_camera(page: Any) -> None:
    page.get_by_role("button", name="Use the camera").click()
    take_photo(page)
    wait_for_pictures(page, 5)
    page.get_by_text("Camera photo").wait_for()
    shot(page, "camera")


def test_a_shared_link_opens_the_same_search(page: Any, browser: Any, address: str) -> None:
    page.locator(".st-key-go-start-1 button").click()
    wait_for_pictures(page, 5)
    page.get_by_role("button", name="Filters").click()
    page.get_by_text("Tshirts · 6").click()
    wait_until(lambda: all("Tshirts" in title for title in titles(page)))
    wait_until(lambda: address_has(page, "where.articleType=Tshirts"))
    expected, link = titles(page), page.evaluate("location.href")
    other = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    other.goto(link)
    wait_for_pictures(other, 5)
    assert titles(other) == expected
    shot(other, "shared-link")
    other.close()


def test_from_a_match_to_its_outfit_and_to_what_is_for_you(page: Any, tmp_path: Path) -> None:
    def piece(slot: str) -> str:
        card = page.locator(f".st-key-title-outfit-product-{slot} a")
        return str(card.get_attribute("href")) if card.count() else ""

    upload(page, picture(tmp_path / "red.png", ("Tshirts", "Red")))
    page.get_by_role("link", name="Drawn Red Tshirts").click()
    page.wait_for_url("**/product?item=1001")
    # The similar products are drawn last.
    page.locator(".st-key-card-similar-10 img").wait_for()
    shoes, bottoms = piece("shoes"), piece("bottoms")
    page.locator(".st-key-reroll-product-shoes").get_by_role("button").click()
    wait_until(lambda: piece("shoes") != shoes)
    assert piece("bottoms") == bottoms
    shoes = piece("shoes")
    page.locator(".st-key-pin-product-shoes").get_by_role("button").click()
    page.get_by_role("button", name="Pinned").wait_for()
    page.get_by_role("button", name="Another look").click()
    wait_until(lambda: piece("bottoms") != bottoms)
    assert piece("shoes") == shoes
    heart = page.locator(".st-key-save-outfit-product-shoes").get_by_role("button")
    title = heart.inner_text().split("Save: ")[1]
    heart.click()
    page.get_by_role("button", name=f"Saved: {title}").wait_for()
    assert violations(page) == []
    shot(page, "outfit")
    page.locator(".st-key-title-similar-1 a").click()
    wait_until(lambda: not address_has(page, "item=1001"))
    page.get_by_role("link", name="Find similar products").click()
    # The photo is still there.
    wait_for_pictures(page, 5)
    page.get_by_text("red.png").wait_for()
    page.get_by_role("link", name="For you").click()
    page.get_by_text(f"Because you saved {title}").first.wait_for()
    shot(page, "for-you")
