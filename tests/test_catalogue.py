"""styles.csv with all its quirks, and catalogues without one."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.catalogue import catalogue_images, dataset_folder, load_catalogue
from recommender.errors import CatalogueError, QueryError

HEADER = (
    "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,"
    "productDisplayName\n"
)
SHIRT = "15970,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,Turtle Check Shirt\n"


def load(tmp_path, text, filenames, *, encoding="utf-8"):
    (tmp_path / "styles.csv").write_bytes(text.encode(encoding))
    return load_catalogue(tmp_path, filenames)


def test_attributes_are_typed_and_aligned_with_the_rows(tmp_path):
    text = HEADER + SHIRT + "2,Women,Accessories,Bags,Handbags,NA,,,NA,\n"
    catalogue = load(tmp_path, text, ["images/2.jpg", "images/15970.jpg", "images/3.jpg"])
    bag, shirt, stranger = catalogue.items
    assert (shirt.id, shirt.title) == ("15970", "Turtle Check Shirt")
    assert shirt.attributes == {
        "gender": "Men", "masterCategory": "Apparel", "subCategory": "Topwear",
        "articleType": "Shirts", "baseColour": "Navy Blue", "season": "Fall", "year": 2011,
        "usage": "Casual",
    }  # fmt: skip
    assert [bag.attributes[name] for name in ("baseColour", "season", "year", "usage")] == [
        None
    ] * 4
    assert bag.title == "Women Handbags"
    assert (stranger.title, set(stranger.attributes.values())) == ("3", {None})


def test_unquoted_commas_stay_in_the_name(tmp_path):
    text = HEADER + SHIRT.strip() + ", Slim, Blue\n"
    assert load(tmp_path, text, ["15970.jpg"]).items[0].title == "Turtle Check Shirt, Slim, Blue"


def test_quoted_fields_and_line_breaks_in_them(tmp_path):
    text = HEADER + SHIRT.replace("Turtle Check Shirt", '"Tie, ""silk""\nlong"')
    assert load(tmp_path, text, ["15970.jpg"]).items[0].title == 'Tie, "silk"\nlong'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_with_or_without_a_mark(tmp_path, encoding):
    text = HEADER + SHIRT.replace("Turtle", "Café")
    assert load(tmp_path, text, ["15970.jpg"], encoding=encoding).items[0].title.startswith("Café")


def test_another_encoding_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(CatalogueError, match="UTF-8"):
        load(tmp_path, HEADER + SHIRT.replace("Turtle", "Café"), ["1.jpg"], encoding="latin-1")


def test_semicolons_blank_lines_and_windows_line_ends(tmp_path):
    text = (HEADER + "\n" + SHIRT + "\n").replace(",", ";").replace("\n", "\r\n")
    assert load(tmp_path, text, ["15970.jpg"]).items[0].attributes["articleType"] == "Shirts"


def test_odd_years_are_unknown(tmp_path):
    text = HEADER + SHIRT + SHIRT.replace("15970", "2").replace("2011", "soon")
    text += SHIRT.replace("15970", "3").replace("2011", "2012.0")
    items = load(tmp_path, text, ["15970.jpg", "2.jpg", "3.jpg"]).items
    assert [item.attributes["year"] for item in items] == [2011, None, 2012]


def test_repeated_and_short_rows_are_noted(tmp_path):
    text = HEADER + SHIRT + SHIRT.replace("Navy Blue", "Red") + "7,Men\n"
    catalogue = load(tmp_path, text, ["15970.jpg", "7.jpg"])
    assert catalogue.items[0].attributes["baseColour"] == "Navy Blue"
    assert catalogue.items[1].attributes["gender"] == "Men"
    assert catalogue.items[1].attributes["year"] is None
    assert len(catalogue.notes) == 2


def test_columns_of_ones_own_become_attributes(tmp_path):
    catalogue = load(tmp_path, "id,brand,price\n1,Acme,20\n", ["1.jpg"])
    assert catalogue.columns == ("brand", "price")
    assert catalogue.items[0].attributes == {"brand": "Acme", "price": "20"}


def test_a_file_without_ids_is_refused_with_what_is_expected(tmp_path):
    with pytest.raises(CatalogueError, match=r"no column 'id'.*productDisplayName"):
        load(tmp_path, "name,colour\nx,red\n", ["1.jpg"])


def test_without_a_file_names_become_titles(tmp_path):
    catalogue = load_catalogue(tmp_path, ["shoes/red_running-shoe.jpg", "x.png"])
    assert [item.title for item in catalogue.items] == ["Red running shoe", "X"]
    assert catalogue.columns == ()


def test_filters_or_within_and_between(tmp_path):
    rows = [("1", "Men", "Red"), ("2", "Women", "Red"), ("3", "Men", "Blue"), ("4", "Men", "NA")]
    text = "id,gender,baseColour\n" + "".join(f"{','.join(row)}\n" for row in rows)
    catalogue = load(tmp_path, text, [f"{row[0]}.jpg" for row in rows])

    def rows_of(**filters):
        return np.flatnonzero(catalogue.mask(filters)).tolist()

    assert rows_of(gender="men") == [0, 2, 3]
    assert rows_of(baseColour=["Red", "Blue"], gender="Men") == [0, 2]
    assert rows_of(baseColour="None") == []
    assert rows_of() == [0, 1, 2, 3]
    with pytest.raises(QueryError, match="has no attribute 'size'; it has gender, baseColour"):
        catalogue.mask({"size": "L"})


def test_numbers_filter_as_numbers_or_text(tmp_path):
    catalogue = load(tmp_path, HEADER + SHIRT, ["15970.jpg"])
    assert catalogue.mask({"year": 2011}).all()
    assert catalogue.mask({"year": "2011"}).all()


def test_rows_are_found_by_id_and_by_file_name(tmp_path):
    catalogue = load_catalogue(tmp_path, ["images/a.jpg", "images/b.jpg"])
    assert catalogue.row_of("b") == catalogue.row_of("images/b.jpg") == 1
    with pytest.raises(QueryError, match="no item 'c'"):
        catalogue.row_of("c")


def test_namesakes_are_told_apart_by_their_folders(tmp_path):
    names = ["shirt/front.jpg", "shoe/front.jpg", "shoe/back.jpg"]
    catalogue = load_catalogue(tmp_path, names)
    assert [item.id for item in catalogue.items] == [*names[:2], "back"]
    assert [catalogue.row_of(item.id) for item in catalogue.items] == [0, 1, 2]


def test_the_dataset_is_found_one_folder_down(tmp_path, catalogue_folder):
    outer = tmp_path / "outer"
    outer.mkdir()
    catalogue_folder.rename(outer / "unpacked")
    assert dataset_folder(outer) == outer / "unpacked"
    assert len(catalogue_images(outer / "unpacked")) == 18


def test_pictures_beside_images_do_not_count(catalogue_folder):
    (catalogue_folder / "extra").mkdir()
    (catalogue_folder / "images" / "1001.jpg").rename(catalogue_folder / "extra" / "1001.jpg")
    assert len(catalogue_images(catalogue_folder)) == 17


def test_a_missing_dataset_folder_is_named(tmp_path):
    with pytest.raises(CatalogueError, match=r"does not exist.*--data"):
        dataset_folder(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(CatalogueError, match="is a file"):
        dataset_folder(tmp_path / "file")
