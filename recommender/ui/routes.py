"""What the app's server answers besides its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recommender.ui import thumbnail_route

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """The routes, below the path under which the app is served."""
    from starlette.routing import Route

    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}" if base else ""
    return [Route(prefix + thumbnail_route.PATH, thumbnail_route.thumbnail)]
