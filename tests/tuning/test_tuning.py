"""`python -m recommender tune` from end to end, on a drawn shop."""

from __future__ import annotations

import json
import pickle
import shutil
from dataclasses import replace

import numpy as np
import pytest

from recommender import publishing
from recommender.__main__ import main
from recommender.artifacts import read_index
from recommender.confidence import ConfidenceCurve
from recommender.encoders.head import unit
from recommender.errors import ArtifactsError, CatalogueError, QueryError
from recommender.finding import Finder, Wishes
from recommender.indexing import build_index
from recommender.manifest import EMBEDDINGS, FILENAMES, HEAD, MANIFEST, read_manifest
from recommender.search import Recommender
from recommender.tuning.examples import read_examples
from recommender.tuning.learning import Settings
from recommender.tuning.network import loss_and_gradient
from recommender.tuning.tune import tune
from recommender.tuning.verdict import judge
from tests.fakes import FakeEncoder
from tests.heads import random_head
from tests.shelves import directions, shelf
from tests.tuning.shop import COLOURS, KINDS, draw_shop, index_shop

QUICK = Settings(units=64, least_steps=200)


@pytest.fixture(scope="module")
def tuned_once(tmp_path_factory):
    """(dataset, untuned index, tuned index, report); copy them to change them."""
    folder = tmp_path_factory.mktemp("tuned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.encoders._registered", {"fake": FakeEncoder})
        patch.setattr("recommender.tuning.learning._LEAST_CALIBRATED", 10)
        data, plain = index_shop(folder)
        shutil.copytree(plain, folder / "tuned")
        report = tune(folder / "tuned", settings=QUICK)
    return data, plain, folder / "tuned", report


@pytest.fixture
def plain(tuned_once, tmp_path):
    """An index that was never tuned."""
    return shutil.copytree(tuned_once[1], tmp_path / "plain")


@pytest.fixture
def tuned(tuned_once, tmp_path):
    """A tuned index."""
    return shutil.copytree(tuned_once[2], tmp_path / "tuned")


@pytest.fixture
def data(tuned_once, tmp_path):
    """The shop of both, to be changed."""
    return shutil.copytree(tuned_once[0], tmp_path / "shop")


def contents(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name[0] != "."}


def test_a_head_that_helps_is_installed(tuned_once):
    _, plain, tuned, report = tuned_once
    assert report.installed
    assert report.attributes == {"articleType": len(KINDS), "baseColour": len(COLOURS)}
    assert list(report.left_out) == ["gender"]
    changes = report.verdict.changes
    assert set(changes) == {
        f"{what} {name}" for what in ("P@5", "mAP@10") for name in ("type", "colour", "type+colour")
    } | {"mean"}
    assert changes["P@5 type"].difference.value > 0.1
    assert changes["mean"].rises
    assert not changes["mean"].falls
    assert report.named["articleType"][0] > 0.6
    # What the encoder made is as it was: only the head and the line that names it came.
    before, after = contents(plain), contents(tuned)
    assert after.keys() - before.keys() == {HEAD}
    assert {name for name in before if before[name] != after[name]} == {MANIFEST}
    assert np.array_equal(
        pickle.loads((tuned / EMBEDDINGS).read_bytes()), read_index(plain).embeddings
    )


def test_labels_that_the_pictures_do_not_show_are_refused(tmp_path, capsys):
    _, index = index_shop(tmp_path, taught=False)
    before = contents(index)
    assert main(["tune", "--artifacts", str(index)]) == 1
    out, err = capsys.readouterr()
    assert "not installed: the mean of all figures does not rise beyond chance" in err
    assert "P@5 type+colour" in out
    assert contents(index) == before


def test_queries_go_through_the_head(tuned_once):
    data, plain, tuned, _ = tuned_once
    recommender = Recommender.open(tuned)
    photo = data / "images" / "7.png"
    vector = recommender.embed(photo)
    row = recommender.catalogue.row_of("7")
    assert recommender.index.embeddings.shape == (420, recommender.encoder.card.dim)
    assert np.abs(recommender.index.embeddings[row] - vector).max() < 1e-5
    assert recommender.search(photo, k=1)[0].id == "7"
    base = Recommender.open(plain).encoder.card
    assert recommender.encoder.card.weights_sha256 != base.weights_sha256


