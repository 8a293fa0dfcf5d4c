"""The API over an index of the drawn products."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recommender.api.app import api
from recommender.api.operations import Shop
from recommender.finding import Finder
from recommender.search import Recommender


@pytest.fixture
def finder(artifacts: Path) -> Finder:
    return Finder(Recommender.open(artifacts))


@pytest.fixture
def shop(finder: Finder, artifacts: Path) -> Shop:
    return Shop(
        finder=lambda: finder,
        artifacts=lambda: artifacts,
        thumbnail=lambda item, path: f"thumbnails/0/{item.id}" if path.is_file() else None,
    )


def mounted(shop: Shop, *, at: str = "/api", **options: Any) -> Any:
    """The API where the app has it."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    return Starlette(routes=[Mount(at, api(shop, **options))])


@pytest.fixture
def app(shop: Shop) -> Any:
    return mounted(shop)
