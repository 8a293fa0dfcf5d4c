"""The article types that the sample can draw, in Kaggle's vocabulary, and what varies in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_BRIGHT = (
    "Black",
    "White",
    "Grey",
    "Navy Blue",
    "Blue",
    "Red",
    "Green",
    "Yellow",
    "Pink",
    "Purple",
    "Orange",
    "Maroon",
    "Teal",
    "Olive",
    "Beige",
    "Brown",
)

_LEATHER = (
    "Black",
    "Brown",
    "Beige",
    "Maroon",
    "Red",
    "Navy Blue",
    "Teal",
    "Grey",
    "White",
    "Pink",
    "Green",
    "Purple",
)

_SOBER = ("Black", "Navy Blue", "Grey", "Beige", "Olive", "Brown", "Maroon", "White")

_DENIM = ("Blue", "Navy Blue", "Black", "Grey", "Blue")

_ALL_PATTERNS = ("plain", "striped", "plain", "checked", "dotted", "plain", "printed")

_PLAIN = ("plain",)


@dataclass(frozen=True)
class Kind:
    """One article type: Kaggle's words for it, its share of the catalogue, and what varies.

    `styles` maps a gender to the styles that its drawing function knows; `scale` shrinks patterns
    on small things.
    """

    master: str
    sub: str
    weight: int
    noun: str
    styles: Mapping[str, tuple[str, ...]]
    colours: tuple[str, ...] = _BRIGHT
    patterns: tuple[str, ...] = _ALL_PATTERNS
    usage: tuple[str, ...] = ("Casual",)
    scale: float = 1.0


_TEES = ("crew", "vneck", "polo", "henley", "raglan", "ringer", "long")

_KNITS = ("crew", "vneck", "cardigan", "turtle")

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "Tshirts": Kind(
            "Apparel",
            "Topwear",
            30,
            "T-shirt",
            {
                "Men": _TEES,
                "Women": ("crew", "vneck", "long", "ringer"),
                "Boys": ("crew", "ringer", "raglan"),
                "Girls": ("crew", "ringer"),
            },
        ),
        "Shirts": Kind(
            "Apparel",
            "Topwear",
            22,
            "Shirt",
            {"Men": ("long", "short", "utility"), "Women": ("long", "utility")},
            patterns=("checked", "plain", "striped", "plain", "checked", "printed", "dotted"),
            usage=("Casual", "Formal"),
        ),
        "Tops": Kind(
            "Apparel",
            "Topwear",
            16,
            "Top",
            {"Women": ("cami", "sleeveless", "flutter", "peplum", "bell")},
        ),
        "Sweaters": Kind(
            "Apparel",
            "Topwear",
            10,
            "Sweater",
            {"Men": _KNITS, "Women": _KNITS},
            patterns=("plain", "striped", "plain", "checked"),
        ),
        "Sweatshirts": Kind(
            "Apparel",
            "Topwear",
            11,
            "Sweatshirt",
            {"Men": ("sweatshirt", "hoodie", "zip"), "Women": ("hoodie", "zip", "sweatshirt")},
            patterns=("plain", "plain", "striped", "printed"),
        ),
        "Jackets": Kind(
            "Apparel",
            "Topwear",
            11,
            "Jacket",
            {"Men": ("bomber", "trucker", "puffer"), "Women": ("puffer", "bomber", "trucker")},
            patterns=_PLAIN,
        ),
        "Kurtas": Kind(
            "Apparel",
            "Topwear",
            14,
            "Kurta",
            {"Women": ("flared", "straight"), "Men": ("straight",)},
            patterns=("printed", "plain", "striped", "dotted", "checked"),
            usage=("Ethnic",),
        ),
        "Dresses": Kind(
            "Apparel",
            "Dress",
            20,
            "Dress",
            {"Women": ("flare", "sheath", "maxi", "shirt", "tea"), "Girls": ("flare", "tea")},
            usage=("Casual", "Party"),
        ),
        "Skirts": Kind(
            "Apparel",
            "Bottomwear",
            12,
            "Skirt",
            {"Women": ("aline", "pencil", "pleated", "maxi", "aline")},
        ),
        "Jeans": Kind(
            "Apparel",
            "Bottomwear",
            9,
            "Jeans",
            {
                "Men": ("jeans straight", "jeans skinny"),
                "Women": ("jeans skinny", "jeans wide", "jeans straight"),
            },
            _DENIM,
            _PLAIN,
        ),
        "Trousers": Kind(
            "Apparel",
            "Bottomwear",
            10,
            "Trousers",
            {
                "Men": ("trousers straight", "trousers skinny"),
                "Women": ("trousers wide", "trousers skinny"),
            },
            _SOBER,
            ("plain", "plain", "checked", "striped"),
            ("Formal", "Casual"),
        ),
        "Track Pants": Kind(
            "Apparel",
            "Bottomwear",
            6,
            "Track Pants",
            {"Men": ("track straight", "track skinny"), "Women": ("track skinny",)},
            ("Black", "Navy Blue", "Grey", "Maroon", "Olive", "Teal", "Purple"),
            _PLAIN,
            ("Sports",),
        ),
        "Shorts": Kind(
            "Apparel",
            "Bottomwear",
            9,
            "Shorts",
            {"Men": ("shorts",), "Women": ("shorts",), "Boys": ("shorts",)},
            patterns=("plain", "printed", "plain", "checked", "striped"),
        ),
        "Casual Shoes": Kind(
            "Footwear",
            "Shoes",
            18,
            "Casual Shoes",
            {"Men": ("low", "high", "court", "slip"), "Women": ("low", "court", "slip", "high")},
            patterns=("plain", "plain", "checked", "plain", "dotted", "plain", "printed"),
            scale=0.6,
        ),
        "Sports Shoes": Kind(
            "Footwear",
            "Shoes",
            12,
            "Sports Shoes",
            {"Men": ("ripple", "panel", "zig"), "Women": ("zig", "ripple")},
            patterns=_PLAIN,
            usage=("Sports",),
        ),
        "Formal Shoes": Kind(
            "Footwear",
            "Shoes",
            8,
            "Formal Shoes",
            {"Men": ("oxford", "loafer", "monk", "boot")},
            ("Black", "Brown", "Maroon", "Beige", "Navy Blue", "Brown"),
            _PLAIN,
            ("Formal",),
        ),
        "Heels": Kind(
            "Footwear",
            "Shoes",
            12,
            "Heels",
            {"Women": ("pump", "strap", "block", "peep")},
            (*_LEATHER, "Gold", "Silver", "Yellow"),
            ("plain", "plain", "plain", "dotted"),
            ("Party", "Casual"),
            0.55,
        ),
        "Flats": Kind(
            "Footwear",
            "Shoes",
            8,
            "Flats",
            {"Women": ("bow", "pointed", "mary")},
            (*_LEATHER, "Silver", "Gold"),
            ("plain", "plain", "dotted", "plain", "checked"),
            scale=0.55,
        ),
        "Sandals": Kind(
            "Footwear",
            "Sandal",
            8,
            "Sandals",
            {"Women": ("wedge", "strappy"), "Men": ("sport",)},
            ("Brown", "Black", "Orange", "Beige", "Olive", "Red", "Teal", "Gold"),
            _PLAIN,
        ),
        "Flip Flops": Kind(
            "Footwear",
            "Flip Flops",
            6,
            "Flip Flops",
            {"Men": ("plain",), "Women": ("charm", "plain")},
            patterns=("plain", "striped", "printed", "plain", "dotted"),
            scale=0.7,
        ),
        "Handbags": Kind(
            "Accessories",
            "Bags",
            18,
            "Handbag",
            {"Women": ("satchel", "tote", "hobo", "bucket", "bowling", "tote")},
            (*_LEATHER, "Yellow", "Orange"),
            ("plain", "plain", "plain", "printed", "striped", "plain", "checked", "dotted"),
        ),
        "Backpacks": Kind(
            "Accessories",
            "Bags",
            9,
            "Backpack",
            {"Unisex": ("school", "hiking", "rolltop"), "Women": ("school",)},
            patterns=("plain", "plain", "checked", "plain", "printed"),
        ),
        "Clutches": Kind(
            "Accessories",
            "Bags",
            7,
            "Clutch",
            {"Women": ("envelope", "frame", "box")},
            ("Gold", "Black", "Red", "Purple", "Silver", "Pink", "Teal", "Navy Blue"),
            ("plain", "plain", "dotted", "plain", "striped"),
            ("Party",),
            0.8,
        ),
        "Watches": Kind(
            "Accessories",
            "Watches",
            16,
            "Watch",
            {
                "Men": ("leather", "chrono", "bracelet", "square"),
                "Women": ("square", "bracelet", "leather"),
            },
            (
                "Black",
                "Brown",
                "Blue",
                "Red",
                "White",
                "Navy Blue",
                "Green",
                "Pink",
                "Maroon",
                "Teal",
                "Orange",
            ),
            _PLAIN,
            ("Casual", "Formal"),
        ),
        "Sunglasses": Kind(
            "Accessories",
            "Eyewear",
            7,
            "Sunglasses",
            {"Women": ("cat", "round", "wayfarer"), "Men": ("wayfarer", "aviator")},
            ("Black", "Brown", "Maroon", "Green", "Navy Blue", "Purple"),
            _PLAIN,
        ),
        "Caps": Kind(
            "Accessories",
            "Headwear",
            6,
            "Cap",
            {"Men": ("plain",), "Unisex": ("contrast", "plain")},
            patterns=("plain", "plain", "checked", "plain"),
            scale=0.7,
        ),
        "Ties": Kind(
            "Accessories",
            "Ties",
            5,
            "Tie",
            {"Men": ("classic", "slim")},
            ("Navy Blue", "Maroon", "Teal", "Grey", "Purple", "Red"),
            ("striped", "dotted", "plain", "checked"),
            ("Formal",),
            0.6,
        ),
    }
)
"""Kaggle's article types that the sample can draw."""

