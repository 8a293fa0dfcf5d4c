"""A sentence about a product, of what the catalogue knows of it."""

from __future__ import annotations

from recommender.catalogue import Item

_WEARERS = {"unisex": "everyone"}
_USES = {"sports": "sports", "travel": "travel", "party": "parties", "home": "the home"}
_COLOURS = {"multi": "several colours"}


def describe(item: Item) -> str:
    """A sentence about a product; what is not known is left out.

    >>> describe(Item("1", "1.jpg", "Kick", {"articleType": "Casual Shoes", "gender": "Men",
    ...     "baseColour": "Navy Blue", "usage": "Casual", "season": "Summer", "year": 2012}))
    'Casual shoes in navy blue for men, for casual wear, from the summer 2012 collection.'
    >>> describe(Item("2", "2.jpg", "Kick", {"baseColour": "Red", "gender": "Unisex"}))
    'Kick: in red for everyone.'
    >>> describe(Item("3", "3.jpg", "Kick"))
    'Kick.'
    """
    kind, colour, wearer = (_known(item, name) for name in ("articleType", "baseColour", "gender"))
    words = []
    if colour:
        words.append(f"in {_COLOURS.get(colour, colour)}")
    if wearer:
        words.append(f"for {_WEARERS.get(wearer, wearer)}")
    parts = [" ".join(words)] if words else []
    usage = _known(item, "usage")
    if usage:
        parts.append(f"for {_USES.get(usage, f'{usage} wear')}")
    collection = " ".join(filter(None, (_known(item, "season"), _known(item, "year"))))
    if collection:
        parts.append(f"from the {collection} collection")
    if not kind:
        return f"{item.title}: {', '.join(parts)}." if parts else f"{item.title}."
    subject = kind[:1].upper() + kind[1:]
    return f"{subject} {', '.join(parts)}." if parts else f"{subject}."


def _known(item: Item, attribute: str) -> str:
    value = item.attributes.get(attribute)
    return "" if value is None else str(value).lower()
