"""Building an index: incremental, resumable, and undisturbed by bad files."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import recommender
from recommender import embedding, journal
from recommender.artifacts import read_index
from recommender.batches import embed, reader
from recommender.encoders import get_encoder
from recommender.errors import (
    ArtifactsError,
    CatalogueError,
    ClusterError,
    RecommenderError,
    StorageError,
    WeightsError,
)
from recommender.file_lists import read_skipped
from recommender.indexing import JOURNAL, build_index
from recommender.manifest import EMBEDDINGS, FILENAMES, read_manifest
from tests.fakes import FakeEncoder, draw_catalogue

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def build(tmp_path, catalogue_folder):
    """Builds the drawn catalogue into ``artifacts`` with the fake encoder, without a bar."""

    def call(**options):
        defaults: dict[str, Any] = {"encoder": "fake", "batch_size": 4, "progress": False}
        return build_index(catalogue_folder, tmp_path / "artifacts", **defaults | options)

    return call


def pickles(folder):
    return (folder / EMBEDDINGS).read_bytes(), (folder / FILENAMES).read_bytes()


def vector_of(folder, name):
    index = read_index(folder)
    return index.embeddings[index.filenames.index(name)]


def test_every_row_is_the_vector_of_its_file(build, tmp_path, catalogue_folder, encoder):
    report = build()
    index = read_index(tmp_path / "artifacts")
    assert (report.total, report.indexed, report.reused, report.skipped) == (18, 18, 0, ())
    assert report.images_per_second > 0
    assert index.filenames == [f"images/{i}.jpg" for i in range(1001, 1019)]
    for name, vector in zip(index.filenames, index.embeddings, strict=True):
        expected = encoder.embed(encoder.load(catalogue_folder / name)[None])[0]
        assert np.allclose(vector, expected, atol=1e-6)


def test_a_second_run_embeds_nothing(build, tmp_path):
    build()
    before = pickles(tmp_path / "artifacts")
    manifest = read_manifest(tmp_path / "artifacts")
    encoder = FakeEncoder()
    report = build(encoder=encoder)
    assert (report.indexed, report.reused, report.removed) == (0, 18, 0)
    assert encoder.batches == []
    assert pickles(tmp_path / "artifacts") == before
    assert read_manifest(tmp_path / "artifacts") == manifest


def test_only_new_and_changed_pictures_are_embedded(build, tmp_path, catalogue_folder):
    build()
    kept = vector_of(tmp_path / "artifacts", "images/1010.jpg")
    images = catalogue_folder / "images"
    shutil.copy(images / "1003.jpg", images / "0999.jpg")
    Image.new("RGB", (60, 80), "purple").save(images / "1005.jpg")
    (images / "1001.jpg").unlink()
    os.utime(images / "1002.jpg", (1, 1))  # Touched, with the same content: not changed.
    encoder = FakeEncoder()
    report = build(encoder=encoder)
    assert (report.indexed, report.changed, report.reused, report.removed) == (2, 1, 16, 1)
    assert sum(encoder.batches) == 2 + 1  # and one to warm up
    fresh = tmp_path / "fresh"
    build_index(catalogue_folder, fresh, encoder="fake", progress=False)
    assert read_index(fresh).filenames == read_index(tmp_path / "artifacts").filenames
    assert np.allclose(read_index(fresh).embeddings, read_index(tmp_path / "artifacts").embeddings)
    assert np.array_equal(vector_of(tmp_path / "artifacts", "images/1010.jpg"), kept)


def test_rebuild_starts_over(build):
    build()
    report = build(rebuild=True)
    assert (report.indexed, report.changed, report.reused) == (18, 0, 0)


def test_half_precision_stays_and_loses_nothing_more(build, tmp_path, catalogue_folder):
    folder = tmp_path / "artifacts"
    build()
    single = read_index(folder).embeddings
    assert build(dtype="float16").reused == 18
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.dtype == "float16"
    start = manifest.embeddings_offset
    assert pickles(folder)[0][start:].startswith(single.astype(np.float16).tobytes())
    (catalogue_folder / "images" / "1001.jpg").unlink()
    shutil.copy(catalogue_folder / "images" / "1002.jpg", catalogue_folder / "images" / "2000.jpg")
    assert build().indexed == 1
    kept = read_index(folder)
    assert kept.manifest is not None
    assert kept.manifest.dtype == "float16"
    start = kept.manifest.embeddings_offset
    assert pickles(folder)[0][start:].startswith(single[1:].astype(np.float16).tobytes())
    assert np.array_equal(vector_of(folder, "images/2000.jpg"), kept.embeddings[0])
    with pytest.raises(ArtifactsError, match=r"no float32 comes back.*--rebuild"):
        build(dtype="float32")
    build(dtype="float32", rebuild=True)
    assert np.array_equal(read_index(folder).embeddings[:17], single[1:])


def test_an_interrupted_rebuild_goes_on_where_it_was(build):
    build()

    def interrupt(done, _):
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(rebuild=True, progress=interrupt)
    report = build(rebuild=True)
    assert (report.indexed, report.resumed) == (18, 8)
    assert build(rebuild=True).resumed == 0


def test_a_rebuild_does_not_go_on_from_an_ordinary_run(build):
    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(progress=interrupt)
    assert build(rebuild=True).resumed == 0


def test_a_limit_never_costs_finished_vectors(build, catalogue_folder):
    build()
    with pytest.raises(ArtifactsError, match="--limit would drop 15 pictures"):
        build(limit=3)
    (catalogue_folder / "images" / "1018.jpg").unlink()
    assert build(limit=17).removed == 1
    assert build(limit=3, rebuild=True).total == 3


@pytest.mark.parametrize(
    "name", ["Photo 2024-01-01 12:30:00.jpg", "back\\slash.jpg", "Grün 漢.jpg"]
)
@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
def test_odd_names_are_indexed_and_read_back(build, tmp_path, catalogue_folder, name):
    (catalogue_folder / "images").rename(catalogue_folder / "pictures")
    shutil.copy(catalogue_folder / "pictures" / "1001.jpg", catalogue_folder / name)
    assert build().total == 19
    assert name in read_index(tmp_path / "artifacts").filenames


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such names")
def test_a_name_that_is_no_text_is_skipped(build, tmp_path, catalogue_folder):
    images = os.fsencode(catalogue_folder / "images")
    os.rename(images + b"/1003.jpg", images + b"/caf\xe9.jpg")  # noqa: PTH104
    report = build()
    assert report.total == 17
    assert report.skipped == (
        ("images/caf\N{REPLACEMENT CHARACTER}.jpg", "the file name is not valid UTF-8: rename it"),
    )
    assert read_index(tmp_path / "artifacts").embeddings.shape[0] == 17
    assert build().reused == 17


def test_limit_takes_the_first(build, tmp_path):
    assert build(limit=5).total == 5
    assert read_index(tmp_path / "artifacts").filenames[-1] == "images/1005.jpg"
    assert build().reused == 5


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("weights_sha256", "0" * 64, "weights sha256"),
        ("resize", "nearest", "resize nearest instead of bilinear"),
        ("name", "other", "name other instead of fake"),
        ("preprocessing", "torch", "preprocessing torch"),
    ],
)
def test_another_encoder_is_explained_and_never_mixed(build, tmp_path, field, value, reason):
    class Other(FakeEncoder):
        @property
        def card(self):
            return replace(super().card, **{field: value})

    build()
    before = pickles(tmp_path / "artifacts")
    with pytest.raises(ArtifactsError, match=rf"{reason}.*--rebuild"):
        build(encoder=Other())
    assert pickles(tmp_path / "artifacts") == before
    assert build(encoder=Other(), rebuild=True).indexed == 18


def test_an_index_of_another_program_is_not_overwritten(build, tmp_path):
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / EMBEDDINGS).write_bytes(b"precious")
    with pytest.raises(ArtifactsError, match=r"another program.*--rebuild"):
        build()
    assert (tmp_path / "artifacts" / EMBEDDINGS).read_bytes() == b"precious"


def test_a_damaged_index_is_not_built_upon(build, tmp_path, monkeypatch):
    monkeypatch.setattr("recommender.manifest._PATIENCE", 0.0)
    build()
    with (tmp_path / "artifacts" / EMBEDDINGS).open("r+b") as file:
        file.seek(500)
        file.write(b"\0\0\0\0")
    with pytest.raises(ArtifactsError, match="--rebuild"):
        build()
    assert build(rebuild=True).total == 18


def spoil(images):
    """Six files that cannot be used, one between every two or three good ones."""
    good = (images / "1001.jpg").read_bytes()
    (images / "1002.jpg").write_bytes(good[:400])
    (images / "1005.jpg").write_bytes(b"")
    (images / "1008.jpg").write_bytes(b"this is no picture")
    from tests.test_images import png_of

    (images / "1011.jpg").write_bytes(png_of(20_000, 20_000))
    (images / "1013.jpg").unlink()
    (images / "1013.jpg").symlink_to(images / "gone.jpg")
    (images / "1014.heic").write_bytes(b"\0\0\0\x18ftypheic")
    return {
        "images/1002.jpg": "damaged",
        "images/1005.jpg": "empty",
        "images/1008.jpg": "not a picture",
        "images/1011.jpg": "100 megapixels",
        "images/1013.jpg": "cannot be opened",
        "images/1014.heic": "HEIC",
    }


@pytest.mark.parametrize("batch_size", [1, 2, 3, 32])
def test_bad_files_are_listed_and_shift_nothing(
    build, tmp_path, catalogue_folder, encoder, batch_size
):
    reasons = spoil(catalogue_folder / "images")
    report = build(batch_size=batch_size)
    assert report.total == 18 - 5
    assert dict(report.skipped).keys() == reasons.keys()
    for name, reason in report.skipped:
        assert reasons[name] in reason
    assert read_skipped(tmp_path / "artifacts") == list(report.skipped)
    recommender_ = recommender.Recommender.open(tmp_path / "artifacts")
    for row, item in enumerate(recommender_.catalogue.items):
        assert item.filename not in reasons
        expected = encoder.embed(encoder.load(catalogue_folder / item.filename)[None])[0]
        assert np.allclose(recommender_.index.embeddings[row], expected, atol=1e-6)
        number = int(item.id) - 1001
        assert (
            item.attributes["articleType"] == ("Tshirts", "Trousers", "Casual Shoes")[number // 6]
        )


def test_a_file_without_permission_is_skipped(build, catalogue_folder, monkeypatch):
    # Tests may run as root, whom no permission stops: refuse in its place.
    original = Path.open

    def guarded(self, *arguments, **options):
        if self.name == "1004.jpg":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return original(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", guarded)
    report = build()
    assert report.skipped == (("images/1004.jpg", "the file cannot be opened (Permission denied)"),)


def test_a_mended_file_joins_at_the_next_run(build, catalogue_folder):
    picture = catalogue_folder / "images" / "1005.jpg"
    good = picture.read_bytes()
    picture.write_bytes(good[:100])
    assert len(build().skipped) == 1
    assert len(build().skipped) == 1
    picture.write_bytes(good)
    report = build()
    assert (report.total, report.indexed, report.skipped) == (18, 1, ())


def test_nothing_to_index_is_an_error(build, tmp_path, catalogue_folder):
    for path in (catalogue_folder / "images").iterdir():
        path.write_bytes(b"")
    with pytest.raises(CatalogueError, match="none of the 18 pictures"):
        build()
    shutil.rmtree(catalogue_folder / "images")
    with pytest.raises(CatalogueError, match=r"no pictures in .*--download"):
        build()


def test_missing_weights_write_nothing(tmp_path, catalogue_folder):
    with pytest.raises(WeightsError, match="--weights"):
        build_index(
            catalogue_folder, tmp_path / "artifacts", encoder="resnet50",
            weights=tmp_path / "none.h5", progress=False,
        )  # fmt: skip
    assert not (tmp_path / "artifacts").exists()


def test_an_unwritable_folder_is_one_line(build, tmp_path):
    (tmp_path / "artifacts").write_text("a file is in the way")
    with pytest.raises(StorageError, match="cannot write"):
        build()


def test_a_full_disk_loses_nothing(build, tmp_path, monkeypatch):
    build(limit=6)
    before = pickles(tmp_path / "artifacts")
    append = journal.Journal.append
    room = iter(range(2))

    def full(self, files, vectors):
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        append(self, files, vectors)

    monkeypatch.setattr(journal.Journal, "append", full)
    with pytest.raises(StorageError, match=r"No space left on device.*finished work is kept"):
        build()
    assert pickles(tmp_path / "artifacts") == before
    monkeypatch.undo()
    recommender.encoders.register_encoder("fake", FakeEncoder)
    report = build()
    assert (report.total, report.indexed, report.resumed, report.reused) == (18, 12, 8, 6)


def test_ctrl_c_says_what_is_kept(build, tmp_path):
    def interrupt(done, _):
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"8 of 18 pictures .* run the same command again"):
        build(progress=interrupt)
    assert not (tmp_path / "artifacts" / EMBEDDINGS).exists()
    report = build()
    assert (report.indexed, report.resumed) == (18, 8)


def test_a_journal_of_other_weights_is_not_used(build):
    class Other(FakeEncoder):
        @property
        def card(self):
            return replace(super().card, weights_sha256="0" * 64)

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(progress=interrupt)
    assert build(encoder=Other()).resumed == 0


def test_progress_can_be_followed(build):
    seen = []
    build(progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 18), (8, 18), (12, 18), (16, 18), (18, 18)]


SLOW_BUILD = """
import sys, time
from pathlib import Path
from typing import Any
from recommender.indexing import build_index
from tests.fakes import FakeEncoder

