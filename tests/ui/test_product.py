"""Every state of the page of one product, without a browser."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_app import APP, click, photo, text, upload
from tests.ui.test_app import _fresh_server as _fresh_server
from tests.ui.test_app import app as app


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> AppTest:
    """The page of the red T-shirt of the drawn catalogue."""
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    return open_product("1001")


def open_product(item: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=30).switch_page("product.py")
    at.query_params["item"] = item
    at.run()
    assert not at.exception
    return at


def links(at: AppTest) -> dict[str, str]:
    """Label → address of the links of a page."""
    return {link.proto.label: link.proto.query_string for link in at.get("page_link")}


def piece(at: AppTest, slot: str, place: str = "product") -> str:
    """What an outfit's slot shows, as the address of its page."""
    card = at.get_by_key(f"title-outfit-{place}-{slot}")
    return str(card.get("page_link")[0].proto.query_string)


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def test_it_shows_the_product_what_goes_with_it_and_what_is_like_it(page: AppTest) -> None:
    assert page.title[0].value == "Drawn Red Tshirts"
    facts = "".join(element.proto.body for element in page.get("html"))
    assert "<dt>Base colour</dt><dd>Red</dd>" in facts
    assert "Colours of the picture: Red" in text(page)
    assert "item=10" in piece(page, "bottoms")
    assert "item=10" in piece(page, "shoes")
    assert "Left out" in text(page)
    similar = [page.get_by_key(f"title-similar-{rank}") for rank in range(1, 11)]
    leads = [card.get("page_link")[0].proto.query_string for card in similar]
    assert len(set(leads)) == 10
    assert "item=1001" not in leads


def test_another_piece_and_the_other_stays(page: AppTest) -> None:
    shoes, bottoms = piece(page, "shoes"), piece(page, "bottoms")
    press(page, "reroll-product-shoes")
    assert piece(page, "shoes") != shoes
    assert piece(page, "bottoms") == bottoms


def test_what_is_pinned_stays_when_all_is_exchanged(page: AppTest) -> None:
    shoes, bottoms = piece(page, "shoes"), piece(page, "bottoms")
    press(page, "pin-product-shoes")
    assert page.button(key="reroll-product-shoes").disabled
    press(page, "another-product")
    assert piece(page, "shoes") == shoes
    assert piece(page, "bottoms") != bottoms
    press(page, "pin-product-shoes")
    press(page, "another-product")
    assert piece(page, "shoes") != shoes


def test_when_all_were_shown_the_card_says_so(page: AppTest) -> None:
    seen = set()
    for _ in range(10):
        seen.add(piece(page, "shoes"))
        press(page, "reroll-product-shoes")
        if "You have seen all that fit" in text(page):
            break
    else:
        pytest.fail("it never ends")
    assert len(seen) == 3  # The drawn catalogue has three pairs for women.


def test_find_similar_leads_to_the_search(page: AppTest) -> None:
    press(page, "more-product")
    assert page.title[0].value == "Most similar"
    assert page.query_params["item"] == "1001"


def test_an_unknown_product_is_one_line_and_a_way_back(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = open_product("*nope*")
    assert [info.value for info in at.info] == [
        r"There is no product “\*nope\*” in this catalogue."
    ]
    assert list(links(at)) == ["Find similar products"]
    assert "No product is chosen" in open_product("").info[0].value


def test_without_types_the_page_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path, catalogue_folder: Path
) -> None:
    table = catalogue_folder / "styles.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = [
            [value for place, value in enumerate(row) if place != 4] for row in csv.reader(file)
        ]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = open_product("1001")
    assert "articleType" in at.info[0].value
    assert at.title[0].value == "Drawn Red Tshirts"


def test_a_match_on_the_find_page_leads_to_its_product(app: AppTest) -> None:
    upload(app, photo())
    card = app.get_by_key("title-match-0-1")
    assert card.get("page_link")[0].proto.query_string == "item=1001"


def test_a_photo_has_an_outfit_when_it_is_asked_for(app: AppTest) -> None:
    upload(app, photo())
    assert "Complete the look" in [expander.label for expander in app.expander]
    assert not [button for button in app.button if button.key == "another-photo"]
    app.session_state["photo-outfit"] = True
    app.run()
    shoes = piece(app, "shoes", "photo")
    press(app, "reroll-photo-shoes")
    assert piece(app, "shoes", "photo") != shoes
    assert "Guessed from the most similar products" in text(app)


def test_an_item_on_the_find_page_has_its_outfit_on_its_own_page(app: AppTest) -> None:
    upload(app, photo())
    click(app, "Find similar")
    assert "Complete the look" not in [expander.label for expander in app.expander]
