"""The visitor of a session: favourites and history, and whether they can be kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from recommender.errors import RecommenderError
from recommender.ui.shop import settings_at_hand
from recommender.visitors import (
    History,
    VisitorStore,
    check_place,
    is_visitor_id,
    new_visitor_id,
)

COOKIE = "fashion-visitor"
_KEY = "visitor"


@dataclass(eq=False)
class Visitor:
    """The visitor of one session.

    Attributes:
        id: the random number; None for nobody yet, of whom nothing is kept.
        problem: why nothing can be kept, in a line; "" if it can.
        refusal: why the last product could not be saved or noted, in a line; "" if it could.
        to_tell: whether the browser's cookie is still to be brought in step with `id`.
        is_new: whether something was kept of this visitor for the first time, in this very run.
    """

    id: str | None = None
    problem: str = ""
    refusal: str = ""
    to_tell: bool = False
    is_new: bool = False
    _told: bool = field(default=False, repr=False)
    _history: History | None = field(default=None, repr=False)
    # The browser's answer comes in a thread of its own.
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @classmethod
    def of_session(cls) -> Visitor:
        """The visitor of this session."""
        if _KEY not in st.session_state:
            known = _cookie()
            st.session_state[_KEY] = cls(id=known if is_visitor_id(known) else None)
        visitor: Visitor = st.session_state[_KEY]
        return visitor

    def begin_run(self) -> None:
        """Read the history anew: another tab may have changed it."""
        self._history = None
        self.problem = ""

    @property
    def history(self) -> History:
        """What is kept of the visitor; empty for nobody, and where nothing can be kept."""
        if self._history is None:
            self._history = History()
            try:
                self._history = self._read()
            except RecommenderError as error:
                self.problem = str(error)
            if not self._history:
                self._told = False  # Deleted in another tab perhaps, and the cookie with it.
        return self._history

    def _read(self) -> History:
        path = _path()
        if self.id is None and not path.exists():
            check_place(path)  # The file is made for the first who needs it.
            return History()
        store = open_store()
        return History() if self.id is None else store.history(self.id)

    def likes(self, item_id: str) -> bool:
        """Whether a product is a favourite."""
        return any(event.item == item_id for event in self.history.favourites)

    def toggle(self, item_id: str) -> None:
        """Make a product a favourite, or take that back."""
        liked = self.likes(item_id)
        with self._changing():
            store = open_store()
            (store.unsave if liked else store.save)(self._begun(), item_id)

    def look_at(self, item_id: str) -> None:
        """Note that the visitor looks at a product; drawing the page again is no second look."""
        newest = self.history.views[:1]
        if self.problem or (newest and newest[0].item == item_id):
            return
        with self._changing():
            open_store().view(self._begun(), item_id)

    def forget(self) -> None:
        """Delete all that is kept, and the cookie with it."""
        with self._changing():
            if self.id is not None:
                open_store().forget(self.id)
                self.id = None
                self.to_tell = True

    def is_also(self, known: str) -> None:
        """The browser already holds an id, from another tab: both are one visitor from now on.

        Raises:
            RecommenderError: what is kept of the two cannot be put together.
        """
        with self._lock:
            if self.id is not None and self.id != known:
                open_store().adopt(known, self.id)
                self.id = known

    def _begun(self) -> str:
        # Once in each session that keeps something, so that the cookie does not run out.
        if not self._told:
            self.to_tell = self._told = True
        if self.id is None:
            self.id = new_visitor_id()
            self.is_new = True
        return self.id

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except RecommenderError as error:
            self.refusal = str(error)
        self._history = None


def open_store() -> VisitorStore:
    """The store of the catalogue that is shown, opened once a process.

    Raises:
        RecommenderError: it cannot be opened, and why.
    """
    return _open(_path())


def _path() -> Path:
    return settings_at_hand().visitors_file.absolute()


@st.cache_resource(max_entries=1, show_spinner=False)
def _open(path: Path) -> VisitorStore:
    return VisitorStore(path)


def _cookie() -> str | None:
    """What the browser sent when it connected."""
    known: object = st.context.cookies.get(COOKIE)
    # Streamlit's tests without a browser have a stand-in for it.
    return known if isinstance(known, str) else None
