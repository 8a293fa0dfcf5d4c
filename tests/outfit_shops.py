"""Shops of drawn vectors with all that a catalogue of clothes may hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.catalogue import ATTRIBUTES, Item
from recommender.outfits.kinds import ROLES
from recommender.sample.plan import COLUMNS, plan_sample
from recommender.search import Recommender
from tests.fakes import FakeEncoder
from tests.shelves import directions, shop_of

Row = dict[str, str]
DIM = 48
NEVER = (
    ("Apparel", "Innerwear", "Briefs"), ("Apparel", "Innerwear", "Bra"),
    ("Apparel", "Loungewear and Nightwear", "Shorts"), ("Free Items", "Free Gifts", "Backpacks"),
    ("Personal Care", "Fragrance", "Deodorant"), ("Home", "Home Furnishing", "Cushion Covers"),
    ("Sporting Goods", "Wristbands", "Wristbands"), ("Accessories", "Perfumes", "Perfume"),
)  # fmt: skip
_OF_ROLE = {
    "top": ("Apparel", "Topwear"), "jacket": ("Apparel", "Topwear"), "dress": ("Apparel", "Dress"),
    "bottoms": ("Apparel", "Bottomwear"), "shoes": ("Footwear", "Shoes"),
    "bag": ("Accessories", "Bags"), "watch": ("Accessories", "Watches"),
    "belt": ("Accessories", "Belts"), "tie": ("Accessories", "Ties"),
    "sunglasses": ("Accessories", "Eyewear"), "cap": ("Accessories", "Headwear"),
    "scarf": ("Accessories", "Scarves"), "jewellery": ("Accessories", "Jewellery"),
    "wallet": ("Accessories", "Wallets"), "cufflinks": ("Accessories", "Cufflinks"),
    "socks": ("Accessories", "Socks"), "gloves": ("Accessories", "Gloves"),
}  # fmt: skip


def sample_rows() -> list[Row]:
    """The sample catalogue's table."""
    return [dict(zip(COLUMNS, product.row(), strict=True)) for product in plan_sample()]


def motley_rows(count: int = 700) -> list[Row]:
    """Products of every type, for everybody, by chance; some are never worn, some lack a value."""
    dice = np.random.default_rng(3)
    kinds = [(*_OF_ROLE[role], name) for role, names in ROLES.items() for name in names]
    rows = []
    for number in range(count):
        pool = NEVER if number % 10 == 0 else kinds
        master, sub, article = pool[dice.integers(len(pool))]
        gender = dice.choice(
            ["Men", "Women", "Boys", "Girls", "Unisex"], p=[0.3, 0.3, 0.1, 0.1, 0.2]
        )
        child = dice.choice(["", "", "", "Kids ", "Kid's Girl ", "Boys "])
        rows.append(
            {
                "id": str(number),
                "gender": str(gender),
                "masterCategory": master,
                "subCategory": sub,
                "articleType": article,
                "baseColour": str(dice.choice(["Black", "Red", "Blue", "Olive", "Multi", ""])),
                "season": str(dice.choice(["Spring", "Summer", "Fall", "Winter", ""])),
                "year": "2012",
                "usage": str(
                    dice.choice(
                        [
                            "Casual",
                            "Casual",
                            "Formal",
                            "Sports",
                            "Ethnic",
                            "Party",
                            "Smart Casual",
                            "",
                        ]
                    )
                ),
                "productDisplayName": f"Maker{number % 7} {child}{article}",
            }
        )
    return rows


def shop(
    rows: Sequence[Row], *, without: Sequence[str] = (), encoder: type[FakeEncoder] = FakeEncoder
) -> Recommender:
    """A shop of these products; like types and like colours lie together."""
    columns = tuple(name for name in ATTRIBUTES if name not in without)
    dice = np.random.default_rng(5)
    words = sorted({row["articleType"] for row in rows} | {row["baseColour"] for row in rows})
    ways = dict(zip(words, directions(9, len(words), DIM), strict=True))
    vectors = np.stack(
        [ways[row["articleType"]] + 0.5 * ways[row["baseColour"]] for row in rows]
    ) + dice.normal(size=(len(rows), DIM), scale=0.1)
    embeddings = np.ascontiguousarray(
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32
    )
    items = tuple(
        Item(
            row["id"],
            f"images/{row['id']}.jpg",
            row["productDisplayName"],
            {name: row[name] or None for name in columns},
        )
        for row in rows
    )
    return shop_of(items, columns, embeddings, encoder())
