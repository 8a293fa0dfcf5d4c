"""The files of an index folder: their names, what made them, and that they belong together."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from recommender.array_pickles import STORED, Stored
from recommender.encoders.base import EncoderCard
from recommender.errors import ArtifactsError

EMBEDDINGS = "embeddings.pkl"
FILENAMES = "filenames.pkl"
MANIFEST = "manifest.json"
FILES = "files.csv"
SKIPPED = "skipped.csv"
INDEX_FILES = (EMBEDDINGS, FILENAMES, FILES, SKIPPED, MANIFEST)
HEAD = "head.npz"
"""Besides, in a tuned index. Whether it counts is said by the manifest, which then has its hash."""

STAGED = ".staged"
"""Holds a finished index between the moment that it is whole and the moment that each of its files
is in place. What it holds is newer than the same file outside."""

SCHEMA = 1
BUILD_COMMAND = "python build_index.py"
_PATIENCE = 2.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What made an index.

    Attributes:
        encoder: card of the encoder, its resize rule included.
        weights_file: the file that ``--weights`` named, as an absolute path; None for the
            encoder's own weights.
        n: pictures indexed.
        dim: numbers in an embedding.
        dataset: absolute path of the dataset folder at the time.
        dataset_relative: the same, seen from the index folder, so that both can move together;
            None where no relative path exists (another drive).
        dtype: how the numbers are stored.
        sha256: file name → SHA-256 in hex.
        embeddings_offset: byte in ``embeddings.pkl`` at which the array's numbers start.
        created: UTC time, ISO 8601.
    """

    encoder: EncoderCard
    weights_file: str | None
    n: int
    dim: int
    dataset: str
    dataset_relative: str | None
    sha256: Mapping[str, str]
    embeddings_offset: int
    created: str
    dtype: Stored = "float32"

    @property
    def tuned(self) -> bool:
        """Whether a head belongs to the index."""
        return HEAD in self.sha256

    def to_json(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"schema": SCHEMA} | fields | {"encoder": self.encoder.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Manifest:
        """The manifest that `to_json` wrote. Raises KeyError, TypeError, ValueError on others."""
        # Manifests were written without a dtype before there was a choice.
        data = {"dtype": STORED[0]} | data
        fields = {name: data[name] for name in cls.__dataclass_fields__}
        if fields["dtype"] not in STORED:
            raise ValueError(f"dtype is {fields['dtype']!r}")
        for name, kind in _KINDS.items():
            if not isinstance(fields[name], kind):
                raise TypeError(f"{name} is {fields[name]!r}")
        return cls(**fields | {"encoder": EncoderCard.from_json(data["encoder"])})


_KINDS: dict[str, Any] = {
    "encoder": dict,
    "weights_file": str | None,
    "n": int,
    "dim": int,
    "dataset": str,
    "dataset_relative": str | None,
    "sha256": dict,
    "embeddings_offset": int,
    "created": str,
}


def _read_text(artifacts: Path, name: str) -> str | None:
    while True:
        try:
            return located(artifacts, name).read_text(encoding="utf-8")
        except FileNotFoundError:
            # A build may have moved it into place between the look and the reading.
            if not located(artifacts, name).exists():
                return None


def read_manifest(artifacts: Path) -> Manifest | None:
    """The manifest of an index folder, or None where there is none.

    Raises:
        ArtifactsError: it cannot be read, or another version of this program wrote it.
    """
    try:
        text = _read_text(artifacts, MANIFEST)
        if text is None:
            return None
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError("not an object")  # noqa: TRY004
        schema = data.get("schema")
        if schema == SCHEMA:
            return Manifest.from_json(data)
    except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise broken(artifacts, f"{MANIFEST} cannot be read ({error})") from None
    raise ArtifactsError(
        f"{artifacts} has an index of schema {schema!r}, but this version reads {SCHEMA}: "
        f"build it again with {BUILD_COMMAND} --rebuild"
    )


def located(artifacts: Path, name: str) -> Path:
    """Where the newest whole version of an index file is; it may not exist."""
    staged = artifacts / STAGED / name
    return staged if staged.exists() else artifacts / name


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


@contextmanager
def opened(
    artifacts: Path, manifest: Manifest, names: Sequence[str], *, head: bool = True
) -> Iterator[tuple[Manifest, dict[str, BinaryIO]]]:
    """Open index files that belong together: each has the hash that the manifest names.

    A build may be moving a new index into place at this moment, so look again for a while; what is
    open stays what it was, whatever is moved over it.

    Args:
        artifacts: the index folder.
        manifest: as read from it a moment ago.
        names: of the files.
        head: open the head too, if the manifest names one.

    Yields:
        the manifest that fits, and the open files by name.

    Raises:
        ArtifactsError: a file is missing or another one than the manifest names.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        wanted = [*names, HEAD] if head and manifest.tuned else names
        with ExitStack() as stack:
            try:
                files: dict[str, BinaryIO] = {
                    n: stack.enter_context(located(artifacts, n).open("rb")) for n in wanted
                }
                wrong = [n for n in wanted if _digest(files[n]) != manifest.sha256.get(n)]
            except OSError as error:
                wrong = [f"{Path(error.filename or '').name} ({error.strerror})"]
            if not wrong:
                yield manifest, files
                return
        if time.monotonic() > deadline:
            raise broken(
                artifacts, f"{', '.join(wrong)} is missing or not the one that {MANIFEST} names"
            )
        time.sleep(0.05)
        manifest = read_manifest(artifacts) or manifest


def broken(artifacts: Path, reason: str) -> ArtifactsError:
    """The error for an index that only a new build mends."""
    return ArtifactsError(
        f"the index in {artifacts} is broken: {reason}; "
        f"build it again with {BUILD_COMMAND} --rebuild"
    )
