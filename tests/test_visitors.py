"""Favourites and history: kept, bounded, forgotten, and safe from each other."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from recommender.catalogue import Catalogue, Item
from recommender.errors import StorageError
from recommender.visitors import (
    FORGOTTEN_AFTER,
    MOST_FAVOURITES,
    MOST_VIEWS,
    History,
    VisitorStore,
    check_place,
    database,
    is_visitor_id,
    new_visitor_id,
)

DAY = 86400.0
WRITERS, EACH = 20, 10


class Clock:
    """Moves on by a second whenever it is read, and as far as a test wants."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "visitors.db"


@pytest.fixture
def store(path: Path, clock: Clock) -> Iterator[VisitorStore]:
    store = VisitorStore(path, clock=clock)
    yield store
    store.close()


def saved(history: History) -> list[str]:
    return [event.item for event in history.favourites]


def viewed(history: History) -> list[str]:
    return [event.item for event in history.views]


def test_what_is_saved_is_there_for_the_next_process(path: Path, store: VisitorStore) -> None:
    me, other = new_visitor_id(), new_visitor_id()
    for item in ("1", "2", "3"):
        store.save(me, item)
        store.view(me, item)
    store.unsave(me, "2")
    store.view(me, "1")
    store.close()
    again = VisitorStore(path)
    assert saved(again.history(me)) == ["3", "1"]
    assert viewed(again.history(me)) == ["1", "3", "2"]
    assert not again.history(other)
    again.close()


def test_saving_twice_keeps_the_first_time(store: VisitorStore) -> None:
    me = new_visitor_id()
    store.save(me, "1")
    before = store.history(me)
    store.save(me, "1")
    assert store.history(me) == before


def test_the_file_does_not_hold_ids(path: Path, store: VisitorStore) -> None:
    me = new_visitor_id()
    store.save(me, "a-product")
    store.close()
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"a-product" in held
    assert me.encode() not in held


@pytest.mark.parametrize(
    "text", ["", "x" * 42, "x" * 44, "x" * 42 + "\n", "x" * 42 + "'", "é" * 43, None]
)
def test_what_is_no_id_is_told(text: str | None) -> None:
    assert not is_visitor_id(text)


def test_items_and_ids_are_data_and_not_sql(store: VisitorStore) -> None:
    hostile = "'; DROP TABLE favourites; --"
    store.save(hostile, hostile)
    assert saved(store.history(hostile)) == [hostile]


def test_the_oldest_views_make_room(store: VisitorStore) -> None:
    me = new_visitor_id()
    for number in range(MOST_VIEWS + 3):
        store.view(me, str(number))
    items = viewed(store.history(me))
    assert len(items) == MOST_VIEWS
    assert items[0] == str(MOST_VIEWS + 2)
    assert items[-1] == "3"


def test_too_many_favourites_are_refused_and_none_is_lost(store: VisitorStore) -> None:
    me = new_visitor_id()
    for number in range(MOST_FAVOURITES):
        store.save(me, str(number))
    with pytest.raises(StorageError, match="remove one"):
        store.save(me, "one more")
    assert len(saved(store.history(me))) == MOST_FAVOURITES
    store.save(me, "0")  # It is one already.


def test_who_is_not_seen_for_long_is_forgotten(store: VisitorStore, clock: Clock) -> None:
    gone, still_here = new_visitor_id(), new_visitor_id()
    store.save(gone, "1")
    store.view(gone, "2")
    clock.now += (FORGOTTEN_AFTER - 1) * DAY
    store.view(still_here, "1")
    assert store.history(gone)
    clock.now += 2 * DAY
    store.view(still_here, "1")
    assert not store.history(gone)
    assert store.history(still_here)


def test_forgetting_one_leaves_the_others(store: VisitorStore) -> None:
    me, other = new_visitor_id(), new_visitor_id()
    for visitor in (me, other):
        store.save(visitor, "1")
        store.view(visitor, "1")
    store.forget(me)
    assert not store.history(me)
    assert saved(store.history(other)) == viewed(store.history(other)) == ["1"]


