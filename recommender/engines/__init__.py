"""Search engines by name. Importing this loads none of their libraries."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.engines.base import Allowed, Attributes, Hits, SearchEngine
from recommender.errors import QueryError

__all__ = [
    "Allowed",
    "Attributes",
    "Hits",
    "SearchEngine",
    "engine_names",
    "get_engine",
    "installed_engines",
]

_ENGINES = {
    "exact": ("recommender.engines.exact:ExactEngine", "sklearn"),
    "faiss": ("recommender.engines.faiss:FaissEngine", "faiss"),
    "milvus": ("recommender.engines.milvus:MilvusEngine", "pymilvus"),
}
"""Name → the class, and the library that it needs."""


def engine_names() -> list[str]:
    """Names that `get_engine` takes, the default first."""
    return list(_ENGINES)


def installed_engines() -> list[str]:
    """Those of them whose library is installed."""
    return [name for name, (_, library) in _ENGINES.items() if find_spec(library) is not None]


def get_engine(
    name: str,
    embeddings: npt.NDArray[np.float32],
    *,
    folder: Path | None = None,
    attributes: Attributes = dict,
) -> SearchEngine:
    """Build an engine over a gallery.

    Args:
        name: one of `engine_names()`.
        embeddings: float32 (n, dim), C-contiguous.
        folder: where the engine may keep what takes long to build; None keeps nothing.
        attributes: what the gallery is filtered by, for an engine that filters by itself.

    Raises:
        QueryError: there is no engine of that name.
        MissingExtraError: its library is not installed.
        EngineError: its database cannot be used.
    """
    if name not in _ENGINES:
        raise QueryError(f"there is no engine {name!r}; choose one of: {', '.join(_ENGINES)}")
    module, _, attribute = _ENGINES[name][0].partition(":")
    engine: SearchEngine = getattr(import_module(module), attribute)(
        embeddings, folder=folder, attributes=attributes
    )
    return engine
