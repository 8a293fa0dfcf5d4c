"""Decoding: every kind of picture ends as upright RGB, and every bad one as one clear line."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender import images
from recommender.errors import ImageError
from recommender.images import find_images, load_image

RED = (220, 20, 30)


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def mean_colour(image: Image.Image) -> np.ndarray:
    return np.asarray(image, dtype=float).reshape(-1, 3).mean(axis=0)


@pytest.mark.parametrize(
    "format_", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM", "TGA", "JPEG2000"]
)
def test_reads_common_formats(format_):
    image = load_image(encoded(Image.new("RGB", (40, 30), RED), format_))
    assert (image.mode, image.size) == ("RGB", (40, 30))
    assert np.abs(mean_colour(image) - RED).max() < 6


@pytest.mark.parametrize("kind", ["path", "string", "bytes", "file", "image"])
def test_takes_any_source(kind, tmp_path):
    data = encoded(Image.new("RGB", (8, 6), RED), "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    source = {
        "path": lambda: path,
        "string": lambda: str(path),
        "bytes": lambda: data,
        "file": lambda: io.BytesIO(data),
        "image": lambda: Image.new("RGB", (8, 6), RED),
    }[kind]()
    assert np.allclose(mean_colour(load_image(source)), RED)


def test_applies_the_exif_orientation():
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste(RED, (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was turned: shown upright, the left side is on top.
    upright = load_image(encoded(picture, "PNG", exif=exif))
    assert upright.size == (20, 40)
    assert upright.getpixel((10, 5)) == RED
    assert upright.getpixel((10, 35)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_puts_transparency_on_white(mode):
    picture = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    options: dict[str, object] = {}
    if mode == "P":
        picture = Image.new("P", (10, 10), 0)
        picture.putpalette([0, 0, 0, 255, 0, 0])
        options["transparency"] = 0
    elif mode == "RGB":
        picture = Image.new("RGB", (10, 10), (0, 0, 0))
        options["transparency"] = (0, 0, 0)
    else:
        picture = picture.convert(mode)
    assert load_image(encoded(picture, "PNG", **options)).getpixel((5, 5)) == (255, 255, 255)


def test_half_transparency_is_blended():
    picture = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    assert load_image(encoded(picture, "PNG")).getpixel((1, 1)) == (127, 127, 127)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_other_modes_become_rgb(mode):
    picture = Image.new("RGB", (12, 12), "white").convert(mode)
    format_ = "TIFF" if mode == "CMYK" else "PNG"
    assert load_image(encoded(picture, format_)).getpixel((3, 3)) == (255, 255, 255)


def test_cmyk_jpeg_keeps_its_colour():
    picture = Image.new("RGB", (16, 16), RED).convert("CMYK")
    assert np.abs(mean_colour(load_image(encoded(picture, "JPEG"))) - RED).max() < 8


def test_16_bit_grey_is_scaled_not_clipped():
    values = np.array([[0, 0x4000], [0x8000, 0xFFFF]], np.uint16)
    image = load_image(encoded(Image.fromarray(values), "PNG"))
    assert np.asarray(image)[:, :, 0].ravel().tolist() == [0, 64, 128, 255]


@pytest.mark.parametrize("scale", [1.0, 255.0])
def test_float_tiff_is_scaled_by_its_range(scale):
    values = np.array([[0.0, 0.5], [1.0, 1.0]], np.float32) * scale
    image = load_image(encoded(Image.fromarray(values), "TIFF"))
    assert np.asarray(image)[0, :, 0].tolist() == [0, 128]


def test_takes_the_first_frame_of_an_animation():
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, "blue", "green")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert np.abs(mean_colour(load_image(data)) - RED).max() < 6


def test_a_big_jpeg_is_decoded_small_enough_and_no_smaller():
    picture = Image.new("RGB", (1800, 2400), RED)
    image = load_image(encoded(picture, "JPEG"), at_least=(448, 448))
    assert image.size == (450, 600)
    assert load_image(encoded(picture, "JPEG")).size == (1800, 2400)


def test_a_turned_big_jpeg_still_has_enough_pixels():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (2400, 1200), RED), "JPEG", exif=exif)
    image = load_image(data, at_least=(200, 600))
    assert image.width >= 200
    assert image.height >= 600


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("side", [10_001, 12_000, 30_000])
def test_a_decompression_bomb_is_refused_with_the_limit(side):
    with pytest.raises(ImageError, match="limit of 100 megapixels"):
        load_image(png_of(side, 10_000 if side == 10_001 else side))


JPEG = encoded(Image.effect_noise((200, 200), 60), "JPEG")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a picture"),
        (b"hello, this is text", "not a picture"),
        (JPEG[: len(JPEG) // 2], "damaged"),
        (JPEG[:20], "not a picture|damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not a picture|damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    ],
)
def test_bad_bytes_give_one_line(data, reason):
    with pytest.raises(ImageError, match=reason) as raised:
        load_image(data)
    assert "\n" not in str(raised.value)


def test_bad_paths_give_one_line(tmp_path):
    with pytest.raises(ImageError, match="there is no file"):
        load_image(tmp_path / "none.jpg")
    with pytest.raises(ImageError, match=r"folder|permission"):
        load_image(tmp_path)
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(ImageError, match="empty"):
        load_image(tmp_path / "empty.jpg")
    (tmp_path / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(ImageError, match="HEIC"):
        load_image(tmp_path / "phone.heic")


def test_random_damage_never_escapes_as_another_error():
    random = np.random.default_rng(0)
    picture = Image.effect_noise((64, 64), 90).convert("RGB")
    for format_ in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"):
        original = encoded(picture, format_)
        for _ in range(40):
            data = bytearray(original)
            for position in random.integers(0, len(data), 12):
                data[position] = random.integers(256)
            with contextlib.suppress(ImageError):
                assert load_image(bytes(data)).mode == "RGB"


def save(path: Path, colour: str | tuple[int, int, int] = RED) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 4), colour).save(path)


def names_in(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in find_images(folder)]


def test_finds_pictures_in_order_and_nothing_else(tmp_path):
    for name in ("b/2.PNG", "a/10.jpg", "a/2.jpeg", "c.webp"):
        save(tmp_path / name)
    for name in ("styles.csv", ".hidden.jpg", "__MACOSX/x.jpg", ".git/y.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert names_in(tmp_path) == ["a/10.jpg", "a/2.jpeg", "b/2.PNG", "c.webp"]


def test_a_nested_copy_is_taken_once_but_namesakes_are_not(tmp_path):
    save(tmp_path / "shoe/front.jpg", "blue")
    save(tmp_path / "shirt/front.jpg", "green")
    save(tmp_path / "copy/deep/shoe/front.jpg", "blue")
    assert names_in(tmp_path) == ["shirt/front.jpg", "shoe/front.jpg"]


def test_links_are_followed_but_not_in_circles(tmp_path):
    save(tmp_path / "real" / "1.jpg")
    save(tmp_path / "shop" / "2.jpg", "blue")
    (tmp_path / "shop" / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "shop" / "again").symlink_to(tmp_path / "shop")
    assert names_in(tmp_path / "shop") == ["2.jpg", "linked/1.jpg"]


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(ImageError, match="no folder"):
        find_images(tmp_path / "none")


def test_large_pictures_pass_one_by_one(monkeypatch):
    monkeypatch.setattr(images, "_LARGE_PIXELS", 10)
    assert load_image(encoded(Image.new("RGB", (9, 9), RED), "PNG")).size == (9, 9)
    assert not images._one_large_at_a_time.locked()
