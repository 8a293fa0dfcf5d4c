"""The drawn sample catalogue: planned, drawn, written, and photographed."""

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recommender.errors import CatalogueError
from recommender.sample import (
    catalogue_files,
    draw_query,
    draw_sample,
    is_sample,
    plan_sample,
    sample_queries,
)
from recommender.sample.drawing import draw_cutout, draw_product
from recommender.sample.fabric import PATTERNS
from recommender.sample.kinds import KINDS
from recommender.sample.palette import NOMINAL
from recommender.sample.plan import COLUMNS, FIRST_ID, Product

COUNT = 16


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_sample(tmp_path_factory.mktemp("data") / "sample", count=COUNT)


def read_styles(folder: Path) -> list[dict[str, str]]:
    with (folder / "styles.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


# ---- the plan ------------------------------------------------------------------------------


def test_the_whole_plan_is_varied():
    plan = plan_sample(300)
    assert len({product.article for product in plan}) >= 15
    assert len({product.colour for product in plan}) >= 12
    assert {product.pattern for product in plan} == set(PATTERNS)
    assert {product.kind.master for product in plan} == {"Apparel", "Footwear", "Accessories"}
    assert {product.gender for product in plan} == {"Men", "Women", "Boys", "Girls", "Unisex"}
    assert min(Counter(product.colour for product in plan).values()) >= 3
    assert min(Counter(product.pattern for product in plan).values()) >= 15
    looks = {(p.article, p.gender, p.style, p.colour, p.pattern) for p in plan}
    assert len(looks) > 280


def test_ids_are_unique_and_ascending_and_not_kaggles():
    ids = [product.id for product in plan_sample(300)]
    assert ids == list(range(FIRST_ID, FIRST_ID + 300))


def test_a_small_plan_has_all_that_was_asked_for():
    assert [len(plan_sample(count)) for count in (1, 7, 24, 299)] == [1, 7, 24, 299]
    assert len({product.article for product in plan_sample(24)}) >= 12


def test_the_seed_decides():
    assert plan_sample(60, seed=3) == plan_sample(60, seed=3)
    assert plan_sample(60, seed=3) != plan_sample(60, seed=4)


@pytest.mark.parametrize("count", [0, -5])
def test_nothing_is_not_a_plan(count: int):
    with pytest.raises(ValueError, match="at least one"):
        plan_sample(count)


@pytest.mark.parametrize("article", KINDS)
def test_every_style_of_every_type_can_be_drawn(article: str):
    cuts = {style: gender for gender, styles in KINDS[article].styles.items() for style in styles}
    for style, gender in cuts.items():
        picture = draw_product(Product(FIRST_ID, article, gender, "Red", "plain", style))
        assert picture.size == (240, 320)


# ---- the files -----------------------------------------------------------------------------


def test_styles_has_kaggles_columns_and_words(sample: Path):
    rows = read_styles(sample)
    assert len(rows) == COUNT
    assert tuple(rows[0]) == COLUMNS
    for row in rows:
        kind = KINDS[row["articleType"]]
        assert (row["masterCategory"], row["subCategory"]) == (kind.master, kind.sub)
        assert row["gender"] in {"Men", "Women", "Boys", "Girls", "Unisex"}
        assert row["baseColour"] in NOMINAL
        assert row["season"] in {"Spring", "Summer", "Fall", "Winter"}
        assert 2000 < int(row["year"]) < 2030
        assert row["usage"] in {"Casual", "Formal", "Sports", "Ethnic", "Party"}
        assert row["baseColour"] in row["productDisplayName"]
        assert (sample / "images" / f"{row['id']}.jpg").is_file()
    assert len(list((sample / "images").iterdir())) == COUNT


def test_pictures_have_the_size_and_a_white_border(sample: Path):
    for path in (sample / "images").iterdir():
        with Image.open(path) as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (240, 320))
            pixels = np.asarray(picture)
        border = np.concatenate([pixels[:2].ravel(), pixels[-2:].ravel(), pixels[:, 0].ravel()])
        assert border.min() >= 235, path.name
        assert (pixels < 235).any(axis=2).mean() > 0.05, path.name


def test_the_same_bytes_every_time(sample: Path, tmp_path: Path):
    assert digests(draw_sample(tmp_path / "again", count=COUNT)) == digests(sample)


