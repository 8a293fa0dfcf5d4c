"""Find image files, and decode one safely and the same way everywhere.

Index and query go through `load_image`, so that a photo is seen by the encoder exactly as the
catalogue was.
"""

from __future__ import annotations

import filecmp
import io
import os
import threading
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeAlias

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from recommender.errors import ImageError

ImageSource: TypeAlias = str | Path | bytes | BinaryIO | Image.Image

MAX_PIXELS = 100_000_000
"""Larger pictures are refused unread: a small file can unpack to gigabytes."""
MAX_BYTES = 20 * 1024 * 1024
"""What a visitor may send, by the page or over HTTP. Files of the catalogue may be larger."""

_LARGE_PIXELS = 20_000_000
# Decoding happens in several threads at once; pictures this large take hundreds of megabytes each,
# so they pass one by one and memory stays bounded.
_one_large_at_a_time = threading.Lock()

# Our own limit is below Pillow's and has a message of its own; remarks on odd metadata, one a
# picture, would bury the progress bar.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

# What Pillow also opens: documents, of which EPS would run another program (Ghostscript),
# scientific arrays, and film.
_NOT_PICTURES = frozenset({"EPS", "WMF", "HDF5", "BUFR", "GRIB", "FITS", "MPEG", "FLI"})
_HEIC = frozenset({".heic", ".heif"})


@cache
def image_formats() -> tuple[str, ...]:
    """Pillow's names of the formats that are read, such as ``JPEG``."""
    Image.init()
    return tuple(sorted(set(Image.OPEN) - _NOT_PICTURES))


@cache
def image_suffixes() -> frozenset[str]:
    """Lower-case file endings that count as pictures, dots included.

    HEIC counts though Pillow cannot read it: such a file is reported, not passed over in silence.
    """
    formats = set(image_formats())
    readable = {suffix for suffix, name in Image.registered_extensions().items() if name in formats}
    return frozenset(readable) | _HEIC


def find_images(folder: Path) -> list[Path]:
    """Every picture file in a folder and the folders below it, by ending.

    Hidden files and folders are left out, and so is a copy of the whole in a folder below, as in
    archives that hold every picture twice: of ``images/1.jpg`` and ``more/images/1.jpg`` with the
    same bytes, the first is taken.

    Returns:
        paths that start with `folder`, sorted by their POSIX spelling relative to it.

    Raises:
        ImageError: the folder is missing or cannot be read.
    """
    if not folder.is_dir():
        raise ImageError(f"there is no folder {folder}")
    suffixes = image_suffixes()
    found: list[Path] = []

    def refuse(error: OSError) -> None:
        raise ImageError(f"cannot read the folder {error.filename}: change its permissions")

    visited: set[str] = set()
    for parent, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        # Links are followed, but a link to a folder above must not be followed for ever.
        real = os.path.realpath(parent)
        if real in visited:
            folders.clear()
            continue
        visited.add(real)
        folders[:] = [name for name in folders if not _hidden(name)]
        found += [
            Path(parent, name)
            for name in files
            if not _hidden(name) and os.path.splitext(name)[1].lower() in suffixes  # noqa: PTH122
        ]
    spelling = {path.relative_to(folder).as_posix(): path for path in found}

    def same(one: str, other: str) -> bool:
        try:
            return filecmp.cmp(folder / one, folder / other, shallow=False)
        except OSError:
            return False  # An unreadable file is reported by the one who decodes it.

    return [spelling[name] for name in sorted(without_copies(spelling, same))]


def looks_like_picture(name: str) -> bool:
    """Whether a POSIX path, relative to where the search began, is one that `find_images` takes.

    >>> looks_like_picture("men/1.JPG"), looks_like_picture(".trash/1.jpg")
    (True, False)
    """
    path = PurePosixPath(name)
    return path.suffix.lower() in image_suffixes() and not any(map(_hidden, path.parts))


def _hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def without_copies(names: Iterable[str], same: Callable[[str, str], bool]) -> list[str]:
    """Without the pictures that a folder below holds once more, at the same path within it.

    Args:
        names: POSIX paths relative to one folder.
        same: whether two of them have the same bytes.
    """
    present = {name: tuple(name.split("/")) for name in names}
    kept = []
    for name, parts in present.items():
        originals = ("/".join(parts[i:]) for i in range(1, len(parts)))
        if not any(p in present and same(name, p) for p in originals):
            kept.append(name)
    return kept


