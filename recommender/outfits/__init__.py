"""Complete the look: outfits around a product or a photo."""

from recommender.outfits.maker import OutfitMaker
from recommender.outfits.results import Missing, Outfit, Slot

__all__ = ["Missing", "Outfit", "OutfitMaker", "Slot"]
