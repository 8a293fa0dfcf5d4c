"""The SQLite file of the visitors: opened, brought up to date, and its errors in plain words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import StorageError

_PATIENCE = 30.0
"""Seconds to wait for another process that writes."""

# Each brings the file from the version of its place to the next; a released one never changes.
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE visitors (id BLOB PRIMARY KEY, seen REAL NOT NULL) WITHOUT ROWID",
        "CREATE INDEX visitors_seen ON visitors (seen)",
        *(
            f"CREATE TABLE {table} ("
            "visitor BLOB NOT NULL REFERENCES visitors ON DELETE CASCADE, "
            "item TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (visitor, item)) WITHOUT ROWID"
            for table in ("favourites", "views")
        ),
    ),
)


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, which is made if it is missing, with the schema of this program.

    Readers and writers do not wait for each other (write-ahead log), and one writer waits for the
    next. What is committed outlives the process; a crash of the machine may take the last moments.

    Args:
        path: on a disk of this machine: a write-ahead log does not work on a network's.

    Returns:
        a connection in autocommit mode, for any thread, but for one at a time.

    Raises:
        StorageError: the file cannot be written, is none of this kind, or is a newer program's.
    """
    with readable_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(
            path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("PRAGMA foreign_keys = ON")
            # What is deleted is overwritten, not just no longer found.
            database.execute("PRAGMA secure_delete = ON")
            _migrate(database, path)
        except BaseException:
            database.close()
            raise
    return database


def check_place(path: Path) -> None:
    """See whether the file could be made, without making it.

    Raises:
        StorageError: it could not.
    """
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise StorageError(
            f"cannot write {path}: change the permissions of {folder}, or name another file with "
            "--visitors"
        )


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All that is written within takes effect, or nothing does."""
    # At once a writer: one that began as a reader cannot wait for its turn.
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Raise the errors of SQLite, and of the disk, as a `StorageError` of one line."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"cannot write {path} ({error}): see that there is space and permission, or name "
            "another file with --visitors"
        ) from None
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise  # Of a kind that only this program can cause.
        raise StorageError(
            f"cannot use {path} ({error}): move it away, or name another file with --visitors"
        ) from None
    except OSError as error:
        raise StorageError(
            f"cannot write {path} ({error.strerror or error}): change its permissions, or name "
            "another file with --visitors"
        ) from None


def _migrate(database: sqlite3.Connection, path: Path) -> None:
    if _version(database) == len(_MIGRATIONS):
        return
    with transaction(database):
        version = _version(database)  # Another process may have been quicker.
        if version > len(_MIGRATIONS):
            raise StorageError(
                f"{path} was written by a newer version of this program (schema {version}, known "
                f"is {len(_MIGRATIONS)}): update, or name another file with --visitors"
            )
        for statements in _MIGRATIONS[version:]:
            for statement in statements:
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")


def _version(database: sqlite3.Connection) -> int:
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    return version
