"""What there is to say about an index."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from recommender.artifacts import Index
from recommender.atlas import MAP
from recommender.file_lists import read_skipped
from recommender.manifest import INDEX_FILES, located


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Of one index.

    Attributes:
        items: how many.
        dim: numbers an item.
        encoder: its name and version; None for an index that a tutorial's script wrote.
        weights: SHA-256 of the encoder's weights.
        licence: the encoder's.
        created: UTC time, ISO 8601.
        bytes_on_disk: of all the index's files.
        dataset: the folder of the pictures.
        skipped: (file name, reason) of each picture left out.
    """

    items: int
    dim: int
    encoder: str | None
    weights: str | None
    licence: str | None
    created: str | None
    bytes_on_disk: int
    dataset: Path
    skipped: tuple[tuple[str, str], ...]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why pictures were skipped, and how many for each reason; the most frequent first."""
        return Counter(reason for _, reason in self.skipped).most_common()


def facts_of(index: Index, artifacts: Path) -> Facts:
    """Read them.

    Args:
        index: opened.
        artifacts: its folder.
    """
    card = index.manifest.encoder if index.manifest else None
    return Facts(
        items=len(index.filenames),
        dim=index.embeddings.shape[1],
        encoder=f"{card.name} {card.version}" if card else None,
        weights=card.weights_sha256 if card else None,
        licence=card.licence if card else None,
        created=index.manifest.created if index.manifest else None,
        bytes_on_disk=sum(_size(artifacts, name) for name in (*INDEX_FILES, MAP)),
        dataset=index.dataset,
        skipped=tuple(read_skipped(artifacts)),
    )


def _size(artifacts: Path, name: str) -> int:
    try:
        return located(artifacts, name).stat().st_size
    except OSError:
        return 0  # Not every index has every file.
