"""What a product is in an outfit, by its article type; and what never belongs to one.

The types are those of the Kaggle dataset "Fashion Product Images"; plural and hyphens matter not.
A shop's own type is placed by its ``subCategory``, if that is one of Kaggle's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "top": ("Shirts", "Tshirts", "Tops", "Tunics", "Sweaters", "Sweatshirts", "Kurtas",
                "Kurtis"),
        "jacket": ("Jackets", "Blazers", "Waistcoat", "Shrug", "Rain Jacket", "Nehru Jackets"),
        "bottoms": ("Jeans", "Trousers", "Shorts", "Skirts", "Track Pants", "Capris", "Leggings",
                    "Jeggings", "Churidar", "Patiala", "Salwar", "Salwar and Dupatta", "Tights",
                    "Rain Trousers"),
        "dress": ("Dresses", "Jumpsuit", "Rompers", "Sarees", "Lehenga Choli", "Kurta Sets",
                  "Clothing Set", "Suits", "Tracksuits"),
        "shoes": ("Casual Shoes", "Sports Shoes", "Formal Shoes", "Heels", "Flats", "Sandals",
                  "Sports Sandals", "Flip Flops"),
        "bag": ("Handbags", "Clutches", "Backpacks", "Messenger Bag", "Laptop Bag", "Duffel Bag",
                "Rucksacks", "Waist Pouch"),
        "watch": ("Watches",),
        "belt": ("Belts", "Suspenders"),
        "tie": ("Ties",),
        "sunglasses": ("Sunglasses",),
        "cap": ("Caps", "Hat", "Headband"),
        "scarf": ("Scarves", "Stoles", "Mufflers", "Dupatta"),
        "jewellery": ("Earrings", "Necklace and Chains", "Pendant", "Jewellery Set", "Bracelet",
                      "Bangle", "Ring"),
        "wallet": ("Wallets",),
        "cufflinks": ("Cufflinks",),
        "socks": ("Socks",),
        "gloves": ("Gloves",),
    }
)  # fmt: skip
"""Role in an outfit → article types that fill it."""
CLOTHES = frozenset({"top", "jacket", "bottoms", "dress"})
WORN_BY_SEASON = CLOTHES | {"shoes"}
"""Roles whose season counts. In Kaggle's file the season of the rest tells when they were listed:
97 % of its watches and sunglasses are "Winter"."""

WARM = frozenset({"Shorts", "Capris", "Sandals", "Sports Sandals", "Flip Flops", "Sunglasses"})
COLD = frozenset({"Sweaters", "Sweatshirts", "Jackets", "Scarves", "Mufflers", "Gloves"})
"""Types that only warm or only cold seasons call for, whatever season they are listed in."""

_BY_SUBCATEGORY = {
    "topwear": "top", "bottomwear": "bottoms", "dress": "dress", "saree": "dress",
    "shoe": "shoes", "sandal": "shoes", "flip flop": "shoes", "bag": "bag", "watch": "watch",
    "belt": "belt", "tie": "tie", "eyewear": "sunglasses", "headwear": "cap", "scarve": "scarf",
    "stole": "scarf", "muffler": "scarf", "jewellery": "jewellery", "wallet": "wallet",
    "cufflink": "cufflinks", "sock": "socks", "glove": "gloves",
}  # fmt: skip
_NEVER = {
    "free item": "a free gift", "free gift": "a free gift", "voucher": "a voucher",
    "personal care": "personal care", "home": "for the home", "sporting good": "sports equipment",
    "innerwear": "innerwear", "loungewear and nightwear": "nightwear",
}  # fmt: skip
"""masterCategory or subCategory → what to call it. Nothing of it is ever in an outfit."""

# The file lists hundreds of children's clothes as Men, Women or Unisex; their names tell.
_CHILD = re.compile(r"\b(kids?|kidswear|boys?|girls?|toddlers?|infants?|teens?)\b", re.IGNORECASE)
_GIRL = re.compile(r"\bgirls?\b", re.IGNORECASE)
_BOY = re.compile(r"\bboys?\b", re.IGNORECASE)
CHILDREN = ("Boys", "Girls", "Kids")


def key_of_type(name: str) -> str:
    """What spellings of one type have in common.

    >>> key_of_type("T-Shirt") == key_of_type("Tshirts"), key_of_type("Watches")
    (True, 'watch')
    """
    letters = " ".join(name.casefold().replace("-", "").replace("_", " ").split())
    if letters.endswith(("ches", "shes", "sses")):
        return letters[:-2]
    return letters.removesuffix("s") if not letters.endswith("ss") else letters


_ROLE_OF = {key_of_type(name): role for role, names in ROLES.items() for name in names}
_NO_PIECE = frozenset(
    map(key_of_type, ("Mobile Pouch", "Tablet Sleeve", "Travel Accessory", "Trolley Bag",
                      "Stockings", "Swimwear", "Booties"))
)  # fmt: skip
"""Types of Kaggle's that are among bags, bottoms and socks, and yet make no outfit."""
_NAMES = {key_of_type(name): name for names in ROLES.values() for name in names}


def type_named(name: str) -> str | None:
    """A type as `ROLES` writes it; None for one that is not there."""
    return _NAMES.get(key_of_type(name))


def role_of(article: str, subcategory: str = "", master: str = "") -> str | None:
    """What a product is in an outfit; None if it belongs to none.

    Args:
        article: its type.
        subcategory: if known. It decides where the type is no word of Kaggle's.
        master: the category above it, if known.

    >>> role_of("Shirts"), role_of("Chinos", "Bottomwear"), role_of("Shorts", "Innerwear")
    ('top', 'bottoms', None)
    """
    if never(subcategory, master):
        return None
    key = key_of_type(article)
    if key in _NO_PIECE:
        return None
    return _ROLE_OF.get(key) or _BY_SUBCATEGORY.get(key_of_type(subcategory))


def never(subcategory: str = "", master: str = "") -> str | None:
    """Why nothing of a category is in an outfit, as a noun; None if that is not so."""
    return _NEVER.get(key_of_type(master)) or _NEVER.get(key_of_type(subcategory))


def audience_of(gender: str | None, title: str) -> str | None:
    """For whom a product is: its gender, corrected where the name says that it is a child's.

    Returns:
        as the catalogue has it; ``Boys``, ``Girls``, or ``Kids`` for any child.

    >>> audience_of("Men", "Gini and Jony Boy's Green Shirt"), audience_of("Men", "Green Shirt")
    ('Boys', 'Men')
    """
    if gender in CHILDREN or not _CHILD.search(title):
        return gender
    girl, boy = bool(_GIRL.search(title)), bool(_BOY.search(title))
    if girl != boy:
        return "Girls" if girl else "Boys"
    return {"Men": "Boys", "Women": "Girls"}.get(gender or "", "Kids")


def admitted_audiences(wearer: str, role: str) -> tuple[str, ...]:
    """Audiences whose products a wearer gets.

    Unisex sizes are an adult's: a child gets none of them but for what has no size.

    >>> admitted_audiences("Women", "shoes"), admitted_audiences("Boys", "shoes")
    (('Women', 'Unisex'), ('Boys', 'Kids'))
    """
    if wearer in CHILDREN:
        sizeless = role in ("bag", "watch", "cap")
        return (wearer, "Kids", "Unisex") if sizeless else (wearer, "Kids")
    return tuple(dict.fromkeys((wearer, "Unisex")))
