"""Which map of a catalogue keeps alike products together?

    python -m benchmarks.maps --artifacts artifacts

For each way to place the products on a plane: the time it takes; of the ten nearest products on the
plane, the share of the product's own type, and of its own colour; and the trustworthiness of a
sample (J. Venna & S. Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN
2001): 1 if no two products are neighbours on the plane that are none in the embedding. ``--whole``
adds t-SNE of all products, which takes long.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.atlas import LANDMARKS, Atlas, neighbour_atlas, principal_atlas
from recommender.search import Recommender

SAMPLE = 4000
NEIGHBOURS = 10
_ATTRIBUTES = ("articleType", "baseColour")
Floats = npt.NDArray[np.float32]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--whole", action="store_true", help="t-SNE of all products, too")
    options = parser.parse_args()
    recommender = Recommender.open(options.artifacts)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{len(recommender)} products\n")
    print("| map | seconds | of the same type | of the same colour | trustworthiness |")
    print("|---|---|---|---|---|")
    row(recommender, "PCA", principal_atlas)
    for landmarks in (4000, LANDMARKS):
        way = partial(neighbour_atlas, landmarks=landmarks)
        row(recommender, f"t-SNE of {landmarks}, the others beside them", way)
    if options.whole:
        row(recommender, "t-SNE of all", partial(neighbour_atlas, landmarks=len(recommender)))
    row(recommender, "none: the embedding itself", None)
    return 0


def row(recommender: Recommender, name: str, way: Callable[[Floats], Atlas] | None) -> None:
    """Measure a map, and print its row of the table."""
    from sklearn.manifold import trustworthiness
    from sklearn.neighbors import NearestNeighbors

    embeddings = recommender.index.embeddings
    started = time.perf_counter()
    places = embeddings if way is None else way(embeddings).places
    seconds = time.perf_counter() - started
    some = np.random.default_rng(1).permutation(len(embeddings))[:SAMPLE]
    found = NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(places).kneighbors(places[some])[1]
    shares = []
    for attribute in _ATTRIBUTES:
        codes = recommender.catalogue.column(attribute).codes
        same = (codes[found] == codes[some][:, None]) & (found != some[:, None])
        shares.append(f"{same.sum() / (len(some) * NEIGHBOURS):.1%}")
    trust = trustworthiness(embeddings[some], places[some], n_neighbors=NEIGHBOURS)
    print(f"| {name} | {seconds:.1f} | {' | '.join(shares)} | {trust:.3f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
