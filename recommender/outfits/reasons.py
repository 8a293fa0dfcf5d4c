"""Why a piece was chosen, in words."""

from __future__ import annotations

from collections.abc import Mapping

from recommender.likeness import COLOUR
from recommender.outfits.harmony import relation
from recommender.outfits.kinds import never
from recommender.outfits.query import SEASON, USAGE, Query


def reasons(
    attributes: Mapping[str, object], query: Query, behind: int, choices: int
) -> tuple[str, ...]:
    """Why a piece was chosen, in a few words each, the colour first.

    Args:
        attributes: of the piece.
        query: what the outfit is built around.
        behind: how many of those that fit are less like the query in style.
        choices: how many fit.
    """
    found = []
    colour = attributes.get(COLOUR)
    if colour is not None and query.colour is not None:
        related = relation(query.colour, str(colour))
        found.append(related or f"{colour} with {query.colour}: not single colours")
    if choices == 1:
        found.append("the only one that fits")
    elif behind == choices - 1:
        found.append(f"the closest in style of {choices:,} that fit")
    elif behind:
        share = int(100 * behind / choices)
        found.append(f"closer in style than {share} % of {choices:,} that fit")
    wanted = ((USAGE, query.usage), (SEASON, query.season))
    shared = [value for name, value in wanted if value and attributes.get(name) == value]
    if shared:
        found.append(f"also {' and '.join(shared)}")
    return tuple(found) or ("it fits; no more is known of it",)


def why_not(query: Query) -> str:
    """Why no outfit is built around something."""
    what = never(*query.category)
    kind = query.article if what is None else f"{query.article} ({what})"
    return f"no outfit is built around {kind}: only clothes, shoes and what is worn with them"
