"""The sample catalogue, drawn and indexed in one call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender import Recommender, first_run
from recommender.first_run import make_sample_index, sample_index, sample_is_ready
from recommender.sample import draw_sample
from tests.fakes import FakeEncoder


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    """Draws 6 products instead of 300."""

    def draw_few(folder, *, progress):
        return draw_sample(folder, count=6, progress=progress)

    monkeypatch.setattr(first_run, "draw_sample", draw_few)


def test_draws_and_indexes_and_does_neither_twice(tmp_path):
    steps = []
    report = make_sample_index(tmp_path, encoder="fake", on_step=lambda *step: steps.append(step))
    assert report.total == 6
    assert {text for text, _, _ in steps} == {
        "Drawing the sample catalogue",
        "Learning what each product looks like",
    }
    assert steps[-1][1:] == (6, 6)
    recommender = Recommender.open(sample_index(tmp_path))
    photo = recommender.image_path(recommender.catalogue.items[2])
    first = recommender.search(photo, k=1)[0]
    assert first.distance < 1e-3
    assert first.attributes["baseColour"]
    assert make_sample_index(tmp_path, encoder="fake").reused == 6


def test_nothing_is_put_where_the_user_puts_things(tmp_path):
    make_sample_index(tmp_path / "artifacts", encoder="fake")
    assert [path.name for path in (tmp_path / "artifacts").iterdir()] == ["sample"]
    assert [path.name for path in tmp_path.iterdir()] == ["artifacts"]


def test_an_index_of_other_weights_is_made_anew(tmp_path, monkeypatch):
    make_sample_index(tmp_path, encoder="fake")
    assert sample_is_ready(tmp_path, encoder="fake")
    card = FakeEncoder().card
    monkeypatch.setattr(FakeEncoder, "card", replace(card, weights_sha256="f" * 64))
    assert not sample_is_ready(tmp_path, encoder="fake")
    assert make_sample_index(tmp_path, encoder="fake").reused == 0
    assert sample_is_ready(tmp_path, encoder="fake")
