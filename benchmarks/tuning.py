"""What does tuning gain, and what does it cost? An encoder's vectors without and with a head.

    python -m benchmarks.tuning --data DIR --street DIR --encoder NAME [--weights FILE]

The figures are those of ``python -m recommender evaluate``, on the same held-out products; the head
is the one that ``python -m recommender tune`` would learn. Beyond what decides whether a head is
installed it shows what no attribute tells: whether the degraded picture of a product still finds
that very product, and whether snapshots find their kind, which the head was not taught.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from recommender.artifacts import Index
from recommender.catalogue import dataset_folder
from recommender.encoders import encoder_names, get_encoder, register_encoder
from recommender.encoders.head import Floats
from recommender.evaluation import protocols
from recommender.evaluation.baselines import MobileNetV2Encoder
from recommender.evaluation.benchmark_data import (
    Benchmark,
    embed_files,
    embed_phone_photos,
    load_benchmark,
)
from recommender.evaluation.degrade import VERSION
from recommender.evaluation.report import table
from recommender.evaluation.run import Scores, Store
from recommender.tuning.examples import read_examples
from recommender.tuning.learning import Settings, learn
from recommender.tuning.tune import named_right
from recommender.tuning.verdict import judge


def main() -> int:
    register_encoder("mobilenetv2", MobileNetV2Encoder)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR")
    parser.add_argument("--street", type=Path, metavar="DIR", help="snapshots in folders by class")
    parser.add_argument("--encoder", choices=encoder_names(), default="fashion")
    parser.add_argument("--weights", type=Path, metavar="FILE")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep embeddings here")
    parser.add_argument("--photos", type=int, default=500, metavar="N",
                        help="held-out products whose degraded picture is tried")  # fmt: skip
    parser.add_argument("--seconds", type=float, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    benchmark = load_benchmark(options.data, options.street)
    encoder = get_encoder(options.encoder, weights=options.weights)
    store = Store(encoder, options.cache)
    photographed = benchmark.queries[: options.photos]
    queries = [benchmark.paths[row] for row in photographed]
    ids = [benchmark.ids[row] for row in photographed]
    vectors = store.get(
        "catalogue", benchmark.paths, lambda: embed_files(encoder, benchmark.paths, "catalogue")
    )
    photos = store.get(
        f"phone-{VERSION}", queries, lambda: embed_phone_photos(encoder, queries, ids)
    )
    snapshots = None
    if benchmark.street_paths:
        snapshots = store.get(
            "street",
            benchmark.street_paths,
            lambda: embed_files(encoder, benchmark.street_paths, "street"),
        )

    dataset = dataset_folder(options.data)
    names = [path.relative_to(dataset).as_posix() for path in benchmark.paths]
    examples = read_examples(
        Index(embeddings=vectors, filenames=names, dataset=dataset, manifest=None)
    )
    began = time.perf_counter()
    head = learn(examples, None, Settings(seconds=options.seconds, seed=options.seed))
    learned = time.perf_counter()
    tuned = head.apply(vectors)
    applied = time.perf_counter()
    name = encoder.card.name
    scores = [
        measured(benchmark, name, vectors, photos, snapshots),
        measured(
            benchmark,
            f"{name}, tuned",
            tuned,
            head.apply(photos),
            None if snapshots is None else head.apply(snapshots),
        ),
    ]
    verdict = judge(examples, tuned)
    print(table(scores, markdown=True))
    print(f"\n{verdict.table()}\n")
    for attribute, (right, error) in named_right(examples, head, tuned).items():
        print(f"{attribute} is named right for {right:.1%}, calibration error {error:.3f}")
    print(
        f"Learned in {learned - began:.0f} s, applied to {len(vectors):,} vectors in "
        f"{applied - learned:.1f} s, a file of {len(head.to_bytes()) / 1e6:.1f} MB; "
        + (f"not installed: {verdict.objection}" if verdict.objection else "installed")
    )
    return 0


def measured(
    benchmark: Benchmark, name: str, vectors: Floats, photos: Floats, snapshots: Floats | None
) -> Scores:
    """The figures of embeddings, whatever made them."""
    photographed = np.zeros(len(vectors), bool)
    photographed[benchmark.queries[: len(photos)]] = True
    results = {
        "catalogue": protocols.catalogue(benchmark, vectors),
        "phone": protocols.phone(replace(benchmark, held_out=photographed), vectors, photos),
    }
    if snapshots is not None:
        results["street"] = protocols.street(benchmark, vectors, snapshots)
    return Scores(name, vectors.shape[1], None, results)


if __name__ == "__main__":
    raise SystemExit(main())
