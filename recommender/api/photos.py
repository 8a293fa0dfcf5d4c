"""The photo of a request: its bytes are read up to a limit, kept in memory, and never stored."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from recommender.api.problems import Problem
from recommender.errors import ImageError
from recommender.images import MAX_BYTES

if TYPE_CHECKING:
    from starlette.requests import Request

FIELD = "photo"
FORM = "multipart/form-data"
_BYTES = "application/octet-stream"
_SECONDS = 60.0
"""That a client may take to send a photo."""
_AROUND = 16 * 1024
"""Bytes that a form may need besides its photo."""
_MOST_PARTS = 4
_TOO_LARGE = f"the photo has more than the limit of {MAX_BYTES // 1024**2} MB: make it smaller"


async def read_body(request: Request) -> bytes:
    """The body of a request that brings a photo.

    Raises:
        Problem: it is too large, comes too slowly, or is no photo by its own account.
    """
    kind = media_type(request)
    if kind != FORM and kind != _BYTES and not kind.startswith("image/"):
        raise Problem(
            415, f"the body is {kind[:40]!r}: send the picture's bytes as image/jpeg (or as what "
            f"it is), or a form of {FORM} with the field {FIELD!r}",
            headers={"Accept": f"image/*, {_BYTES}, {FORM}"},
        )  # fmt: skip
    limit = MAX_BYTES + (_AROUND if kind == FORM else 0)
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and (len(stated) > 15 or int(stated) > limit):
        raise Problem(413, _TOO_LARGE)
    try:
        return await asyncio.wait_for(_collected(request, limit), _SECONDS)
    except asyncio.TimeoutError:
        raise Problem(
            408, f"the photo did not arrive within {_SECONDS:.0f} seconds: make it smaller"
        ) from None


def media_type(request: Request) -> str:
    """What a request says that its body is; bytes of some kind if it says nothing."""
    stated: str = request.headers.get("content-type", _BYTES)
    return stated.partition(";")[0].strip().lower()


async def _collected(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        if len(body) + len(chunk) > limit:
            raise Problem(413, _TOO_LARGE)
        body += chunk
    return bytes(body)


def photo_in(content_type: str | None, body: bytes) -> bytes:
    """The photo in a body: all of it, or the field of a form.

    Args:
        content_type: header of the request, with its boundary.
        body: what `read_body` read.

    Raises:
        Problem: the form is broken, or has other fields, or none.
        ImageError: the photo is empty.
    """
    form = (content_type or "").lower().lstrip().startswith(FORM)
    photo = _field(content_type or "", body) if form else body
    if not photo:
        raise ImageError("the photo is empty (0 bytes): send the bytes of a picture")
    if len(photo) > MAX_BYTES:
        raise Problem(413, _TOO_LARGE)
    return photo


def _field(content_type: str, body: bytes) -> bytes:
    """The one field of a form. Parts beyond a few, and long headers, are refused unread."""
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser, parse_options_header

    form = _Form()
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not boundary:
        raise Problem(400, f"the form has no boundary: let your HTTP client write {FORM} itself")
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": form.begin,
                "on_header_field": form.header_name,
                "on_header_value": form.header_value,
                "on_header_end": form.header_end,
                "on_headers_finished": form.headers_finished,
                "on_part_data": form.data,
                "on_end": form.end,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise Problem(400, f"the form is broken: let your HTTP client write {FORM}") from None
    if not form.whole:
        raise Problem(400, "the form ends too early: send it again")
    others = [name for name in form.parts if name != FIELD]
    if others:
        raise Problem(
            422, f"the form has the field {others[0][:40]!r}: send only {FIELD!r}, and all else as "
            "parameters of the address"
        )  # fmt: skip
    if FIELD not in form.parts:
        raise Problem(422, f"the form has no field {FIELD!r}: send the picture in it")
    return b"".join(form.parts[FIELD])


class _Form:
    """Collects the parts that the parser finds."""

    def __init__(self) -> None:
        self.parts: dict[str, list[bytes]] = {}
        self.whole = False
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = bytearray(), bytearray()
        self._data: list[bytes] = []

    def begin(self) -> None:
        if len(self.parts) == _MOST_PARTS:
            raise Problem(422, f"the form has too many parts: send only the field {FIELD!r}")
        self._headers = {}

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._bounded()

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bounded()

    def _bounded(self) -> None:
        if len(self._name) + len(self._value) + sum(map(len, self._headers.values())) > _AROUND:
            raise Problem(400, "a part of the form has headers without end: shorten them")

    def header_end(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name, self._value = bytearray(), bytearray()

    def headers_finished(self) -> None:
        from python_multipart.multipart import parse_options_header

        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name in self.parts:
            raise Problem(422, f"the form has the field {name[:40]!r} twice: send one photo")
        self._data = self.parts[name] = []

    def data(self, data: bytes, start: int, end: int) -> None:
        self._data.append(data[start:end])

    def end(self) -> None:
        self.whole = True
