"""Which web pages may call the API from a browser (CORS)."""

from __future__ import annotations

import re

from recommender.errors import RecommenderError

_ORIGIN = re.compile(r"https?://[\w.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?", re.ASCII)


def read_origins(text: str) -> tuple[str, ...]:
    """The origins that a setting names, separated by spaces.

    Args:
        text: such as ``https://shop.example http://localhost:3000``; ``*`` for all, "" for none.

    Raises:
        RecommenderError: one is no origin, as browsers write it.

    >>> read_origins(" https://shop.example  http://localhost:3000")
    ('https://shop.example', 'http://localhost:3000')
    """
    origins = tuple(text.split())
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise RecommenderError(
                f"{origin!r} is no origin: write https://HOST, without a path, and spaces between "
                "several; or * for all"
            )
    return origins
