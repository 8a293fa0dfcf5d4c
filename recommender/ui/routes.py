"""What the app's server answers besides its pages."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import streamlit as st

from recommender.api.app import api
from recommender.api.operations import Shop
from recommender.api.origins import read_origins
from recommender.errors import RecommenderError
from recommender.ui import thumbnail_route, visitor_cookie
from recommender.ui.shop import artifacts_at_hand, finder_at_hand

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

CORS = "RECOMMENDER_CORS"


def routes() -> list[BaseRoute]:
    """The routes, below the path under which the app is served.

    Raises:
        SystemExit: the environment names no origins in `CORS`, but something else.
    """
    from starlette.routing import Mount, Route

    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}" if base else ""
    try:
        origins = read_origins(os.environ.get(CORS, ""))
    except RecommenderError as error:
        print(f"error: {CORS}: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    shop = Shop(
        finder=finder_at_hand,
        artifacts=artifacts_at_hand,
        thumbnail=thumbnail_route.thumbnail_address,
    )
    return [
        Route(prefix + thumbnail_route.PATH, thumbnail_route.thumbnail),
        Route(prefix + visitor_cookie.PATH, visitor_cookie.set_cookie, methods=["POST"]),
        Mount(prefix + "/api", api(shop, origins=origins)),
    ]
