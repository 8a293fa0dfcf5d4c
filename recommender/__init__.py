"""Visual search and recommendation for fashion.

Index a catalogue once, then find the products that look most like a photo:

    from recommender import Recommender, build_index

    build_index("data")
    for match in Recommender.open("artifacts").search("photo.jpg"):
        print(match.rank, match.title, match.similarity)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recommender.errors import RecommenderError

if TYPE_CHECKING:
    from recommender.indexing import BuildReport, build_index
    from recommender.results import Prediction, Recommendation
    from recommender.search import Recommender

__all__ = [
    "BuildReport",
    "Prediction",
    "Recommendation",
    "Recommender",
    "RecommenderError",
    "build_index",
]

_HOMES = {
    "BuildReport": "recommender.indexing",
    "build_index": "recommender.indexing",
    "Prediction": "recommender.results",
    "Recommendation": "recommender.results",
    "Recommender": "recommender.search",
}


def __getattr__(name: str) -> Any:
    # On first use, so that `import recommender` stays instant.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
