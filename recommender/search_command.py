"""``python -m recommender search``: products that look like photos, answer to words, or both."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.engines import engine_names
from recommender.errors import QueryError
from recommender.facets import Facets
from recommender.photo_commands import Commands, add_index_options, for_each, print_json
from recommender.results import Recommendation
from recommender.words import Understood, WordIndex, blend

if TYPE_CHECKING:
    from recommender.search import Recommender


def add_search(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "search", help="find the products of an indexed catalogue that look most like a photo"
    )
    add_index_options(parser, photos="*")
    parser.add_argument("-k", type=int, default=5, help="products a photo (default: 5)")
    parser.add_argument("--engine", choices=engine_names(), default=engine_names()[0])
    parser.add_argument("--where", action="append", default=[], type=_condition,
                        metavar="KEY=VALUE",
                        help="only products with this attribute; the same key again means OR, "
                        "another key AND")  # fmt: skip
    parser.add_argument("--text", default="", metavar="WORDS",
                        help="words that name attributes filter, the others count for the order; "
                        "needs no PHOTO")  # fmt: skip
    parser.add_argument("--text-weight", type=_share, default=0.5, metavar="0..1",
                        help="how much these count beside a photo (default: 0.5)")  # fmt: skip
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
    from recommender.search import Recommender

    if not (options.photos or options.text.strip()):
        raise QueryError('nothing to search for: name a PHOTO, or words, as --text "red striped"')
    if options.k < 1:
        raise QueryError(f"k is {options.k}, but must be at least 1")
    recommender = Recommender.open(
        options.artifacts, engine=options.engine, data=options.data, weights=options.weights
    )
    where: dict[str, list[str]] = {}
    for key, value in options.where:
        where.setdefault(key, []).append(value)
    facets = Facets(recommender.catalogue)
    facets.check(where)
    words = WordIndex(recommender.catalogue) if options.text.strip() else None
    asked = words.understand(options.text) if words else Understood()
    # What is said with --where holds, whatever the words seem to say about the same attribute.
    asked = replace(asked, filters={**asked.filters, **where})
    allowed = asked.mask(recommender.catalogue)
    if words and not options.json:
        print(_told(asked))
    nothing = _why_nothing(facets, asked) if not allowed.any() else ""
    if words and not options.photos:
        _answer_words(recommender, words, asked, allowed, nothing, options)
        return 0
    scores = words.scores(asked.rest) if words and asked.rest else None

    def answer(photo: str) -> None:
        vector = recommender.embed(Path(photo))
        if scores is None:
            matches = recommender.search_vector(vector, options.k, allowed=allowed)
        else:
            every = recommender.search_vector(vector, len(recommender), allowed=allowed)
            matches = _reordered(recommender, every, scores, options.text_weight)[: options.k]
        if options.json:
            print_json(photo, [match.to_json() for match in matches], **_as_json(words, asked))
            return
        predictions = recommender.predict_vector(vector)
        looks_like = ", ".join(prediction.value for prediction in predictions)
        print(f"{photo}  looks like: {looks_like}" if looks_like else photo)
        for match in matches:
            print(f"{match.rank:4}  {match.match:4.0%}  {match.title}  ({match.filename})")
        if nothing:
            print(f"      {nothing}")

    return for_each(options.photos, answer)


def _answer_words(
    recommender: Recommender,
    words: WordIndex,
    asked: Understood,
    allowed: npt.NDArray[np.bool_],
    nothing: str,
    options: argparse.Namespace,
) -> None:
    """Print the products that answer best to the words alone."""
    scores = words.scores(asked.wording)
    # Where nothing is filtered by, a product without any of the words is no answer.
    fitting = allowed if asked.filters or asked.excluded else allowed & (scores > 0)
    rows = np.flatnonzero(fitting)
    best = rows[np.argsort(-scores[rows], kind="stable")[: options.k]].tolist()
    items = [recommender.catalogue.items[row] for row in best]
    if options.json:
        results = [
            {"rank": rank, "id": item.id, "filename": item.filename,
             "score": round(float(scores[row]), 6), "attributes": dict(item.attributes)}
            for rank, (row, item) in enumerate(zip(best, items, strict=True), start=1)
        ]  # fmt: skip
        print_json(options.text, results, **_as_json(words, asked))
        return
    for rank, (row, item) in enumerate(zip(best, items, strict=True), start=1):
        print(f"{rank:4}  {scores[row]:4.0%}  {item.title}  ({item.filename})")
    if not best:
        print(f"      {nothing or 'no product has a name like these words'}")


def _reordered(
    recommender: Recommender,
    matches: list[Recommendation],
    scores: npt.NDArray[np.float32],
    weight: float,
) -> list[Recommendation]:
    """The matches in the order of the photo and the words together."""
    rows = [recommender.catalogue.row_of(match.filename) for match in matches]
    similarity = np.array([match.similarity for match in matches], dtype=np.float32)
    order = np.argsort(-blend(similarity, scores[rows], weight), kind="stable").tolist()
    return [replace(matches[place], rank=rank) for rank, place in enumerate(order, start=1)]


def _told(asked: Understood) -> str:
    """What was made of the words, in one line."""
    parts = [f"{name}: {' or '.join(values)}" for name, values in asked.filters.items()]
    parts += [f"not {name}: {' or '.join(values)}" for name, values in asked.excluded.items()]
    filters = ", ".join(parts) or "everything"
    order = f"; by the words: {asked.rest}" if asked.rest else ""
    notes = f"  ({'; '.join(asked.notes)})" if asked.notes else ""
    return f"searching {filters}{order}{notes}"


def _as_json(words: WordIndex | None, asked: Understood) -> dict[str, object]:
    if words is None:
        return {}
    return {"understood": {"filters": asked.filters, "excluded": asked.excluded,
                           "rest": asked.rest, "notes": list(asked.notes)}}  # fmt: skip


def _why_nothing(facets: Facets, asked: Understood) -> str:
    relaxations = facets.relaxations(asked.filters)
    if not relaxations:
        return "no product passes the filters"
    best = relaxations[0]
    products = "1 product passes" if best.count == 1 else f"{best.count} products pass"
    return f"no product passes the filters; without {' and '.join(best.attributes)}, {products}"
