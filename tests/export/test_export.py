"""The export: what is in its files, and how they come into place."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.__main__ import main
from recommender.errors import QueryError, StorageError
from recommender.export import site
from recommender.export.folding import folded_neighbours
from recommender.export.pictures import write_pictures
from recommender.export.shards import PRODUCTS_A_FILE, fnv1a, shard_count
from recommender.export.site import export
from recommender.search import Recommender
from tests.fakes import FakeEncoder
from tests.shelves import directions, shelf


@pytest.fixture
def shop(artifacts):
    return Recommender.open(artifacts)


def about(out: Path):
    return json.loads((out / "data" / "about.json").read_text(encoding="utf-8"))


def product(out: Path, item_id: str):
    """As the widget finds it."""
    number = fnv1a(item_id) % about(out)["files"]
    shard = json.loads((out / "data" / f"{number}.json").read_text(encoding="utf-8"))
    return next(one for one in shard["products"] if one["id"] == item_id)


def everything(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and "about" not in path.name  # It holds the time.
    }


def test_every_product_is_in_its_file_with_its_neighbours(tmp_path, shop):
    done = export(shop, tmp_path / "out", k=4)
    assert (done.products, done.files, done.pictures) == (18, shard_count(18), 18)
    head = about(tmp_path / "out")
    assert (head["schema"], head["neighbours"], head["encoder"]) == (1, 4, "fake")
    for item in shop.catalogue.items:
        one = product(tmp_path / "out", item.id)
        assert one["title"] == item.title
        with Image.open(tmp_path / "out" / one["picture"]) as picture:
            assert picture.format == "JPEG"
        expected = [match.id for match in shop.similar_to(item.id, 4)]
        assert [other["id"] for other in one["similar"]] == expected
        similarities = [other["similarity"] for other in one["similar"]]
        assert similarities == sorted(similarities, reverse=True)


def test_scripts_hold_what_the_json_holds_and_end_no_script(tmp_path, catalogue_folder, artifacts):
    path = catalogue_folder / "styles.csv"
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    rows[1][-1] = "</script><b>\u2028 été"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    export(Recommender.open(artifacts), tmp_path / "out", size=None)
    for script in (tmp_path / "out" / "data").glob("*.js"):
        text = script.read_bytes()
        assert text.isascii()
        assert b"<" not in text
        assert script.with_suffix(".json").read_bytes().strip() in text
    assert product(tmp_path / "out", "1001")["title"] == "</script><b>\u2028 été"


def test_nearly_identical_listings_are_one(monkeypatch):
    shop = shelf(FakeEncoder, 200)
    found, surveyed = folded_neighbours(shop.index.embeddings, 12, threshold=0.99)
    for row, neighbours in enumerate(found):
        leaders = [surveyed.leaders[one.row] for one in neighbours]
        assert len(neighbours) == 12
        assert len({*leaders, surveyed.leaders[row]}) == 13


def test_of_many_copies_the_others_are_still_found():
    embeddings = np.concatenate([np.repeat(directions(0, 1, 8), 100, axis=0), directions(1, 5, 8)])
    found, _ = folded_neighbours(embeddings, 5, threshold=0.99)
    assert {one.row for one in found[3]} == {100, 101, 102, 103, 104}
    assert [one.row for one in found[104]][1:] != [one.row for one in found[104]][:-1]
    assert sum(one.row < 100 for one in found[104]) == 1


def test_a_small_shop_has_fewer_neighbours():
    found, _ = folded_neighbours(directions(0, 3, 8), 10, threshold=0.99)
    assert [len(neighbours) for neighbours in found] == [2, 2, 2]


def test_pictures_are_no_larger_than_asked_and_kept_for_the_next_time(
    tmp_path, shop, catalogue_folder
):
    out = tmp_path / "out"
    export(shop, out, size=40)
    pictures = sorted(out.rglob("*.jpg"))
    assert all(max(Image.open(path).size) == 40 for path in pictures)
    before = {path: path.stat().st_mtime_ns for path in pictures}
    (catalogue_folder / "images" / "1001.jpg").unlink()
    (catalogue_folder / "images" / "1002.jpg").write_bytes(b"broken")
    done = export(shop, out, size=40)
    assert done.pictures == 16
    assert product(out, "1001")["picture"] is None
    after = sorted(out.rglob("*.jpg"))
    assert len(after) == 16
    assert all(before[path] == path.stat().st_mtime_ns for path in after)


def test_the_shops_own_pictures_are_linked(tmp_path, shop):
    export(shop, tmp_path / "out", size=None, picture_url="https://x/{id}?f={filename}")
    one = product(tmp_path / "out", "1001")
    assert one["picture"] == "https://x/1001?f=images/1001.jpg"
    assert not (tmp_path / "out" / "pictures").exists()


def test_an_interrupted_export_leaves_the_old_one_and_its_pictures(tmp_path, shop, monkeypatch):
    out = tmp_path / "out"
    export(shop, out, k=3, size=40)
    old = everything(out)

    def stopped(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(site, "write_shards", stopped)
        with pytest.raises(KeyboardInterrupt):
            export(shop, out, k=2, size=50)
    assert everything(out) == old
    written: list[str] = []
    monkeypatch.setattr(Image.Image, "save", lambda *args, **__: written.append(str(args[1])))
    export(shop, out, k=2, size=50)
    assert written == []
    assert len(product(out, "1001")["similar"]) == 2
    assert not list(tmp_path.glob(".out*"))


def test_the_same_catalogue_gives_the_same_files(tmp_path, shop):
    export(shop, tmp_path / "one")
    export(shop, tmp_path / "other")
    assert everything(tmp_path / "one") == everything(tmp_path / "other")


def test_what_is_no_export_is_not_replaced(tmp_path, shop):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(StorageError, match="no earlier export"):
        export(shop, tmp_path / "mine")
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        export(shop, tmp_path / "file")
    with pytest.raises(StorageError, match="cannot write"):
        export(shop, tmp_path / "file" / "out")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 101}, {"size": 1}])
def test_numbers_out_of_range_are_refused(tmp_path, shop, wrong):
    with pytest.raises(QueryError):
        export(shop, tmp_path / "out", **wrong)
    assert not (tmp_path / "out").exists()


def test_a_picture_outside_is_never_written_to(tmp_path):
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    (place,) = write_pictures(tmp_path / "out", tmp_path, ["./../" + tmp_path.name + "/a.png"],
                              size=16)  # fmt: skip
    assert place is not None
    assert place.startswith("pictures/")
    assert ".." not in place


def test_files_hold_few_products():
    counts = np.bincount([fnv1a(str(i)) % shard_count(40_000) for i in range(40_000)])
    assert counts.max() < 3 * PRODUCTS_A_FILE


def test_the_commands(tmp_path, artifacts, capsys):
    folder = ["--artifacts", str(artifacts)]
    assert main(["export", str(tmp_path / "out"), "-k", "3", *folder]) == 0
    assert "18 products, 18 with a picture" in capsys.readouterr().out
    assert main(["export", str(tmp_path / "out"), "--picture-url", "x", *folder]) == 2
    assert "--no-pictures" in capsys.readouterr().err
    assert main(["map", *folder]) == 0
    assert (artifacts / "map.npz").is_file()
    assert main(["audit", *folder, "--csv", str(tmp_path / "csv")]) == 0
    assert "near-duplicates" in capsys.readouterr().out
    assert len(list((tmp_path / "csv").glob("*.csv"))) == 4
    assert main(["audit", *folder, "--json", "--tiny", "1000"]) == 0
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(one["finding"] == "pictures" for one in findings) == 18
    assert main(["audit", *folder, "--tiny", "-1"]) == 2
    assert main(["audit", *folder, "--attribute", "price"]) == 2
    assert main(["map", "--artifacts", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("there is no index") == 1
