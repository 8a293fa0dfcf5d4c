"""Searches run in a few threads, so that they never hold up the pages of the app."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from recommender.api.problems import Problem

AT_ONCE = 2
"""Searches that run at once; the model and the matrix product use several cores each."""
WAITING = 14
"""Requests beyond these: with as many photos of the largest size, memory stays bounded."""
Answer = TypeVar("Answer")


class Workers:
    """A few threads, and a bounded number of requests for them. Used from one event loop.

    A client that sends its photo slowly keeps its place until `photos` has waited long enough; the
    pages of the app need no places.
    """

    def __init__(self, *, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        """Start no thread yet.

        Args:
            at_once: threads.
            waiting: requests that may have a place besides those that are being answered.
        """
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="api")
        self._free = at_once + waiting

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places: from before the photo is read until the answer is there.

        Raises:
            Problem: all are taken.
        """
        if not self._free:
            raise Problem(
                503, "too many searches at once: try again in a second",
                headers={"Retry-After": "1"},
            )  # fmt: skip
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """The result of a piece of work, once a thread has done it."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
