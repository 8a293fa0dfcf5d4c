"""What Python makes of what a browser tells, without a browser."""

from __future__ import annotations

import base64

import pytest
from streamlit.testing.v1 import AppTest

from recommender.cropping import Box
from recommender.errors import ImageError
from recommender.ui import crop_box, paste
from tests.ui.serving import PAGES

BEFORE = Box(0, 0, 0.5, 0.5)


@pytest.mark.parametrize("script", ["crop.py", "inputs.py"])
def test_a_page_with_a_component_runs_on_one_server_after_another(script: str) -> None:
    for _ in range(2):  # Each has forgotten the components of the one before.
        at = AppTest.from_file(str(PAGES / script), default_timeout=30).run()
        assert not at.exception
        at.button[0].click().run()
        assert not at.exception


def test_a_told_box_is_taken() -> None:
    assert crop_box._read("0.1,0.2,0.9,0.8", otherwise=BEFORE) == Box(0.1, 0.2, 0.9, 0.8)
    assert crop_box._read("0,0,1,1", otherwise=BEFORE) is None


@pytest.mark.parametrize("said", [None, "", "nan,0,1,1", "0.5,0,0.5,1", 7, ["0,0,1,1"], {}])
def test_nonsense_changes_no_box(said: object) -> None:
    assert crop_box._read(said, otherwise=BEFORE) == BEFORE


def test_a_told_picture_is_its_bytes() -> None:
    assert paste._read(base64.b64encode(b"a picture").decode()) == b"a picture"
    assert paste._read(None) is None


@pytest.mark.parametrize("said", ["<b>", "abc", "ü", 7, {"data": ""}])
def test_a_told_picture_that_is_none_is_refused(said: object) -> None:
    with pytest.raises(ImageError, match="no picture"):
        paste._read(said)


def test_a_picture_that_is_too_large_is_not_even_decoded() -> None:
    most = base64.b64encode(bytes(paste.MAX_BYTES)).decode()
    assert len(paste._read(most) or b"") == paste.MAX_BYTES
    with pytest.raises(ImageError, match="16 MB"):
        paste._read(most + "AAAA")
