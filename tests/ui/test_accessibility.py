"""Every page of the app against WCAG 2 A and AA, in both themes and three widths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recommender.indexing import build_index
from tests.fakes import COLOURS, draw_catalogue, draw_product
from tests.ui.accessibility import violations
from tests.ui.serving import PAGES, running, serving
from tests.ui.test_browser import wait_for_pictures

pytestmark = pytest.mark.slow

WIDTHS = (390, 768, 1440)


def shown(browser: Any, address: str) -> Iterator[tuple[str, Any]]:
    """The page in each theme and width, and a name for it."""
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.goto(address)
            yield f"{width} {scheme}", page
            page.close()


def test_the_app(browser: Any, tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    build_index(draw_catalogue(tmp_path / "data"), artifacts, encoder="fake", progress=False)
    photo = tmp_path / "photo.png"
    draw_product("Tshirts", COLOURS["Red"], size=(600, 800)).save(photo)
    (tmp_path / "notes.txt").write_text("not a picture", encoding="utf-8")
    found = []
    with serving(artifacts, tmp_path / "log.txt") as address:
        for name, page in shown(browser, address):
            page.wait_for_selector(".st-key-starts img")
            page.wait_for_load_state("networkidle")
            found += [f"welcome {name}: {line}" for line in violations(page)]
            page.set_input_files("input[type=file]", tmp_path / "notes.txt")
            page.get_by_text("not a picture in a format that can be read").wait_for()
            found += [f"refusal {name}: {line}" for line in violations(page)]
            page.set_input_files("input[type=file]", photo)
            wait_for_pictures(page, 5)
            found += [f"matches {name}: {line}" for line in violations(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("script", "ready"), [("crop.py", ".stage"), ("inputs.py", ".paste .button")]
)
def test_the_components(browser: Any, tmp_path: Path, script: str, ready: str) -> None:
    found = []
    with running(PAGES / script, tmp_path / "log.txt") as address:
        for name, page in shown(browser, address):
            page.locator(ready).wait_for()
            found += [f"{name}: {line}" for line in violations(page)]
            if script == "crop.py":
                page.get_by_role("slider", name="Part of the photo").press("Shift+ArrowLeft")
                page.get_by_role("button", name="Use the whole photo").wait_for()
                found += [f"part {name}: {line}" for line in violations(page)]
    assert not found, "\n".join(found)
