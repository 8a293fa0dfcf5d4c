"""A refusal that comes before the whole request has arrived must still be heard.

Many clients send all of a photo before they listen, and a server that answers and closes the
connection meanwhile tells them nothing but "connection reset". So what is left of the request is
read first, and forgotten.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from recommender.images import MAX_BYTES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST = 2 * MAX_BYTES
"""Bytes of a request that are read for the sake of its refusal."""
_SECONDS = 20.0
_TIMED_OUT = 408


class Heard:
    """Middleware of ASGI that reads the rest of a request before the answer begins."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope.get("headers", ()))
        arrived, ended = 0, False

        async def counted() -> Message:
            nonlocal arrived, ended
            message = await receive()
            arrived += len(message.get("body", b""))
            ended = not message.get("more_body", False)
            return message

        async def rest() -> None:
            while not ended and arrived <= _MOST:
                await counted()

        async def after(message: Message) -> None:
            if message["type"] == "http.response.start" and not (
                message["status"] == _TIMED_OUT
                or _more_than_is_read(headers.get(b"content-length", b""))
                # Such a client waits for a word before it sends anything.
                or (headers.get(b"expect", b"").lower() == b"100-continue" and not arrived)
            ):
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(rest(), _SECONDS)
            await send(message)

        await self._app(scope, counted, after)


def _more_than_is_read(stated: bytes) -> bool:
    return stated.isdigit() and (len(stated) > 15 or int(stated) > _MOST)
