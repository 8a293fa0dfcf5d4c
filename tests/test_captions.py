"""Captions: of every picture once, whatever happens on the way."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from recommender.__main__ import main
from recommender.captions import Blip, blip, read_captions, write_captions
from recommender.captions.files import CAPTIONS, JOURNAL
from recommender.errors import ArtifactsError, MissingExtraError, QueryError, StorageError
from recommender.search import Recommender
from tests.fakes import COLOURS, draw_product

EXTRA = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))


class Looker:
    """Says the colour in the middle; counts its batches, and gives up when told to."""

    def __init__(self, name: str = "looker", *, batches: int = 99) -> None:
        self.name = name
        self.sizes: list[int] = []
        self._left = batches

    def caption(self, images: Sequence[Image.Image]) -> list[str]:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        self.sizes.append(len(images))
        return [str(image.getpixel((image.width // 2, image.height // 2))) for image in images]


@pytest.fixture
def shop(artifacts: Path) -> Recommender:
    return Recommender.open(artifacts)


def write(shop: Recommender, artifacts: Path, looker: Looker, **options: int):
    return write_captions(shop, artifacts, looker, batch_size=4, progress=False, **options)


def texts(artifacts: Path) -> dict[str, str]:
    captions = read_captions(artifacts)
    assert captions is not None
    return {item: caption.text for item, caption in captions.of.items()}


def test_every_picture_has_its_own(shop: Recommender, artifacts: Path) -> None:
    looker = Looker()
    report = write(shop, artifacts, looker)
    assert (report.total, report.made, report.skipped) == (18, 18, ())
    assert looker.sizes == [4, 4, 4, 4, 2]
    for item in shop.catalogue.items:
        (expected,) = Looker().caption([Image.open(shop.image_path(item))])
        captions = read_captions(artifacts)
        assert captions is not None
        assert captions.text_of(item.id, shop.image_path(item)) == expected


def test_a_run_that_is_cut_short_is_gone_on_with(shop: Recommender, artifacts: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write(shop, artifacts, Looker(batches=2))
    assert read_captions(artifacts) is None
    journal = artifacts / JOURNAL
    # The machine went down in the middle of a line.
    journal.write_bytes(journal.read_bytes() + b'["1018", "abc')
    looker = Looker()
    report = write(shop, artifacts, looker)
    assert (report.total, report.made, sum(looker.sizes)) == (18, 10, 10)
    assert not journal.exists()


def test_a_finished_run_has_nothing_to_do(shop: Recommender, artifacts: Path) -> None:
    write(shop, artifacts, Looker())
    before = (artifacts / CAPTIONS).read_bytes()
    looker = Looker()
    assert write(shop, artifacts, looker).made == 0
    assert not looker.sizes
    assert (artifacts / CAPTIONS).read_bytes() == before


def test_a_changed_picture_is_captioned_anew(shop: Recommender, artifacts: Path) -> None:
    write(shop, artifacts, Looker())
    first, second = shop.catalogue.items[:2]
    Image.new("RGB", (60, 80), (1, 2, 3)).save(shop.image_path(first).with_suffix(".png"))
    shop.image_path(first).with_suffix(".png").replace(shop.image_path(first))
    captions = read_captions(artifacts)
    assert captions is not None
    assert captions.text_of(first.id, shop.image_path(first)) == ""
    assert captions.text_of(second.id, shop.image_path(second))
    assert write(shop, artifacts, Looker()).made == 1
    assert texts(artifacts)[first.id] == "(1, 2, 3)"


def test_another_model_begins_anew(shop: Recommender, artifacts: Path) -> None:
    write(shop, artifacts, Looker())
    with pytest.raises(KeyboardInterrupt):
        write(shop, artifacts, Looker("second", batches=1))
    assert write(shop, artifacts, Looker("third")).made == 18
    captions = read_captions(artifacts)
    assert captions is not None
    assert captions.model == "third"


def test_a_bad_picture_does_not_stop_the_others(shop: Recommender, artifacts: Path) -> None:
    bad, gone = (shop.image_path(item) for item in shop.catalogue.items[:2])
    bad.write_bytes(b"not a picture")
    gone.unlink()
    report = write(shop, artifacts, Looker())
    assert report.made == 16
    assert [name for name, _ in report.skipped] == ["images/1001.jpg", "images/1002.jpg"]
    assert "1001" not in texts(artifacts)


def test_a_limit_makes_so_many_more(shop: Recommender, artifacts: Path) -> None:
    assert write(shop, artifacts, Looker(), limit=5).total == 5
    assert write(shop, artifacts, Looker(), limit=5).total == 10
    with pytest.raises(QueryError):
        write(shop, artifacts, Looker(), limit=0)


def test_two_runs_at_once(shop: Recommender, artifacts: Path) -> None:
    from filelock import FileLock

    with FileLock(artifacts / ".captions.lock"), pytest.raises(StorageError, match="another run"):
        write(shop, artifacts, Looker())


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": 9, "model": "x", "captions": {}}'])
def test_a_broken_file_is_refused_with_the_remedy(artifacts: Path, content: str) -> None:
    (artifacts / CAPTIONS).write_text(content)
    with pytest.raises(ArtifactsError, match="delete it"):
        read_captions(artifacts)


def test_a_missing_extra_names_the_command(
    artifacts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(blip, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError):
        Blip()
    assert main(["caption", "--artifacts", str(artifacts)]) == 2
    error = capsys.readouterr().err
    assert "pip install -r requirements-captions.txt" in error
    assert len(error.splitlines()) == 1


# On a page


def drawn(monkeypatch: pytest.MonkeyPatch, artifacts: Path, *, extra: bool = False) -> str:
    """What the page says of the first product."""
    import streamlit as st

    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setattr("sys.argv", ["app.py", "--artifacts", str(artifacts)])
    monkeypatch.setattr("recommender.ui.caption.is_installed", lambda: extra)
    at = AppTest.from_string(
        f"""
