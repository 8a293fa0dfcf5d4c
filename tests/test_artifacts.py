"""The index folder: what is written is what is read, and nothing broken is."""

from __future__ import annotations

import json
import pickle
import shutil
import threading

import numpy as np
import pytest

from recommender import manifest as module
from recommender import publishing
from recommender.array_pickles import write_array_pickle
from recommender.artifacts import read_index
from recommender.errors import ArtifactsError
from recommender.file_lists import FileState, read_files, read_skipped
from recommender.manifest import (
    EMBEDDINGS,
    FILENAMES,
    FILES,
    INDEX_FILES,
    MANIFEST,
    STAGED,
    Manifest,
    read_manifest,
)
from recommender.publishing import finish_publishing, locked, publish
from tests.fakes import FakeEncoder


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.0)


def vectors_of(n: int, dim: int = 48, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def write(folder, vectors, *, names=None, skipped=(), dataset="/data", dtype="float32"):
    folder.mkdir(exist_ok=True)
    names = names or [f"images/{i}.jpg" for i in range(len(vectors))]
    manifest = Manifest(
        encoder=FakeEncoder().card,
        weights_file=None,
        n=len(vectors),
        dim=vectors.shape[1],
        dataset=str(dataset),
        dataset_relative=None,
        sha256={},
        embeddings_offset=0,
        created="2026-01-01T00:00:00+00:00",
        dtype=dtype,
    )
    files = [(name, FileState(1, 2, "ab")) for name in names]
    pieces = (row.tobytes() for row in vectors)
    return publish(folder, manifest=manifest, vectors=pieces, files=files, skipped=skipped)


def test_what_is_written_is_read(tmp_path):
    vectors = vectors_of(7)
    manifest = write(tmp_path, vectors, skipped=[("a, b.jpg", 'it is "bad"')])
    index = read_index(tmp_path)
    assert np.array_equal(index.embeddings, vectors)
    assert index.filenames == [f"images/{i}.jpg" for i in range(7)]
    assert index.manifest == manifest == read_manifest(tmp_path)
    assert read_skipped(tmp_path) == [("a, b.jpg", 'it is "bad"')]
    assert read_files(tmp_path)[3] == ("images/3.jpg", FileState(1, 2, "ab"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(INDEX_FILES)


def test_any_tutorial_can_read_the_pickles(tmp_path):
    vectors = vectors_of(5)
    write(tmp_path, vectors)
    with (tmp_path / EMBEDDINGS).open("rb") as file:
        loaded = np.array(pickle.load(file))
    assert loaded.dtype == np.float32
    assert np.array_equal(loaded, vectors)
    with (tmp_path / FILENAMES).open("rb") as file:
        assert pickle.load(file) == [f"images/{i}.jpg" for i in range(5)]


def test_an_open_index_stays_what_it_was_when_it_is_replaced(tmp_path):
    vectors = vectors_of(7)
    write(tmp_path, vectors)
    index = read_index(tmp_path)
    write(tmp_path, vectors_of(9, seed=1))
    assert np.array_equal(index.embeddings, vectors)
    assert np.array_equal(read_index(tmp_path).embeddings, vectors_of(9, seed=1))


def test_half_precision_is_searched_as_single(tmp_path):
    vectors = vectors_of(50)
    write(tmp_path, vectors, dtype="float16")
    index = read_index(tmp_path)
    assert index.embeddings.dtype == np.float32
    assert np.abs(np.linalg.norm(index.embeddings, axis=1) - 1).max() < 1e-6
    assert np.abs(index.embeddings - vectors).max() < 1e-3
    assert not np.array_equal(index.embeddings, vectors)


def test_other_numbers_than_the_manifest_says_are_refused(tmp_path):
    write(tmp_path, vectors_of(3), dtype="float16")
    overwrite(tmp_path / EMBEDDINGS, vectors_of(3))
    with pytest.raises(ArtifactsError, match="holds float32, not float16"):
        read_index(tmp_path)


def test_a_manifest_from_before_there_was_a_choice_is_read(tmp_path):
    write(tmp_path, vectors_of(3))
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    del manifest["dtype"]
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    assert np.array_equal(read_index(tmp_path).embeddings, vectors_of(3))


def test_the_array_pickle_is_protocol_5_and_says_where_its_numbers_are(tmp_path):
    vectors = vectors_of(300, 7)
    path = tmp_path / "x.pkl"
    with path.open("wb") as file:
        offset = write_array_pickle(file, [vectors.tobytes()], shape=vectors.shape)
    data = path.read_bytes()
    assert data[:2] == b"\x80\x05"
    assert data[offset : offset + vectors.nbytes] == vectors.tobytes()
    loaded = pickle.loads(data)
    assert type(loaded) is np.ndarray
    assert loaded.flags.c_contiguous
    assert loaded.flags.writeable


def test_the_wrong_number_of_bytes_is_never_published(tmp_path):
    write(tmp_path, vectors_of(3))
    manifest = read_index(tmp_path).manifest
    assert manifest is not None
    files = [("a.jpg", FileState(1, 2, "ab"))] * 3
    with pytest.raises(ValueError, match="bytes of vectors"):
        publish(tmp_path, manifest=manifest, vectors=[b"1234"], files=files, skipped=[])
    assert len(read_index(tmp_path).filenames) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(INDEX_FILES)


def test_no_index_names_the_command(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(ArtifactsError, match=r"there is no index.*python build_index\.py"):
            read_index(folder)


def overwrite(path, thing):
    """Replace a pickle and make the manifest agree, so that only the content is wrong."""
    path.write_bytes(pickle.dumps(thing, protocol=5))
    manifest = json.loads((path.parent / MANIFEST).read_text())
    manifest["sha256"][path.name] = module.sha256_of(path)
    (path.parent / MANIFEST).write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda v: v[:-1], "holds .* but"),
        (lambda v: v[:, :-1] / np.linalg.norm(v[:, :-1], axis=1, keepdims=True), "holds .* but"),
        (lambda v: v.astype(np.float64), "float64"),
        (lambda v: np.asfortranarray(v), "C-contiguous"),
        (lambda v: np.where(np.arange(len(v))[:, None] == 2, np.nan, v), "row 2 .*norm nan"),
        (lambda v: v * np.float32(1.1), "not a unit vector"),
        (lambda v: v[0], "does not hold an array"),
        (lambda v: "hello", "does not hold an array"),
    ],
)
def test_wrong_embeddings_are_refused_with_the_reason(tmp_path, change, reason):
    vectors = vectors_of(5)
    write(tmp_path, vectors)
    overwrite(tmp_path / EMBEDDINGS, change(vectors))
    with pytest.raises(ArtifactsError, match=reason):
        read_index(tmp_path)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["a.jpg"] * 4, "4 names"),
        ([1, 2, 3, 4, 5], "list of file names"),
        (("a",) * 5, "list of file names"),
        (["a", "b", "c", "d", "../../secret.jpg"], "not a path inside"),
        (["a", "b", "c", "d", "/etc/secret.jpg"], "not a path inside"),
        (["a", "b", "c", "d", "\0"], "list of file names"),
        (["a", "b", "c", "d", ""], "list of file names"),
    ],
)
def test_wrong_names_are_refused_with_the_reason(tmp_path, names, reason):
    write(tmp_path, vectors_of(5))
    overwrite(tmp_path / FILENAMES, names)
    with pytest.raises(ArtifactsError, match=reason):
        read_index(tmp_path)


