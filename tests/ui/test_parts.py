"""What the pages are made of, without a page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.address import SearchState
from recommender.catalogue import Catalogue, Item
from recommender.cropping import Box, crop
from recommender.errors import RecommenderError
from recommender.search import Recommender
from recommender.ui.cards import attribute_summary, in_words
from recommender.ui.markdown import percentage, plain, readable
from recommender.ui.samples import starting_items
from recommender.ui.settings import Settings, build_command, run_command
from recommender.ui.thumbnails import TILE, draw_tile, preview
from recommender.ui.uploads import Photo, read_upload
from recommender.ui.visit import Visit

PHOTO = Photo("a.jpg", b"", b"")


def test_the_command_line_overrules_the_environment() -> None:
    settings = Settings.read(
        ["--data", "a", "run", "--other"], {"RECOMMENDER_DATA": "b", "RECOMMENDER_WEIGHTS": "w"}
    )
    assert settings == Settings(artifacts=Path("artifacts"), data=Path("a"), weights=Path("w"))
    environment = {"RECOMMENDER_MILVUS_URI": "http://b"}
    assert Settings.read([], environment).milvus_uri == "http://b"
    assert Settings.read(["--milvus-uri", "http://a"], environment).milvus_uri == "http://a"


def test_an_option_is_not_guessed_from_its_beginning() -> None:
    assert Settings.read(["--art", "x"], {}).artifacts == Path("artifacts")


def test_an_option_without_its_value_is_an_error_and_no_exit() -> None:
    with pytest.raises(RecommenderError, match="expected one argument"):
        Settings.read(["--data"], {})


def test_commands_name_only_what_differs_from_the_defaults() -> None:
    assert build_command(Settings(), data=Path("data"), encoder=None, rebuild=False) == (
        "python build_index.py"
    )
    settings = Settings(artifacts=Path("i"), data=Path("d"), weights=Path("w.h5"))
    assert build_command(settings, data=Path("other"), encoder="resnet50", rebuild=True) == (
        "python build_index.py --data d --artifacts i --encoder resnet50 --weights w.h5 --rebuild"
    )
    assert run_command(settings, weights="v.h5") == (
        "streamlit run app.py -- --artifacts i --data d --weights v.h5"
    )


def test_a_visit_goes_forward_and_back() -> None:
    visit = Visit()
    visit.search_photos([PHOTO])
    visit.search_item("1")
    visit.search_item("1")  # A double click.
    visit.search_item("2")
    assert visit.trail == [(PHOTO,), "1", "2"]
    assert visit.wishes.item == "2"
    visit.back()
    assert visit.trail == [(PHOTO,), "1"]
    visit.back(5)
    assert visit.trail == []
    visit.back()
    assert visit.trail == []
    assert visit.wishes == SearchState()


def test_every_move_takes_back_the_refusal_and_counts() -> None:
    visit = Visit()
    moves = (lambda: visit.search_photos([PHOTO]), lambda: visit.search_item("1"), visit.back)
    for move in moves:
        before = visit.moves
        visit.refusals = ("no picture",)
        visit.camera = True
        move()
        assert not any([*visit.refusals, visit.camera])
        assert visit.moves == before + 1


def test_photos_are_added_and_taken_away() -> None:
    visit = Visit()
    other = Photo("b.jpg", b"", b"")
    visit.search_photos([PHOTO])
    visit.search_photos([other], add=True)
    assert [photo.name for photo in visit.photos] == ["a.jpg", "b.jpg"]
    visit.remove_photo(0)
    assert [photo.name for photo in visit.photos] == ["b.jpg"]
    visit.remove_photo(0)
    assert not visit.searching


def test_filters_are_kept_from_query_to_query_and_examples_are_not() -> None:
    visit = Visit()
    visit.search_photos([PHOTO])
    visit.filter_by("baseColour", ["Red"])
    visit.like("7")
    visit.search_item("1")
    assert visit.wishes.filters == {"baseColour": ("Red",)}
    assert visit.wishes.liked == ()
    visit.filter_by("baseColour", [])
    assert visit.wishes.filters == {}


def test_an_item_is_liked_or_disliked_and_never_both() -> None:
    visit = Visit(trail=["1"])
    visit.like("7")
    visit.dislike("7")
    assert (visit.wishes.liked, visit.wishes.disliked) == ((), ("7",))
    visit.dislike("7")
    assert visit.wishes.disliked == ()


def test_a_reset_keeps_the_query_and_how_many() -> None:
    visit = Visit()
    visit.search_item("1")
    visit.wish(k=9, words="red", diversity=0.5, weights={"colour": 1.0})
    assert visit.wishes.steered
    visit.reset()
    assert visit.wishes == SearchState(k=9, item="1")
    assert visit.trail == ["1"]


def test_a_session_has_one_visit_that_the_address_begins() -> None:
    session: dict[str, object] = {}
    catalogue = items("ab")
    visit = Visit.of(session, {"item": ["1"], "k": ["2"]}, catalogue)
    assert visit is Visit.of(session, {}, catalogue)
    assert visit.trail == ["1"]
    assert visit.wishes.k == 2


def items(kinds: str) -> Catalogue:
    return Catalogue(
        tuple(Item(str(i), f"{i}.jpg", str(i), {"articleType": k}) for i, k in enumerate(kinds))
    )


def test_the_items_to_start_from_are_of_different_types_first() -> None:
    catalogue = items("aaaaaaaaabbbbbbbbbc")
    chosen = starting_items(catalogue, 3, seed=1, usable=lambda item: True)
    assert {item.attributes["articleType"] for item in chosen} == set("abc")
    more = starting_items(catalogue, 7, seed=1, usable=lambda item: True)
    assert len({item.id for item in more}) == 7
    assert more == starting_items(catalogue, 7, seed=1, usable=lambda item: True)
    assert more != starting_items(catalogue, 7, seed=2, usable=lambda item: True)


def test_only_usable_items_are_offered() -> None:
    catalogue = items("aaab")
    assert [i.id for i in starting_items(catalogue, 9, seed=0, usable=lambda i: i.id == "2")] == [
        "2"
    ]


@pytest.mark.parametrize("size", [(60, 80), (4000, 300), (1, 900), (360, 480)])
def test_a_tile_holds_the_whole_picture_unstretched(size: tuple[int, int]) -> None:
    tile = Image.open(io.BytesIO(draw_tile(Image.new("RGB", size, "red"))))
    assert tile.size == TILE
    channels = tile.convert("RGB").split()
    box = channels[1].point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    width, height = box[2] - box[0], box[3] - box[1]
    assert width == TILE[0] or height == TILE[1]
    assert width / height == pytest.approx(size[0] / size[1], rel=0.02) or min(width, height) < 30


def test_a_preview_never_grows() -> None:
    small = Image.open(io.BytesIO(preview(Image.new("RGB", (30, 40)), within=(720, 960))))
    large = Image.open(io.BytesIO(preview(Image.new("RGB", (3000, 1000)), within=(720, 960))))
    assert (small.size, large.size) == ((30, 40), (720, 240))


def test_a_summary_takes_what_there_is() -> None:
    def item(**attributes: str | int | None) -> Item:
        return Item("1", "1.jpg", "One", attributes)

    kaggle = item(gender="Men", season="Fall", articleType=None, baseColour="Blue")
    assert attribute_summary(kaggle) == "Men · Blue"
    assert attribute_summary(item(fabric="Wool", price=9, shop=None, cut="Slim", fit="Loose")) == (
        "Wool · 9 · Slim"
    )
    assert attribute_summary(item()) == ""


def test_words_and_percentages_cover_the_scale() -> None:
    assert [in_words(x / 10) for x in range(0, 11, 2)] == [
        "hardly similar", "somewhat similar", "similar", "very similar", "nearly the same",
        "the same picture",
    ]  # fmt: skip
    assert percentage(0.0) == "0\N{NO-BREAK SPACE}%"


def test_text_stays_on_one_line_and_plain() -> None:
    assert plain("a\n# b") == r"a \# b"


def test_columns_have_readable_names() -> None:
    assert readable("productDisplayName") == "Product display name"
    assert readable("YEAR") == "Year"
    assert readable("_") == "_"


def test_a_large_file_is_kept_small(artifacts: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (500, 375, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).resize((3000, 4000)).save(file, "JPEG", quality=95)
    recommender = Recommender.open(artifacts)
    photo = read_upload("phone.jpg", file.getvalue())
    np.testing.assert_array_equal(photo.embedding(recommender), recommender.embed(file.getvalue()))
    assert len(photo.data) < len(file.getvalue()) / 2
    photo.box = Box(0.25, 0.25, 0.75, 0.75)
    assert Image.open(io.BytesIO(photo.data)).size == (1500, 2000)
    assert photo.embedding(recommender) @ recommender.embed(crop(file.getvalue(), photo.box)) > 0.99


def test_a_small_file_is_kept_as_it_is(artifacts: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (600, 800), "red").save(file, "PNG")
    photo = read_upload("small.png", file.getvalue())
    photo.embedding(Recommender.open(artifacts))
    assert photo.data == file.getvalue()