from recommender.search import Recommender
from recommender.ui.caption import caption

shop = Recommender.open({str(artifacts)!r})
caption(shop.catalogue.items[0], shop)
""",
        default_timeout=30,
    ).run()
    assert not at.exception
    return at.markdown[0].value.replace("\\", "")


COMPOSED = "Tshirts in red for women, for casual wear, from the summer 2011 collection."


def test_without_captions_the_attributes_are_told(
    artifacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert drawn(monkeypatch, artifacts) == COMPOSED
    (artifacts / CAPTIONS).write_text("broken")
    assert drawn(monkeypatch, artifacts) == COMPOSED


def test_a_stored_caption_is_shown(
    shop: Recommender, artifacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shop, artifacts, Looker())
    assert drawn(monkeypatch, artifacts) == texts(artifacts)["1001"]


def test_a_missing_caption_is_made_where_that_can_be_done(
    artifacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.ui.caption._blip", lambda model: Looker(model))
    assert drawn(monkeypatch, artifacts, extra=True).startswith("(")


# The real classes


@pytest.fixture(scope="module")
def tiny_blip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BLIP of a few thousand random weights, saved as the real one is."""
    import torch
    from transformers import (
        BertTokenizer,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessor,
        BlipProcessor,
    )

    folder = tmp_path_factory.mktemp("blip")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]"]
    words = [*special, "a", "red", "blue", "shirt", "shoe", "with", "white", "sleeves"]
    (folder / "vocab.txt").write_text("\n".join(words))
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
             "num_attention_heads": 2}  # fmt: skip
    torch.manual_seed(0)
    config = BlipConfig(
        text_config={
            **small, "vocab_size": len(words), "encoder_hidden_size": 16,
            "max_position_embeddings": 64, "bos_token_id": 5, "sep_token_id": 3,
            "eos_token_id": 3, "pad_token_id": 0,
        },
        vision_config={**small, "image_size": 32, "patch_size": 16},
        projection_dim=16,
    )  # fmt: skip
    BlipForConditionalGeneration(config).save_pretrained(folder)
    processor = BlipProcessor(
        BlipImageProcessor(size={"height": 32, "width": 32}),
        BertTokenizer(str(folder / "vocab.txt"), additional_special_tokens=["[DEC]"]),
    )
    processor.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not EXTRA, reason="pip install -r requirements-captions.txt")
class TestBlip:
    def test_batches_are_captioned_as_single_pictures_are(self, tiny_blip: Path) -> None:
        pictures = [draw_product("Tshirts", colour) for colour in COLOURS.values()]
        model = Blip(str(tiny_blip))
        together = model.caption(pictures)
        assert together == [model.caption([picture])[0] for picture in pictures]
        for text in together:
            words = text.removesuffix(".").lower().split()
            assert words
            assert set(words) <= {"a", "red", "blue", "shirt", "shoe", "with", "white", "sleeves"}

    def test_the_command_stops_and_goes_on(
        self, tiny_blip: Path, artifacts: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        command = ["caption", "--artifacts", str(artifacts), "--model", str(tiny_blip)]
        assert main([*command, "--batch-size", "3", "--limit", "7"]) == 0
        assert len(texts(artifacts)) == 7
        assert main(command) == 0
        assert "11 captions made; 18 in" in capsys.readouterr().out
        captions = json.loads((artifacts / CAPTIONS).read_text())
        assert captions["model"] == str(tiny_blip)

    def test_a_model_that_is_not_there_is_told_in_one_line(
        self, tmp_path: Path, artifacts: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["caption", "--artifacts", str(artifacts), "--model", str(tmp_path)]) == 2
        (line,) = [li for li in capsys.readouterr().err.splitlines() if li.startswith("error")]
        assert "cannot be had" in line
