"""Learn a head for an index, measure it on products it has not seen, install it if it helps."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from recommender.artifacts import read_index
from recommender.confidence import ConfidenceCurve
from recommender.confidence_fit import fit_on_index
from recommender.encoders.head import Floats, Head
from recommender.errors import ArtifactsError
from recommender.evaluation.metrics import expected_calibration_error
from recommender.manifest import HEAD, read_manifest
from recommender.publishing import finish_publishing, locked, publish_head, unwritable
from recommender.tuning.examples import Examples, read_examples
from recommender.tuning.learning import Settings, learn
from recommender.tuning.verdict import Verdict, judge

TYPE = "articleType"


@dataclass(frozen=True, kw_only=True)
class TuningReport:
    """What tuning came to.

    Attributes:
        attributes: attribute → how many values were learned.
        left_out: attribute → why nothing was learned of it.
        learned_from: products that were trained on.
        queries: held-out products that it was measured on.
        verdict: before and after.
        named: attribute → (share of held-out products for which it is named right, expected
            calibration error of the confidence in it).
        installed: whether the index now has the head.
        seconds: that it all took.
    """

    attributes: dict[str, int]
    left_out: Mapping[str, str]
    learned_from: int
    queries: int
    verdict: Verdict
    named: dict[str, tuple[float, float]]
    installed: bool
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "attributes": self.attributes,
            "left_out": dict(self.left_out),
            "learned_from": self.learned_from,
            "queries": self.queries,
            "figures": self.verdict.to_json(),
            "named": {
                name: {"accuracy": round(right, 5), "ECE": round(error, 5)}
                for name, (right, error) in self.named.items()
            },
            "objection": self.verdict.objection,
            "installed": self.installed,
            "seconds": round(self.seconds, 1),
        }


def tune(
    artifacts: str | Path = "artifacts",
    *,
    data: str | Path | None = None,
    attributes: Sequence[str] | None = None,
    settings: Settings | None = None,
    install: bool = True,
) -> TuningReport:
    """Learn a head from the attributes of a catalogue, on top of the vectors in its index.

    It always starts from the encoder's own vectors, also where the index has a head already, and
    replaces that one if the new one helps. Nothing is written before it is known to help.

    Args:
        artifacts: the index folder, of any encoder.
        data: where the dataset is now, if it has moved since.
        attributes: columns to learn; None for the usual ones.
        settings: how to learn.
        install: give the index the head, if it helps.

    Raises:
        CatalogueError: there is nothing to learn from, or too little.
        ArtifactsError: there is no index, it is broken, or it was replaced meanwhile.
        StorageError: the index folder cannot be written.
    """
    began = time.monotonic()
    artifacts = Path(artifacts)
    index = read_index(artifacts, data=None if data is None else Path(data), tuned=False)
    examples = read_examples(index, attributes)
    base = None if index.manifest is None else index.manifest.encoder
    head = learn(examples, base, settings or Settings())
    tuned = head.apply(examples.vectors)
    verdict = judge(examples, tuned)
    head = replace(head, confidence=_confidence(examples, tuned))
    installed = install and not verdict.objection
    if installed:
        _publish(artifacts, head)
    return TuningReport(
        attributes={name: len(values) for name, values in examples.values.items()},
        left_out=examples.left_out,
        learned_from=len(examples.training),
        queries=len(examples.benchmark.queries),
        verdict=verdict,
        named=named_right(examples, head, tuned),
        installed=installed,
        seconds=time.monotonic() - began,
    )


def remove_head(artifacts: str | Path = "artifacts") -> bool:
    """Take the head off: the index is again what it was before, to the last bit.

    Returns:
        whether it had one.

    Raises:
        ArtifactsError: there is no index, or its manifest is broken.
        StorageError: the index folder cannot be written.
    """
    artifacts = Path(artifacts)
    if not artifacts.is_dir():
        raise ArtifactsError(f"there is no index in {artifacts}")
    with locked(artifacts):
        try:
            finish_publishing(artifacts)
            had = (artifacts / HEAD).exists()
            publish_head(artifacts, read_manifest(artifacts), None)
        except OSError as error:
            raise unwritable(artifacts, error) from None
    return had


def _confidence(examples: Examples, tuned: Floats) -> ConfidenceCurve | None:
    """How sure a match is. Products that the head was trained on agree too well to tell."""
    if TYPE not in examples.values:
        return None
    benchmark = examples.benchmark
    return fit_on_index(tuned, benchmark.labels[TYPE], asking=benchmark.queries)


def _publish(artifacts: Path, head: Head) -> None:
    with locked(artifacts):
        try:
            finish_publishing(artifacts)
            manifest = read_manifest(artifacts)
            card = None if manifest is None else manifest.encoder
            if not head.fits(card, head.base_dim if card is None else card.dim):
                raise ArtifactsError(
                    f"the index in {artifacts} was built with another encoder meanwhile: tune again"
                )
            publish_head(artifacts, manifest, head.to_bytes())
        except OSError as error:
            raise unwritable(artifacts, error) from None


def named_right(examples: Examples, head: Head, tuned: Floats) -> dict[str, tuple[float, float]]:
    """How well a head names the attributes of the held-out products.

    Args:
        examples: what it learned from.
        head: as learned.
        tuned: its embeddings float32 (n, dim) of all of them.

    Returns:
        attribute → (share named right, expected calibration error); without those that it does not
        name.
    """
    queries = examples.benchmark.queries
    result = {}
    for name, scores in head.attributes_of(tuned[queries]).items():
        truth = examples.benchmark.labels[name][queries]
        known = truth != ""
        if not known.any():
            continue
        said, sure = scores.best()
        right = (np.array(said) == truth)[known]
        error = expected_calibration_error(sure[known].astype(np.float64), right)
        result[name] = float(right.mean()), error
    return result
