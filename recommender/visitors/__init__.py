"""What anonymous visitors saved and looked at, in one SQLite file beside the index."""

from recommender.visitors.database import check_place
from recommender.visitors.history import Event, History
from recommender.visitors.identity import is_visitor_id, new_visitor_id
from recommender.visitors.store import FORGOTTEN_AFTER, MOST_FAVOURITES, MOST_VIEWS, VisitorStore

__all__ = [
    "FORGOTTEN_AFTER",
    "MOST_FAVOURITES",
    "MOST_VIEWS",
    "Event",
    "History",
    "VisitorStore",
    "check_place",
    "is_visitor_id",
    "new_visitor_id",
]