def test_the_same_bytes_whatever_the_hash_seed():
    code = (
        "import hashlib; from recommender.sample import plan_sample;"
        "from recommender.sample.drawing import draw_product;"
        "plan = plan_sample(40);"
        "drawn = b''.join(draw_product(p).tobytes() for p in plan[:3]);"
        "print(hashlib.sha256(repr(plan).encode() + drawn).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_progress_counts_to_the_end(tmp_path: Path):
    seen: list[tuple[int, int]] = []
    draw_sample(tmp_path, count=5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(i, 5) for i in range(1, 6)]


def test_a_finished_sample_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    draw_sample(tmp_path, count=3)
    assert is_sample(tmp_path)
    monkeypatch.setattr(catalogue_files, "draw_product", None)
    draw_sample(tmp_path, count=3)


def test_another_sample_replaces_the_first(tmp_path: Path):
    draw_sample(tmp_path, count=6)
    draw_sample(tmp_path, count=3, seed=1)
    assert len(list((tmp_path / "images").iterdir())) == len(read_styles(tmp_path)) == 3


def test_a_crash_leaves_whole_pictures_and_no_styles_and_is_mended(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def crash(product: Product) -> Image.Image:
        if product.id == FIRST_ID + 9:
            raise KeyboardInterrupt
        return draw_product(product)

    with monkeypatch.context() as patch:
        patch.setattr(catalogue_files, "draw_product", crash)
        with pytest.raises(KeyboardInterrupt):
            draw_sample(tmp_path, count=COUNT)
    assert not is_sample(tmp_path)
    assert not (tmp_path / "styles.csv").exists()
    for path in tmp_path.rglob("*.jpg"):
        with Image.open(path) as picture:
            picture.load()
    assert not list(tmp_path.rglob("*.half"))
    draw_sample(tmp_path, count=COUNT)
    assert digests(tmp_path) == digests(sample)


@pytest.mark.parametrize(
    "name", ["styles.csv", "images/15970.jpg", "mine.png", "images/900001.jpg"]
)
def test_a_catalogue_of_the_users_is_never_touched(tmp_path: Path, name: str):
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_bytes(b"theirs")
    before = digests(tmp_path)
    with pytest.raises(CatalogueError, match="already holds") as caught:
        draw_sample(tmp_path, count=2)
    assert "\n" not in str(caught.value)
    assert digests(tmp_path) == before


def test_pictures_added_to_a_sample_are_never_touched(tmp_path: Path):
    draw_sample(tmp_path, count=2)
    (tmp_path / "images" / "holiday.jpg").write_bytes(b"theirs")
    with pytest.raises(CatalogueError, match=r"holiday\.jpg"):
        draw_sample(tmp_path, count=3)


# ---- the drawing ---------------------------------------------------------------------------


def opponent(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the lightness and the two colour differences: shade counts less than hue."""
    light = rgb @ [0.299, 0.587, 0.114]
    return np.stack([0.5 * light, rgb[..., 0] - light, rgb[..., 2] - light], axis=-1)


@pytest.mark.parametrize("product", plan_sample(300)[::15], ids=lambda product: product.name)
def test_the_colour_named_is_the_colour_drawn(product: Product):
    names = list(NOMINAL)
    pixels = np.asarray(draw_cutout(product, zoom=1), dtype=np.float64)
    garment = opponent(pixels[pixels[..., 3] > 200][:, :3])
    palette = opponent(np.array(list(NOMINAL.values()), dtype=np.float64))
    nearest = ((garment[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1)
    assert names[np.bincount(nearest).argmax()] == product.colour


def test_a_cutout_at_twice_the_size_is_the_same_drawing():
    product = plan_sample(24)[0]
    small = np.asarray(draw_cutout(product, zoom=1).convert("RGBa"), dtype=float)
    large = draw_cutout(product, zoom=2).convert("RGBa").resize((240, 320), Image.Resampling.BOX)
    assert np.abs(small - np.asarray(large, dtype=float)).mean() < 6


def test_queries_are_snapshots_of_the_sample():
    queries = sample_queries()
    assert len(queries) == 6
    assert len({caption for caption, _ in queries}) == 6
    for _, picture in queries:
        assert (picture.mode, picture.size) == ("RGB", (480, 640))
        corners = np.asarray(picture)[[0, 0, -1, -1], [0, -1, 0, -1]]
        assert corners.mean() < 235, "a floor, not the catalogue's white"


def test_a_query_repeats_and_refuses_an_unknown_floor():
    product = plan_sample(24)[0]
    assert draw_query(product).tobytes() == draw_query(product).tobytes()
    with pytest.raises(ValueError, match="wood"):
        draw_query(product, floor="lava")
