"""A visitor's photo: checked, kept in memory, embedded once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.cropping import Box, crop
from recommender.encoders import EncoderCard
from recommender.errors import ImageError
from recommender.images import MAX_BYTES, load_image
from recommender.search import Recommender
from recommender.swatches import Swatch, swatches
from recommender.ui.thumbnails import preview

MOST_PHOTOS = 8

_PREVIEW = (720, 960)
_KEPT_AS_IT_IS = 1024 * 1024
"""Bytes; more are not kept for long: a server has many visitors."""
_KEPT = (1440, 1440)
"""Pixels that suffice to search with a part; a phone's picture is decoded at half its size."""


@dataclass
class Photo:
    """A visitor's photo.

    Attributes:
        name: of the file.
        data: its bytes; once they are embedded, exactly as the catalogue's files were, many bytes
            give way to those of the same picture with fewer pixels.
        preview: a small JPEG to show.
        box: the part of it to search with; None for the whole.
    """

    name: str
    data: bytes = field(repr=False)
    preview: bytes = field(repr=False)
    box: Box | None = None
    _embedded: tuple[EncoderCard, Box | None, npt.NDArray[np.float32]] | None = field(
        default=None, repr=False
    )
    _colours: tuple[Box | None, tuple[Swatch, ...]] | None = field(default=None, repr=False)

    def embedding(self, recommender: Recommender) -> npt.NDArray[np.float32]:
        """The vector of the photo, or of its part: computed once for an encoder and a box.

        Raises:
            RecommenderError: as `Recommender.embed`.
        """
        card, box = recommender.encoder.card, self.box
        if self._embedded is None or self._embedded[:2] != (card, box):
            source = self.data if box is None else crop(self.data, box)
            self._embedded = (card, box, recommender.embed(source))
            self._shrink()
        return self._embedded[2]

    def _shrink(self) -> None:
        if len(self.data) > _KEPT_AS_IT_IS:
            picture = load_image(self.data, at_least=_KEPT)
            self.data = preview(picture, within=(2 * _KEPT[0], 2 * _KEPT[1]), quality=95)

    @property
    def swatches(self) -> tuple[Swatch, ...]:
        """The dominating colours of the photo, or of its part."""
        if self._colours is None or self._colours[0] != self.box:
            small = load_image(self.preview)
            self._colours = (
                self.box, swatches(small if self.box is None else crop(small, self.box))
            )  # fmt: skip
        return self._colours[1]

    def shown(self) -> bytes:
        """A JPEG of what is searched with: the photo, or its part."""
        if self.box is None:
            return self.preview
        return preview(crop(self.preview, self.box), within=_PREVIEW)


def read_upload(name: str, data: bytes) -> Photo:
    """Check an upload.

    Raises:
        ImageError: it is too large, damaged or no picture; the message says which.
    """
    if not data:
        raise ImageError("the file is empty (0 bytes): choose another")
    if len(data) > MAX_BYTES:  # The browser refuses it too, but can be told otherwise.
        raise ImageError(
            f"the file has {len(data) / 1024**2:.0f} MB, more than the limit of "
            f"{MAX_BYTES // 1024**2} MB: make it smaller"
        )
    picture = load_image(data, at_least=_PREVIEW)
    return Photo(name, data, preview(picture, within=_PREVIEW))
