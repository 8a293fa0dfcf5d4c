"""A build on a cluster of two workers: two Ray nodes on this machine."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from recommender.distributed import RayCluster
from recommender.distributed.connection import connected
from recommender.errors import ClusterError
from recommender.indexing import build_index
from recommender.manifest import EMBEDDINGS, FILENAMES, FILES, SKIPPED
from tests.distributed.encoders import Elsewhere, Marking
from tests.fakes import FakeEncoder, draw_catalogue
from tests.test_indexing import spoil

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's"),
]
BATCH = 3


@pytest.fixture(scope="module")
def cluster():
    """Two machines with one processor each; connected to for all the tests, which saves time."""
    pytest.importorskip("ray", reason="needs the extra `ray`")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 100 << 20, "include_dashboard": False}
    nodes = Cluster(initialize_head=True, head_node_args=node)
    try:
        nodes.add_node(**node)
        with connected(nodes.address):
            yield RayCluster(address=nodes.address)
    finally:
        nodes.shutdown()


@pytest.fixture
def data(tmp_path):
    """19 pictures, 6 of which cannot be used."""
    folder = draw_catalogue(tmp_path / "data")
    spoil(folder / "images")
    return folder


@pytest.fixture
def local(tmp_path, data):
    """The index of a run without a cluster."""
    build_index(data, tmp_path / "local", encoder="fake", batch_size=BATCH, progress=False)
    return files_of(tmp_path / "local")


def files_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (EMBEDDINGS, FILENAMES, FILES, SKIPPED)}


def test_a_killed_worker_costs_what_it_had_in_hand(cluster, tmp_path, data, local):
    marks = tmp_path / "marks"
    marks.mkdir()
    (marks / "kill").touch()
    seen = []
    report = build_index(
        data, tmp_path / "there", encoder=Marking(marks), batch_size=BATCH, workers=cluster,
        progress=lambda *counts: seen.append(counts),
    )  # fmt: skip
    assert files_of(tmp_path / "there") == local
    assert (report.total, len(report.skipped)) == (13, 6)
    assert seen[-1] == (19, 19)
    assert len(seen) == 7
    embedded = Counter(mark.read_text() for mark in marks.iterdir())
    assert sorted(embedded.values()) == [1, 1, 1, 1, 1, 1, 2]
    assert len({mark.suffix for mark in marks.iterdir()}) > 1  # Process ids.


def test_a_stopped_build_goes_on_without_the_cluster(cluster, tmp_path, data, local):
    def stop(done, _):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"\d of 19 pictures are finished and kept"):
        build_index(
            data, tmp_path / "there", encoder=FakeEncoder(), batch_size=BATCH, workers=cluster,
            progress=stop,
        )  # fmt: skip
    report = build_index(data, tmp_path / "there", encoder="fake", batch_size=BATCH, progress=False)
    assert report.resumed > 0
    assert files_of(tmp_path / "there") == local


def test_a_machine_without_the_weights_is_named(cluster, tmp_path, data):
    with pytest.raises(ClusterError, match=r"the machine [\d.]+ cannot take part: .*--weights"):
        build_index(data, tmp_path / "there", encoder=Elsewhere(), workers=cluster, progress=False)
    assert not (tmp_path / "there" / EMBEDDINGS).exists()
