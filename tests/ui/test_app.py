"""Every state of the app, without a browser."""

from __future__ import annotations

import io
import re
import shutil
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from recommender import first_run
from recommender.encoders import register_encoder
from recommender.engines import installed_engines
from recommender.errors import WeightsError
from recommender.finding import Finder
from recommender.images import MAX_BYTES
from recommender.indexing import build_index
from recommender.manifest import read_manifest
from recommender.publishing import publish_head
from recommender.sample import draw_sample
from tests.fakes import COLOURS, FakeEncoder, draw_product
from tests.heads import random_head
from tests.test_search import Oracle

APP = Path(__file__).resolve().parents[2] / "recommender" / "ui" / "main.py"


@pytest.fixture(autouse=True)
def _fresh_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a server just started in an empty folder, without arguments."""
    monkeypatch.setattr("sys.argv", [str(APP)])
    for name in ("ARTIFACTS", "DATA", "WEIGHTS"):
        monkeypatch.delenv(f"RECOMMENDER_{name}", raising=False)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> AppTest:
    """The app on the drawn catalogue."""
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    return run()


def run() -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=30).run()
    assert not at.exception
    return at


def upload(at: AppTest, data: bytes, name: str = "photo.jpg") -> AppTest:
    at.file_uploader[0].upload(name, data).run()
    assert not at.exception
    return at


def click(at: AppTest, label: str, number: int = 0) -> AppTest:
    buttons = [button for button in at.button if button.label == label]
    buttons[number].click().run()
    assert not at.exception
    return at


def photo(colour: str = "Red", kind: str = "Tshirts") -> bytes:
    file = io.BytesIO()
    draw_product(kind, COLOURS[colour], size=(600, 800)).save(file, "JPEG", quality=95)
    return file.getvalue()


def text(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.title, *at.markdown, *at.caption))


def code(at: AppTest) -> list[str]:
    return [element.value for element in at.code]


def titles(at: AppTest) -> list[str]:
    """Of the matches on the page, the best first."""
    cards = (at.get_by_key(f"title-match-0-{rank}") for rank in range(1, matches(at) + 1))
    return [card.get("page_link")[0].proto.label.strip("*") for card in cards]


def matches(at: AppTest) -> int:
    return sum(button.label == "Find similar" for button in at.button)


def pictures(at: AppTest) -> list[str]:
    """Alternative texts of all the pictures: the visitor's, then the catalogue's."""
    own = [image.alt for element in at.get("image") for image in element.proto.imgs]
    bodies = (element.proto.body for element in at.get("html"))
    return own + [alt for body in bodies for alt in re.findall(r'<img .*?alt="(.*?)"', body)]


# No index, or none that can be used


def test_without_an_index_or_a_sample_the_page_names_the_command() -> None:
    Path("artifacts").write_text("a file is in the way")
    at = run()
    assert "Almost there" in at.title[0].value
    assert "cannot write the sample" in at.error[0].value
    assert code(at)[0] == "python build_index.py"
    assert "python build_index.py --download" in code(at)[1]
    assert not at.file_uploader


def test_the_command_names_the_folders_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [str(APP), "--artifacts", "my index", "--unknown", "x"])
    monkeypatch.setenv("RECOMMENDER_DATA", "shop")
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", "overruled")
    assert code(run())[0].replace('"', "'") == (
        "python build_index.py --data shop --artifacts 'my index'"
    )


def test_an_option_without_its_value_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [str(APP), "--artifacts"])
    at = run()
    assert "expected one argument" in at.error[0].value


def test_an_index_made_while_the_page_is_open_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, catalogue_folder: Path
) -> None:
    folder = tmp_path / "later"
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(folder))
    at = run()
    build_index(catalogue_folder, folder, encoder="fake", progress=False)
    click(at, "Look again")
    assert at.file_uploader


def test_a_broken_index_says_what_is_wrong_and_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path, catalogue_folder: Path
) -> None:
    (artifacts / "embeddings.pkl").write_bytes(b"not a pickle")
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = run()
    assert "is broken" in at.error[0].value
    assert "\n" not in at.error[0].value
    assert code(at)[-1] == (
        f"python build_index.py --data {catalogue_folder} --artifacts {artifacts} "
        "--encoder fake --rebuild"
    )


def test_an_unreadable_manifest_still_gets_a_command(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    (artifacts / "manifest.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = run()
    assert at.error
    assert code(at)[-1] == f"python build_index.py --artifacts {artifacts} --rebuild"


def test_an_index_of_other_weights_is_refused(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    monkeypatch.setenv("RECOMMENDER_WEIGHTS", "others.weights.h5")
    at = run()
    assert "made otherwise" in at.error[0].value
    assert "--weights others.weights.h5" in code(at)[-1]


def test_missing_weights_name_the_option(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> None:
    def missing(self: FakeEncoder, batch: object) -> object:
        raise WeightsError("there is no weights file a.h5: check --weights")

    monkeypatch.setattr(FakeEncoder, "_features", missing)
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = run()
    assert "no weights file" in at.error[0].value
    assert code(at)[0].endswith("--weights path/to/weights.h5")
    assert code(at)[1].endswith("--rebuild")


def test_a_csv_that_cannot_be_read_is_reported(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path, catalogue_folder: Path
) -> None:
    (catalogue_folder / "styles.csv").write_text("name\nx\n", encoding="utf-8")
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = run()
    assert "no column" in at.error[0].value
    assert not at.code


# The first page


def test_the_first_page_invites(app: AppTest) -> None:
    assert "18 products" in text(app)
    assert len(pictures(app)) == 18  # 6 photos to try and 12 products
    assert all(pictures(app))
    assert not matches(app)


def test_show_others_draws_others(app: AppTest) -> None:
    before = pictures(app)
    click(app, "Show others")
    assert pictures(app) != before


def test_one_click_starts_from_an_item(app: AppTest) -> None:
    start = app.button(key="start-1")
    title = start.label
    start.click().run()
    assert not app.exception
    assert matches(app) == 5
    assert title not in titles(app)


def test_the_model_is_loaded_once_for_all_sessions(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []
    monkeypatch.setattr(FakeEncoder, "warm_up", lambda self: loaded.append(1))
    upload(run(), photo())
    app.run()
    assert not loaded  # The session of the fixture did it.


# A photo


def test_a_photo_finds_its_five_nearest(app: AppTest) -> None:
    upload(app, photo("Red"), "my *shirt*.jpg")
    assert matches(app) == 5
    assert titles(app)[0] == "Drawn Red Tshirts"
    assert "Your photo" in pictures(app)
    assert len(pictures(app)) == 6
    assert r"my \*shirt\*\.jpg" in text(app)
    assert "Women · Tshirts · Red" in text(app)
    # By their messages: not every release of AppTest knows progress bars.
    bars = [bar.proto for bar in app.get("progress")]
    assert len(bars) == 5
    assert all("%" in bar.text for bar in bars)
    assert [bar.value for bar in bars] == sorted((bar.value for bar in bars), reverse=True)


def test_a_photo_is_embedded_once(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[int] = []
    original = FakeEncoder._features

    def counting(self: FakeEncoder, batch: np.ndarray) -> np.ndarray:
        embedded.append(len(batch))
        return original(self, batch)

    monkeypatch.setattr(FakeEncoder, "_features", counting)
    upload(app, photo())
    app.number_input(key="k").set_value(3).run()
    click(app, "Find similar")
    click(app, "Back")
    assert embedded == [1]


def test_a_second_photo_replaces_the_first(app: AppTest) -> None:
    upload(app, photo("Red"))
    upload(app, photo("Yellow", "Trousers"))
    assert titles(app)[0] == "Drawn Yellow Trousers"
    assert not [button for button in app.button if button.label == "Back"]


def test_an_upload_leaves_no_file(app: AppTest, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    upload(app, photo())
    assert sorted(tmp_path.rglob("*")) == before


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 30,000 x 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"just words", "not a picture"),
        (b"", "empty"),
        (photo()[:900], "damaged"),
        (bomb(), "100 megapixels"),
        (b"\xff\xd8" + bytes(MAX_BYTES), "limit of 20 MB"),
    ],
    ids=["no picture", "empty", "truncated", "bomb", "too big"],
)
def test_a_bad_upload_is_explained_and_the_page_goes_on(
    app: AppTest, data: bytes, reason: str
) -> None:
    upload(app, data)
    assert len(app.error) == 1
    assert reason in app.error[0].value
    assert "\n" not in app.error[0].value
    upload(app, photo())
    assert not app.error
    assert matches(app) == 5


def test_a_bad_upload_leaves_the_results_in_place(app: AppTest) -> None:
    upload(app, photo("Green"))
    before = titles(app)
    upload(app, b"just words", "notes.txt")
    assert r"notes\.txt" in app.error[0].value
    assert titles(app) == before


# From match to match


def test_more_like_this_and_back(app: AppTest) -> None:
    upload(app, photo("Navy Blue"))
    first = titles(app)
    click(app, "Find similar", 1)
    second = titles(app)
    assert first[1] not in second
    assert f"**{first[1]}**" in text(app)
    click(app, "Find similar", 0)
    assert titles(app) != second
    click(app, "Back")
    assert titles(app) == second
    click(app, "Back")
    assert titles(app) == first
    assert "Your photo" in pictures(app)


def test_the_photo_is_one_click_away_from_deep_down(app: AppTest) -> None:
    upload(app, photo("Navy Blue"))
    first = titles(app)
    for _ in range(3):
        click(app, "Find similar", 2)
    click(app, "Your photo")
    assert titles(app) == first


def test_start_over(app: AppTest) -> None:
    upload(app, photo())
    click(app, "Find similar")
    click(app, "Start over")
    assert not matches(app)
    assert "Find clothes" in app.title[0].value


# How many


def test_k_is_the_visitors_choice_and_stays(app: AppTest) -> None:
    upload(app, photo())
    app.number_input(key="k").set_value(9).run()
    assert matches(app) == 9
    click(app, "Find similar", 8)
    assert matches(app) == 9


def test_k_is_at_most_the_catalogue(app: AppTest) -> None:
    upload(app, photo())
    assert app.number_input(key="k").max == 18
    app.number_input(key="k").set_value(18).run()
    assert matches(app) == 18
    click(app, "Find similar")
    assert matches(app) == 17  # All but itself.


def test_k_in_the_address_is_used(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.query_params["k"] = "7"
    upload(at.run(), photo())
    assert matches(at) == 7


@pytest.mark.parametrize("asked", ["1000", "0", "many"])
def test_k_in_the_address_cannot_break_the_page(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path, asked: str
) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.query_params["k"] = asked
    upload(at.run(), photo())
    assert 1 <= matches(at) <= 18


# Catalogues of all kinds


def test_a_missing_picture_gets_a_placeholder(app: AppTest, catalogue_folder: Path) -> None:
    (catalogue_folder / "images" / "1001.jpg").unlink()
    upload(app, photo("Red"))
    assert matches(app) == 5
    assert "Drawn Red Tshirts (its picture is missing)" in pictures(app)


def test_a_missing_dataset_is_said(app: AppTest, catalogue_folder: Path) -> None:
    shutil.rmtree(catalogue_folder)
    app.run()
    assert not app.exception
    assert "--data" in app.warning[0].value
    assert pictures(app)


def test_a_catalogue_without_csv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for colour in COLOURS:
        draw_product("Tshirts", COLOURS[colour]).save(folder / f"my_{colour}-shirt.png")
    build_index(folder, tmp_path / "index", encoder="fake", progress=False)
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(tmp_path / "index"))
    at = upload(run(), photo("Yellow"))
    assert titles(at)[0] == "My Yellow shirt"
    click(at, "Find similar")
    assert matches(at) == 5


def test_a_catalogue_of_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    draw_product("Tshirts", COLOURS["Red"]).save(folder / "only.png")
    build_index(folder, tmp_path / "index", encoder="fake", progress=False)
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(tmp_path / "index"))
    at = upload(run(), photo())
    assert titles(at) == ["Only"]
    click(at, "Find similar")
    assert "only product" in at.info[0].value


def test_a_rebuilt_index_is_picked_up(
    app: AppTest, artifacts: Path, catalogue_folder: Path
) -> None:
    upload(app, photo("Red"))
    gone = titles(app)[0]
    click(app, "Find similar")
    (catalogue_folder / "images" / "1001.jpg").unlink()
    build_index(catalogue_folder, artifacts, encoder="fake", progress=False)
    app.run()
    assert not app.exception
    assert "there is no item" in app.error[0].value
    click(app, "Back")
    assert matches(app) == 5
    assert gone not in titles(app)


def test_a_tuned_index_is_picked_up(app: AppTest, artifacts: Path) -> None:
    upload(app, photo("Red"))
    assert "Looks like" not in text(app)
    head = random_head(FakeEncoder().card)
    publish_head(artifacts, read_manifest(artifacts), head.to_bytes())
    app.run()
    assert not app.exception
    assert matches(app) == 5
    assert titles(app)[0] == "Drawn Red Tshirts"
    assert "Looks like" in text(app)  # The head says so; the encoder below it could not.


def test_an_edited_csv_is_picked_up(app: AppTest, catalogue_folder: Path) -> None:
    upload(app, photo())
    styles = catalogue_folder / "styles.csv"
    styles.write_text(styles.read_text().replace("Drawn Red Tshirts", "Crimson tee"))
    app.run()
    assert titles(app)[0] == "Crimson tee"


# The first run, and what a photo is taken for


@pytest.fixture
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample catalogue has 8 products, and the encoder of the first run is the fake one."""

    def draw_few(folder: Path, *, progress: Callable[[int, int], None]) -> Path:
        return draw_sample(folder, count=8, progress=progress)

    monkeypatch.setattr(first_run, "draw_sample", draw_few)
    register_encoder("fashion", FakeEncoder)


