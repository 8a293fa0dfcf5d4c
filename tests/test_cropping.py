"""A box within a picture, and the picture cut to it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from recommender.cropping import MIN_SIDE, Box, crop
from recommender.errors import ImageError, QueryError


def quarters() -> Image.Image:
    """Red and green above, blue and white below."""
    picture = Image.new("RGB", (80, 40), "white")
    for colour, corner in (("red", (0, 0)), ("lime", (40, 0)), ("blue", (0, 20))):
        picture.paste(Image.new("RGB", (40, 20), colour), corner)
    return picture


@pytest.mark.parametrize(
    "box", [(0, 0, 1, 1), (0.1, 0.2, 0.9, 0.8), (1 / 3, 0, 2 / 3, 1), (0.95, 0.95, 1, 1)]
)
def test_a_box_survives_its_text(box: tuple[float, float, float, float]) -> None:
    assert Box.parse(str(Box(*box))) == Box(*box)


def test_the_smallest_box_is_allowed_wherever_it_is() -> None:
    for start in range(95):  # Whatever a computer makes of 0.35 - 0.3.
        Box(start / 100, 0, start / 100 + MIN_SIDE, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is no box"),
        ("0.1,0.2,0.9", "is no box"),
        ("0.1,0.2,0.9,0.8,1", "is no box"),
        ("0.1,0.2,0.9,<b>", "is no box"),
        ("9" * 5000, "is no box"),
        ("nan,0,1,1", "left edge is at nan"),
        ("0,-0.1,1,1", "top edge is at -0.1"),
        ("0,0,inf,1", "right edge is at inf"),
        ("0,0,1,1.01", "bottom edge is at 1.01"),
        ("0.9,0,0.1,1", "from left to right"),
        ("0,0.5,1,0.54", "from top to bottom"),
    ],
)
def test_what_is_no_box_is_explained_in_a_line(text: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as caught:
        Box.parse(text)
    assert len(str(caught.value)) < 120
    assert "\n" not in str(caught.value)


def test_only_the_whole_is_whole() -> None:
    assert Box(0, 0, 1, 1).is_whole
    assert not Box(0, 0, 1, 0.99).is_whole


@pytest.mark.parametrize(
    ("box", "colour"),
    [
        (Box(0, 0, 0.5, 0.5), (255, 0, 0)),
        (Box(0.5, 0, 1, 0.5), (0, 255, 0)),
        (Box(0, 0.5, 0.5, 1), (0, 0, 255)),
    ],
)
def test_a_crop_is_the_box_and_no_more(box: Box, colour: tuple[int, int, int]) -> None:
    part = crop(quarters(), box)
    assert part.size == (40, 20)
    assert part.getcolors() == [(800, colour)]


def test_the_whole_box_is_the_picture() -> None:
    assert crop(quarters(), Box(0, 0, 1, 1)).tobytes() == quarters().tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_is_of_the_upright_picture(orientation: int) -> None:
    # Stored such that the orientation makes it upright again.
    stored = {
        1: [], 2: ["FLIP_LEFT_RIGHT"], 3: ["ROTATE_180"], 4: ["FLIP_TOP_BOTTOM"],
        5: ["TRANSPOSE"], 6: ["ROTATE_90"], 7: ["TRANSVERSE"], 8: ["ROTATE_270"],
    }[orientation]  # fmt: skip
    picture = quarters()
    for turn in stored:
        picture = picture.transpose(Image.Transpose[turn])
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    picture.save(file, "PNG", exif=exif)
    part = crop(file.getvalue(), Box(0.5, 0, 1, 0.5))
    assert part.size == (40, 20)
    assert part.getcolors() == [(800, (0, 255, 0))]


def test_a_tiny_picture_keeps_a_pixel() -> None:
    assert crop(Image.new("RGB", (1, 3)), Box(0.4, 0.4, 0.5, 0.5)).size == (1, 1)


def test_a_box_between_pixels_takes_both_and_no_third() -> None:
    assert crop(Image.new("RGB", (100, 10)), Box(0.07, 0, 0.14, 1)).size == (7, 10)
    assert crop(Image.new("RGB", (10, 10)), Box(0.15, 0, 0.25, 1)).size == (2, 10)


def test_a_damaged_picture_is_explained() -> None:
    with pytest.raises(ImageError, match="not a picture"):
        crop(b"words", Box(0, 0, 1, 1))
