"""What is answered when something cannot be: RFC 9457, Problem Details for HTTP APIs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from recommender.errors import ImageError, QueryError, RecommenderError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every answer: it depends on an index that may be built again at any time."""


class Problem(Exception):  # noqa: N818 - the word of the RFC
    """A request that is answered with an error.

    Attributes:
        status: of HTTP.
        detail: one line: what is wrong, then how to mend it.
        headers: that the answer needs besides.
    """

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def problem_of(error: RecommenderError) -> Problem:
    """What an error of the searches is over HTTP: the request's fault, or the server's state."""
    if isinstance(error, ImageError | QueryError):
        return Problem(422, str(error))
    return Problem(503, str(error), headers={"Retry-After": "60"})


def answer_problem(request: Request, problem: Problem) -> Response:
    """A problem as an answer."""
    from starlette.responses import Response

    members = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": address_of(request),
    }
    return Response(
        json.dumps(members), problem.status, {**NO_STORE, **problem.headers}, MEDIA_TYPE
    )


def address_of(request: Request) -> str:
    """The path that was asked for, as it was written."""
    raw: bytes = request.scope.get("raw_path") or b""
    return raw.partition(b"?")[0].decode("latin-1") or request.url.path
