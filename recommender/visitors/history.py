"""What is kept of one visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from recommender.catalogue import Catalogue
from recommender.errors import QueryError


@dataclass(frozen=True)
class Event:
    """A product that was saved or looked at.

    Attributes:
        item: the product's id.
        at: when, in seconds since 1970; the last time, if there were several.
    """

    item: str
    at: float


@dataclass(frozen=True)
class History:
    """What one visitor saved and looked at.

    Attributes:
        favourites: saved products, the newest first.
        views: products looked at, the newest first.
    """

    favourites: tuple[Event, ...] = ()
    views: tuple[Event, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.favourites or self.views)

    def to_json(self, catalogue: Catalogue) -> dict[str, Any]:
        """All of it, for the visitor to take away; times in UTC.

        Args:
            catalogue: knows the products' names; one that is no longer there has none.
        """
        return {
            "favourites": [_to_json(event, catalogue) for event in self.favourites],
            "viewed": [_to_json(event, catalogue) for event in self.views],
        }


def _to_json(event: Event, catalogue: Catalogue) -> dict[str, Any]:
    try:
        title = catalogue.items[catalogue.row_of(event.item)].title
    except QueryError:
        title = None
    at = datetime.fromtimestamp(event.at, timezone.utc).isoformat(timespec="seconds")
    return {"id": event.item, "title": title, "at": at}