@pytest.mark.parametrize("name", [EMBEDDINGS, FILENAMES])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_file_is_named(tmp_path, name, damage):
    write(tmp_path, vectors_of(5))
    path = tmp_path / name
    data = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        data[len(data) // 2] ^= 1
        path.write_bytes(data if damage == "flip" else data[:-3])
    with pytest.raises(ArtifactsError, match=rf"{name}.*--rebuild"):
        read_index(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 1}', '{"schema": 1, "encoder": 3}', "[" * 100_000]
)
def test_a_damaged_manifest_is_one_line(tmp_path, text):
    write(tmp_path, vectors_of(5))
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ArtifactsError, match=r"manifest\.json|schema"):
        read_index(tmp_path)


@pytest.mark.parametrize(
    ("field", "value"),
    [("sha256", None), ("sha256", []), ("dataset", 5), ("n", "5"), ("embeddings_offset", None)],
)
def test_a_manifest_of_wrong_types_is_one_line(tmp_path, field, value):
    write(tmp_path, vectors_of(5))
    manifest = json.loads((tmp_path / MANIFEST).read_text()) | {field: value}
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ArtifactsError, match=field):
        read_index(tmp_path)


def test_an_unknown_resize_rule_is_refused(tmp_path):
    write(tmp_path, vectors_of(5))
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    manifest["encoder"]["resize"] = "sideways"
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ArtifactsError, match="sideways"):
        read_index(tmp_path)


