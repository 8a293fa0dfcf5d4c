"""The parameters of a search: those of the page's address, but what makes no sense is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recommender.address import METRICS, MOST_EXAMPLES, MOST_K, MOST_WORDS, WHERE, SearchState
from recommender.engines import engine_names
from recommender.errors import QueryError
from recommender.finding import Finder
from recommender.likeness import COLOUR, CRITERIA
from recommender.wishes import Wishes

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_PAGE_ONLY = "Taken so that an address of the page works unchanged; it changes no answer."


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of an address.

    Attributes:
        name: of the parameter.
        about: what it does.
        schema: JSON Schema of its value; an array may be given several times.
    """

    name: str
    about: str
    schema: Mapping[str, Any]

    @property
    def many(self) -> bool:
        return bool(self.schema["type"] == "array")


def _examples(about: str, name: str) -> Parameter:
    schema = {"type": "array", "items": {"type": "string"}, "maxItems": MOST_EXAMPLES}
    return Parameter(name=name, about=about, schema=schema)


_USUAL = SearchState()
ITEM = Parameter(
    name="item", about="Id of a product to search with.", schema={"type": "string"}
)  # fmt: skip
SEARCH = (
    Parameter(
        name="k", about="How many products; fewer come only if fewer pass the filters.",
        schema={"type": "integer", "minimum": 1, "maximum": MOST_K, "default": _USUAL.k},
    ),
    Parameter(
        name="words",
        about="What names an attribute filters, the rest counts for the order.",
        schema={"type": "string", "maxLength": MOST_WORDS},
    ),
    *(
        Parameter(
            name=name, about=f"Weight of the {name}.",
            schema=_SHARE | {"default": _USUAL.weights.get(name, 0.0)},
        )
        for name in CRITERIA
    ),
    Parameter(
        name="diversity",
        about="0: the most similar; 1: as different from each other as can be.",
        schema=_SHARE | {"default": _USUAL.diversity},
    ),
    Parameter(
        name="fold",
        about="Whether nearly identical products share a place.",
        schema={"type": "string", "enum": ["yes", "no"], "default": "yes"},
    ),
    Parameter(
        name="in_colour", about="The same in this colour.", schema={"type": "string"}
    ),
    _examples("Id of a product that the search moves towards.", "like"),
    _examples("Id of a product that the search moves away from and leaves out.", "unlike"),
    Parameter(
        name="metric", about=_PAGE_ONLY, schema={"type": "string", "enum": list(METRICS)}
    ),
    Parameter(
        name="engine", about=_PAGE_ONLY, schema={"type": "string", "enum": list(engine_names())}
    ),
)  # fmt: skip
"""Besides these ``where.ATTRIBUTE``: only products with this value; may be repeated for *or*."""
Given = Mapping[str, Sequence[str]]


def checked(given: Given, known: Sequence[Parameter], *, filters: bool) -> None:
    """Refuse parameters that are unknown, repeated or out of range.

    Args:
        given: parameter → values.
        known: what may be given.
        filters: whether ``where.ATTRIBUTE`` may be, too.

    Raises:
        QueryError: the first that is wrong, and what is right.
    """
    by_name = {parameter.name: parameter for parameter in known}
    for name, values in given.items():
        if filters and name.startswith(WHERE):
            continue
        if name not in by_name:
            names = [*by_name, *([f"{WHERE}ATTRIBUTE"] if filters else [])]
            choice = f"choose from: {', '.join(names)}" if names else "this address takes none"
            raise QueryError(f"there is no parameter {name[:40]!r}; {choice}")
        parameter = by_name[name]
        if parameter.many:
            if len(values) > parameter.schema["maxItems"]:
                raise QueryError(f"{name} is given more than {parameter.schema['maxItems']} times")
        elif len(values) > 1:
            raise QueryError(f"{name} is given more than once: give one")
        else:
            _check(parameter, values[0])


def read_search(given: Given, finder: Finder) -> SearchState:
    """The search that checked parameters ask for.

    Raises:
        QueryError: a product, an attribute or a colour that is not there.
    """
    catalogue = finder.recommender.catalogue
    finder.facets.check(read_filters(given))
    for name in ("item", "like", "unlike"):
        for item_id in given.get(name, ()):
            catalogue.row_of(item_id)
    state = SearchState.from_params(given, catalogue)
    wanted = next(iter(given.get("in_colour", ())), "")
    if wanted and not state.in_colour:
        raise QueryError(f"no product has the colour {wanted[:40]!r}: see {COLOUR} in the facets")
    return state


def read_filters(given: Given) -> dict[str, tuple[str, ...]]:
    """Attribute → the values of ``where.ATTRIBUTE``."""
    return {
        name.removeprefix(WHERE): tuple(dict.fromkeys(values))
        for name, values in given.items()
        if name.startswith(WHERE)
    }


def asks_for_something(wishes: Wishes) -> bool:
    """Whether a search without a look has anything to go by."""
    return bool(wishes.words.strip() or wishes.filters or wishes.in_colour)


def _check(parameter: Parameter, value: str) -> None:
    schema, name = parameter.schema, parameter.name
    if "enum" in schema:
        if value not in schema["enum"]:
            choice = ", ".join(schema["enum"])
            raise QueryError(f"{name} is {value[:40]!r}; choose from: {choice}")
    elif schema["type"] == "string":
        if len(value) > schema.get("maxLength", len(value)):
            raise QueryError(f"{name} has more than {schema['maxLength']} letters: shorten it")
    else:
        whole = schema["type"] == "integer"
        form = _INTEGER if whole else _NUMBER
        least, most = schema["minimum"], schema["maximum"]
        if not form.fullmatch(value) or not least <= float(value) <= most:
            kind = "a whole number" if whole else "a number"
            raise QueryError(f"{name} is {value[:40]!r}: give {kind} from {least} to {most}")