def load_image(source: ImageSource, *, at_least: tuple[int, int] | None = None) -> Image.Image:
    """Decode one picture into upright RGB.

    Applies the EXIF orientation, puts transparency on white, scales 16-bit and floating-point
    pixels to 8 bits and takes the first frame of an animation.

    Args:
        source: a path, the bytes of a file, an open binary file, or a Pillow image.
        at_least: (width, height) in pixels that suffice; a big JPEG is then decoded at a half, a
            quarter or an eighth of its size, as long as that is no smaller than this on either
            side. None decodes every pixel.

    Returns:
        a Pillow image of mode RGB.

    Raises:
        ImageError: the source is missing, unreadable, damaged, no picture, or larger than
            `MAX_PIXELS`.
    """
    try:
        if isinstance(source, Image.Image):
            return _decode(source, at_least)
        if isinstance(source, bytes):
            source = io.BytesIO(source)
        with Image.open(source, formats=image_formats()) as image:
            return _decode(image, at_least)
    except ImageError:
        raise
    except Image.DecompressionBombError:
        raise ImageError(_too_large("far more than")) from None
    except UnidentifiedImageError:
        raise ImageError(_unidentified(source)) from None
    except FileNotFoundError:
        raise ImageError(f"there is no file {source!s}") from None
    except IsADirectoryError:
        raise ImageError(f"{source!s} is a folder, not a picture") from None
    except PermissionError:
        raise ImageError("permission to read the file is denied: change its permissions") from None
    except MemoryError:
        raise ImageError("the picture does not fit into memory: make it smaller") from None
    # Pillow's decoders raise nearly anything on hostile bytes (struct.error, ValueError, KeyError,
    # SyntaxError, OverflowError ...), and one bad picture must never stop a batch.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ImageError(f"the picture is damaged ({reason}): replace the file") from None


def _decode(image: Image.Image, at_least: tuple[int, int] | None) -> Image.Image:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise ImageError(_too_large(f"{pixels / 1e6:.0f} megapixels, more than"))
    if pixels == 0:
        raise ImageError("the picture is empty (0 pixels): replace the file")
    if at_least is not None and image.format in ("JPEG", "MPO"):
        # The orientation is applied after decoding and may swap the sides: ask for both.
        image.draft("RGB", (max(at_least), max(at_least)))
    if image.width * image.height > _LARGE_PIXELS:
        with _one_large_at_a_time:
            return _to_rgb(image)
    return _to_rgb(image)


def _to_rgb(image: Image.Image) -> Image.Image:
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = _to_8_bits(upright)
    if upright.has_transparency_data:
        cut_out = upright.convert("RGBA")
        white = Image.new("RGB", cut_out.size, "white")
        white.paste(cut_out, mask=cut_out.getchannel("A"))
        return white
    return upright.convert("RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Greyscale of 16 or 32 bits or floats, scaled by the range its format allows."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    peak = float(values.max())
    if image.mode.startswith("I;16") or (image.mode == "I" and 255 < peak <= 65535):
        full = 65535.0
    elif image.mode == "F" and peak <= 1.0:
        full = 1.0
    else:
        full = max(peak, 255.0)
    scaled = np.clip(values * (255.0 / full), 0, 255).round().astype(np.uint8)
    return Image.fromarray(scaled)


def _too_large(how_much: str) -> str:
    limit = MAX_PIXELS // 1_000_000
    return f"the picture has {how_much} the limit of {limit} megapixels: make it smaller"


def _unidentified(source: object) -> str:
    name = getattr(source, "name", source)
    suffix = Path(name).suffix.lower() if isinstance(name, str | Path) else ""
    if suffix in _HEIC:
        return "HEIC pictures cannot be read: save it as JPEG"
    if isinstance(source, Path | str) and Path(source).stat().st_size == 0:
        return "the file is empty (0 bytes): replace it"
    return "not a picture in a format that can be read: save it as JPEG, PNG or WebP"