@pytest.mark.usefixtures("_few_samples")
def test_the_first_run_draws_a_sample_and_says_so() -> None:
    at = run()
    assert "8 products" in text(at)
    assert "This is a **sample**" in text(at)
    assert "python build_index.py --download" in code(at)[0]
    assert Path("artifacts/sample/index/manifest.json").is_file()
    at.button(key="start-1").click().run()
    assert matches(at) == 5


@pytest.mark.usefixtures("_few_samples")
def test_an_index_of_ones_own_takes_the_place_of_the_sample(catalogue_folder: Path) -> None:
    at = run()
    build_index(catalogue_folder, "artifacts", encoder="fake", progress=False)
    at.run()
    assert "18 products" in text(at)
    assert "sample" not in text(at)


def test_a_photo_is_described_where_the_encoder_can(app: AppTest) -> None:
    assert "Looks like" not in text(upload(app, photo()))
    register_encoder("fake", Oracle)
    st.cache_resource.clear()
    at = upload(run(), photo())
    assert "Looks like :gray-badge[Shirts 75\N{NO-BREAK SPACE}%]" in text(at)
    assert "Looks like" not in text(click(at, "Find similar"))


# Wishes


def test_a_filter_narrows_and_counts_follow(app: AppTest) -> None:
    upload(app, photo("Red"))
    app.pills(key="filter-articleType").set_value(["Trousers"]).run()
    assert not app.exception
    assert matches(app) == 5
    assert all("Trousers" in title for title in titles(app))
    assert "Women · 3" in app.pills(key="filter-gender").options
    assert "Trousers" in app.query_params["where.articleType"]
    app.button(key="chip-0").click().run()
    assert "where.articleType" not in app.query_params
    assert titles(app)[0] == "Drawn Red Tshirts"


