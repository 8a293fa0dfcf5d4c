"""Favourites and suggestions: every state of the page, the cookie's route, and one journey."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from recommender import encoders
from recommender.indexing import build_index
from recommender.ui import visitor_cookie
from recommender.ui.settings import VISITORS, Settings
from recommender.ui.visitor import COOKIE, Visitor
from recommender.ui.visitor_cookie import set_cookie
from recommender.visitors import VisitorStore, new_visitor_id
from tests.fakes import FakeEncoder, draw_catalogue
from tests.ui.serving import serving
from tests.ui.test_app import APP, click
from tests.ui.test_browser import SCREENSHOTS, wait_for_pictures, wait_until

ME = new_visitor_id()


@pytest.fixture(autouse=True)
def _fresh_server(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> Iterator[None]:
    for name in ("ARTIFACTS", "DATA", "WEIGHTS", "VISITORS"):
        monkeypatch.delenv(f"RECOMMENDER_{name}", raising=False)
    monkeypatch.setattr("sys.argv", [str(APP), "--artifacts", str(artifacts)])
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def store(artifacts: Path) -> Iterator[VisitorStore]:
    store = VisitorStore(artifacts / VISITORS)
    yield store
    store.close()


def for_you(monkeypatch: pytest.MonkeyPatch, *, cookie: str | None = ME) -> AppTest:
    """The page "For you" of the browser that has this cookie."""
    monkeypatch.setattr("recommender.ui.visitor._cookie", lambda: cookie)
    at = AppTest.from_string(
        """
from recommender.ui.for_you import for_you
from recommender.ui.visitor import Visitor
from recommender.ui.visitor_cookie import tell_browser

