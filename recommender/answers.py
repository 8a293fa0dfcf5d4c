"""What a search or an outfit is as JSON: the same on the command line and over HTTP."""

from __future__ import annotations

from typing import Any

from recommender.outfits import Outfit
from recommender.wishes import Found, Match, Wishes


def search_answer(query: str, found: Found, wishes: Wishes, *, measured: bool) -> dict[str, Any]:
    """A search as JSON.

    Args:
        query: what was searched for, in words or by its name.
        found: what was found.
        wishes: what was asked for besides.
        measured: whether the query has a look, so that each result is at a distance from it.

    Returns:
        ``query`` and ``results``, and where words were given ``understood``: what they became.
    """
    answer: dict[str, Any] = {"query": query}
    if wishes.words.strip():
        asked = found.understood
        answer["understood"] = {
            "filters": {name: list(values) for name, values in asked.filters.items()},
            "excluded": {name: list(values) for name, values in asked.excluded.items()},
            "rest": asked.rest,
            "notes": list(asked.notes),
        }
    results = [
        match.recommendation.to_json() if measured else _scored(match) for match in found.matches
    ]
    return answer | {"results": results}


def outfit_answer(query: str, outfit: Outfit) -> dict[str, Any]:
    """An outfit as JSON.

    Args:
        query: what it was made for, by its name.
        outfit: the pieces.

    Returns:
        ``query``, ``missing`` with the reason of each empty slot, ``notes`` and ``results``.
    """
    return {
        "query": query,
        "missing": [{"slot": slot.name, "reason": slot.reason} for slot in outfit.missing],
        "notes": list(outfit.notes),
        "results": [slot.to_json() for slot in outfit.slots],
    }


def _scored(match: Match) -> dict[str, Any]:
    """A result of words or filters alone, which is at no distance from anything."""
    item = match.recommendation
    return {
        "rank": item.rank,
        "id": item.id,
        "filename": item.filename,
        "score": round(match.score, 6),
        "attributes": item.attributes,
    }
