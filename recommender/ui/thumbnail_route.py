"""Pictures of the catalogue by addresses of their own, which browsers keep for good."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from recommender.catalogue import Item
from recommender.errors import RecommenderError
from recommender.ui.shop import finder_at_hand
from recommender.ui.thumbnails import MISSING, TILE, changed_at, tile

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PATH = "/thumbnails/{version}/{item_id:path}"
# The address holds the time of the picture's last change: another picture has another address.
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
_NOT_AT_ALL = {"Cache-Control": "no-store"}


def thumbnail_html(item: Item, path: Path) -> str:
    """The picture of an item, as HTML for `st.html`.

    Args:
        item: whose picture.
        path: where the picture is.
    """
    changed = changed_at(path)
    alt = html.escape(item.title if changed else f"{item.title} (its picture is missing)")
    return (
        f'<img class="thumbnail" src="{_address(item, changed)}" alt="{alt}" '
        f'width="{TILE[0]}" height="{TILE[1]}" loading="lazy" decoding="async">'
    )


def thumbnail_address(item: Item, path: Path) -> str | None:
    """The address of an item's picture, relative to that of the app; None if it is missing."""
    changed = changed_at(path)
    return None if changed is None else _address(item, changed)


def _address(item: Item, changed: int | None) -> str:
    # Relative, so that it holds behind a proxy and under a path of any name.
    return f"thumbnails/{changed or 0:x}/{quote(item.id, safe='')}"


def thumbnail(request: Request) -> Response:
    """Answer with the JPEG of an item of the catalogue, and with nothing else that is on disk."""
    from starlette.responses import Response

    item_id = request.path_params["item_id"]
    try:
        recommender = finder_at_hand().recommender
        item = recommender.catalogue.items[recommender.catalogue.row_of(item_id)]
    except RecommenderError:
        return Response(status_code=404, headers=_NOT_AT_ALL)
    path = recommender.image_path(item)
    changed = changed_at(path)
    jpeg = tile(path)
    if jpeg is None:
        # Browsers show a picture that comes with an error, too.
        return Response(MISSING, 404, _NOT_AT_ALL, "image/svg+xml")
    current = request.path_params["version"] == f"{changed or 0:x}"
    return Response(jpeg, 200, _FOR_GOOD if current else _NOT_AT_ALL, "image/jpeg")
