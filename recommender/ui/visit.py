"""What one visitor has done so far: the photo, and the way from query to query."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from recommender.ui.uploads import Photo

Step = Photo | str
"""A query: the visitor's photo, or the file name of an item."""

_KEY = "visit"


@dataclass
class Visit:
    """One visitor's session.

    Attributes:
        trail: the queries from the first to the one shown; only the first can be a photo.
        refusal: why the last upload could not be used; empty if it could.
        uploads: counts uploads: each is followed by a new upload field, so that Streamlit lets go
            of the file.
        shuffles: counts how often the visitor asked for other items to start from.
        moves: counts the queries and the steps back.
    """

    trail: list[Step] = field(default_factory=list)
    refusal: str = ""
    uploads: int = 0
    shuffles: int = 0
    moves: int = 0

    @classmethod
    def of(cls, session: MutableMapping[Any, Any]) -> Visit:
        """The visit that a session holds; a new one at first."""
        if _KEY not in session:
            session[_KEY] = cls()
        visit: Visit = session[_KEY]
        return visit

    def search_photo(self, photo: Photo) -> None:
        """Start over with a new photo."""
        self.trail = [photo]
        self._moved()

    def search_item(self, filename: str) -> None:
        """Go on to the items like this one."""
        if self.trail[-1:] != [filename]:  # A double click is one step.
            self.trail.append(filename)
        self._moved()

    def back(self, steps: int = 1) -> None:
        """To a query before this one, or to the start."""
        del self.trail[max(0, len(self.trail) - steps) :]
        self._moved()

    def start_over(self) -> None:
        """Forget the photo and the trail."""
        self.back(len(self.trail))

    def shuffle(self) -> None:
        """Ask for other items to start from."""
        self.shuffles += 1

    def _moved(self) -> None:
        self.refusal = ""
        self.moves += 1
