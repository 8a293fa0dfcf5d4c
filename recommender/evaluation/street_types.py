"""The classes of labelled snapshots, tied to the article types of the catalogue.

The classes are the folders of the photographs `alexeygrigorev/clothing-dataset-small`; the types
are those of the Kaggle dataset "Fashion Product Images".
"""

from __future__ import annotations

STREET_TYPES: dict[str, tuple[str, ...]] = {
    "dress": ("Dresses", "Nightdress", "Jumpsuit", "Kurtas", "Kurtis", "Tunics"),
    "hat": ("Caps", "Hat"),
    "longsleeve": ("Tshirts", "Sweatshirts", "Sweaters", "Tops", "Lounge Tshirts"),
    "outwear": (
        "Jackets", "Blazers", "Rain Jacket", "Nehru Jackets", "Sweatshirts", "Sweaters",
        "Waistcoat", "Shrug",
    ),
    "pants": (
        "Jeans", "Trousers", "Track Pants", "Leggings", "Jeggings", "Capris", "Lounge Pants",
        "Tights", "Churidar", "Patiala", "Salwar", "Rain Trousers",
    ),
    "shirt": ("Shirts",),
    "shoes": (
        "Casual Shoes", "Sports Shoes", "Formal Shoes", "Flats", "Heels", "Sandals",
        "Sports Sandals", "Flip Flops",
    ),
    "shorts": ("Shorts", "Lounge Shorts", "Swimwear", "Boxers", "Trunk"),
    "skirt": ("Skirts",),
    "t-shirt": ("Tshirts", "Tops", "Lounge Tshirts"),
}  # fmt: skip
"""Class of a snapshot → article types that count as a match."""