class Slow(FakeEncoder):
    def _features(self, batch):
        time.sleep(0.05)
        return super()._features(batch)

build_index(sys.argv[1], sys.argv[2], encoder=Slow(), batch_size=3, progress=False)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize("batches", [0, 1, 3])
def test_killed_and_run_again_ends_with_the_same_bytes(tmp_path, batches):
    data = draw_catalogue(tmp_path / "data")
    spoil(data / "images")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    build_index(data, whole, encoder="fake", batch_size=3, progress=False)
    command = [sys.executable, "-c", SLOW_BUILD, str(data), str(killed)]
    process = subprocess.Popen(command, cwd=ROOT)
    lines = killed / JOURNAL / journal.BATCHES
    while process.poll() is None:
        if lines.exists() and lines.read_bytes().count(b"\n") > batches:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.005)
    assert process.wait(timeout=30) == -signal.SIGKILL
    assert not (killed / EMBEDDINGS).exists()
    finished = lines.read_bytes().splitlines()[1 : batches + 1]
    report = build_index(data, killed, encoder="fake", batch_size=3, progress=False)
    assert report.resumed >= sum(len(json.loads(line)["files"]) for line in finished)
    assert pickles(killed) == pickles(whole)
    assert not (killed / JOURNAL).exists()


class Placed(FakeEncoder):
    """Its last bits depend on the batch and the place in it, as those of real models do."""

    def _features(self, batch):
        places = np.arange(len(batch))[:, np.newaxis]
        return super()._features(batch) + np.float32(0.01) * (len(batch) + places)


