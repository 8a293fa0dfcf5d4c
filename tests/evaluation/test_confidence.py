"""The protocol "confidence" where the answer is known, and as a command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recommender import confidence_fit
from recommender.confidence import ConfidenceCurve, shipped_curve
from recommender.encoders.base import normalise
from recommender.evaluation.benchmark_data import Benchmark
from recommender.evaluation.confidence import Photos, confidence
from recommender.evaluation.reliability import area_under_curve, reliability
from recommender.evaluation.strangers import SIZE, strangers
from tests.evaluation.test_command import folder, run
from tests.fakes import FakeEncoder

__all__ = ["folder"]  # A fixture of the other module.

KINDS = np.array(["Shirts", "Jeans", "Caps"])


@pytest.fixture
def world():
    """1,500 products around three centres, every fifth held out; photos of them are noisier."""
    dice = np.random.default_rng(3)
    rows = np.arange(1500)
    codes = rows % 3
    centres = dice.normal(size=(3, 16))
    vectors = normalise(centres[codes] + 1.3 * dice.normal(size=(1500, 16)))
    out = rows % 5 == 0
    # At right angles to all three centres: what lies nearest is of any type.
    away = dice.normal(size=(60, 16))
    away -= away @ np.linalg.pinv(centres) @ centres
    benchmark = Benchmark(
        paths=tuple(Path(f"{i}.jpg") for i in rows),
        ids=tuple(str(i) for i in rows),
        labels={"articleType": KINDS[codes]},
        groups=rows.astype(np.int64),
        held_out=out,
        street_paths=tuple(Path(f"{i}.jpg") for i in range(30)),
        street_classes=("shirt", "pants", "hat") * 10,
    )
    photos = Photos(
        phone=normalise(vectors[out] + 0.15 * dice.normal(size=(300, 16))),
        street=normalise(centres[np.arange(30) % 3] + 1.3 * dice.normal(size=(30, 16))),
        strangers={"noise": normalise(away)},
    )
    return benchmark, vectors, photos


def ask(world, type_confidence=None):
    benchmark, vectors, photos = world
    return confidence(benchmark, vectors, photos, FakeEncoder().card, type_confidence)


def test_the_curve_is_calibrated_on_products_it_has_not_seen(world):
    result = ask(world)
    for name in ("catalogue", "phone"):
        assert result.plain[f"ECE {name}"] < 0.05
        assert result.plain[f"ECE {name}"] < result.plain[f"ECE {name} similarity"]
        assert result.plain[f"ECE {name} from similarity"] < 0.1
    assert result.plain["ECE catalogue index"] < 0.05
    assert result.plain["ECE street"] < 0.2
    assert max(curve_of(result).agreements) == 1.0
    assert curve_of(result).fits(FakeEncoder().card)
    json.dumps(result.to_json())


def test_agreement_holds_where_everything_lies_farther_off(world):
    benchmark, vectors, photos = world

    def tilted(rows, far):
        """Towards a number that products lack: less similar to all, but the order stays."""
        return normalise(np.column_stack([rows, np.full(len(rows), far)]))

    strangers = {kind: tilted(rows, 0.0) for kind, rows in photos.strangers.items()}
    snapshots = Photos(tilted(photos.phone, 0.0), tilted(photos.street, 1.2), strangers)
    result = confidence(benchmark, tilted(vectors, 0.0), snapshots, FakeEncoder().card)
    assert result.plain["ECE street"] == pytest.approx(ask(world).plain["ECE street"], abs=0.01)
    assert result.plain["ECE street"] < result.plain["ECE street from similarity"] - 0.1


def curve_of(result):
    return ConfidenceCurve.from_json(result.details["curve"])


def test_the_halves_do_not_share_products(world, monkeypatch):
    benchmark, vectors, photos = world
    seen = []
    from recommender.evaluation import confidence as module

    def record(agreements, same, **options):
        seen.append(np.asarray(agreements))
        return ConfidenceCurve((0.0, 1.0), (0.0, 1.0), 0.1)

    monkeypatch.setattr(module, "fit_curve", record)
    result = confidence(benchmark, vectors, photos, FakeEncoder().card)
    fitted = len(seen[0]) // 2
    checked = sum(b["count"] for b in result.details["reliability"]["catalogue"]) // 10
    assert fitted + checked == 300
    assert 100 < fitted < 200
    assert np.allclose(seen[0] * 10, np.round(seen[0] * 10))
    assert seen[0].min() >= 0.1


def test_pictures_without_fashion_are_told(world):
    result = ask(world)
    assert result.plain["nothing phone"] < 0.05
    assert result.plain["nothing strangers"] > 0.5
    assert result.details["nothing by kind"] == {"noise": result.plain["nothing strangers"]}
    assert result.plain["AUC phone mean of 5"] > 0.95
    assert "AUC phone type confidence" not in result.plain


def first_number(rows):
    return rows[:, 0].astype(np.float64)


def test_an_encoder_that_names_types_is_asked_how_sure_it_is(world):
    result = ask(world, first_number)
    assert 0 <= result.plain["AUC street type confidence"] <= 1


def test_a_small_benchmark_has_no_figures(world):
    benchmark, vectors, photos = world
    few = np.zeros(1500, bool)
    few[:3] = True
    small = Benchmark(benchmark.paths, benchmark.ids, benchmark.labels, benchmark.groups, few)
    asked = Photos(photos.phone[:3], None, photos.strangers)
    assert confidence(small, vectors, asked, FakeEncoder().card).to_json() == {}


def test_reliability_counts_all_and_shows_the_gap():
    dice = np.random.default_rng(0)
    said = dice.random(5000)
    bins = reliability(said, dice.random(5000) < said**2)
    assert sum(b["count"] for b in bins) == 5000
    assert len(bins) == 10
    assert all(b["true"] == pytest.approx(b["said"] ** 2, abs=0.06) for b in bins)


def test_area_equals_counting_pairs():
    dice = np.random.default_rng(0)
    ours, others = dice.integers(3, 12, 40) / 10.0, dice.integers(0, 9, 30) / 10.0
    pairs = [(a > b) + 0.5 * (a == b) for a in ours for b in others]
    assert area_under_curve(ours, others) == pytest.approx(np.mean(pairs))


def test_strangers_are_the_same_each_time_and_all_different():
    one, again = strangers(), strangers()
    assert {"china", "flower", "text", "chart", "landscape", "gradient", "noise"} == set(one)
    pictures = [picture for kind in one.values() for picture in kind]
    assert {(picture.mode, picture.size) for picture in pictures} == {("RGB", SIZE)}
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)
    assert [p.tobytes() for kind in again.values() for p in kind] == [
        picture.tobytes() for picture in pictures
    ]


def test_too_few_products_to_write_a_curve_are_one_line(folder, capsys, tmp_path):
    assert run(folder, "--json", "--write-confidence", str(tmp_path / "curve.json")) == 2
    assert "needs more held-out products" in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "curve.json").exists()


def test_the_command_writes_the_curve_of_the_last_encoder(folder, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(confidence_fit, "_LEAST_PAIRS", 20)
    monkeypatch.setattr(confidence_fit, "_LEAST_AT_A_KNOT", 5)
    path = tmp_path / "new" / "fake-confidence.json"
    plots = tmp_path / "plots"
    assert run(folder, "--write-confidence", str(path), "--plots", str(plots)) == 0
    curve = shipped_curve(FakeEncoder().card, path.parent)
    assert curve is not None
    assert curve.encoder == "fake"
    assert (plots / "reliability-fake.png").is_file()
    heads = [line for line in capsys.readouterr().out.splitlines() if "catalogue ECE" in line]
    assert len(heads) == 1
