"""Every state of the page "Catalogue", without a browser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from recommender import browsing
from recommender.artifacts import read_index
from recommender.atlas import neighbour_atlas, write_map
from recommender.indexing import build_index
from recommender.ui import browse_view, catalogue_map
from tests.fakes import draw_product


@pytest.fixture(autouse=True)
def _fresh_server(monkeypatch: pytest.MonkeyPatch, artifacts: Path) -> None:
    monkeypatch.setattr("sys.argv", ["app"])
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(artifacts))
    st.cache_resource.clear()
    st.cache_data.clear()


def script() -> None:
    from recommender.ui.catalogue_page import catalogue_page

    catalogue_page()


def run(**params: str | list[str]) -> AppTest:
    at = AppTest.from_function(script, default_timeout=30)
    for name, value in params.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def titles(at: AppTest) -> list[str]:
    """The names of the products shown, in order."""
    return [link.proto.label.strip("*").replace("\\", "") for link in at.get("page_link")]


def click(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def text(at: AppTest) -> str:
    return "\n".join(one.value for one in (*at.markdown, *at.caption, *at.info, *at.warning))


def test_browsing_filters_and_sorts_and_says_so_in_the_address() -> None:
    at = run()
    assert len(titles(at)) == 18
    assert "1 to 18 of 18" in text(at)
    at.button_group(key="filter-articleType").select("Trousers").run()
    assert at.query_params["where.articleType"] == "Trousers"
    assert all("Trousers" in title for title in titles(at))
    at.selectbox(key="catalogue-sort").select("name").run()
    assert titles(at) == sorted(titles(at))
    again = run(**{"where.articleType": "Trousers", "sort": "name"})
    assert titles(again) == titles(at)
    click(again, "Trousers")
    assert "where.articleType" not in again.query_params
    assert len(titles(again)) == 18


def test_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (browse_view, browsing):
        monkeypatch.setattr(module, "PAGE_SIZE", 7)
    at = run(page="99")
    assert "15 to 18 of 18" in text(at)
    click(at, "Previous")
    assert at.query_params["page"] == "2"
    first = titles(at)
    click(at, "Next")
    assert not {*first} & {*titles(at)}


def test_nothing_passes_and_one_click_mends_it() -> None:
    at = run(**{"where.articleType": "Hats"})
    assert "No product passes" in text(at)
    click(at, "Show all 18 products")
    assert len(titles(at)) == 18


def test_without_a_map_there_is_a_quick_one_and_the_command(artifacts: Path) -> None:
    at = run(view="map")
    assert "quick map" in text(at)
    assert at.code[0].value == f"python -m recommender map --artifacts {artifacts}"


def test_the_map_that_was_made_is_shown_until_it_is_stale(
    artifacts: Path, catalogue_folder: Path
) -> None:
    embeddings = read_index(artifacts).embeddings
    write_map(artifacts, embeddings, neighbour_atlas(embeddings))
    at = run(view="map")
    assert not at.code
    assert "quick map" not in text(at)
    draw_product("Trousers", (1, 2, 3)).save(catalogue_folder / "images" / "2000.jpg")
    build_index(catalogue_folder, artifacts, encoder="fake", progress=False)
    at.run()
    assert "shows an earlier index" in text(at).replace("\\", "")
    assert at.code


def test_pictures_without_a_table_have_every_view(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, catalogue_folder: Path
) -> None:
    (catalogue_folder / "styles.csv").unlink()
    build_index(catalogue_folder, tmp_path / "bare", encoder="fake", progress=False)
    monkeypatch.setenv("RECOMMENDER_ARTIFACTS", str(tmp_path / "bare"))
    assert len(titles(run())) == 18
    assert "quick map" in text(run(view="map"))
    assert "there is no styles.csv" in text(run(view="facts")).replace("\\", "")
    at = click(run(view="audit"), "Look through the catalogue")
    at.segmented_control(key="findings").set_value("doubtful-labels").run()
    assert at.success[0].value == "Nothing found."


def test_a_product_of_the_map_is_shown_beside_it() -> None:
    at = run(view="map", item="1003")
    assert "Id 1003" in text(at)
    assert any(button.label == "Find similar" for button in at.button)
    at.segmented_control(key="catalogue-view").set_value("facts").run()
    assert "item" not in at.query_params


@pytest.mark.parametrize(
    ("said", "row"), [("3", 3), ("18", None), ("-1", None), ("x", None), (None, None), ("²", None)]
)
def test_what_a_browser_tells_is_checked(said: object, row: int | None) -> None:
    assert catalogue_map._row(said, 18) == row


def test_places_are_fractions_from_the_top_left() -> None:
    from recommender.atlas import Atlas

    places = np.array([[-1, 1], [1, -1], [0, 0]], np.float32)
    found = catalogue_map._fractions(Atlas(places, "PCA"))
    assert found.tolist() == [[0, 0], [65535, 65535], [32768, 32768]]


def test_the_facts(catalogue_folder: Path, artifacts: Path) -> None:
    (catalogue_folder / "images" / "bad.jpg").write_bytes(b"")
    build_index(catalogue_folder, artifacts, encoder="fake", progress=False)
    at = run(view="facts")
    values = {metric.label: metric.value for metric in at.metric}
    assert values["Products"] == "18"
    assert values["Skipped pictures"] == "1"
    assert "fake 1" in text(at)
    assert "the file is empty" in text(at).replace("\\", "")


def test_the_audit_is_made_when_asked_for_and_kept(catalogue_folder: Path, artifacts: Path) -> None:
    images = catalogue_folder / "images"
    (images / "1019.jpg").write_bytes((images / "1001.jpg").read_bytes())
    build_index(catalogue_folder, artifacts, encoder="fake", progress=False)
    at = run(view="audit")
    assert not at.dataframe
    click(at, "Look through the catalogue")
    assert "1019" in at.dataframe[0].value["id"].tolist()
    at.segmented_control(key="findings").set_value("pictures").run()
    assert at.success[0].value == "Nothing found."
    assert run(view="audit").dataframe
    # Another index is another audit.
    draw_product("Trousers", (1, 2, 3)).save(images / "2000.jpg")
    build_index(catalogue_folder, artifacts, encoder="fake", progress=False)
    assert not run(view="audit").dataframe
