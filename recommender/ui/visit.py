"""What one visitor has done so far: the photos, the wishes, and the way from query to query."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from recommender.address import SearchState
from recommender.catalogue import Catalogue
from recommender.ui.uploads import Photo

Step: TypeAlias = tuple[Photo, ...] | str
"""A query: the visitor's photos, or the id of an item."""

_KEY = "visit"


@dataclass
class Visit:
    """One visitor's session.

    Attributes:
        trail: the queries from the first to the one shown; only the first can be photos.
        wishes: what is asked for besides.
        together: whether several photos make one query.
        refusals: why some of the last files could not be used, a line each.
        uploads: counts uploads: each is followed by a new upload field, so that Streamlit lets go
            of the files.
        camera: whether the camera is shown.
        shuffles: counts how often the visitor asked for other items to start from.
        moves: counts the queries and the steps back.
        resets: counts the times that the page changed a control by itself.
    """

    trail: list[Step] = field(default_factory=list)
    wishes: SearchState = field(default_factory=SearchState)
    together: bool = True
    refusals: tuple[str, ...] = ()
    uploads: int = 0
    camera: bool = False
    shuffles: int = 0
    moves: int = 0

    @classmethod
    def of(
        cls,
        session: MutableMapping[Any, Any],
        params: Mapping[str, Sequence[str]],
        catalogue: Catalogue,
    ) -> Visit:
        """The visit that a session holds; at first what the page's address asks for."""
        if _KEY not in session:
            wishes = SearchState.from_params(params, catalogue)
            session[_KEY] = cls(trail=[wishes.item] if wishes.item else [], wishes=wishes)
        visit: Visit = session[_KEY]
        return visit

    @property
    def searching(self) -> bool:
        """Whether there is anything to show results for."""
        return bool(self.trail or self.wishes.words or self.wishes.filters)

    @property
    def photos(self) -> tuple[Photo, ...]:
        """The photos of the query shown; none if it is an item."""
        step = self.trail[-1] if self.trail else ()
        return () if isinstance(step, str) else step

    @property
    def item(self) -> str:
        """The id of the item searched with; "" if it is not one."""
        step = self.trail[-1] if self.trail else ""
        return step if isinstance(step, str) else ""

    def wish(self, **changes: Any) -> None:
        """Change some of the wishes."""
        self.wishes = replace(self.wishes, **changes)

    def filter_by(self, attribute: str, values: Sequence[str]) -> None:
        """Filter by these values of an attribute; by none takes the filter back."""
        filters = {**self.wishes.filters, attribute: tuple(values)}
        self.wish(filters={name: kept for name, kept in filters.items() if kept})

    def search_photos(self, photos: Sequence[Photo], *, add: bool = False) -> None:
        """Start over with photos, or add them to those that are searched with."""
        self.trail = [(*(self.photos if add else ()), *photos)]
        self._moved()

    def remove_photo(self, number: int) -> None:
        """Take one of the photos away."""
        left = tuple(photo for i, photo in enumerate(self.photos) if i != number)
        self.trail = [left] if left else []
        self._moved()

    def search_item(self, item_id: str) -> None:
        """Go on to the items like this one; filters stay."""
        if self.item != item_id:  # A double click is one step.
            self.trail.append(item_id)
        self._moved()

    def like(self, item_id: str) -> None:
        """Search more like this item; a second time takes it back."""
        liked = _toggled(self.wishes.liked, item_id)
        self.wish(liked=liked, disliked=_dropped(self.wishes.disliked, item_id))

    def dislike(self, item_id: str) -> None:
        """Search less like this item; a second time takes it back."""
        disliked = _toggled(self.wishes.disliked, item_id)
        self.wish(disliked=disliked, liked=_dropped(self.wishes.liked, item_id))

    def reset(self) -> None:
        """Take back all wishes; the query stays."""
        self.wishes = SearchState(
            k=self.wishes.k, engine=self.wishes.engine, metric=self.wishes.metric,
            item=self.wishes.item,
        )  # fmt: skip

    def back(self, steps: int = 1) -> None:
        """To a query before this one, or to the start."""
        del self.trail[max(0, len(self.trail) - steps) :]
        self._moved()

    def start_over(self) -> None:
        """Forget the photos, the trail and the wishes."""
        self.trail = []
        self._moved()
        self.reset()

    def shuffle(self) -> None:
        """Ask for other items to start from."""
        self.shuffles += 1

    def _moved(self) -> None:
        self.refusals = ()
        self.camera = False
        self.moves += 1
        # Examples were given for the query before.
        self.wish(item=self.item, liked=(), disliked=(), in_colour="")


def _toggled(ids: tuple[str, ...], item_id: str) -> tuple[str, ...]:
    return _dropped(ids, item_id) if item_id in ids else (*ids, item_id)


def _dropped(ids: tuple[str, ...], item_id: str) -> tuple[str, ...]:
    return tuple(other for other in ids if other != item_id)
