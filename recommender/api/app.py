"""The API as an application of Starlette, to be mounted beside the pages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from recommender.api.description import description
from recommender.api.hearing import Heard
from recommender.api.operations import OPERATIONS, Asked, Json, Operation, Shop
from recommender.api.parameters import checked
from recommender.api.photos import photo_in, read_body
from recommender.api.problems import NO_STORE, Problem, address_of, answer_problem, problem_of
from recommender.api.workers import Workers
from recommender.errors import RecommenderError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

PREFIX = "/v1"
_DESCRIPTION = f"{PREFIX}/openapi.json"


def api(shop: Shop, *, origins: Iterable[str] = (), workers: Workers | None = None) -> Starlette:
    """The API, to be mounted at ``/api`` of whatever serves the thumbnails.

    Args:
        shop: what it serves.
        origins: of web pages that may call it from a browser, such as ``https://shop.example``;
            ``*`` for all. None by default.
        workers: run the searches.
    """
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.requests import ClientDisconnect
    from starlette.routing import Route

    workers = workers or Workers()
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    routes = [
        Route(
            PREFIX + path.replace("{id}", "{id:path}"),
            _endpoint(operations, shop, workers),
            methods=list(operations),
        )
        for path, operations in by_path.items()
    ]
    allowed = list(origins)
    cors = Middleware(
        CORSMiddleware, allow_origins=allowed, allow_methods=["GET", "POST"],
        allow_headers=["Content-Type"], expose_headers=["Retry-After"],
    )  # fmt: skip
    return Starlette(
        routes=[*routes, Route(_DESCRIPTION, _describe)],
        middleware=[Middleware(Heard), *([cors] if allowed else [])],
        exception_handlers={
            Problem: _on_problem,
            RecommenderError: _on_error,
            HTTPException: _on_refusal,
            ClientDisconnect: _on_nobody,
            Exception: _on_defect,
        },
    )


def _endpoint(
    operations: Mapping[str, Operation], shop: Shop, workers: Workers
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        operation = operations["GET" if request.method == "HEAD" else request.method]
        given: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            given.setdefault(name, []).append(value)
        checked(given, operation.parameters, filters=operation.filters)
        asked = Asked(item=request.path_params.get("id", ""), given=given, up=_up(request))
        if operation.light:
            return _answer(await run_in_threadpool(operation.answer, shop, asked))
        with workers.place():
            body = await read_body(request) if operation.takes_photo else None
            kind = request.headers.get("content-type")
            work = partial(_answered, operation, shop, asked, body, kind)
            return _answer(await workers.run(work))

    return endpoint


def _answered(
    operation: Operation, shop: Shop, asked: Asked, body: bytes | None, kind: str | None
) -> Json:
    """The answer of an operation; forms are taken apart here, in a thread, too."""
    if body is not None:
        asked = replace(asked, photo=photo_in(kind, body))
    return operation.answer(shop, asked)


def _answer(answer: Mapping[str, Any]) -> Response:
    from starlette.responses import Response

    return Response(json.dumps(answer, allow_nan=False), 200, NO_STORE, "application/json")


async def _describe(request: Request) -> Response:
    return _answer(description("."))


def _up(request: Request) -> str:
    """From an address to the folder that holds ``api/``, whatever stands before that."""
    mounted: str = request.scope.get("root_path", "").rstrip("/").removesuffix("/api")
    return "../" * (address_of(request).count("/") - mounted.count("/") - 1)


async def _on_problem(request: Request, problem: Any) -> Response:
    return answer_problem(request, problem)


async def _on_error(request: Request, error: Any) -> Response:
    return answer_problem(request, problem_of(error))


async def _on_refusal(request: Request, refusal: Any) -> Response:
    """What Starlette refuses by itself: unknown addresses and methods."""
    allowed = (refusal.headers or {}).get("Allow")
    detail = (
        f"{request.method} is not for this address: use {' or '.join(sorted(allowed.split(', ')))}"
        if allowed
        else f"there is nothing at this address: /api{_DESCRIPTION} lists what there is"
    )
    return answer_problem(request, Problem(refusal.status_code, detail, headers=refusal.headers))


async def _on_nobody(request: Request, error: Any) -> Response:
    from starlette.responses import Response

    return Response(status_code=400)  # Whoever asked is gone.


async def _on_defect(request: Request, error: Any) -> Response:
    # The server logs the traceback.
    return answer_problem(request, Problem(500, "a defect of this program: its log says more"))