def test_two_that_turn_out_to_be_one(store: VisitorStore) -> None:
    me, other = new_visitor_id(), new_visitor_id()
    store.save(me, "both")
    store.save(me, "mine")
    store.save(other, "theirs")
    store.save(other, "both")
    store.view(other, "seen")
    store.adopt(me, other)
    assert saved(store.history(me)) == ["both", "theirs", "mine"]
    assert viewed(store.history(me)) == ["seen"]
    assert not store.history(other)
    store.adopt(me, me)
    assert saved(store.history(me)) == ["both", "theirs", "mine"]


def write(path: Path, writer: int) -> str:
    """One writer of its own, for a process of its own."""
    store = VisitorStore(path)
    me = new_visitor_id()
    for number in range(EACH):
        store.save(me, f"{writer}-{number}")
        store.view("everybody", f"{writer}-{number}")
    store.close()
    return me


def test_twenty_threads_lose_nothing(store: VisitorStore) -> None:
    def work(writer: int) -> None:
        for number in range(EACH):
            store.save("everybody", f"{writer}-{number}")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    expected = {f"{writer}-{number}" for writer in range(WRITERS) for number in range(EACH)}
    assert set(saved(store.history("everybody"))) == expected


def test_twenty_writers_in_four_processes_lose_nothing(path: Path) -> None:
    # None has opened the file: all of them make it at once.
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        visitors = list(pool.map(write, [path] * WRITERS, range(WRITERS)))
    store = VisitorStore(path)
    for writer, visitor in enumerate(visitors):
        expected = {f"{writer}-{number}" for number in range(EACH)}
        assert set(saved(store.history(visitor))) == expected
    assert len(viewed(store.history("everybody"))) == WRITERS * EACH == MOST_VIEWS
    store.close()


def test_an_older_file_is_brought_up_to_date(
    path: Path, store: VisitorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save("me", "1")
    store.close()
    later = (*database._MIGRATIONS, ("ALTER TABLE views ADD COLUMN times INTEGER DEFAULT 1",))
    monkeypatch.setattr(database, "_MIGRATIONS", later)
    newer = VisitorStore(path)
    assert saved(newer.history("me")) == ["1"]
    newer.close()
    monkeypatch.undo()
    with pytest.raises(StorageError, match=r"newer version .*schema 2, known is 1"):
        VisitorStore(path)


def test_a_migration_that_fails_changes_nothing(
    path: Path, store: VisitorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save("me", "1")
    store.close()
    wrong = (*database._MIGRATIONS, ("DROP TABLE favourites", "no SQL at all"))
    monkeypatch.setattr(database, "_MIGRATIONS", wrong)
    with pytest.raises(StorageError):
        VisitorStore(path)
    monkeypatch.undo()
    again = VisitorStore(path)
    assert saved(again.history("me")) == ["1"]
    again.close()


def test_a_file_of_another_kind_is_refused_and_kept(path: Path) -> None:
    path.write_text("a shopping list, longer than the header of a database" * 20)
    with pytest.raises(StorageError, match="move it away"):
        VisitorStore(path)
    assert path.read_text().startswith("a shopping list")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="--visitors"):
        VisitorStore(tmp_path / "file" / "visitors.db")
    with pytest.raises(StorageError, match="--visitors"):
        check_place(tmp_path / "file" / "visitors.db")


def test_a_place_is_looked_at_without_a_trace(tmp_path: Path) -> None:
    check_place(tmp_path / "folder" / "visitors.db")
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written(path: Path, store: VisitorStore) -> None:
    store.save("me", "1")
    store._database.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match=r"cannot write .*visitors\.db"):
        store.save("me", "2")
    assert saved(store.history("me")) == ["1"]


def test_a_lock_held_by_another_is_reported(
    path: Path, store: VisitorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._database.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(StorageError, match="locked"):
        store.save("me", "1")
    assert not store.history("me")  # Readers do not wait.
    other.execute("COMMIT")
    store.save("me", "1")
    other.close()


def test_the_export_names_products_and_times(store: VisitorStore, clock: Clock) -> None:
    store.save("me", "1")
    store.view("me", "gone")
    catalogue = Catalogue((Item("1", "images/1.jpg", "A red shirt"),))
    assert store.history("me").to_json(catalogue) == {
        "favourites": [{"id": "1", "title": "A red shirt", "at": "1970-01-12T13:46:41+00:00"}],
        "viewed": [{"id": "gone", "title": None, "at": "1970-01-12T13:46:42+00:00"}],
    }
