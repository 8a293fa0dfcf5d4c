"""What a cluster is told and asked, without one."""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

import build_index as script
from recommender.batches import Recipe, Task, ThisProcess
from recommender.distributed.cluster import local_threads
from recommender.distributed.connection import knock, one_line
from recommender.distributed.fitness import Job, probe, take_on, versions
from recommender.distributed.pipeline import Worker
from recommender.encoders import encoder_maker
from recommender.errors import ClusterError
from recommender.folders import LocalFolder
from tests.distributed.encoders import Elsewhere


@pytest.fixture
def job(catalogue_folder, monkeypatch):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "1")  # To be set back afterwards.
    make = encoder_maker("fake")
    return Job(make, make().card, LocalFolder(catalogue_folder), 3, versions())


def test_a_worker_makes_the_batches_of_this_process(job, catalogue_folder):
    (catalogue_folder / "images" / "1002.jpg").write_bytes(b"")
    tasks = [
        Task(tuple((f"images/{n}.jpg", frozenset[str]()) for n in range(start, start + 3)))
        for start in (1001, 1004)
    ]
    worker = Worker(pickle.dumps(job))
    there = worker({"task": [pickle.dumps(task) for task in tasks]})["batch"]
    with ThisProcess().at_work(job.folder, Recipe(job.make(), job.make), tasks) as batches:
        for packed, here in zip(there, batches, strict=True):
            batch = pickle.loads(packed)
            assert (batch.files, batch.problems) == (here.files, here.problems)
            assert batch.vectors.tobytes() == here.vectors.tobytes()
            assert len(batch) == 3
    assert local_threads() == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda job: {"card": replace(job.card, version="2")}, "version 1 instead of 2"),
        (lambda job: {"versions": {"numpy": "0.9"}}, "instead of 0.9: install the same"),
        (lambda job: {"versions": {"library of another": "1", "pillow": "0"}}, "it has pillow"),
    ],
)
def test_a_machine_that_differs_says_in_what(job, change, reason):
    with pytest.raises(ClusterError, match=reason):
        take_on(pickle.dumps(replace(job, **change(job))))
    assert take_on(pickle.dumps(job))[0].card == job.card


def test_a_machine_without_the_folder_says_so(job, catalogue_folder):
    packed = pickle.dumps(job)
    catalogue_folder.rename(catalogue_folder.parent / "moved")
    assert "does not exist" in probe()(packed)


def test_a_machine_without_the_module_of_an_encoder_says_so(job, monkeypatch):
    packed = pickle.dumps(replace(job, make=Elsewhere))
    assert probe()(packed) == ""
    monkeypatch.setitem(sys.modules, "tests.distributed.encoders", None)
    assert "cannot be imported there" in probe()(packed)


def test_a_machine_without_the_program_says_so(tmp_path):
    cloudpickle = pytest.importorskip("ray.cloudpickle", reason="needs the extra `ray`")
    (tmp_path / "probe").write_bytes(cloudpickle.dumps(probe()))
    code = (
        "import pickle, sys; from ray import cloudpickle; sys.modules['recommender'] = None;"
        "print(pickle.load(open('probe', 'rb'))(b''))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "pip install it on every machine" in result.stdout


def closed_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def test_an_address_where_nobody_answers_is_one_line():
    address = f"127.0.0.1:{closed_port()}"
    with pytest.raises(ClusterError, match=f"no Ray cluster answers at {address}") as raised:
        knock(address)
    assert "\n" not in str(raised.value)


def test_auto_looks_where_ray_notes_its_cluster(monkeypatch, tmp_path):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    with pytest.raises(ClusterError, match="no Ray cluster answers at auto"):
        knock("auto")
    (tmp_path / "ray").mkdir()
    stale = f"127.0.0.1:{closed_port()}"
    (tmp_path / "ray" / "ray_current_cluster").write_text(stale)
    with pytest.raises(ClusterError, match=f"no Ray cluster answers at {stale}"):
        knock("auto")


@pytest.mark.parametrize(
    "address", ["", "somewhere", "host:", ":6379", "host:port", "http://h:x", "ray://h:10001"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ClusterError, match="is no address of a Ray cluster"):
        knock(address)


def test_errors_of_ray_become_one_line():
    error = RuntimeError("a traceback\nof many lines")
    error.cause = ValueError("\n the reason \nand more")  # type: ignore[attr-defined]
    assert one_line(error) == "the reason"
    assert one_line(ValueError()) == "ValueError"


def test_a_missing_ray_names_the_command(monkeypatch, capsys, catalogue_folder, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    arguments = ["--data", str(catalogue_folder), "--artifacts", str(tmp_path / "artifacts")]
    assert script.main([*arguments, "--encoder", "fake", "--ray", "local"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "pip install -r requirements-ray.txt" in error


@pytest.mark.parametrize(
    "arguments", [["--ray-actors", "2"], ["--ray-cpus", "2"], ["--data", "s3://b", "--download"]]
)
def test_options_that_do_not_go_together_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as exit_:
        script.main(arguments)
    assert exit_.value.code == 2
    assert "--data" in capsys.readouterr().err
