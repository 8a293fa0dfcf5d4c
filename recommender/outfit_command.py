"""``python -m recommender outfit``: what goes with a product, or with what a photo shows."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.answers import outfit_answer
from recommender.errors import QueryError
from recommender.photo_commands import Commands, add_index_options, for_each, print_json

if TYPE_CHECKING:
    from recommender.likeness import Look
    from recommender.outfits import Outfit
    from recommender.search import Recommender


def add_outfit(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("outfit", help="complete the look of a product or of a photo")
    add_index_options(parser, of="ITEM_OR_PHOTO", told="an item's id, or a picture file")
    parser.add_argument("--pin", action="append", default=[], type=_pin, metavar="SLOT=ITEM",
                        help="keep this item in a slot; may be repeated")  # fmt: skip
    parser.add_argument("--reroll", action="append", default=[], metavar="SLOT",
                        help="the next best piece for a slot; repeat it to go on")  # fmt: skip
    parser.set_defaults(run=_outfit)


def _pin(text: str) -> tuple[str, str]:
    slot, equals, item = text.partition("=")
    if not (slot and equals and item):
        raise argparse.ArgumentTypeError(f"expected slot=item, as shoes=9204: {text!r}")
    return slot, item


def _outfit(options: argparse.Namespace) -> int:
    from recommender.outfits import OutfitMaker
    from recommender.search import Recommender

    recommender = Recommender.open(options.artifacts, data=options.data, weights=options.weights)
    maker = OutfitMaker(recommender)
    pinned = dict(options.pin)
    both = [name for name in options.reroll if name in pinned]
    if both:
        raise QueryError(f"the slot {both[0]!r} is pinned: leave out its --pin or its --reroll")

    def answer(asked: str) -> None:
        outfit = maker.outfit(_look(recommender, asked), pinned=pinned)
        for name in options.reroll:
            outfit = maker.reroll(outfit, name)
        if options.json:
            print_json(**outfit_answer(asked, outfit))
        else:
            _tell(asked, outfit)

    return for_each(options.photos, answer)


def _look(recommender: Recommender, asked: str) -> Look:
    from recommender.likeness import look_of_item, look_of_vector

    try:
        return look_of_item(recommender, asked)
    except QueryError:
        if not Path(asked).is_file():
            raise QueryError("there is neither an item nor a picture file of this name") from None
    return look_of_vector(recommender, recommender.embed(Path(asked)))


def _tell(asked: str, outfit: Outfit) -> None:
    print(asked)
    for slot in outfit.slots:
        print(f"{slot.name:>12}  {slot.recommendation.title}  ({slot.recommendation.filename})")
        print(f"{'':12}  {slot.because}")
    for missing in outfit.missing:
        print(f"{missing.name:>12}  left out: {missing.reason}")
    for note in outfit.notes:
        print(f"{'':12}  {note}")
