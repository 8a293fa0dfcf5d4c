"""``python -m recommender search``: products that look like photos, answer to words, or both."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.answers import search_answer
from recommender.engines import engine_names
from recommender.engines.connection import MILVUS_URI
from recommender.errors import QueryError
from recommender.photo_commands import Commands, add_index_options, for_each, print_json
from recommender.wishes import Found, Wishes
from recommender.words import Understood

if TYPE_CHECKING:
    from recommender.finding import Finder


def add_search(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "search", help="find the products of an indexed catalogue that look most like a photo"
    )
    add_index_options(parser, photos="*")
    parser.add_argument("-k", type=int, default=5, help="products a photo (default: 5)")
    parser.add_argument("--engine", choices=engine_names(), default=engine_names()[0])
    parser.add_argument("--milvus-uri", metavar="URI",
                        help="the address of the engine milvus, or a file that ends in .db "
                        f"(default: {MILVUS_URI}, or a file in the index folder)")  # fmt: skip
    parser.add_argument("--where", action="append", default=[], type=_condition,
                        metavar="KEY=VALUE",
                        help="only products with this attribute; the same key again means OR, "
                        "another key AND")  # fmt: skip
    parser.add_argument("--text", default="", metavar="WORDS",
                        help="words that name attributes filter, the others count for the order; "
                        "needs no PHOTO")  # fmt: skip
    parser.add_argument("--text-weight", type=_share, default=Wishes.words_share,
                        metavar="0..1",
                        help=f"how much these count beside a photo "
                        f"(default: {Wishes.words_share:.2g})")  # fmt: skip
    parser.set_defaults(run=_search)


def _condition(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise argparse.ArgumentTypeError(f'expected key=value, as baseColour="Navy Blue": {text!r}')
    return key, value


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = float("nan")
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1: {text!r}")
    return share


def _search(options: argparse.Namespace) -> int:
    from recommender.finding import Finder
    from recommender.likeness import look_of_vector
    from recommender.search import Recommender

    if not (options.photos or options.text.strip()):
        raise QueryError('nothing to search for: name a PHOTO, or words, as --text "red striped"')
    if options.k < 1:
        raise QueryError(f"k is {options.k}, but must be at least 1")
    if options.milvus_uri:
        if options.engine != "milvus":
            raise QueryError("--milvus-uri is for --engine milvus: add that, or leave it out")
        os.environ[MILVUS_URI] = options.milvus_uri
    recommender = Recommender.open(
        options.artifacts,
        engine=options.engine,
        data=options.data,
        weights=options.weights,
        runtime=options.runtime,
    )
    finder = Finder(recommender, judges=False)
    where: dict[str, list[str]] = {}
    for key, value in options.where:
        where.setdefault(key, []).append(value)
    finder.facets.check(where)
    wishes = Wishes(k=options.k, filters=where, words=options.text, words_share=options.text_weight)
    if not options.photos:
        _answer_words(finder.find(None, wishes), finder, wishes, as_json=options.json)
        return 0

    def answer(photo: str) -> None:
        look = look_of_vector(recommender, recommender.embed(Path(photo)))
        found = finder.find(look, wishes)
        if options.json:
            print_json(**search_answer(photo, found, wishes, measured=True))
            return
        matches = [match.recommendation for match in found.matches]
        predictions = recommender.predict_vector(look.vector)
        looks_like = ", ".join(prediction.value for prediction in predictions)
        print(f"{photo}  looks like: {looks_like}" if looks_like else photo)
        if wishes.words.strip():
            print(_told(found.understood))
        for match in matches:
            print(f"{match.rank:4}  {match.match:4.0%}  {match.title}  ({match.filename})")
        if not matches:
            print(f"      {_why_nothing(found, finder, wishes)}")

    return for_each(options.photos, answer)


def _answer_words(found: Found, finder: Finder, wishes: Wishes, *, as_json: bool) -> None:
    """Print the products that answer best to the words alone."""
    if as_json:
        print_json(**search_answer(wishes.words, found, wishes, measured=False))
        return
    best = [(match.score, match.recommendation) for match in found.matches]
    print(_told(found.understood))
    for score, item in best:
        print(f"{item.rank:4}  {score:4.0%}  {item.title}  ({item.filename})")
    if not best:
        print(f"      {_why_nothing(found, finder, wishes)}")


def _told(asked: Understood) -> str:
    """What was made of the words, in one line."""
    parts = [f"{name}: {' or '.join(values)}" for name, values in asked.filters.items()]
    parts += [f"not {name}: {' or '.join(values)}" for name, values in asked.excluded.items()]
    filters = ", ".join(parts) or "everything"
    order = f"; by the words: {asked.rest}" if asked.rest else ""
    notes = f"  ({'; '.join(asked.notes)})" if asked.notes else ""
    return f"searching {filters}{order}{notes}"


def _why_nothing(found: Found, finder: Finder, wishes: Wishes) -> str:
    filters = {**found.understood.filters, **wishes.filters}
    if not (filters or found.understood.excluded):
        return "no product has a name like these words"
    relaxations = finder.facets.relaxations(filters)
    if not relaxations:
        return "no product passes the filters"
    best = relaxations[0]
    products = "1 product passes" if best.count == 1 else f"{best.count} products pass"
    return f"no product passes the filters; without {' and '.join(best.attributes)}, {products}"
