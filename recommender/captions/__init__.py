"""A sentence for each product: made by a model that looks at the picture, or of the attributes."""

from recommender.captions.blip import MODEL, Blip, Captioner, is_installed
from recommender.captions.files import Captions, read_captions
from recommender.captions.sentences import describe
from recommender.captions.writing import CaptionReport, write_captions

__all__ = [
    "MODEL",
    "Blip",
    "CaptionReport",
    "Captioner",
    "Captions",
    "describe",
    "is_installed",
    "read_captions",
    "write_captions",
]
