"""Runtimes by name, and the cache of exported networks."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import build_index as script
from recommender.__main__ import main
from recommender.encoders import exports, frozen, get_encoder, openvino, runtimes
from recommender.encoders.exports import Export, export_file, exported
from recommender.encoders.openvino import OpenVinoGraph
from recommender.errors import MissingExtraError, RecommenderError
from recommender.indexing import build_index
from recommender.manifest import read_manifest
from recommender.search import Recommender
from recommender.ui.settings import Settings
from tests.fakes import FakeEncoder

CARD = FakeEncoder().card
MADE = Export(b"<layers/>", bytes(range(200)))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


@pytest.fixture
def versions(monkeypatch):
    known = {"keras": "3.8.0", "openvino": "2026.1.0"}
    monkeypatch.setattr(exports, "version", known.__getitem__)
    return known


def refuse() -> Export:
    raise AssertionError("the export is kept already")


def test_an_export_is_made_once(versions, caplog):
    assert exported(CARD, lambda: MADE) == MADE
    assert exported(CARD, refuse) == MADE
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "exporting the encoder fake for OpenVINO, once"
    ]


def test_the_name_tells_the_weights_and_the_versions(versions, home):
    path = export_file(CARD)
    assert path.parent == home / "openvino"
    assert CARD.weights_sha256 in path.name
    names = {path.name}
    for package in versions:
        versions[package] += "1"
        names.add(export_file(CARD).name)
    assert len(names) == 3


@pytest.mark.parametrize("damage", ["cut", "flipped", "another's", "no zip"])
def test_a_bad_export_is_made_again_and_that_is_said(versions, caplog, damage):
    exported(CARD, lambda: MADE)
    path = export_file(CARD)
    data = bytearray(path.read_bytes())
    if damage == "cut":
        del data[len(data) // 2 :]
    elif damage == "flipped":
        data[data.index(MADE.weights) + 50] ^= 1
    elif damage == "no zip":
        data[:] = b"hello"
    path.write_bytes(data)
    if damage == "another's":
        versions["openvino"] = "2026.2.0"
        path.replace(export_file(CARD))
    caplog.clear()
    other = Export(b"<other/>", b"123")
    assert exported(CARD, lambda: other) == other
    assert exported(CARD, refuse) == other
    assert [record.message.split(",")[0] for record in caplog.records] == [
        "exporting the encoder fake again"
    ]


def test_where_nothing_can_be_written_it_goes_on(versions, caplog, home):
    home.write_text("a file where the folder should be")
    assert exported(CARD, lambda: MADE) == MADE
    assert "cannot be kept" in caplog.text


def test_names():
    with pytest.raises(RecommenderError, match=r"no runtime 'torch'.*tensorflow, openvino"):
        get_encoder("fashion", runtime="torch")
    with pytest.raises(RecommenderError, match="no runtime 'torch'"):
        Settings.read([], {"RECOMMENDER_RUNTIME": "torch"})
    assert Settings.read([], {}).runtime == "tensorflow"


def test_without_the_extra_the_remedy_is_named(monkeypatch, capsys, catalogue_folder, tmp_path):
    monkeypatch.setattr(runtimes, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install -r requirements-openvino\.txt"):
        Settings.read(["--runtime", "openvino"], {})
    arguments = ["--data", str(catalogue_folder), "--artifacts", str(tmp_path / "a")]
    assert script.main([*arguments, "--encoder", "fashion", "--runtime", "openvino"]) == 2
    told = capsys.readouterr().err
    assert "requirements-openvino.txt" in told
    assert told.count("\n") == 1
    assert not (tmp_path / "a").exists()


def test_a_keras_that_cannot_export_is_one_line(monkeypatch):
    class OldModel:
        def export(self, *_, **__):
            raise ValueError("Unrecognized format=openvino.\nChoose another")

    monkeypatch.setattr(frozen, "import_tensorflow", lambda: None)
    monkeypatch.setattr(openvino, "version", lambda name: "1.2")
    monkeypatch.setattr(exports, "version", lambda name: "1.2")
    monkeypatch.setattr(openvino, "import_openvino", lambda: None)
    graph = OpenVinoGraph(OldModel, CARD)
    with pytest.raises(MissingExtraError, match=r"Keras 1\.2 cannot export.*Choose") as raised:
        graph(np.zeros((1, *CARD.input_size, 3), np.uint8))
    assert "\n" not in str(raised.value)


def test_an_encoder_of_ones_own_has_no_choice(monkeypatch, artifacts, catalogue_folder, capsys):
    monkeypatch.setattr(runtimes, "find_spec", lambda name: name)
    with pytest.raises(RecommenderError, match="leave --runtime out"):
        get_encoder("fake", runtime="openvino")
    photo = str(catalogue_folder / "images" / "1001.jpg")
    for command in ("search", "predict"):
        arguments = [command, photo, "--artifacts", str(artifacts), "--runtime"]
        assert main([*arguments, "openvino"]) == 2
        assert "leave --runtime out" in capsys.readouterr().err
        assert main([*arguments, "tensorflow"]) == (0 if command == "search" else 2)
        assert "--runtime" not in capsys.readouterr().err


@pytest.mark.slow
def test_an_index_does_not_depend_on_the_runtime(exports_kept, catalogue_folder, tmp_path):
    pytest.importorskip("openvino")
    where = catalogue_folder, tmp_path / "a"
    build_index(*where, encoder="fashion", runtime="openvino", progress=False, batch_size=8)
    openvino = np.array(Recommender.open(where[1]).index.embeddings)
    again = build_index(*where, encoder="fashion", progress=False, batch_size=8)
    assert again.reused == 18
    build_index(*where, encoder="fashion", progress=False, batch_size=8, rebuild=True)
    recommender = Recommender.open(where[1], runtime="openvino")
    assert (recommender.index.embeddings * openvino).sum(axis=1).min() > 0.9999
    assert recommender.search(catalogue_folder / "images" / "1009.jpg")[0].distance < 1e-3
    manifest = read_manifest(where[1])
    assert manifest is not None
    assert manifest.encoder == recommender.encoder.card


@pytest.mark.slow
def test_a_kept_export_needs_no_tensorflow_and_reports_to_nobody(exports_kept):
    pytest.importorskip("openvino")
    get_encoder("fashion", runtime="openvino").warm_up()
    code = """
import sys
from recommender.encoders import get_encoder
get_encoder("fashion", runtime="openvino").warm_up()
print([name for name in ("tensorflow", "keras") if name in sys.modules])
print(sys.modules["openvino_telemetry"])
"""
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == ["[]", "None"]
