"""What the audit finds: planted duplicates, planted wrong labels, bad pictures."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from recommender.audit import audit
from recommender.columns import code_column
from recommender.doubts import doubts
from recommender.errors import QueryError
from recommender.indexing import build_index
from recommender.picture_check import picture_problems, rows_without_picture
from recommender.search import Recommender
from recommender.spreadsheet import csv_bytes
from recommender.survey import survey
from tests.fakes import FakeEncoder
from tests.shelves import shelf


@pytest.fixture(scope="module")
def shop():
    return shelf(FakeEncoder, 600)


@pytest.fixture(scope="module")
def neighbours(shop):
    return survey(shop.index.embeddings, 30, threshold=0.99).rows


def test_wrong_labels_are_found_and_the_right_ones_suggested(shop, neighbours):
    column = shop.catalogue.column("articleType")
    planted = np.random.default_rng(3).choice(600, 12, replace=False)
    codes = column.codes.copy()
    codes[planted] = (codes[planted] + 1) % len(column.values)
    assert doubts("articleType", column, neighbours) == []
    found = doubts("articleType", replace(column, codes=codes), neighbours)
    assert {doubt.row for doubt in found} == set(planted.tolist())
    for doubt in found:
        assert doubt.suggested == column.values[column.codes[doubt.row]]
        assert doubt.given == column.values[codes[doubt.row]]
        assert doubt.suggested_share > doubt.given_share
    evidence = [doubt.evidence for doubt in found]
    assert evidence == sorted(evidence, reverse=True)


def test_labels_that_are_mixed_anyway_are_not_doubted(neighbours):
    # Whatever is said of an attribute that the pictures do not show is no contradiction.
    values = np.random.default_rng(0).choice(["a", "b", "c"], 600)
    assert doubts("chance", code_column(values.tolist()), neighbours) == []


def test_what_has_no_label_neither_votes_nor_is_doubted(shop, neighbours):
    column = shop.catalogue.column("articleType")
    codes = column.codes.copy()
    codes[::2] = -1
    codes[1] = (codes[1] + 1) % len(column.values)
    found = doubts("articleType", replace(column, codes=codes), neighbours)
    assert [doubt.row for doubt in found] == [1]
    assert found[0].given_share + found[0].suggested_share == pytest.approx(1, abs=0.2)
    assert doubts("empty", code_column([None] * 600), neighbours) == []
    assert doubts("constant", code_column(["one"] * 600), neighbours) == []


def test_pictures_are_broken_missing_tiny_or_fine(tmp_path):
    for name, size in {"fine.png": (60, 80), "tiny.png": (10, 80)}.items():
        Image.new("RGB", size).save(tmp_path / name)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    names = ["fine.png", "tiny.png", "broken.jpg", "gone.png"]
    told: list[int] = []
    found = picture_problems(
        tmp_path, names, [("left.gif", "empty")], tiny=20,
        progress=lambda done, total: told.append(done),
    )  # fmt: skip
    assert [(one.filename, one.problem) for one in found] == [
        ("broken.jpg", "broken"), ("left.gif", "broken"), ("gone.png", "missing"),
        ("tiny.png", "tiny"),
    ]  # fmt: skip
    assert found[-1].detail == "10 x 80 pixels"
    assert told == [4]


def test_rows_without_a_picture_are_told_with_their_names(tmp_path):
    assert rows_without_picture(tmp_path, []) == []
    (tmp_path / "styles.csv").write_text("id,productDisplayName\n1,One\n2,Two\n", encoding="utf-8")
    assert rows_without_picture(tmp_path, ["images/1.jpg"]) == [("2", "Two")]


def test_an_audit_of_a_real_index(tmp_path, catalogue_folder):
    images = catalogue_folder / "images"
    (images / "1019.jpg").write_bytes((images / "1001.jpg").read_bytes())
    (images / "broken.jpg").write_bytes(b"")
    with (catalogue_folder / "styles.csv").open("a", encoding="utf-8") as file:
        file.write("7777,Men,Apparel,Topwear,Shirts,Red,Fall,2011,Casual,=cmd|' /C calc'!A0\n")
    artifacts = tmp_path / "artifacts"
    build_index(catalogue_folder, artifacts, encoder="fake", progress=False)
    recommender = Recommender.open(artifacts)
    steps: list[str] = []
    found = audit(recommender, artifacts, on_step=lambda step, done, total: steps.append(step))
    ids = [item.id for item in recommender.catalogue.items]
    assert any({ids[row] for row in group} >= {"1001", "1019"} for group in found.duplicates)
    assert [(one.filename, one.problem) for one in found.pictures] == [
        ("images/broken.jpg", "broken")
    ]
    assert [item_id for item_id, _ in found.unpictured] == ["7777"]
    assert set(steps) == {"Comparing the products", "Looking at the pictures"}
    tables = found.tables(recommender.catalogue)
    assert len(tables["near-duplicates"].rows) == sum(map(len, found.duplicates))
    table = tables["rows-without-picture"]
    text = csv_bytes(table.columns, table.rows)
    assert text.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    assert row["name"].startswith("'=cmd")


def test_an_attribute_that_is_no_label_is_refused(shop, tmp_path):
    with pytest.raises(QueryError, match="no attribute 'price'"):
        audit(shop, tmp_path, attributes=["price"])


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"])
def test_no_cell_begins_a_formula(start):
    (_, row) = csv.reader(io.StringIO(csv_bytes(["a"], [[start]]).decode("utf-8-sig"), newline=""))
    assert row == [f"'{start}"]


def test_numbers_stay_numbers_and_text_stays_text():
    text = csv_bytes(["name", "n"], [["Jupe plissée, “été”", -1.5], [None, 2]])
    assert text.decode("utf-8-sig") == 'name,n\r\n"Jupe plissée, “été”",-1.5\r\n,2\r\n'
