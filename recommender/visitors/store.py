"""Favourites and viewing history, for several visitors and processes at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

from recommender.errors import StorageError
from recommender.visitors.database import connect, readable_errors, transaction
from recommender.visitors.history import Event, History
from recommender.visitors.identity import stored_form

MOST_FAVOURITES = 500
"""Products that a visitor can save."""
MOST_VIEWS = 200
"""Products that are kept of those a visitor looked at: the newest."""
FORGOTTEN_AFTER = 180
"""Days after the last product saved or looked at, at which a visitor is forgotten."""

_DAY = 86400.0
Table: TypeAlias = Literal["favourites", "views"]


class VisitorStore:
    """What is kept of the visitors; one for all the threads of a process.

    A visitor begins to exist with the first product saved or looked at. An id of nobody has an
    empty history.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Open the file, which is made if it is missing.

        Args:
            path: of the SQLite file.
            clock: seconds since 1970.

        Raises:
            StorageError: the file cannot be written, is none of this kind, or is a newer program's.
        """
        self._path = path
        self._clock = clock
        self._database = connect(path)
        self._lock = threading.Lock()
        self._swept = 0.0

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def history(self, visitor: str) -> History:
        """What a visitor saved and looked at.

        Raises:
            StorageError: the file cannot be read any more; so do the methods below.
        """
        with self._lock, readable_errors(self._path):
            key = stored_form(visitor)
            return History(self._events("favourites", key), self._events("views", key))

    def save(self, visitor: str, item: str) -> None:
        """Make a product a favourite; one that is keeps its time.

        Raises:
            StorageError: there is no room for another favourite.
        """
        with self._writing(visitor) as (key, now):
            self._database.execute(
                "INSERT OR IGNORE INTO favourites VALUES (?, ?, ?)", (key, item, now)
            )
            if self._count("favourites", key) > MOST_FAVOURITES:
                raise StorageError(
                    f"there is room for {MOST_FAVOURITES} favourites: remove one to save another"
                )

    def unsave(self, visitor: str, item: str) -> None:
        """Make a product no favourite any more."""
        with self._writing(visitor) as (key, _):
            self._database.execute(
                "DELETE FROM favourites WHERE visitor = ? AND item = ?", (key, item)
            )

    def view(self, visitor: str, item: str) -> None:
        """Note that a product was looked at; only the last time of each is kept."""
        with self._writing(visitor) as (key, now):
            self._database.execute(
                "INSERT OR REPLACE INTO views VALUES (?, ?, ?)", (key, item, now)
            )
            self._trim_views(key)

    def adopt(self, visitor: str, other: str) -> None:
        """Give a visitor all that is kept of another, who is forgotten."""
        if visitor == other:
            return
        with self._writing(visitor) as (key, _):
            for table in ("favourites", "views"):
                self._database.execute(
                    f"INSERT INTO {table} SELECT ?, item, at FROM {table} WHERE visitor = ? "
                    "ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
                    (key, stored_form(other)),
                )
            self._database.execute(
                "DELETE FROM favourites WHERE visitor = ? AND item NOT IN (SELECT item FROM "
                "favourites WHERE visitor = ? ORDER BY at DESC LIMIT ?)",
                (key, key, MOST_FAVOURITES),
            )
            self._trim_views(key)
            self._forget(stored_form(other))

    def forget(self, visitor: str) -> None:
        """Delete all that is kept of a visitor."""
        with self._lock, readable_errors(self._path), transaction(self._database):
            self._forget(stored_form(visitor))

    @contextmanager
    def _writing(self, visitor: str) -> Iterator[tuple[bytes, float]]:
        """A transaction in which a visitor is seen; gives the stored form of the id, and the time.

        Visitors not seen for long are forgotten on the way, once a day.
        """
        now = self._clock()
        key = stored_form(visitor)
        with self._lock, readable_errors(self._path), transaction(self._database):
            if now - self._swept > _DAY:
                oldest = now - FORGOTTEN_AFTER * _DAY
                self._database.execute("DELETE FROM visitors WHERE seen < ?", (oldest,))
                self._swept = now
            self._database.execute(
                "INSERT INTO visitors VALUES (?, ?) ON CONFLICT DO UPDATE SET seen = excluded.seen",
                (key, now),
            )
            yield key, now

    def _events(self, table: Table, key: bytes) -> tuple[Event, ...]:
        rows = self._database.execute(
            f"SELECT item, at FROM {table} WHERE visitor = ? ORDER BY at DESC, item", (key,)
        )
        return tuple(Event(item, at) for item, at in rows)

    def _count(self, table: Table, key: bytes) -> int:
        row = self._database.execute(f"SELECT count(*) FROM {table} WHERE visitor = ?", (key,))
        count: int = row.fetchone()[0]
        return count

    def _trim_views(self, key: bytes) -> None:
        self._database.execute(
            "DELETE FROM views WHERE visitor = ? AND item NOT IN (SELECT item FROM views "
            "WHERE visitor = ? ORDER BY at DESC LIMIT ?)",
            (key, key, MOST_VIEWS),
        )

    def _forget(self, key: bytes) -> None:
        self._database.execute("DELETE FROM visitors WHERE id = ?", (key,))