visitor = Visitor.of_session()
visitor.begin_run()
for_you()
tell_browser(visitor)
""",
        default_timeout=30,
    ).run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption, *at.warning))


def hearts(at: AppTest, word: str) -> list[str]:
    return [button.label for button in at.button if button.label.startswith(f"{word}: ")]


def headings(at: AppTest) -> list[str]:
    return [heading.value for heading in at.subheader]


# The page


def test_a_new_visitor_is_told_how_to_begin(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    at = for_you(monkeypatch, cookie=None)
    assert "Nothing to go by yet" in said(at)
    assert "random number" in said(at)
    assert headings(at) == ["What there is most of", "Or begin with one of these"]
    assert len(hearts(at, "Save")) == 12
    # To look at the page keeps nothing.
    assert not (artifacts / VISITORS).exists()
    assert not at.session_state["visitor"].to_tell


def test_a_favourite_brings_suggestions_with_their_reason(
    monkeypatch: pytest.MonkeyPatch, store: VisitorStore
) -> None:
    at = for_you(monkeypatch, cookie=None)
    title = hearts(at, "Save")[0].removeprefix("Save: ")
    click(at, f"Save: {title}")
    visitor: Visitor = at.session_state["visitor"]
    assert visitor.id is not None
    assert len(store.history(visitor.id).favourites) == 1
    assert f"Because you saved **{title}**" in said(at)
    assert hearts(at, "Saved") == [f"Saved: {title}"]
    assert headings(at) == ["Your favourites", "Your data"]
    assert "Kept for you" in at.toast[0].value


def test_a_returning_visitor_finds_it_all(
    monkeypatch: pytest.MonkeyPatch, store: VisitorStore
) -> None:
    store.save(ME, "1001")
    store.view(ME, "1009")
    store.save(ME, "no longer sold")
    at = for_you(monkeypatch)
    assert hearts(at, "Saved") == ["Saved: Drawn Red Tshirts"]
    assert "Because you looked at **" in said(at)
    assert headings(at) == ["Your favourites", "Lately looked at", "Your data"]
    click(at, "Saved: Drawn Red Tshirts")
    assert [event.item for event in store.history(ME).favourites] == ["no longer sold"]


def test_another_visitor_sees_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, store: VisitorStore
) -> None:
    store.save(ME, "1001")
    assert "Nothing to go by yet" in said(for_you(monkeypatch, cookie=new_visitor_id()))


@pytest.mark.parametrize("cookie", ["", "../visitors.db", ME + "x", "' OR 1=1 --"])
def test_a_cookie_that_is_no_id_is_nobody(monkeypatch: pytest.MonkeyPatch, cookie: str) -> None:
    at = for_you(monkeypatch, cookie=cookie)
    assert at.session_state["visitor"].id is None


def test_deleting_leaves_nothing(monkeypatch: pytest.MonkeyPatch, store: VisitorStore) -> None:
    store.save(ME, "1001")
    store.view(ME, "1009")
    at = for_you(monkeypatch)
    click(at, "Delete all of it")
    assert not store.history(ME)
    assert "Nothing to go by yet" in said(at)
    visitor: Visitor = at.session_state["visitor"]
    assert visitor.id is None
    assert visitor.to_tell


def test_where_nothing_can_be_kept_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    (artifacts / VISITORS).mkdir()
    at = for_you(monkeypatch)
    assert "Favourites cannot be kept here: cannot write" in said(at)
    assert not hearts(at, "Save")
    assert headings(at)[-1] == "Or begin with one of these"
    find = AppTest.from_file(str(APP), default_timeout=30).run()
    click(find, "Drawn Red Tshirts")
    assert not hearts(find, "Save")


def test_a_favourite_too_many_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, store: VisitorStore
) -> None:
    monkeypatch.setattr("recommender.visitors.store.MOST_FAVOURITES", 1)
    store.save(ME, "1001")
    at = for_you(monkeypatch)
    click(at, hearts(at, "Save")[0])
    assert "remove one to save another" in at.toast[0].value
    assert [event.item for event in store.history(ME).favourites] == ["1001"]


def test_looking_at_a_product_is_noted_once(
    monkeypatch: pytest.MonkeyPatch, store: VisitorStore
) -> None:
    monkeypatch.setattr("recommender.ui.visitor._cookie", lambda: ME)
    at = AppTest.from_file(str(APP), default_timeout=30).run()
    assert not store.history(ME)
    click(at, "Drawn Red Tshirts")
    (first,) = store.history(ME).views
    assert first.item == "1001"
    at.run()
    assert store.history(ME).views == (first,)


def test_the_file_can_be_named() -> None:
    assert Settings.read([], {}).visitors_file == Path("artifacts/visitors.db")
    assert Settings.read([], {"RECOMMENDER_VISITORS": "v.db"}).visitors_file == Path("v.db")
    assert Settings.read(["--visitors", "w.db"], {}).visitors_file == Path("w.db")


# The cookie


def told(visitor: Visitor, **headers: str) -> Any:
    """The answer of the route to a ticket of a visitor."""
    from starlette.requests import Request

    visitor_cookie._tickets["ticket"] = visitor
    return answer("ticket", Request, **headers)


def answer(ticket: str, request: Any, **headers: str) -> Any:
    pairs = {"X-Visitor-Ticket": ticket, **headers}.items()
    scope = {
        "type": "http", "method": "POST", "scheme": "http", "server": ("shop", 80),
        "path": "/visitor", "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in pairs],
    }  # fmt: skip
    return set_cookie(request(scope))


def test_a_ticket_is_good_once() -> None:
    from starlette.requests import Request

    visitor = Visitor(id=ME, to_tell=True)
    cookie = told(visitor).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={ME}; HttpOnly; Max-Age=")
    assert "Path=/" in cookie
    assert "SameSite=lax" in cookie
    assert not visitor.to_tell
    again = answer("ticket", Request)
    assert again.status_code == 404
    assert "set-cookie" not in again.headers


def test_an_encrypted_page_has_an_encrypted_cookie() -> None:
    assert "Secure" not in told(Visitor(id=ME)).headers["set-cookie"]
    proxied = told(Visitor(id=ME), **{"X-Forwarded-Proto": "https"})
    assert "Secure" in proxied.headers["set-cookie"]


def test_two_tabs_that_began_at_once_become_one_visitor(store: VisitorStore) -> None:
    store.save(ME, "1001")
    second = Visitor(id=new_visitor_id(), to_tell=True)
    assert second.id is not None
    store.save(second.id, "1002")
    assert f"{COOKIE}={ME};" in told(second, Cookie=f"{COOKIE}={ME}").headers["set-cookie"]
    assert second.id == ME
    assert {event.item for event in store.history(ME).favourites} == {"1001", "1002"}


def test_a_planted_cookie_is_replaced() -> None:
    assert f"{COOKIE}={ME};" in told(Visitor(id=ME), Cookie=f"{COOKIE}=x").headers["set-cookie"]


def test_deleting_takes_the_cookie_along() -> None:
    gone = told(Visitor(id=None, to_tell=True), Cookie=f"{COOKIE}={ME}")
    assert "Max-Age=0" in gone.headers["set-cookie"]


# In a browser


@pytest.mark.slow
def test_a_favourite_from_the_first_to_the_last(browser: Any, tmp_path: Path) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    artifacts = tmp_path / "shop"
    encoders.register_encoder("fake", FakeEncoder)
    build_index(draw_catalogue(tmp_path / "shop-data"), artifacts, encoder="fake", progress=False)
    mine, theirs = (browser.new_context(viewport={"width": 1440, "height": 1000}) for _ in "12")
    with serving(artifacts, tmp_path / "log.txt") as address:
        page = mine.new_page()
        page.goto(address)
        page.locator(".st-key-go-start-1 button").click()
        wait_for_pictures(page, 5)
        heart = page.get_by_role("button", name="Save: ").first
        title = heart.inner_text().split("Save: ")[1]
        # By the keyboard.
        heart.focus()
        page.keyboard.press("Enter")
        saved = page.get_by_role("button", name=f"Saved: {title}")
        saved.wait_for()
        assert saved.evaluate("button => button === document.activeElement")
        wait_until(lambda: any(cookie["name"] == COOKIE for cookie in mine.cookies()))
        (cookie,) = (cookie for cookie in mine.cookies() if cookie["name"] == COOKIE)
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        page.get_by_role("link", name="For you").click()
        page.get_by_text(f"Because you saved {title}").first.wait_for()
        link = page.url

        # Another tab of this browser, and another browser that follows the link.
        page = mine.new_page()
        page.goto(link)
        page.get_by_text(f"Because you saved {title}").first.wait_for()
        page.screenshot(path=SCREENSHOTS / "for-you.png")
        stranger = theirs.new_page()
        stranger.goto(link)
        stranger.get_by_text("Nothing to go by yet").wait_for()

        with page.expect_download() as download:
            page.get_by_role("button", name="Download my data").click()
        data = json.loads(download.value.path().read_text(encoding="utf-8"))
        assert [entry["title"] for entry in data["favourites"]] == [title]
        page.get_by_role("button", name="Delete my data").click()
        page.get_by_role("button", name="Delete all of it").click()
        page.get_by_text("Nothing to go by yet").wait_for()
        wait_until(lambda: not any(cookie["name"] == COOKIE for cookie in mine.cookies()))
    for context in (mine, theirs):
        context.close()
