"""Index a catalogue: read ahead in parallel, embed in batches, keep what is done, publish whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from recommender.array_pickles import STORED, Stored
from recommender.batches import Recipe, ThisProcess, Workers
from recommender.embedding import EmbeddingPass, OnProgress
from recommender.encoders import RUNTIMES, Encoder, encoder_maker
from recommender.encoders.base import EncoderCard
from recommender.errors import ArtifactsError, CatalogueError
from recommender.folders import LocalFolder, PictureFolder, picture_folder
from recommender.journal import Journal
from recommender.manifest import BUILD_COMMAND, HEAD, Manifest
from recommender.previous import Previous, read_previous
from recommender.publishing import finish_publishing, locked, publish, unwritable
from recommender.styles import STYLES_COPY
from recommender.whole_files import write_whole

JOURNAL = ".build"
"""Where, in the index folder, the finished batches of a running build are kept."""

BATCH_SIZE = 32


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
        head_dropped: whether what `recommender.tuning` had learned for the index before is gone, as
            it was built anew.
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
    head_dropped: bool = False


def build_index(
    data: str | Path = "data",
    artifacts: str | Path = "artifacts",
    *,
    encoder: str | Encoder = "resnet50",
    weights: str | Path | None = None,
    runtime: str = RUNTIMES[0],
    batch_size: int = BATCH_SIZE,
    limit: int | None = None,
    rebuild: bool = False,
    dtype: Stored | None = None,
    workers: Workers | None = None,
    progress: bool | OnProgress = True,
) -> BuildReport:
    """Embed every picture of a catalogue and write the index folder.

    Only new and changed pictures are embedded. Finished batches are kept on disk: after a crash,
    a kill or Ctrl-C the same call goes on where it was. One unreadable picture never stops it.

    Args:
        data: the folder that holds ``images/`` and, optionally, ``styles.csv``; or any folder of
            pictures. An address such as ``s3://bucket/catalogue`` works as well.
        artifacts: the index folder; the index in it is replaced as a whole, at the end.
        encoder: a name for `recommender.encoders.get_encoder`, or an encoder.
        weights: a weights file instead of the encoder's own.
        runtime: what the network of an encoder given by name runs on; the vectors are the same.
        batch_size: pictures that the model takes at once.
        limit: index only the first so many pictures, in the order of their paths. An index that
            has more is not cut down.
        rebuild: start over, without what an earlier build computed.
        dtype: how the vectors are stored; None for what the index has, and float32 for a new one.
        workers: who embeds the pictures, as `recommender.distributed.RayCluster`; by default this
            process. The index is the same.
        progress: a bar on stderr, nothing, or a function to call instead.

    Raises:
        CatalogueError: there is no picture to index.
        ClusterError: the workers cannot do it; finished work is kept.
        WeightsError: the weights cannot be had or do not fit; no index is touched.
        ArtifactsError: the index in `artifacts` is broken or was made otherwise; `rebuild` starts
            over.
        MissingExtraError: the runtime is not installed.
        StorageError: `artifacts` cannot be written; finished work is kept.
        KeyboardInterrupt: on Ctrl-C, with a message that says what is kept.
    """
    started = time.perf_counter()
    artifacts = Path(artifacts)
    folder = picture_folder(data)
    names, unspeakable = _picture_names(folder, limit)
    make = encoder_maker(encoder, weights=weights, runtime=runtime)
    recipe = Recipe(make(), make)
    # Fails here, before anything is written, if the weights cannot be had.
    card = recipe.encoder.card
    with locked(artifacts):
        try:
            finish_publishing(artifacts)
            had_head = (artifacts / HEAD).exists()
            previous = None if rebuild else read_previous(artifacts, card)
            keep_head = previous is not None and previous.manifest.tuned
            if limit is not None and previous is not None:
                _refuse_to_forget(artifacts, folder, previous, names)
            stored = _stored(artifacts, dtype, previous)
            # The journal of an interrupted rebuild is gone on with; any other is not of use to one.
            plan = _plan(card, rebuild=rebuild)
            with closing(Journal(artifacts / JOURNAL, plan=plan, dim=card.dim)) as journal:
                resumed = set(journal.rows)
                embedding = EmbeddingPass(folder, names, previous, journal)
                speed = embedding.embed(
                    workers or ThisProcess(), recipe, batch_size=batch_size, progress=progress
                )
                files = [(n, embedding.states[n]) for n in names if n in embedding.states]
                skipped = sorted([*embedding.problems.items(), *unspeakable])
                if not files:
                    raise _nothing_readable(folder, skipped)
                manifest = _manifest(artifacts, card, weights, folder, n=len(files), dtype=stored)
                if previous is None or not previous.says(manifest, files, skipped):
                    vectors = embedding.vectors(artifacts, files)
                    publish(
                        artifacts,
                        manifest=manifest,
                        vectors=vectors,
                        files=files,
                        skipped=skipped,
                        keep_head=keep_head,
                    )
                new = {name for name, state in files if embedding.in_journal(name, state)}
            shutil.rmtree(artifacts / JOURNAL)
            if (styles := folder.styles()) is not None:
                write_whole(artifacts / STYLES_COPY, styles)
            else:
                (artifacts / STYLES_COPY).unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(artifacts, error) from None
    old = previous.rows.keys() if previous else set[str]()
    return BuildReport(
        total=len(files),
        indexed=len(new),
        changed=len(new & old),
        resumed=len(new & resumed),
        reused=len(files) - len(new),
        removed=len(old - embedding.states.keys()),
        skipped=tuple(skipped),
        seconds=time.perf_counter() - started,
        images_per_second=speed,
        head_dropped=had_head and previous is None,
    )


def _picture_names(
    folder: PictureFolder, limit: int | None
) -> tuple[list[str], list[tuple[str, str]]]:
    """(names relative to the dataset, (name, reason) of files whose names no text can hold)."""
    found = folder.names()
    if not found:
        raise CatalogueError(
            f"there are no pictures in {folder}: put some there, name another folder with --data, "
            f"or fetch the Kaggle catalogue with {BUILD_COMMAND} --download"
        )
    names, unspeakable = [], []
    for name in found:
        printable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if printable == name:
            names.append(name)
        else:
            unspeakable.append((printable, "the file name is not valid UTF-8: rename it"))
    return names[:limit], unspeakable


def _refuse_to_forget(
    artifacts: Path, folder: PictureFolder, previous: Previous, names: Sequence[str]
) -> None:
    """A limit is for trying things out, and must not cost the vectors of a full index."""
    beyond = previous.rows.keys() - set(names)
    lost = sum(folder.exists(name) for name in beyond)
    if lost:
        raise ArtifactsError(
            f"--limit would drop {lost} pictures from the index in {artifacts}: leave it out, name "
            "another folder with --artifacts, or add --rebuild"
        )


def _stored(artifacts: Path, dtype: Stored | None, previous: Previous | None) -> Stored:
    before = STORED[0] if previous is None else previous.manifest.dtype
    if before == "float16" and dtype == "float32":
        raise ArtifactsError(
            f"the index in {artifacts} is stored as float16, from which no float32 comes back: add "
            "--rebuild, or leave --dtype out"
        )
    return dtype or before


def _nothing_readable(folder: PictureFolder, skipped: list[tuple[str, str]]) -> CatalogueError:
    name, reason = skipped[0]
    return CatalogueError(
        f"none of the {len(skipped)} pictures in {folder} could be read; {name}: {reason}"
    )


def _plan(card: EncoderCard, *, rebuild: bool) -> str:
    text = json.dumps(card.to_json() | {"rebuild": rebuild}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(
    artifacts: Path,
    card: EncoderCard,
    weights: str | Path | None,
    folder: PictureFolder,
    *,
    n: int,
    dtype: Stored,
) -> Manifest:
    return Manifest(
        encoder=card,
        weights_file=None if weights is None else str(Path(weights).resolve()),
        n=n,
        dim=card.dim,
        dataset=folder.address,
        dataset_relative=_relative(folder, artifacts),
        sha256={},
        embeddings_offset=0,
        dtype=dtype,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
    )


def _relative(folder: PictureFolder, artifacts: Path) -> str | None:
    if not isinstance(folder, LocalFolder):
        return None
    try:
        return Path(os.path.relpath(folder.path.resolve(), artifacts.resolve())).as_posix()
    except ValueError:  # Windows: on another drive.
        return None