class Backwards:
    """Finishes the last batch first, and stops after so many."""

    def __init__(self, stop_after: int) -> None:
        self.stop_after = stop_after

    @contextmanager
    def at_work(self, folder, recipe, tasks):
        yield self._batches(folder, recipe.encoder, tasks)

    def _batches(self, folder, encoder, tasks):
        read = reader(folder, encoder)
        for number, task in enumerate(reversed(tasks)):
            if number == self.stop_after:
                raise ClusterError("the machines are gone")
            yield embed(encoder, [read(picture) for picture in task.pictures])


@pytest.mark.parametrize("stop_after", [0, 1, 3, 9])
def test_whoever_embeds_in_whatever_order_the_bytes_are_the_same(build, tmp_path, stop_after):
    spoil(tmp_path / "data" / "images")
    build(encoder=Placed())
    whole = pickles(tmp_path / "artifacts")
    shutil.rmtree(tmp_path / "artifacts")
    if stop_after < 9:
        with pytest.raises(ClusterError, match="gone"):
            build(encoder=Placed(), workers=Backwards(stop_after))
        report = build(encoder=Placed())
        assert (report.resumed > 0) == (stop_after > 0)
    else:
        build(encoder=Placed(), workers=Backwards(stop_after))
    assert pickles(tmp_path / "artifacts") == whole


def test_work_is_on_disk_before_the_next_batch(build, tmp_path, monkeypatch):
    monkeypatch.setattr(embedding, "_SYNC_SECONDS", 0.0)
    synced = []
    sync = journal.Journal.sync

    def watched(self):
        sync(self)
        synced.append((tmp_path / "artifacts" / JOURNAL / journal.VECTORS).stat().st_size)

    monkeypatch.setattr(journal.Journal, "sync", watched)
    build()
    assert synced[:3] == [4 * 48 * 4, 8 * 48 * 4, 12 * 48 * 4]


def test_an_unknown_encoder_is_refused(tmp_path, catalogue_folder):
    with pytest.raises(RecommenderError, match="choose one of: resnet50"):
        build_index(catalogue_folder, tmp_path / "artifacts", encoder="none")
    assert get_encoder("fake").card.name == "fake"
