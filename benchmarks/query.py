"""How long does a visitor wait? From the upload to the grid, step by step, once all is warm.

    python -m benchmarks.query --artifacts DIR [--photos DIR]

Without photos of your own, pictures of the catalogue stand in, enlarged to the twelve megapixels of
a phone's. Wall-clock time is what a visitor feels; the time that the processor worked on it is told
beside, as it depends less on what else the machine is doing. "baseline" is what a search is without
an engine: all distances in numpy, sorted. "the whole page" is the app's script from an upload to
the drawn page, in Streamlit's own test harness, and then the route's answer for every picture that
the page names: all steps, without network and browser.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import platform
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt

from recommender.finding import Finder, Wishes
from recommender.images import find_images, load_image
from recommender.likeness import Look, look_of_item, look_of_vector
from recommender.search import Recommender

APP = Path(__file__).resolve().parent.parent / "recommender" / "ui" / "main.py"
_PHONE = (3000, 4000)
_GOAL = 500
_PICTURE = re.compile(r'src="thumbnails/(.+?)/(.+?)"')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--data", type=Path, metavar="DIR", help="if it has moved since")
    parser.add_argument("--photos", type=Path, metavar="DIR")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--no-page", action="store_true", help="leave the whole page out")
    options = parser.parse_args()
    started = time.perf_counter()
    finder = Finder(Recommender.open(options.artifacts, data=options.data))
    opened = time.perf_counter()
    finder.warm_up()
    warm = time.perf_counter()
    photos = list(photos_of(options.photos, finder.recommender, min(options.rounds, 10)))
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    size = np.mean([len(photo) for photo in photos]) / 1e6
    print(
        f"{len(finder.recommender)} products; opened in {opened - started:.1f} s, "
        f"warm after {warm - opened:.1f} s; photos of {size:.1f} MB\n"
    )
    print("| step | median ms | 95 % ms | processor ms |\n|---|---|---|---|")
    for name, step in steps(finder, photos).items():
        print(f"| {name} | {measured(step, options.rounds)} |", flush=True)
    if not options.no_page:
        with page(options, photos) as (upload, again):
            print(f"| the whole page, from an upload | {measured(upload, options.rounds)} |")
            print(f"| the whole page, drawn again | {measured(again, options.rounds)} |")
        print(f"\nThe goal is {_GOAL} ms from an upload.")
    return 0


def photos_of(folder: Path | None, recommender: Recommender, count: int) -> Iterator[bytes]:
    """Files as a visitor would upload them."""
    if folder is not None:
        yield from (path.read_bytes() for path in find_images(folder)[:count])
        return
    for row in np.linspace(0, len(recommender) - 1, count).astype(int).tolist():
        picture = load_image(recommender.image_path(recommender.catalogue.items[row]))
        file = io.BytesIO()
        picture.resize(_PHONE).save(file, "JPEG", quality=90)
        yield file.getvalue()


def steps(finder: Finder, photos: Sequence[bytes]) -> dict[str, Callable[[int], object]]:
    """Step → what it does in round i."""
    from recommender.ui.thumbnails import TILE, draw_tile

    recommender = finder.recommender
    encoder, catalogue = recommender.encoder, recommender.catalogue
    batches = [encoder.load(photo)[None] for photo in photos]
    vectors = [encoder.embed(batch)[0] for batch in batches]
    looks = [look_of_vector(recommender, vector) for vector in vectors]
    wishes = {
        "": Wishes(k=10),
        ", near-duplicates folded": Wishes(k=10, fold=True),
        ", filtered by gender": Wishes(k=10, filters=first_filter(recommender)),
        ", by looks, colour and style": Wishes(
            k=10, weights=dict.fromkeys(finder.likeness.criteria, 1.0)
        ),
        ", with words": Wishes(k=10, words="striped casual"),
        ", varied and folded": Wishes(k=10, diversity=0.5, fold=True),
        ", with all of it": Wishes(
            k=50, diversity=0.5, fold=True, words="striped casual",
            filters=first_filter(recommender),
            weights=dict.fromkeys(finder.likeness.criteria, 1.0),
            liked=(catalogue.items[0].filename,), disliked=(catalogue.items[1].filename,),
        ),
    }  # fmt: skip

    def searching(wish: Wishes) -> Callable[[int], object]:
        return lambda i: finder.find(looks[i % len(looks)], wish)

    def of_item(i: int) -> Look:
        return look_of_item(recommender, catalogue.items[37 * i % len(catalogue)].filename)

    return {
        "decode and prepare a photo": lambda i: encoder.load(photos[i % len(photos)]),
        "encode it": lambda i: encoder.embed(batches[i % len(photos)]),
        "guess its attributes": lambda i: look_of_vector(recommender, vectors[i % len(photos)]),
        "baseline: numpy, all distances, sorted": lambda i: sorted_distances(
            recommender.index.embeddings, vectors[i % len(photos)], 10
        ),
        "Recommender.search_vector": lambda i: recommender.search_vector(
            vectors[i % len(photos)], 10
        ),
        **{f"find 10{name}": searching(wish) for name, wish in list(wishes.items())[:-1]},
        f"find 50{list(wishes)[-1]}": searching(wishes[", with all of it"]),
        "find 10 like a product": lambda i: finder.find(of_item(i), Wishes(k=10, fold=True)),
        "find 10 by words alone": lambda i: finder.find(None, Wishes(k=10, words="red shrit")),
        "count the filters": lambda _: finder.facets.counts(first_filter(recommender)),
        "draw 10 thumbnails, first time": lambda i: [
            draw_tile(load_image(recommender.image_path(item), at_least=TILE))
            for item in catalogue.items[10 * i : 10 * i + 10]
        ],
    }


def first_filter(recommender: Recommender) -> dict[str, str]:
    """The first value of the first attribute of the catalogue; nothing if it has none."""
    for name in recommender.catalogue.columns:
        return {name: str(recommender.catalogue.column(name).values[0])}
    return {}


def sorted_distances(
    embeddings: npt.NDArray[np.float32], vector: npt.NDArray[np.float32], k: int
) -> npt.NDArray[np.int64]:
    """The nearest k rows, int64 (k,), found the plain way."""
    distances = np.linalg.norm(embeddings - vector, axis=1)
    return np.argsort(distances)[:k]


@contextlib.contextmanager
def page(
    options: argparse.Namespace, photos: Sequence[bytes]
) -> Iterator[tuple[Callable[[int], object], Callable[[int], object]]]:
    """The app: (upload photo i and draw the grid, draw it once more)."""
    from starlette.requests import Request
    from streamlit.testing.v1 import AppTest

    from recommender.ui.thumbnail_route import thumbnail

    os.environ["RECOMMENDER_ARTIFACTS"] = str(options.artifacts)
    if options.data is not None:
        os.environ["RECOMMENDER_DATA"] = str(options.data)
    sys.argv = [str(APP)]  # The app reads it.
    app = AppTest.from_file(str(APP), default_timeout=600).run()

    def upload(i: int) -> None:
        app.file_uploader[0].upload("photo.jpg", photos[i % len(photos)]).run()
        if app.exception:
            raise SystemExit(f"the app failed: {app.exception[0].value}")
        for element in app.get("html"):
            for version, item_id in _PICTURE.findall(element.proto.body):
                params = {"version": version, "item_id": unquote(item_id)}
                thumbnail(Request({"type": "http", "path_params": params}))

    def again(_: int) -> None:
        app.run()

    upload(0)
    yield upload, again


def measured(step: Callable[[int], object], rounds: int) -> str:
    """Median and 95th percentile of the time, and the median of the processor's, in ms."""
    step(0)
    wall, work = [], []
    for number in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        step(number)
        wall.append(1000 * (time.perf_counter() - began))
        work.append(1000 * (time.process_time() - worked))
    return f"{np.median(wall):.1f} | {np.percentile(wall, 95):.1f} | {np.median(work):.1f}"


if __name__ == "__main__":
    sys.exit(main())
