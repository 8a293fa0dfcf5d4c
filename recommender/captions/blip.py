"""BLIP: a network that says in a sentence what a picture shows.

J. Li, D. Li, C. Xiong & S. Hoi, "BLIP: Bootstrapping Language-Image Pre-training for Unified
Vision-Language Understanding and Generation", ICML 2022.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import Any, Protocol

from PIL import Image

from recommender.errors import MissingExtraError, WeightsError

MODEL = "Salesforce/blip-image-captioning-base"
_MOST_TOKENS = 30
_BEAMS = 3


class Captioner(Protocol):
    """Says what pictures show."""

    @property
    def name(self) -> str:
        """Tells its captions from those of another."""
        ...

    def caption(self, images: Sequence[Image.Image]) -> list[str]:
        """A sentence for each RGB picture, in their order; "" for nothing to say."""
        ...


def is_installed() -> bool:
    """Whether the extra ``captions`` is installed; loads nothing."""
    return all(find_spec(name) is not None for name in ("torch", "transformers"))


class Blip:
    """BLIP, loaded on the first picture; it runs on the processor."""

    def __init__(self, model: str = MODEL, *, fetch: bool = True) -> None:
        """Name the model.

        Args:
            model: a name on the Hugging Face Hub, or a folder that holds the model's files.
            fetch: whether it may be downloaded; else it must be on this machine.

        Raises:
            MissingExtraError: transformers or PyTorch is not installed.
        """
        if not is_installed():
            raise MissingExtraError(
                "captions need transformers and PyTorch: pip install -r requirements-captions.txt"
            )
        self._model = model
        self._fetch = fetch
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's name or folder."""
        return self._model

    def caption(self, images: Sequence[Image.Image]) -> list[str]:
        """A sentence for each picture.

        Raises:
            WeightsError: the model cannot be had.
        """
        import torch

        # One at a time: each uses all the cores there are.
        with self._lock, torch.inference_mode():
            processor, network = self._loaded
            inputs = processor(images=list(images), return_tensors="pt")
            tokens = network.generate(**inputs, max_new_tokens=_MOST_TOKENS, num_beams=_BEAMS)
        return [
            _sentence(text) for text in processor.batch_decode(tokens, skip_special_tokens=True)
        ]

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        from transformers import BlipForConditionalGeneration, BlipProcessor

        try:
            processor, network = (
                kind.from_pretrained(self._model, local_files_only=not self._fetch)
                for kind in (BlipProcessor, BlipForConditionalGeneration)
            )
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            reason = " ".join(str(error).split())[:200]
            raise WeightsError(
                f"the captioning model {self._model} cannot be had ({reason}): fetch its files on "
                "another machine and name their folder with --model"
            ) from None
        return processor, network.eval()


def _sentence(text: str) -> str:
    """A caption as a sentence.

    >>> _sentence(" a red shirt "), _sentence("")
    ('A red shirt.', '')
    """
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
