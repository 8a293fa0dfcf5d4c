"""What the API can be asked, in one table: the addresses and their description both follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from recommender import tutorials
from recommender.answers import outfit_answer, search_answer
from recommender.api.parameters import (
    ITEM,
    SEARCH,
    Given,
    Parameter,
    asks_for_something,
    read_filters,
    read_search,
)
from recommender.api.problems import Problem
from recommender.catalogue import Item
from recommender.errors import QueryError
from recommender.finding import Finder, Found, Wishes
from recommender.likeness import Look, look_of_item, look_of_vector
from recommender.manifest import read_manifest

Json: TypeAlias = dict[str, Any]
PHOTO = "photo"
"""What an answer calls a query that has no name."""


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What the API serves. Each may raise a `RecommenderError`.

    Attributes:
        finder: opens the catalogue, and the model with it; quick once it is open.
        artifacts: names the index folder.
        thumbnail: the address of an item's picture, relative to the folder that holds ``api/``;
            None where the picture is missing. Takes the picture's path, too.
    """

    finder: Callable[[], Finder]
    artifacts: Callable[[], Path]
    thumbnail: Callable[[Item, Path], str | None]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request.

    Attributes:
        item: id in the address, if it has one.
        given: parameter → values, checked already.
        photo: bytes of the photo, if one is searched with.
        up: from the address to the folder that holds ``api/``, such as ``../../``.
    """

    item: str = ""
    given: Given = field(default_factory=dict)
    photo: bytes = field(default=b"", repr=False)
    up: str = ""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that can be asked.

    Attributes:
        method: of HTTP.
        path: below ``/api/v1``; ``{id}`` stands for the id of a product.
        name: in the description, and in what clients generate from it.
        about: one line.
        answer: computes it; slow and blocking, unless it is `light`.
        schema: name of the answer's schema in the description.
        parameters: that it takes.
        filters: whether it takes ``where.ATTRIBUTE``, too.
        light: whether it needs neither index nor model in memory.
    """

    method: str
    path: str
    name: str
    about: str
    answer: Callable[[Shop, Asked], Json]
    schema: str
    parameters: tuple[Parameter, ...] = ()
    filters: bool = False
    light: bool = False

    @property
    def takes_photo(self) -> bool:
        return self.method == "POST"


def search(shop: Shop, asked: Asked) -> Json:
    """Search by words and filters, or with a product, as an address of the page does."""
    finder = shop.finder()
    wishes = read_search(asked.given, finder)
    if wishes.item:
        look = look_of_item(finder.recommender, wishes.item)
        return _found(shop, asked, finder, look, wishes, query=wishes.item)
    if not asks_for_something(wishes):
        raise QueryError(
            "nothing to search for: give words=..., item=... or where.ATTRIBUTE=..., or POST a "
            "photo"
        )
    return _found(shop, asked, finder, None, wishes, query=wishes.words)


def search_photo(shop: Shop, asked: Asked) -> Json:
    """Search with a photo."""
    finder = shop.finder()
    wishes = read_search(asked.given, finder)
    look = look_of_vector(finder.recommender, finder.recommender.embed(asked.photo))
    return _found(shop, asked, finder, look, wishes, query=PHOTO)


def similar(shop: Shop, asked: Asked) -> Json:
    """Search with a product of the catalogue."""
    finder = shop.finder()
    item = _item(finder, asked)
    wishes = read_search(asked.given, finder)
    look = look_of_item(finder.recommender, item.filename)
    return _found(shop, asked, finder, look, wishes, query=item.id)


def item(shop: Shop, asked: Asked) -> Json:
    """All that is known of a product."""
    finder = shop.finder()
    found = _item(finder, asked)
    return {
        "id": found.id,
        "filename": found.filename,
        "attributes": dict(found.attributes),
        **_shown(shop, asked, finder, found),
    }


def outfit(shop: Shop, asked: Asked) -> Json:
    """What completes the look of a product."""
    finder = shop.finder()
    item = _item(finder, asked)
    return _outfit(shop, asked, finder, look_of_item(finder.recommender, item.filename), item.id)