def test_an_empty_selection_names_the_filter_to_give_up(app: AppTest) -> None:
    upload(app, photo("Red"))
    visit = app.session_state["visit"]
    visit.filter_by("gender", ["Men"])
    visit.filter_by("baseColour", ["Red"])
    app.run()
    assert "No product passes" in app.info[0].value
    labels = [button.label for button in app.button if button.label.startswith("Without")]
    assert labels
    click(app, labels[0])
    assert matches(app) > 0


def test_words_alone_find_products(app: AppTest) -> None:
    app.text_input(key="first-words").set_value("yelow trousers").run()
    assert not app.exception
    assert titles(app)[0] == "Drawn Yellow Trousers"
    click(app, "Start over")
    assert "Find clothes" in app.title[0].value


def test_words_that_no_product_has_find_nothing(app: AppTest) -> None:
    app.text_input(key="first-words").set_value("qqqqq").run()
    assert not app.exception
    assert matches(app) == 0
    assert "No product has a name like these words" in app.info[0].value


def test_words_beside_a_photo_say_what_they_do(app: AppTest) -> None:
    upload(app, photo("Red"))
    app.text_input(key="words").set_value("but green").run()
    assert all("Green" in title for title in titles(app))
    assert "only **Green**" in text(app)


def test_less_like_this_leaves_it_out_and_a_reset_brings_it_back(app: AppTest) -> None:
    upload(app, photo("Red"))
    before = titles(app)
    click(app, "Less")
    assert before[0] not in titles(app)
    click(app, "Reset")
    assert titles(app) == before


