"""The recommender: a photo in, products out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender import Recommender, encoders
from recommender.catalogue import ATTRIBUTES
from recommender.errors import ArtifactsError, ImageError, QueryError, WeightsError
from recommender.indexing import build_index
from tests.fakes import COLOURS, FakeEncoder, draw_product


@pytest.fixture
def recommender(artifacts):
    return Recommender.open(artifacts)


def test_a_photo_of_the_catalogue_finds_itself_first(recommender, catalogue_folder):
    for number in range(1001, 1019):
        first = recommender.search(catalogue_folder / "images" / f"{number}.jpg", k=1)[0]
        assert (first.id, first.rank) == (str(number), 1)
        assert first.distance < 1e-3
        assert first.similarity == pytest.approx(1, abs=1e-6)
        assert first.match == pytest.approx(1, abs=1e-6)


def test_a_large_photo_of_a_product_finds_it(recommender):
    photo = draw_product("Trousers", COLOURS["Green"], size=(900, 1200))
    matches = recommender.search(photo)
    assert len(matches) == 5
    assert matches[0].title == "Drawn Green Trousers"
    assert [match.rank for match in matches] == [1, 2, 3, 4, 5]
    assert matches == sorted(matches, key=lambda match: match.distance)


def test_distance_similarity_and_match_agree(recommender, catalogue_folder):
    for match in recommender.search(catalogue_folder / "images" / "1001.jpg", k=18):
        assert match.similarity == pytest.approx(1 - match.distance**2 / 2)
        assert 0 <= match.match <= 1
        room = 1 - recommender.chance_similarity
        assert match.match == pytest.approx(max(0, 1 - (1 - match.similarity) / room))


def test_similar_items_leave_the_item_out(recommender):
    matches = recommender.similar_to("1001", k=17)
    assert len(matches) == 17
    assert "1001" not in {match.id for match in matches}
    assert [m.id for m in recommender.similar_to("images/1001.jpg", k=17)] == [
        m.id for m in matches
    ]


def test_filters_still_give_k(recommender, catalogue_folder):
    photo = catalogue_folder / "images" / "1001.jpg"
    filters = {"articleType": ["Trousers", "Casual Shoes"], "gender": "Women"}
    matches = recommender.search(photo, k=6, filters=filters)
    assert len(matches) == 6
    assert {match.attributes["gender"] for match in matches} == {"Women"}
    assert {match.attributes["articleType"] for match in matches} == {"Trousers", "Casual Shoes"}
    assert len(recommender.similar_to("1001", k=6, filters={"articleType": "Tshirts"})) == 5
    with pytest.raises(QueryError, match="no attribute 'size'"):
        recommender.search(photo, filters={"size": "L"})


def test_json_has_the_documented_keys(recommender):
    result = json.loads(json.dumps(recommender.similar_to("1001", k=1)[0].to_json()))
    assert list(result) == ["rank", "id", "filename", "distance", "similarity", "attributes"]
    assert list(result["attributes"]) == list(ATTRIBUTES)


def test_bad_queries_are_one_line(recommender, tmp_path):
    with pytest.raises(ImageError, match="no file"):
        recommender.search(tmp_path / "none.jpg")
    with pytest.raises(QueryError, match="between 1 and 18"):
        recommender.search(Image.new("RGB", (9, 9)), k=0)
    with pytest.raises(QueryError, match="no item 'x'"):
        recommender.similar_to("x")


def test_a_k_beyond_the_catalogue_gives_all_of_it(recommender):
    assert len(recommender.search(Image.new("RGB", (9, 9)), k=100)) == 18


def test_pictures_are_found_where_they_are(recommender, catalogue_folder):
    item = recommender.catalogue.items[3]
    assert recommender.image_path(item).samefile(catalogue_folder / "images" / "1004.jpg")


def test_other_weights_than_the_index_was_made_with_are_refused(artifacts, tmp_path):
    moved = Recommender.open(artifacts, weights=tmp_path / "other.h5")
    assert moved.similar_to("1001")  # Needs no encoder.
    with pytest.raises(ArtifactsError, match=r"weights sha256 .* instead of .*--rebuild"):
        moved.search(Image.new("RGB", (9, 9)))


def test_the_weights_that_built_the_index_are_used_to_query_it(tmp_path, catalogue_folder):
    weights = tmp_path / "mine.h5"
    weights.write_bytes(b"weights")
    build_index(catalogue_folder, tmp_path / "a", encoder="fake", weights=weights, progress=False)
    encoder = Recommender.open(tmp_path / "a").encoder
    assert isinstance(encoder, FakeEncoder)
    assert encoder.weights == weights


def test_an_index_is_queried_with_its_own_resize_rule(tmp_path, catalogue_folder, monkeypatch):
    nearest = FakeEncoder(resize="nearest")
    build_index(catalogue_folder, tmp_path / "a", encoder=nearest, progress=False)
    assert Recommender.open(tmp_path / "a").encoder.resize == "nearest"


def test_a_tutorial_index_is_queried_as_it_was_made(tmp_path, catalogue_folder, monkeypatch):
    import pickle

    class Tutorial(FakeEncoder):
        @property
        def card(self):
            raise AssertionError("there is no manifest to compare it with")

        def _features(self, batch):
            return np.tile(super()._features(batch), (1, 43))[:, :2048]

    encoders.register_encoder("resnet50", Tutorial)
    encoder = Tutorial(resize="nearest")
    names = [f"images\\{i}.jpg" for i in range(1001, 1019)]
    vectors = [
        encoder.embed(encoder.load(catalogue_folder / name.replace("\\", "/"))[None])[0]
        for name in names
    ]
    folder = tmp_path / "tutorial"
    folder.mkdir()
    (folder / "embeddings.pkl").write_bytes(pickle.dumps(vectors))
    (folder / "filenames.pkl").write_bytes(pickle.dumps(names))
    recommender = Recommender.open(folder)
    assert recommender.encoder.resize == "nearest"
    first = recommender.search(catalogue_folder / "images" / "1007.jpg", k=1)[0]
    assert first.id == "1007"
    assert first.distance < 1e-3
    assert first.attributes["articleType"] == "Trousers"


def test_missing_weights_name_the_remedy(tmp_path, artifacts):
    recommender = Recommender.open(artifacts)
    encoders.register_encoder(
        "fake", lambda **_: encoders.get_encoder("resnet50", weights=Path("x"))
    )
    with pytest.raises(WeightsError, match="no weights file"):
        recommender.search(Image.new("RGB", (9, 9)))


def test_a_catalogue_of_one_picture(tmp_path):
    (tmp_path / "data").mkdir()
    Image.new("RGB", (9, 9), "red").save(tmp_path / "data" / "only.png")
    build_index(tmp_path / "data", tmp_path / "a", encoder="fake", progress=False)
    recommender = Recommender.open(tmp_path / "a")
    match = recommender.search(tmp_path / "data" / "only.png", k=1)[0]
    assert (match.title, match.attributes) == ("Only", {})
    assert match.match == pytest.approx(1)
    assert recommender.similar_to("only") == []