def outfit_photo(shop: Shop, asked: Asked) -> Json:
    """What completes the look of a photo."""
    finder = shop.finder()
    look = look_of_vector(finder.recommender, finder.recommender.embed(asked.photo))
    return _outfit(shop, asked, finder, look, PHOTO)


def facets(shop: Shop, asked: Asked) -> Json:
    """The attributes and how many products have each value, given the other filters."""
    finder = shop.finder()
    filters = read_filters(asked.given)
    finder.facets.check(filters)
    return {
        "products": len(finder.recommender),
        "passing": int(finder.facets.mask(filters).sum()),
        "attributes": [
            {
                "name": name,
                "values": [
                    {"value": one.value, "count": one.count, "selected": one.selected}
                    for one in values
                ],
            }
            for name, values in finder.facets.counts(filters).items()
        ],
    }


def health(shop: Shop, asked: Asked) -> Json:
    """Whether there is an index, and what made it. Loads neither its vectors nor the model."""
    manifest = read_manifest(shop.artifacts())
    if manifest is None:
        # Of a tutorial, which wrote no more than its two pickles.
        return {"ok": True, "index": {"encoder": tutorials.ENCODER}}
    card = manifest.encoder
    return {
        "ok": True,
        "index": {
            "encoder": card.name,
            "version": card.version,
            "dim": manifest.dim,
            "products": manifest.n,
            "created": manifest.created,
        },
    }


def _found(
    shop: Shop, asked: Asked, finder: Finder, look: Look | None, wishes: Wishes, *, query: str
) -> Json:
    found: Found = finder.find(look, wishes)
    answer = search_answer(query, found, wishes, measured=look is not None)
    for result, match in zip(answer["results"], found.matches, strict=True):
        result |= _shown(shop, asked, finder, match.recommendation.item)
    return answer | {"passing": found.passing, "nothing_similar": found.nothing_similar}


def _outfit(shop: Shop, asked: Asked, finder: Finder, look: Look, query: str) -> Json:
    made = finder.outfits.outfit(look)
    answer = outfit_answer(query, made)
    for result, slot in zip(answer["results"], made.slots, strict=True):
        result |= _shown(shop, asked, finder, slot.recommendation.item)
    return answer


def _shown(shop: Shop, asked: Asked, finder: Finder, item: Item) -> Mapping[str, str | None]:
    """What a client needs to show a product."""
    address = shop.thumbnail(item, finder.recommender.image_path(item))
    return {"title": item.title, "thumbnail": None if address is None else asked.up + address}


def _item(finder: Finder, asked: Asked) -> Item:
    catalogue = finder.recommender.catalogue
    try:
        return catalogue.items[catalogue.row_of(asked.item)]
    except QueryError as error:
        raise Problem(404, f"{error}: search for its id first") from None


OPERATIONS = (
    Operation(
        method="GET", path="/search", name="search", schema="Found", answer=search,
        about="Search by words and filters, or with a product: takes the page's address as it is.",
        parameters=(ITEM, *SEARCH), filters=True,
    ),
    Operation(
        method="POST", path="/search", name="searchPhoto", schema="Found", answer=search_photo,
        about="Search with a photo, which is not kept.", parameters=SEARCH, filters=True,
    ),
    Operation(
        method="GET", path="/items/{id}/similar", name="similarItems", schema="Found",
        answer=similar, about="Products like one of the catalogue.", parameters=SEARCH,
        filters=True,
    ),
    Operation(
        method="GET", path="/items/{id}/outfit", name="outfit", schema="Outfit", answer=outfit,
        about="What completes the look of a product.",
    ),
    Operation(
        method="POST", path="/outfit", name="outfitPhoto", schema="Outfit", answer=outfit_photo,
        about="What completes the look of a photo, which is not kept.",
    ),
    Operation(
        method="GET", path="/items/{id}", name="item", schema="Item", answer=item,
        about="All that is known of a product.",
    ),
    Operation(
        method="GET", path="/facets", name="facets", schema="Facets", answer=facets,
        about="The attributes with the number of products of each value.", filters=True,
    ),
    Operation(
        method="GET", path="/health", name="health", schema="Health", answer=health, light=True,
        about="Whether there is an index, and what made it; loads no model.",
    ),
)  # fmt: skip
"""Of two paths that fit an address the first counts."""
