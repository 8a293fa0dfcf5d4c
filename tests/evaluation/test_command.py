"""`python -m recommender evaluate` from end to end, on drawn products."""

from __future__ import annotations

import csv
import json
import sys

import numpy as np
import pytest
from PIL import Image

from recommender.__main__ import main
from recommender.evaluation.degrade import SIZE, phone_photo
from tests.fakes import COLOURS, TYPES, draw_product


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """80 drawn products, no two alike, and two snapshots."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "images").mkdir()
    dice = np.random.default_rng(0)
    with (folder / "styles.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "gender", "articleType", "baseColour"])
        for number in range(80):
            kind, colour = TYPES[number % 3], list(COLOURS)[number % 6]
            picture = draw_product(kind, COLOURS[colour], size=(60, 80))
            speck = Image.fromarray(dice.integers(0, 256, (30, 25, 3), dtype=np.uint8))
            picture.paste(speck, (10 + number % 20, 20))
            picture.save(folder / "images" / f"{number}.png")
            writer.writerow([number, "Men" if number % 2 else "Women", kind, colour])
    for name in ("t-shirt", "pants"):
        (folder / "street" / name).mkdir(parents=True)
        draw_product(TYPES[0], COLOURS["Red"]).save(folder / "street" / name / "a.jpg")
    return folder


def run(folder, *options):
    return main(["evaluate", "--data", str(folder), "--encoder", "fake", *options])


def test_json_has_every_protocol(folder, capsys):
    assert run(folder, "--street", str(folder / "street"), "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["encoder"] for line in lines] == ["histogram", "thumbnail", "fake"]
    for line in lines:
        assert 0 <= line["catalogue"]["P@5 type"]["low"] <= line["catalogue"]["P@5 type"]["value"]
        assert {"phone", "street", "attributes by neighbours"} <= set(line)
        assert line["images_per_second"] > 0


def test_kept_embeddings_give_the_same_figures(folder, capsys, tmp_path):
    outputs = []
    for _ in range(2):
        run(folder, "--cache", str(tmp_path), "--json")
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        outputs.append([{**line, "images_per_second": None} for line in lines])
    assert outputs[0] == outputs[1]
    assert list(tmp_path.glob("fake-catalogue-*.npy"))


def test_table_and_plots(folder, capsys, tmp_path):
    pytest.importorskip("matplotlib")
    assert run(folder, "--markdown", "--plots", str(tmp_path)) == 0
    out = capsys.readouterr().out
    assert out.startswith("| encoder | numbers | P@5 type |")
    assert {path.name for path in tmp_path.iterdir()} >= {"encoders.png", "confusion-fake.png"}


def test_plots_without_matplotlib_say_what_to_install(folder, capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert run(folder, "--plots", str(tmp_path)) == 2
    assert "pip install matplotlib" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--encoder", "nonsense"], "there is no encoder 'nonsense'"),
        (["--encoder", "mobilenetv2"], "--weights mobilenetv2=FILE"),
        (["--weights", "nonsense=a.h5"], "--weights names no encoder: nonsense"),
        (["--street", "images"], "has no pictures in folders named by class"),
    ],
)
def test_wrong_use_is_one_line(folder, capsys, monkeypatch, options, message):
    monkeypatch.chdir(folder)
    assert run(folder, *options) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("error: ")
    assert message in error


def test_a_catalogue_without_labels_is_refused(tmp_path, capsys):
    draw_product("Tshirts", (1, 2, 3)).save(tmp_path / "a.png")
    assert run(tmp_path) == 2
    assert "its styles.csv lacks articleType" in capsys.readouterr().err


def test_phone_photos_are_the_same_each_time_and_differ_by_key():
    product = draw_product("Tshirts", COLOURS["Red"], size=(60, 80))
    one, again, other = (phone_photo(product, key=key) for key in ("1", "1", "2"))
    assert one.size == SIZE
    assert one.tobytes() == again.tobytes() != other.tobytes()
    # White is gone: the product stands on something else.
    assert (np.asarray(one).min(axis=2) > 250).mean() < 0.05
