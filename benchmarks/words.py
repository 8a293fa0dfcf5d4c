"""How well does the search by words forgive typos, and how fast is it?

    python -m benchmarks.words --data DIR

The queries are names of products drawn by chance, as they are and with one typo in each word of
three letters or more: a letter left out, put in, replaced, or swapped with the next. It prints how
often the product itself, and how often a product of the very same name, is among the five best of

a. plain TF-IDF on words, scikit-learn's `TfidfVectorizer` as it comes, over the names;
b. `WordIndex`;

and what building and asking cost. Many products share their name with others; which of them comes
first is chance, so the product itself cannot always be found.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import string
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue, catalogue_images, dataset_folder, load_catalogue
from recommender.words import WordIndex

TOP = 5
Scores: TypeAlias = Callable[[str], npt.NDArray[np.floating[Any]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    folder = dataset_folder(options.data)
    names = [path.relative_to(folder).as_posix() for path in catalogue_images(folder)]
    catalogue = load_catalogue(folder, names)
    for name in catalogue.columns:
        catalogue.column(name)

    import sklearn.feature_extraction.text  # noqa: F401  Not to be timed.

    started = time.perf_counter()
    index = WordIndex(catalogue)
    built = time.perf_counter()
    index.understand("xyzzy")
    index.scores("xyzzy")
    ready = time.perf_counter()

    chance = random.Random(options.seed)
    rows = chance.sample(range(len(catalogue)), min(options.queries, len(catalogue)))
    asked = {
        "as it is": [catalogue.items[row].title for row in rows],
        "a typo in each word": [misspelled(catalogue.items[row].title, chance) for row in rows],
    }
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    example = asked["a typo in each word"][0]
    print(f"{len(catalogue)} products, {len(rows)} queries, such as {example!r}")
    print(f"built in {built - started:.2f} s, the first query took {ready - built:.2f} s\n")
    print(f"| names | search | the product in the top {TOP} | its name in the top {TOP} "
          "| median ms | 95 % ms |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    for kind, queries in asked.items():
        for search, scores in (("words only", words_only(catalogue)), ("WordIndex", index.scores)):
            print(f"| {kind} | {search} | {measured(catalogue, rows, queries, scores)} |")
        # Another one, for the first remembers the misspelled words that it has met.
        understand = WordIndex(catalogue).understand
        understand("xyzzy")
        print(f"| {kind} | understand() | | | {milliseconds(queries, understand)} |")
    return 0


def words_only(catalogue: Catalogue) -> Scores:
    """What a search has without this index."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(dtype=np.float32)
    items = vectorizer.fit_transform(item.title for item in catalogue.items)

    def scores(text: str) -> npt.NDArray[np.floating[Any]]:
        found: npt.NDArray[np.floating[Any]] = items @ vectorizer.transform([text]).toarray()[0]
        return found

    return scores


def measured(
    catalogue: Catalogue, rows: Sequence[int], queries: Sequence[str], scores: Scores
) -> str:
    """The cells of a table's row."""
    itself = namesake = 0
    best: list[list[int]] = []

    def ask(query: str) -> None:
        best.append(np.argsort(-scores(query), kind="stable")[:TOP].tolist())

    times = milliseconds(queries, ask)
    for row, found in zip(rows, best, strict=True):
        itself += row in found
        title = catalogue.items[row].title
        namesake += any(catalogue.items[other].title == title for other in found)
    return f"{itself / len(rows):.1%} | {namesake / len(rows):.1%} | {times}"


def milliseconds(queries: Sequence[str], ask: Callable[[str], object]) -> str:
    """Median and 95th percentile of the time that a query takes."""
    times = []
    for query in queries:
        started = time.perf_counter()
        ask(query)
        times.append(1000 * (time.perf_counter() - started))
    return f"{np.median(times):.1f} | {np.percentile(times, 95):.1f}"


def misspelled(title: str, chance: random.Random) -> str:
    """One typo in each word of three letters or more."""
    return re.sub(r"[^\W\d_]{3,}", lambda match: _typo(match.group(), chance), title)


def _typo(word: str, chance: random.Random) -> str:
    kind = chance.choice(("leave out", "put in", "replace", "swap"))
    at = chance.randrange(len(word) - (kind == "swap"))
    letter = chance.choice(string.ascii_lowercase)
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "put in":
        return word[:at] + letter + word[at:]
    return word[:at] + (letter if kind == "replace" else "") + word[at + 1 :]


if __name__ == "__main__":
    sys.exit(main())