def test_a_manifest_that_is_moved_while_it_is_read_is_found(tmp_path, monkeypatch):
    write(tmp_path, vectors_of(5))
    (tmp_path / STAGED).mkdir()
    shutil.copy(tmp_path / MANIFEST, tmp_path / STAGED / MANIFEST)
    look = module.located

    def moved_after_the_look(folder, name):
        path = look(folder, name)
        if path.parent.name == STAGED:
            path.replace(folder / name)
        return path

    monkeypatch.setattr(module, "located", moved_after_the_look)
    assert read_manifest(tmp_path) is not None


def test_another_schema_is_refused(tmp_path):
    write(tmp_path, vectors_of(5))
    manifest = json.loads((tmp_path / MANIFEST).read_text()) | {"schema": 99}
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ArtifactsError, match="schema 99"):
        read_index(tmp_path)


def test_a_publication_cut_short_anywhere_reads_as_old_or_new(tmp_path, monkeypatch):
    old, new = vectors_of(4), vectors_of(6, seed=1)

    class CutError(BaseException):
        pass

    for steps in range(len(INDEX_FILES) + 1):
        folder = tmp_path / str(steps)
        write(folder, old)
        left = iter(range(steps))

        def cut(source, target, left=left):
            if next(left, None) is None:
                raise CutError
            source.replace(target)

        monkeypatch.setattr(publishing, "_replace", cut)
        if steps < len(INDEX_FILES):
            with pytest.raises(CutError):
                write(folder, new)
        else:
            write(folder, new)
        assert np.array_equal(read_index(folder).embeddings, new)
        monkeypatch.undo()
        monkeypatch.setattr(module, "_PATIENCE", 0.0)
        finish_publishing(folder)
        assert np.array_equal(read_index(folder).embeddings, new)
        assert not (folder / STAGED).exists()


def test_a_write_that_fails_leaves_the_old_index(tmp_path):
    write(tmp_path, vectors_of(4))

    def failing():
        yield b"1234"
        raise OSError(28, "No space left on device")

    manifest = read_manifest(tmp_path)
    assert manifest is not None
    files = [("a.jpg", FileState(1, 2, "ab"))] * 4
    with pytest.raises(OSError, match="No space"):
        publish(tmp_path, manifest=manifest, vectors=failing(), files=files, skipped=[])
    assert len(read_index(tmp_path).filenames) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(INDEX_FILES)


def test_readers_see_whole_indices_while_others_are_published(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 5.0)
    write(tmp_path, vectors_of(3))
    stop = threading.Event()
    problems = []

    def read():
        while not stop.is_set():
            try:
                index = read_index(tmp_path)
                assert len(index.filenames) == len(index.embeddings)
            except Exception as error:
                problems.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(3, 40):
        write(tmp_path, vectors_of(n, seed=n))
    stop.set()
    reader.join()
    assert not problems


def test_the_dataset_is_found_when_both_folders_move(tmp_path, artifacts, catalogue_folder):
    assert read_index(artifacts).dataset == catalogue_folder.resolve()
    (tmp_path / "moved").mkdir()
    shutil.move(artifacts, tmp_path / "moved" / "artifacts")
    shutil.move(catalogue_folder, tmp_path / "moved" / "data")
    moved = read_index(tmp_path / "moved" / "artifacts")
    assert moved.dataset == tmp_path / "moved" / "data"
    elsewhere = tmp_path / "elsewhere"
    assert read_index(tmp_path / "moved" / "artifacts", data=elsewhere).dataset == elsewhere


def test_two_builds_do_not_write_one_folder(tmp_path):
    from recommender.errors import StorageError

    with locked(tmp_path), pytest.raises(StorageError, match="another build"), locked(tmp_path):
        pass


def test_files_csv_that_is_damaged_is_an_error(tmp_path):
    write(tmp_path, vectors_of(2))
    (tmp_path / FILES).write_text("filename,size,mtime_ns,sha256\nx,not a number,1,ab\n")
    with pytest.raises(ArtifactsError, match=r"files\.csv"):
        read_files(tmp_path)
