"""Captions on disk: one file beside the index, and the journal of a run that is not finished."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from recommender.errors import ArtifactsError
from recommender.manifest import sha256_of

CAPTIONS = "captions.json"
JOURNAL = ".captions.jsonl"
_SCHEMA = 1


@dataclass(frozen=True)
class Caption:
    """What a model says of a picture.

    Attributes:
        picture: SHA-256 of the picture's file.
        text: a sentence; "" if the model had nothing to say.
    """

    picture: str
    text: str


@dataclass(frozen=True)
class Captions:
    """The captions of a catalogue.

    Attributes:
        model: whose words they are.
        of: item id → caption.
    """

    model: str
    of: Mapping[str, Caption] = field(default_factory=dict)

    def text_of(self, item_id: str, picture: Path) -> str:
        """The caption of an item; "" if it has none, or if its picture is another one by now."""
        caption = self.of.get(item_id)
        try:
            fits = caption is not None and caption.picture == sha256_of(picture)
        except OSError:
            fits = False
        return caption.text if caption is not None and fits else ""


def read_captions(artifacts: Path) -> Captions | None:
    """The captions of an index folder; None if there are none.

    Raises:
        ArtifactsError: the file is broken, or of another version of this program.
    """
    path = artifacts / CAPTIONS
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] != _SCHEMA:
            raise ValueError(f"schema {data['schema']}")
        of = {item: Caption(str(one["picture"]), str(one["text"]))
              for item, one in data["captions"].items()}  # fmt: skip
        return Captions(str(data["model"]), of)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactsError(
            f"{path} cannot be read ({error}): delete it, then run `python -m recommender caption`"
        ) from None


def publish_captions(artifacts: Path, captions: Captions) -> None:
    """Put captions in place in one step; the journal is not needed any more.

    Raises:
        OSError: the folder cannot be written; the old file is untouched.
    """
    of = {item: {"picture": one.picture, "text": one.text} for item, one in captions.of.items()}
    data = {"schema": _SCHEMA, "model": captions.model, "captions": of}
    staged = artifacts / f".{CAPTIONS}"
    with staged.open("w", encoding="utf-8") as file:
        json.dump(data, file, indent=0, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(artifacts / CAPTIONS)
    (artifacts / JOURNAL).unlink(missing_ok=True)


def open_journal(artifacts: Path, model: str) -> tuple[dict[str, Caption], TextIO]:
    """What a run that was cut short had finished, and the journal to go on with.

    A journal of another model is begun anew, and a line that a crash cut off is dropped.

    Raises:
        OSError: the folder cannot be written.
    """
    path = artifacts / JOURNAL
    header = json.dumps({"model": model}) + "\n"
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    kept: list[bytes] = []
    finished: dict[str, Caption] = {}
    if lines and lines[0] == header.encode():
        kept.append(lines[0])
        for line in lines[1:]:
            try:
                item, picture, text = json.loads(line)
            except (ValueError, TypeError):
                break
            if not line.endswith(b"\n"):
                break
            finished[item] = Caption(picture, text)
            kept.append(line)
    path.write_bytes(b"".join(kept) or header.encode())
    return finished, path.open("a", encoding="utf-8")


def append(journal: TextIO, captions: Iterable[tuple[str, Caption]]) -> None:
    """Add finished captions; they outlive the process at once."""
    for item, caption in captions:
        journal.write(json.dumps([item, caption.picture, caption.text]) + "\n")
    journal.flush()