def test_a_tuned_index_names_attributes(tuned_once, capsys):
    data, _, tuned, _ = tuned_once
    photo = str(data / "images" / "7.png")
    assert main(["predict", photo, "--artifacts", str(tuned), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["results"]
    assert {one["attribute"] for one in found} == {"articleType", "baseColour"}
    assert all(0 < one["confidence"] <= 1 for one in found)


def test_what_cannot_be_calibrated_is_not_named(tuned_once, plain):
    report = tune(plain, settings=QUICK)
    assert report.installed
    assert report.named == {}
    assert Recommender.open(plain).predict(tuned_once[0] / "images" / "7.png") == []


def test_the_search_command_and_the_finder_work_unchanged(tuned_once, capsys, monkeypatch):
    data, _, tuned, _ = tuned_once
    photo = str(data / "images" / "7.png")
    assert main(["search", photo, "--artifacts", str(tuned), "-k", "3", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["results"]) == 3
    # The curve that ships with an encoder says nothing of what a head makes of it.
    wrong = ConfidenceCurve((0.0, 1.0), (0.0, 0.0), 2.0)
    monkeypatch.setattr("recommender.finding.shipped_curve", lambda card: wrong)
    finder = Finder(Recommender.open(tuned))
    finder.warm_up()
    head = finder.recommender.index.head
    assert head is not None
    assert finder.confidence is head.confidence is not None
    assert finder.confidence != wrong


def test_products_of_a_kind_are_not_taken_for_one_product():
    """What a head adds is the same for both, so that they lie nearer to each other than before."""
    recommender = shelf(FakeEncoder, 40)
    plain = recommender.index.embeddings.copy()
    plain[1] = unit(0.99 * plain[:1] + 0.14 * directions(5, 1, 48))[0]
    plain[2] = plain[0]
    head = random_head(None)
    folded = {}
    for name, index in (
        ("plain", replace(recommender.index, embeddings=plain)),
        ("tuned", replace(recommender.index, embeddings=head.apply(plain), head=head)),
    ):
        recommender = shelf(FakeEncoder, 40)
        recommender.index = index
        found = Finder(recommender).find(None, Wishes(k=40, fold=True))
        folded[name] = [(m.recommendation.id, [i.id for i in m.folded]) for m in found.matches]
    assert folded["plain"] == folded["tuned"]
    behind = dict(folded["tuned"])
    assert "2" in behind["0"]
    assert "1" not in behind["0"]


def test_new_pictures_join_a_tuned_index(tuned, data, tmp_path):
    shutil.copy(data / "images" / "7.png", data / "images" / "9007.png")
    (data / "images" / "8.png").unlink()
    report = build_index(data, tuned, encoder="fake", progress=False)
    assert (report.indexed, report.removed, report.head_dropped) == (1, 1, False)
    index = read_index(tuned)
    assert index.head is not None
    rows = [index.filenames.index(f"images/{name}.png") for name in (7, 9007)]
    assert np.abs(index.embeddings[rows[0]] - index.embeddings[rows[1]]).max() < 1e-5


def test_nothing_new_changes_nothing(tuned_once, tuned):
    build_index(tuned_once[0], tuned, encoder="fake", progress=False)  # It has moved.
    before = contents(tuned)
    build_index(tuned_once[0], tuned, encoder="fake", progress=False)
    assert contents(tuned) == before
    assert np.array_equal(read_index(tuned).embeddings, read_index(tuned_once[2]).embeddings)


def test_a_rebuild_starts_without_the_head(tuned_once, tuned, capsys):
    from build_index import _summary

    report = build_index(tuned_once[0], tuned, encoder="fake", rebuild=True, progress=False)
    assert report.head_dropped
    assert "python -m recommender tune" in _summary(report, tuned)
    assert read_index(tuned).head is None
    assert not (tuned / HEAD).exists()


def test_remove_brings_every_byte_back(tuned_once, tuned, capsys):
    assert main(["tune", "--remove", "--artifacts", str(tuned)]) == 0
    assert contents(tuned) == contents(tuned_once[1])
    assert main(["tune", "--remove", "--artifacts", str(tuned)]) == 0
    assert "was not tuned" in capsys.readouterr().out


def test_a_dry_run_changes_nothing_and_the_same_seed_learns_the_same(tuned_once, plain, capsys):
    before = contents(plain)
    options = ["tune", "--artifacts", str(plain), "--dry-run", "--json", "--attributes"]
    reports = []
    for seed in ("1", "1", "2"):
        assert main([*options, "articleType", "--seed", seed]) == 0
        reports.append(json.loads(capsys.readouterr().out))
        del reports[-1]["seconds"]
    assert contents(plain) == before
    assert reports[0] == reports[1] != reports[2]
    assert reports[0]["attributes"] == {"articleType": 4}
    assert reports[0]["installed"] is False
    assert reports[0]["objection"] == ""


def test_tuning_again_starts_from_the_encoder_s_own_vectors(tuned_once, tuned, monkeypatch):
    monkeypatch.setattr("recommender.tuning.learning._LEAST_CALIBRATED", 10)
    again = tune(tuned, settings=QUICK)
    assert again.verdict.to_json() == tuned_once[3].verdict.to_json()
    assert contents(tuned) == contents(tuned_once[2])


@pytest.mark.parametrize("undo", [False, True])
def test_a_publication_cut_short_anywhere_reads_as_old_or_new(
    tuned_once, plain, tuned, monkeypatch, undo
):
    """Each step that changes the disk is made to fail, one after the other."""
    start, head = (tuned, None) if undo else (plain, (tuned / HEAD).read_bytes())
    whole = [read_index(tuned_once[1]).embeddings, read_index(tuned_once[2]).embeddings]
    states = set()
    for cut in range(20):
        folder = shutil.copytree(start, start.parent / f"cut-{cut}")
        with monkeypatch.context() as patch:
            count = _fail_at(patch, cut)
            try:
                publishing.publish_head(folder, read_manifest(folder), head)
            except OSError:
                pass
            else:
                break
        found = read_index(folder).embeddings
        states.add(next(i for i, good in enumerate(whole) if np.array_equal(found, good)))
        with publishing.locked(folder):
            publishing.finish_publishing(folder)
        assert np.array_equal(read_index(folder).embeddings, found)
    assert count[0] > 3
    assert states == {0, 1}


def _fail_at(patch, cut):
    """Let the step of that number, and all after it, fail; counts the steps."""
    from pathlib import Path

    count = [0]

    def guarded(real):
        def call(*arguments, **options):
            count[0] += 1
            if count[0] > cut:
                raise OSError(28, "No space left on device")
            return real(*arguments, **options)

        return call

    for name in ("rename", "replace", "write_bytes", "write_text", "unlink"):
        patch.setattr(Path, name, guarded(getattr(Path, name)))
    return count


def test_ctrl_c_leaves_the_index_alone(plain, monkeypatch, capsys):
    before = contents(plain)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("recommender.tuning.learning.loss_and_gradient", interrupt)
    assert main(["tune", "--artifacts", str(plain)]) == 130
    assert "the index is what it was" in capsys.readouterr().err
    assert contents(plain) == before


def test_a_limit_of_time_is_kept(plain, monkeypatch):
    clock = iter(range(10_000))
    monkeypatch.setattr("recommender.tuning.learning.time.monotonic", lambda: next(clock))
    steps = []

    def counted(*arguments):
        steps.append(1)
        return loss_and_gradient(*arguments)

    monkeypatch.setattr("recommender.tuning.learning.loss_and_gradient", counted)
    tune(plain, settings=Settings(units=8, seconds=30), install=False)
    assert len(steps) == 30


def test_an_index_that_was_replaced_meanwhile_is_left_alone(plain, monkeypatch):
    def rebuild(*arguments):
        shutil.rmtree(plain)
        shutil.copytree(plain.parent / "other", plain)
        return judge(*arguments)

    data = draw_shop(plain.parent / "few", n=20)
    build_index(data, plain.parent / "other", encoder="fake", weights="x", progress=False)
    monkeypatch.setattr("recommender.tuning.tune.judge", rebuild)
    with pytest.raises(ArtifactsError, match="another encoder meanwhile"):
        tune(plain, settings=QUICK)
    assert not (plain / HEAD).exists()


def test_pickles_of_the_tutorials_can_be_tuned(tuned_once, tmp_path):
    data, plain, _, _ = tuned_once
    index = read_index(plain)
    wide = np.tile(index.embeddings, (1, 2048 // 48 + 1))[:, :2048]
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    folder = tmp_path / "tutorial"
    folder.mkdir()
    (folder / EMBEDDINGS).write_bytes(pickle.dumps(list(wide)))
    (folder / FILENAMES).write_bytes(pickle.dumps([f"C:\\x\\{n}" for n in index.filenames]))
    before = contents(folder)
    report = tune(folder, data=data, settings=QUICK)
    assert report.installed
    assert read_index(folder, data=data).embeddings.shape[1] == 2048 + 2 * 64
    assert main(["tune", "--remove", "--artifacts", str(folder)]) == 0
    assert contents(folder) == before


def test_the_attributes_that_are_learned(tuned_once, tmp_path):
    index = read_index(tuned_once[1])
    assert tuple(read_examples(index).values) == ("articleType", "baseColour")
    assert read_examples(index, ["baseColour"]).relevance == {"colour": ("baseColour",)}
    three = read_examples(index, ["year", "baseColour", "articleType"])
    assert three.relevance["year+colour"] == ("year", "baseColour")
    assert three.relevance["all three"] == ("year", "baseColour", "articleType")
    with pytest.raises(CatalogueError, match="gender cannot be learned: fewer than two of its"):
        read_examples(index, ["articleType", "gender"])
    with pytest.raises(QueryError, match="no attribute 'brand'; it has gender, articleType"):
        read_examples(index, ["brand"])


def test_nothing_is_learned_from_what_is_tested_on(tuned_once):
    examples = read_examples(read_index(tuned_once[1]))
    out, groups = examples.benchmark.held_out, examples.benchmark.groups
    assert not (examples.validation & out).any()
    assert not out[examples.training].any()
    assert not set(groups[out]) & set(groups[~out])
    assert examples.benchmark.queries.size > 20


def test_too_little_to_learn_from_is_one_line(tuned_once, tmp_path, capsys):
    data, plain, _, _ = tuned_once
    few = draw_shop(tmp_path / "few", n=30)
    build_index(few, tmp_path / "few-index", encoder="fake", progress=False)
    bare = shutil.copytree(data, tmp_path / "bare")
    (bare / "styles.csv").unlink()
    cases = [
        (["--artifacts", str(tmp_path / "few-index")], "too few to tell whether a head helps"),
        (["--artifacts", str(plain), "--data", str(bare)], "there are no attributes to learn"),
        (["--artifacts", str(plain), "--attributes", "season"], "season cannot be learned"),
        (["--artifacts", str(tmp_path)], "there is no index"),
    ]
    for options, message in cases:
        assert main(["tune", *options]) == 2
        error = capsys.readouterr().err.splitlines()[-1]
        assert error.startswith("error: ")
        assert message in error


def test_a_head_of_another_index_is_refused(tuned_once, plain, tmp_path):
    head = (tuned_once[2] / HEAD).read_bytes()
    publishing.publish_head(plain, read_manifest(plain), head.replace(b'"fake"', b'"FAKE"'))
    with pytest.raises(ArtifactsError, match="no head that this version can use"):
        read_index(plain)  # The file's own checksum tells.
    (plain / HEAD).write_bytes(head)
    with pytest.raises(ArtifactsError, match=HEAD):
        read_index(plain)
    assert main(["tune", "--remove", "--artifacts", str(plain)]) == 0
    assert read_index(plain).head is None
