"""Asks an application in this process, as a server would; no socket, no client library."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote


@dataclass
class Answer:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: their names in lower case.
        body: its bytes.
        chunks_read: how many pieces of the request's body were asked for.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunks_read: int = 0

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    app: Any,
    target: str,
    *,
    method: str = "GET",
    body: Iterable[bytes] = (),
    headers: Mapping[str, str] | None = None,
    then: Literal["ends", "stalls", "leaves"] = "ends",
) -> Answer:
    """The answer to one request.

    Args:
        app: of ASGI.
        target: path and query, as on the wire.
        method: of HTTP.
        body: its pieces; taken only as far as the application asks for them.
        headers: of the request.
        then: what the client does after the last piece.
    """
    return asyncio.run(asked(app, target, method=method, body=body, headers=headers, then=then))


async def asked(
    app: Any,
    target: str,
    *,
    method: str = "GET",
    body: Iterable[bytes] = (),
    headers: Mapping[str, str] | None = None,
    then: Literal["ends", "stalls", "leaves"] = "ends",
) -> Answer:
    """The same within a running loop."""
    path, _, query = target.partition("?")
    answer = Answer()
    pieces = iter(body)

    async def receive() -> dict[str, Any]:
        piece = next(pieces, None)
        answer.chunks_read += piece is not None
        if piece is None and then == "stalls":
            await asyncio.sleep(3600)
        if piece is None and then == "leaves":
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            pairs = [(name.decode(), value.decode()) for name, value in message["headers"]]
            answer.headers = dict(pairs)
        else:
            answer.body += message.get("body", b"")

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": unquote(path), "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "client": None, "server": ("test", 80),
        "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
    }  # fmt: skip
    await app(scope, receive, send)
    return answer
