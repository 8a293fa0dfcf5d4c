"""Fixtures of the tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.ui.serving import chrome


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium whose camera shows a test picture."""
    with chrome(camera=True) as browser:
        yield browser
