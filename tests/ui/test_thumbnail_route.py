from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import streamlit as st
from PIL import Image

from recommender.encoders import register_encoder
from recommender.search import Recommender
from recommender.ui.thumbnail_route import thumbnail, thumbnail_html
from recommender.ui.thumbnails import TILE
from tests.fakes import FakeEncoder


@pytest.fixture
def recommender(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> Recommender:
    register_encoder("fake", FakeEncoder)
    monkeypatch.setattr("sys.argv", ["app.py", "--artifacts", str(artifacts)])
    st.cache_resource.clear()
    return Recommender.open(artifacts)


def get(address: str) -> Any:
    """The answer to a request for an address that a page names."""
    from starlette.requests import Request

    _, version, item_id = address.split("/", 2)
    params = {"version": version, "item_id": unquote(item_id)}
    return thumbnail(Request({"type": "http", "path_params": params}))


def address_of(recommender: Recommender, row: int = 0) -> str:
    item = recommender.catalogue.items[row]
    return thumbnail_html(item, recommender.image_path(item)).split('src="')[1].split('"')[0]


def test_a_picture_may_be_kept_for_good(recommender: Recommender) -> None:
    answer = get(address_of(recommender))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert Image.open(io.BytesIO(answer.body)).size == TILE


def test_a_changed_picture_has_another_address(recommender: Recommender) -> None:
    before = address_of(recommender)
    path = recommender.image_path(recommender.catalogue.items[0])
    Image.new("RGB", (60, 80), "blue").save(path)
    assert address_of(recommender) != before
    # Whoever asks for the old one gets the new picture, and does not keep it as the old.
    answer = get(before)
    assert answer.headers["cache-control"] == "no-store"
    middle: Any = Image.open(io.BytesIO(answer.body)).getpixel((TILE[0] // 2, TILE[1] // 2))
    assert middle[2] > 200 > 50 > middle[0]


DAMAGES = [lambda path: path.unlink(), lambda path: path.write_bytes(b"-")]


@pytest.mark.parametrize("damage", DAMAGES, ids=["missing", "damaged"])
def test_what_cannot_be_shown_is_said_to_be_missing(recommender: Recommender, damage: Any) -> None:
    damage(recommender.image_path(recommender.catalogue.items[0]))
    answer = get(address_of(recommender))
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert b"Picture missing" in answer.body


@pytest.mark.parametrize("name", ["nothing", "../styles.csv", "styles.csv", "/etc/passwd", ""])
def test_only_pictures_of_the_catalogue_are_served(recommender: Recommender, name: str) -> None:
    answer = get(f"thumbnails/0/{name}")
    assert answer.status_code == 404
    assert not answer.body


def test_without_a_catalogue_there_are_no_pictures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["app.py", "--artifacts", str(tmp_path)])
    assert get("thumbnails/0/1001").status_code == 404


def test_titles_are_text_and_not_html(recommender: Recommender) -> None:
    from dataclasses import replace

    item = replace(recommender.catalogue.items[0], id='a/b"c', title='"><script>')
    shown = thumbnail_html(item, recommender.image_path(item))
    assert "<script>" not in shown
    assert "a%2Fb%22c" in shown
