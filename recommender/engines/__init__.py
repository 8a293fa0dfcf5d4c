"""Search engines by name. Importing this loads none of their libraries."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import numpy.typing as npt

from recommender.engines.base import Allowed, Hits, SearchEngine
from recommender.errors import QueryError

__all__ = ["Allowed", "Hits", "SearchEngine", "engine_names", "get_engine"]

_ENGINES = {"exact": "recommender.engines.exact:ExactEngine"}


def engine_names() -> list[str]:
    """Names that `get_engine` takes, the default first."""
    return list(_ENGINES)


def get_engine(name: str, embeddings: npt.NDArray[np.float32]) -> SearchEngine:
    """Build an engine over a gallery.

    Args:
        name: one of `engine_names()`.
        embeddings: float32 (n, dim), C-contiguous.

    Raises:
        QueryError: there is no engine of that name.
    """
    if name not in _ENGINES:
        raise QueryError(f"there is no engine {name!r}; choose one of: {', '.join(_ENGINES)}")
    module, _, attribute = _ENGINES[name].partition(":")
    engine: SearchEngine = getattr(import_module(module), attribute)(embeddings)
    return engine