def test_weights_change_what_counts(app: AppTest) -> None:
    app.button(key="start-1").click().run()
    app.slider(key="weight-looks").set_value(0.0).run()
    app.slider(key="weight-style").set_value(1.0).run()
    assert not app.exception
    kinds = {title.split(" ", 2)[-1].split()[-1] for title in titles(app)}
    assert len(kinds) == 1


def test_several_photos_as_one_or_each_on_its_own(app: AppTest) -> None:
    app.file_uploader[0].upload("a.jpg", photo("Red")).upload(
        "b.jpg", photo("Yellow", "Trousers")
    ).run()
    assert not app.exception
    assert matches(app) == 5
    visit = app.session_state["visit"]
    visit.together = False
    app.run()
    assert matches(app) == 10
    for group, title in enumerate(("Drawn Red Tshirts", "Drawn Yellow Trousers")):
        card = app.get_by_key(f"title-match-{group}-1")
        assert card.get("page_link")[0].proto.label == f"**{title}**"


def test_a_link_reproduces_a_search(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.query_params["item"] = "1001"
    at.query_params["where.articleType"] = "Trousers"
    at.query_params["k"] = "3"
    at.run()
    assert not at.exception
    assert matches(at) == 3
    assert all("Trousers" in title for title in titles(at))


@pytest.mark.parametrize("name", ["item", "like", "where.nothing", "metric", "diversity"])
def test_a_link_may_ask_for_nonsense(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path, name: str
) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.query_params[name] = "<script>"
    at.run()
    assert not at.exception
    assert "Find clothes" in at.title[0].value


@pytest.mark.skipif("faiss" not in installed_engines(), reason="faiss-cpu is not installed")
def test_the_engine_in_the_address_searches(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    opened: list[str] = []
    using = Finder.using

    def noting(finder: Finder, name: str) -> Finder:
        opened.append(name)
        return using(finder, name)

    monkeypatch.setattr(Finder, "using", noting)
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.query_params["item"] = ["1003"]
    at.query_params["engine"] = ["faiss"]
    at.run()
    assert not at.exception
    assert not at.warning
    assert matches(at) == 5
    assert set(opened) == {"faiss"}
    assert at.selectbox(key="engine").value == "faiss"
    opened.clear()
    at.selectbox(key="engine").select("exact").run()
    assert matches(at) == 5
    assert not opened


@pytest.mark.skipif("milvus" not in installed_engines(), reason="pymilvus is not installed")
def test_a_database_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    monkeypatch.setenv("RECOMMENDER_MILVUS_URI", "http://localhost:1")
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.query_params["item"] = ["1003"]
    at.query_params["engine"] = ["milvus"]
    at.run()
    assert not at.exception
    (warning,) = at.warning
    assert "Milvus at http://localhost:1 does not answer" in warning.value
    assert "this page searches with exact" in warning.value
    assert matches(at) == 5


def test_an_engine_that_is_not_installed_is_named_and_not_offered(
    monkeypatch: pytest.MonkeyPatch, artifacts: Path
) -> None:
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    for library in ("faiss", "pymilvus"):
        monkeypatch.setitem(sys.modules, library, None)
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.query_params["item"] = ["1003"]
    at.query_params["engine"] = ["faiss"]
    at.run()
    assert not at.exception
    assert [warning.value for warning in at.warning] == [
        "the engine faiss is not installed: pip install -r requirements-faiss.txt "
        "(this page searches with exact)"
    ]
    assert matches(at) == 5
    assert not [box for box in at.selectbox if box.key == "engine"]
