"""The index that a build starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from recommender.encoders.base import EncoderCard
from recommender.errors import ArtifactsError
from recommender.file_lists import FileState, read_files, read_skipped
from recommender.manifest import EMBEDDINGS, FILENAMES, FILES, Manifest, opened, read_manifest


@dataclass(frozen=True)
class Previous:
    """An index whose vectors may stand beside new ones.

    Attributes:
        manifest: what made it.
        rows: file name → (row, state of the file when it was embedded), in the order of the rows.
        skipped: (file name, reason) of each picture left out.
    """

    manifest: Manifest
    rows: dict[str, tuple[int, FileState]]
    skipped: list[tuple[str, str]]

    def says(
        self,
        manifest: Manifest,
        files: list[tuple[str, FileState]],
        skipped: list[tuple[str, str]],
    ) -> bool:
        """Whether this index already is the one that would be published."""
        old = self.manifest
        as_old = replace(
            manifest,
            sha256=old.sha256,
            embeddings_offset=old.embeddings_offset,
            created=old.created,
        )
        old_files = [(name, state) for name, (_, state) in self.rows.items()]
        return as_old == old and files == old_files and skipped == self.skipped


def read_previous(artifacts: Path, card: EncoderCard) -> Previous | None:
    """The index in a folder, or None if there is none.

    Raises:
        ArtifactsError: it is broken, or was made by another encoder or another program.
    """
    manifest = read_manifest(artifacts)
    if manifest is None:
        if any((artifacts / name).exists() for name in (EMBEDDINGS, FILENAMES)):
            raise ArtifactsError(
                f"{artifacts} holds an index that another program wrote: replace it with "
                "--rebuild, or keep it and name another folder with --artifacts"
            )
        return None
    differences = card.differences(manifest.encoder)
    if differences:
        raise ArtifactsError(
            f"the index in {artifacts} was made otherwise: you ask for {', '.join(differences)}; "
            "replace it with --rebuild, or keep it and name another folder with --artifacts"
        )
    with opened(artifacts, manifest, (EMBEDDINGS, FILENAMES, FILES)):
        pass  # The old vectors are worth keeping: they are what the manifest says.
    rows = {name: (row, state) for row, (name, state) in enumerate(read_files(artifacts))}
    return Previous(manifest, rows, read_skipped(artifacts))
