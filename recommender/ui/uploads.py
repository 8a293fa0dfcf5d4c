"""An uploaded photo: checked, kept in memory, embedded once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.encoders import EncoderCard
from recommender.errors import ImageError
from recommender.images import load_image
from recommender.search import Recommender
from recommender.ui.thumbnails import preview

MAX_BYTES = 20 * 1024 * 1024
"""The browser refuses larger files too, but a browser can be told otherwise."""

_PREVIEW = (720, 960)


@dataclass
class Photo:
    """A visitor's photo.

    Attributes:
        name: of the file.
        data: its bytes; they are what is embedded, exactly as the catalogue's files were.
        preview: a small JPEG to show.
    """

    name: str
    data: bytes = field(repr=False)
    preview: bytes = field(repr=False)
    _embedded: tuple[EncoderCard, npt.NDArray[np.float32]] | None = field(default=None, repr=False)

    def embedding(self, recommender: Recommender) -> npt.NDArray[np.float32]:
        """The photo's vector, computed on first use and again only for another encoder.

        Raises:
            RecommenderError: as `Recommender.embed`.
        """
        card = recommender.encoder.card
        if self._embedded is None or self._embedded[0] != card:
            self._embedded = (card, recommender.embed(self.data))
        return self._embedded[1]


def read_upload(name: str, data: bytes) -> Photo:
    """Check an upload.

    Raises:
        ImageError: it is too large, damaged or no picture; the message says which.
    """
    if not data:
        raise ImageError("the file is empty (0 bytes): choose another")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"the file has {len(data) / 1024**2:.0f} MB, more than the limit of "
            f"{MAX_BYTES // 1024**2} MB: make it smaller"
        )
    picture = load_image(data, at_least=_PREVIEW)
    return Photo(name, data, preview(picture, within=_PREVIEW))
