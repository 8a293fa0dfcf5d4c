"""Index a catalogue: read ahead in parallel, embed in batches, keep what is done, publish whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.artifacts import (
    BUILD_COMMAND,
    EMBEDDINGS,
    FILENAMES,
    FILES,
    FileState,
    Manifest,
    located,
    opened,
    read_files,
    read_manifest,
    read_skipped,
)
from recommender.catalogue import catalogue_images, dataset_folder
from recommender.encoders import Encoder, get_encoder
from recommender.encoders.base import EncoderCard
from recommender.errors import ArtifactsError, CatalogueError
from recommender.journal import Journal
from recommender.publishing import finish_publishing, locked, publish, unwritable
from recommender.reading import Picture, read_ahead, read_picture

JOURNAL = ".build"
"""Where, in the index folder, the finished batches of a running build are kept."""

BATCH_SIZE = 32
_SYNC_SECONDS = 10.0
# How many prepared pictures wait for the model at most, in batches.
_AHEAD = 3

OnProgress = Callable[[int, int], None]
"""Called with (pictures done, pictures to do) after each batch."""


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """What a build did.

    Attributes:
        total: pictures in the index now.
        indexed: pictures that are new or changed since the index before.
        changed: how many of those were in the index before, with other content.
        resumed: how many of those an earlier, interrupted run had already embedded.
        reused: pictures taken over unchanged from the index before.
        removed: pictures of the index before that are gone.
        skipped: (file name, reason) of every picture left out.
        seconds: time the build took.
        images_per_second: pictures that this run embedded, by the time it took to read and embed
            them; 0 if there were none.
    """

    total: int
    indexed: int
    changed: int
    resumed: int
    reused: int
    removed: int
    skipped: tuple[tuple[str, str], ...]
    seconds: float
    images_per_second: float


def build_index(
    data: str | Path = "data",
    artifacts: str | Path = "artifacts",
    *,
    encoder: str | Encoder = "resnet50",
    weights: str | Path | None = None,
    batch_size: int = BATCH_SIZE,
    limit: int | None = None,
    rebuild: bool = False,
    progress: bool | OnProgress = True,
) -> BuildReport:
    """Embed every picture of a catalogue and write the index folder.

    Only new and changed pictures are embedded. Finished batches are kept on disk: after a crash,
    a kill or Ctrl-C the same call goes on where it was. One unreadable picture never stops it.

    Args:
        data: the folder that holds ``images/`` and, optionally, ``styles.csv``; or any folder of
            pictures.
        artifacts: the index folder; the index in it is replaced as a whole, at the end.
        encoder: a name for `recommender.encoders.get_encoder`, or an encoder.
        weights: a weights file instead of the encoder's own.
        batch_size: pictures that the model takes at once.
        limit: index only the first so many pictures, in the order of their paths.
        rebuild: start over, without what an earlier build computed.
        progress: a bar on stderr, nothing, or a function to call instead.

    Raises:
        CatalogueError: there is no picture to index.
        WeightsError: the weights cannot be had or do not fit; no index is touched.
        ArtifactsError: the index in `artifacts` is broken or was made otherwise; `rebuild` starts
            over.
        StorageError: `artifacts` cannot be written; finished work is kept.
        KeyboardInterrupt: on Ctrl-C, with a message that says what is kept.
    """
    started = time.perf_counter()
    artifacts = Path(artifacts)
    dataset = dataset_folder(Path(data))
    names = _picture_names(dataset, limit)
    if isinstance(encoder, str):
        encoder = get_encoder(encoder, weights=weights)
    card = encoder.card  # Fails here, before anything is written, if the weights cannot be had.
    with locked(artifacts):
        try:
            finish_publishing(artifacts)
            if rebuild:
                shutil.rmtree(artifacts / JOURNAL, ignore_errors=True)
            previous = None if rebuild else _read_previous(artifacts, card)
            with closing(Journal(artifacts / JOURNAL, plan=_plan(card), dim=card.dim)) as journal:
                before = set(journal.rows)
                reading = _Reading(dataset, names, previous, journal)
                speed = reading.embed(encoder, batch_size=batch_size, progress=progress)
                report = reading.publish(artifacts, card, weights, resumed=before)
            shutil.rmtree(artifacts / JOURNAL)
        except OSError as error:
            raise unwritable(artifacts, error) from None
    seconds = time.perf_counter() - started
    return replace(report, seconds=seconds, images_per_second=speed)


@dataclass(frozen=True)
class _Previous:
    """The index that a build starts from."""

    manifest: Manifest
    rows: dict[str, tuple[int, FileState]]
    skipped: list[tuple[str, str]]


class _Reading:
    """One pass over the pictures of a catalogue."""

    def __init__(
        self, dataset: Path, names: Sequence[str], previous: _Previous | None, journal: Journal
    ) -> None:
        self._dataset = dataset
        self._names = names
        self._previous = previous
        self._old_rows = previous.rows if previous else {}
        self._journal = journal
        # What the pass finds out: the state of every picture that has a vector, and the others.
        self._states: dict[str, FileState] = {}
        self._problems: dict[str, str] = {}

    def embed(self, encoder: Encoder, *, batch_size: int, progress: bool | OnProgress) -> float:
        """Give every picture a vector, in the journal or in the index before.

        Returns:
            images per second.
        """
        todo = [name for name in self._names if not self._is_untouched(name)]
        if not todo:
            return 0.0
        encoder.warm_up()
        started = synced = time.perf_counter()
        embedded = done = 0
        with _reporter(progress, len(todo)) as report:
            try:
                for batch, seen in self._batches(todo, encoder, batch_size):
                    if batch:
                        files = [(name, state) for name, state, _ in batch]
                        self._journal.append(
                            files, encoder.embed(np.stack([pixels for _, _, pixels in batch]))
                        )
                        self._states.update(files)
                        embedded += len(batch)
                    if time.perf_counter() - synced > _SYNC_SECONDS:
                        self._journal.sync()
                        synced = time.perf_counter()
                    done += seen
                    report(done, len(todo))
            except KeyboardInterrupt:
                self._journal.sync()
                raise KeyboardInterrupt(
                    f"stopped: {done} of {len(todo)} pictures are finished and kept; "
                    "run the same command again to go on"
                ) from None
        return embedded / (time.perf_counter() - started)

    def publish(
        self,
        artifacts: Path,
        card: EncoderCard,
        weights: str | Path | None,
        *,
        resumed: set[str],
    ) -> BuildReport:
        """Write the index, unless the one in place says the same already."""
        names = [name for name in self._names if name in self._states]
        skipped = sorted(self._problems.items())
        if not names:
            name, reason = skipped[0]
            raise CatalogueError(
                f"none of the {len(skipped)} pictures in {self._dataset} could be read; "
                f"{name}: {reason}"
            )
        files = [(name, self._states[name]) for name in names]
        manifest = _manifest(artifacts, card, weights, self._dataset, n=len(names))
        if not self._says_the_same(manifest, files, skipped):
            publish(
                artifacts,
                manifest=manifest,
                vectors=self._vectors(artifacts, files),
                files=files,
                skipped=skipped,
            )
        new = {name for name, state in files if self._in_journal(name, state)}
        return BuildReport(
            total=len(names),
            indexed=len(new),
            changed=len(new & self._old_rows.keys()),
            resumed=len(new & resumed),
            reused=len(names) - len(new),
            removed=len(self._old_rows.keys() - self._states.keys()),
            skipped=tuple(skipped),
            seconds=0.0,
            images_per_second=0.0,
        )

    def _is_untouched(self, name: str) -> bool:
        """Whether size and time say that the picture is the one its vector was made from."""
        try:
            status = (self._dataset / name).stat()
        except OSError:
            return False
        for state in self._known(name):
            if (state.size, state.mtime_ns) == (status.st_size, status.st_mtime_ns):
                self._states[name] = state
                return True
        return False

    def _known(self, name: str) -> list[FileState]:
        return [rows[name][1] for rows in (self._journal.rows, self._old_rows) if name in rows]

    def _batches(
        self, todo: Sequence[str], encoder: Encoder, size: int
    ) -> Iterator[tuple[list[tuple[str, FileState, npt.NDArray[np.uint8]]], int]]:
        """Full batches of new pictures, each with the number of pictures looked at for it.

        Where a batch ends depends on the pictures alone, never on time: a resumed build makes the
        same batches as an uninterrupted one, and so the same vectors to the last bit.
        """

        def read(name: str) -> tuple[str, Picture]:
            known = {state.sha256 for state in self._known(name)}
            return name, read_picture(self._dataset / name, encoder.load, known=known)

        batch: list[tuple[str, FileState, npt.NDArray[np.uint8]]] = []
        seen = 0
        with closing(read_ahead(todo, read, ahead=_AHEAD * size)) as pictures:
            for name, picture in pictures:
                seen += 1
                if picture.state is None:
                    self._problems[name] = picture.problem
                elif picture.pixels is None:
                    self._states[name] = picture.state
                else:
                    batch.append((name, picture.state, picture.pixels))
                if len(batch) == size:
                    yield batch, seen
                    batch, seen = [], 0
        if seen:
            yield batch, seen

    def _in_journal(self, name: str, state: FileState) -> bool:
        rows = self._journal.rows
        return name in rows and rows[name][1].sha256 == state.sha256

    def _vectors(self, artifacts: Path, files: Sequence[tuple[str, FileState]]) -> Iterator[bytes]:
        """The vectors of the pictures, row by row, from wherever each one is."""
        with ExitStack() as stack:
            fresh = stack.enter_context(self._journal.reader())
            if self._previous:
                old = stack.enter_context(located(artifacts, EMBEDDINGS).open("rb"))
                start = self._previous.manifest.embeddings_offset
            for name, state in files:
                if self._in_journal(name, state):
                    yield self._journal.read(fresh, self._journal.rows[name][0])
                else:
                    size = self._journal.row_bytes
                    old.seek(start + self._old_rows[name][0] * size)
                    yield old.read(size)

    def _says_the_same(
        self,
        manifest: Manifest,
        files: list[tuple[str, FileState]],
        skipped: list[tuple[str, str]],
    ) -> bool:
        if self._previous is None:
            return False
        old = self._previous.manifest
        same = replace(
            manifest,
            sha256=old.sha256,
            embeddings_offset=old.embeddings_offset,
            created=old.created,
        )
        old_files = [(name, state) for name, (_, state) in self._old_rows.items()]
        return same == old and files == old_files and skipped == self._previous.skipped


def _picture_names(dataset: Path, limit: int | None) -> list[str]:
    paths = catalogue_images(dataset)
    if not paths:
        raise CatalogueError(
            f"there are no pictures in {dataset}: put some there, name another folder with --data, "
            f"or fetch the Kaggle catalogue with {BUILD_COMMAND} --download"
        )
    return [path.relative_to(dataset).as_posix() for path in paths[:limit]]


def _read_previous(artifacts: Path, card: EncoderCard) -> _Previous | None:
    """The index to start from, if there is one and its vectors may stand beside new ones."""
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
    return _Previous(manifest, rows, read_skipped(artifacts))


def _plan(card: EncoderCard) -> str:
    text = json.dumps(card.to_json(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(
    artifacts: Path, card: EncoderCard, weights: str | Path | None, dataset: Path, *, n: int
) -> Manifest:
    try:
        relative = Path(os.path.relpath(dataset.resolve(), artifacts.resolve())).as_posix()
    except ValueError:  # Windows: on another drive.
        relative = None
    return Manifest(
        encoder=card,
        weights_file=None if weights is None else str(Path(weights).resolve()),
        n=n,
        dim=card.dim,
        dataset=str(dataset.resolve()),
        dataset_relative=relative,
        sha256={},
        embeddings_offset=0,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    )


@contextmanager
def _reporter(progress: bool | OnProgress, total: int) -> Iterator[OnProgress]:
    if callable(progress):
        yield progress
        return
    from tqdm import tqdm

    # In a log file a line every ten seconds is enough.
    interval = 0.1 if sys.stderr.isatty() else 10.0
    with tqdm(
        total=total, desc="Indexing", unit=" images", disable=not progress, mininterval=interval
    ) as bar:
        yield lambda done, _: bar.update(done - bar.n)