DETAILS = {
    "vneck": "V-Neck",
    "polo": "Polo",
    "henley": "Henley",
    "raglan": "Raglan",
    "long": "Long Sleeve",
    "short": "Short Sleeve",
    "utility": "Utility",
    "cami": "Strappy",
    "sleeveless": "Sleeveless",
    "flutter": "Flutter Sleeve",
    "peplum": "Peplum",
    "bell": "Bell Sleeve",
    "hoodie": "Hooded",
    "zip": "Zip-Up",
    "cardigan": "Cardigan",
    "turtle": "Turtleneck",
    "bomber": "Bomber",
    "trucker": "Trucker",
    "puffer": "Puffer",
    "flared": "Flared",
    "flare": "Fit and Flare",
    "sheath": "Sheath",
    "maxi": "Maxi",
    "tea": "Tea",
    "shirt": "Shirt",
    "aline": "A-Line",
    "pencil": "Pencil",
    "pleated": "Pleated",
    "skinny": "Slim Fit",
    "wide": "Wide Leg",
    "straight": "Straight",
    "high": "High Top",
    "slip": "Slip On",
    "court": "Court",
    "oxford": "Oxford",
    "loafer": "Loafer",
    "monk": "Monk Strap",
    "boot": "Ankle Boot",
    "pump": "Pump",
    "strap": "Ankle Strap",
    "block": "Block",
    "peep": "Peep Toe",
    "bow": "Bow",
    "pointed": "Pointed",
    "mary": "Mary Jane",
    "wedge": "Wedge",
    "strappy": "Strappy",
    "sport": "Trail",
    "satchel": "Satchel",
    "tote": "Tote",
    "hobo": "Hobo",
    "bucket": "Bucket",
    "bowling": "Bowling",
    "hiking": "Hiking",
    "rolltop": "Roll Top",
    "envelope": "Envelope",
    "frame": "Frame",
    "box": "Quilted",
    "chrono": "Chronograph",
    "bracelet": "Bracelet",
    "square": "Square",
    "aviator": "Aviator",
    "wayfarer": "Square Frame",
    "cat": "Cat-Eye",
    "round": "Round",
    "slim": "Slim",
}
