"""What an encoder may tell about its embedding: which numbers stand for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


@runtime_checkable
class AspectEncoder(Protocol):
    """An encoder parts of whose embedding stand for something of their own."""

    @property
    def aspects(self) -> Mapping[str, slice]:
        """Aspect, such as ``colour`` → the numbers of the embedding that tell it."""
