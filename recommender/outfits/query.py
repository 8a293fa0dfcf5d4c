"""What an outfit is built around: its attributes, known, predicted, or those of its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from recommender.catalogue import Item
from recommender.errors import QueryError
from recommender.likeness import COLOUR, Look
from recommender.neighbourhood import TYPE
from recommender.outfits.kinds import WORN_BY_SEASON, audience_of, role_of
from recommender.outfits.plans import usage_of_type, wearer_of_type
from recommender.search import Recommender

GENDER, SEASON, USAGE = "gender", "season", "usage"
MASTER, SUB = "masterCategory", "subCategory"
_NEIGHBOURS = 10
_WORD = {COLOUR: "colour", TYPE: "type"}
_SIZES = {"Unisex": ("Men", "Women"), "Kids": ("Boys", "Girls")}
"""Audience of either sex → whose products complete its outfit."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """A piece to build an outfit around.

    Attributes:
        article: its type.
        category: its subCategory and masterCategory, "" for unknown.
        role: what it is in an outfit; None if it belongs to none.
        wearer: for whom the outfit is; "" for anyone.
        usage: what it is for.
        season: of the outfit; None for any, as of a watch.
        colour: its colour word, if known.
        notes: what was guessed, or cannot be known.
    """

    article: str
    category: tuple[str, str]
    role: str | None
    wearer: str
    usage: str
    season: str | None
    colour: str | None
    notes: tuple[str, ...]


class Queries:
    """Reads looks."""

    def __init__(self, recommender: Recommender) -> None:
        """Check that the catalogue has types.

        Raises:
            QueryError: it has none.
        """
        if TYPE not in recommender.catalogue.columns:
            raise QueryError(
                f"outfits need to know what is a shirt and what a shoe: add a column {TYPE!r} to "
                "the catalogue's styles.csv"
            )
        self._recommender = recommender

    def read(self, look: Look) -> Query:
        """What is known of a look, and what its neighbours suggest.

        Raises:
            QueryError: not even they tell what type it is of.
        """
        columns = self._recommender.catalogue.columns
        near = _Near(self._recommender, look)
        guessed: list[str] = []

        def value(name: str, article: str | None = None) -> str | None:
            best = look.best(name)
            if best is None and name in columns:
                best = _most(near.of(article), lambda item: _text(item, name))
                if best is not None and name not in (SUB, MASTER):
                    guessed.append(name)
            return best

        article = value(TYPE)
        if article is None:
            raise QueryError("nothing tells what type this is of: give its product an articleType")
        category = value(SUB, article) or "", value(MASTER, article) or ""
        role = role_of(article, *category)
        usage = value(USAGE, article)
        season = value(SEASON, article) if role in WORN_BY_SEASON else None
        title = "" if look.row is None else self._recommender.catalogue.items[look.row].title
        audience = audience_of(value(GENDER, article), title)
        wearer = _wearer(audience, article, near)
        colour = value(COLOUR)
        notes = [f"guessed from the most similar products: {_words(guessed)}"] if guessed else []
        lacking = [name for name in (GENDER, SEASON, USAGE, COLOUR) if name not in columns]
        if lacking:
            notes.append(f"not looked at, for this catalogue does not tell: {_words(lacking)}")
        if audience in _SIZES and wearer not in ("", audience):
            notes.append(f"{audience} product: completed for {wearer}")
        return Query(
            article=article,
            category=category,
            role=role,
            wearer=wearer,
            usage=usage or usage_of_type(article),
            season=season,
            colour=colour,
            notes=tuple(notes),
        )


class _Near:
    """The products most like a look, itself left out; searched for when they are asked for."""

    def __init__(self, recommender: Recommender, look: Look) -> None:
        self._recommender = recommender
        self._look = look

    @cached_property
    def items(self) -> list[Item]:
        itself = int(self._look.row is not None)
        hits = self._recommender.nearest(self._look.vector, _NEIGHBOURS, spare=itself)
        rows = [row for row in hits.rows[0].tolist() if row != self._look.row]
        return [self._recommender.catalogue.items[row] for row in rows[:_NEIGHBOURS]]

    def of(self, article: str | None) -> list[Item]:
        """Those of a type, if any are; else all."""
        return [item for item in self.items if _text(item, TYPE) == article] or self.items


def _wearer(audience: str | None, article: str, near: _Near) -> str:
    """Whose products complete the outfit of an audience."""
    if audience is None:
        return wearer_of_type(article)
    if audience not in _SIZES:
        return audience
    sexes = _SIZES[audience]

    def sex(item: Item) -> str | None:
        found = audience_of(_text(item, GENDER), item.title)
        return found if found in sexes else None

    return _most(near.items, sex) or sexes[0]


def _words(names: list[str]) -> str:
    """Columns as words: "usage, colour"."""
    return ", ".join(_WORD.get(name, name) for name in names)


def _text(item: Item, name: str) -> str | None:
    value = item.attributes.get(name)
    return None if value is None else str(value)


def _most(items: list[Item], value: Callable[[Item], str | None]) -> str | None:
    """The value that most of them have; of several the one that comes first."""
    counts = Counter(found for item in items if (found := value(item)) is not None)
    return counts.most_common(1)[0][0] if counts else None
