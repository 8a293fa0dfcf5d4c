"""The API beside the app."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import streamlit as st

from recommender.images import MAX_BYTES
from recommender.ui.routes import CORS, routes
from tests.api.client import ask
from tests.ui.serving import serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> Any:
    """All the routes of the app, below a path."""
    from starlette.applications import Starlette

    monkeypatch.setattr("sys.argv", ["app.py", "--artifacts", str(artifacts)])
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/a/shop/"}.get)
    st.cache_resource.clear()
    return Starlette(routes=routes())


def test_a_result_leads_to_its_picture(served: Any) -> None:
    asked = "/a/shop/api/v1/items/images%2F1001.jpg/similar?k=1"
    answer = ask(served, asked)
    assert answer.status == 200
    picture = ask(served, urljoin(asked, answer.json["results"][0]["thumbnail"]))
    assert (picture.status, picture.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in picture.headers["cache-control"]


def test_without_an_index_the_api_says_how_to_make_one(
    served: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["app.py", "--artifacts", str(tmp_path / "none")])
    for name in ("health", "facets"):
        answer = ask(served, f"/a/shop/api/v1/{name}")
        assert (answer.status, "build_index.py" in answer.json["detail"]) == (503, True)


def test_origins_come_from_the_environment(
    served: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CORS, "https://shop.example/path")
    with pytest.raises(SystemExit, match="2"):
        routes()
    assert capsys.readouterr().err.startswith(f"error: {CORS}: 'https://shop.example/path' is no ")


@pytest.mark.slow
def test_a_real_server(artifacts: Path, catalogue_folder: Path, tmp_path: Path) -> None:
    def fetch(address: str, data: bytes | None = None, kind: str = "image/jpeg") -> Any:
        request = urllib.request.Request(address, data, {"Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.headers["Content-Type"], response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Content-Type"], error.read()

    photo = (catalogue_folder / "images" / "1001.jpg").read_bytes()
    with serving(artifacts, tmp_path / "log.txt") as server:
        v1 = f"{server}/api/v1"
        assert json.loads(fetch(f"{v1}/health")[2])["index"]["products"] == 18
        status, _, body = fetch(f"{v1}/search?k=2", photo)
        first = json.loads(body)["results"][0]
        assert (status, first["id"]) == (200, "1001")
        status, kind, _ = fetch(urljoin(f"{v1}/search", first["thumbnail"]))
        assert (status, kind) == (200, "image/jpeg")
        form = (
            b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
            + photo
            + b"\r\n--b--\r\n"
        )
        same = fetch(f"{v1}/search?k=2", form, "multipart/form-data; boundary=b")
        assert (same[0], same[2]) == (200, body)
        for address, data, expected in (
            (f"{v1}/search", None, 422),
            (f"{v1}/items/9", None, 404),
            (f"{v1}/nothing", None, 404),
            (f"{v1}/health", b"x", 405),
            (f"{v1}/search", b"x", 422),
            (f"{v1}/search", bytes(MAX_BYTES + 1), 413),
            (f"{v1}/search?k=99", bytes(MAX_BYTES), 422),
        ):
            status, kind, body = fetch(address, data)
            assert (status, kind) == (expected, "application/problem+json"), address
            assert json.loads(body)["status"] == expected
    assert "Traceback" not in (tmp_path / "log.txt").read_text()
