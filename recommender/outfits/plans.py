"""Which pieces make an outfit: for whom, for what occasion, in what season.

The lists are ours, written by hand over the article types of the Kaggle dataset.
"""

from __future__ import annotations

from recommender.outfits.kinds import CHILDREN, COLD, ROLES, WARM, type_named

Plan = dict[str, tuple[str, ...]]
"""Role → article types that may fill it, in the order in which the slots are filled and shown."""

_JEWELLERY = ROLES["jewellery"]
_PLANS: dict[tuple[str, str], Plan] = {
    ("Men", "Casual"): {
        "top": ("Shirts", "Tshirts", "Sweaters", "Sweatshirts"),
        "bottoms": ("Jeans", "Trousers", "Shorts"),
        "shoes": ("Casual Shoes", "Sandals", "Flip Flops"),
        "jacket": ("Jackets", "Waistcoat"),
        "watch": ("Watches",),
        "belt": ("Belts",),
        "sunglasses": ("Sunglasses",),
    },
    ("Men", "Formal"): {
        "top": ("Shirts",),
        "bottoms": ("Trousers",),
        "shoes": ("Formal Shoes",),
        "tie": ("Ties",),
        "belt": ("Belts",),
        "watch": ("Watches",),
    },
    ("Men", "Sports"): {
        "top": ("Tshirts", "Sweatshirts"),
        "bottoms": ("Track Pants", "Shorts"),
        "shoes": ("Sports Shoes",),
        "jacket": ("Jackets",),
        "bag": ("Backpacks", "Duffel Bag"),
        "watch": ("Watches",),
    },
    ("Men", "Ethnic"): {
        "top": ("Kurtas",),
        "bottoms": ("Churidar", "Salwar", "Jeans", "Trousers"),
        "shoes": ("Sandals", "Casual Shoes"),
        "watch": ("Watches",),
    },
    ("Women", "Casual"): {
        "top": ("Tops", "Tshirts", "Shirts", "Tunics", "Sweaters", "Sweatshirts"),
        "bottoms": ("Jeans", "Trousers", "Skirts", "Jeggings", "Leggings", "Capris", "Shorts"),
        "shoes": ("Flats", "Heels", "Casual Shoes", "Sandals"),
        "jacket": ("Jackets", "Shrug", "Waistcoat"),
        "bag": ("Handbags", "Clutches"),
        "jewellery": _JEWELLERY,
        "watch": ("Watches",),
    },
    ("Women", "Formal"): {
        "top": ("Shirts", "Tops"),
        "bottoms": ("Trousers", "Skirts"),
        "shoes": ("Heels", "Flats"),
        "bag": ("Handbags", "Laptop Bag"),
        "watch": ("Watches",),
    },
    ("Women", "Sports"): {
        "top": ("Tshirts", "Tops", "Sweatshirts"),
        "bottoms": ("Track Pants", "Tights", "Leggings", "Capris", "Shorts"),
        "shoes": ("Sports Shoes",),
        "jacket": ("Jackets",),
        "bag": ("Backpacks", "Duffel Bag"),
        "watch": ("Watches",),
    },
    ("Women", "Ethnic"): {
        "top": ("Kurtas", "Kurtis", "Tunics"),
        "bottoms": ("Churidar", "Patiala", "Salwar", "Leggings"),
        "scarf": ("Dupatta", "Stoles"),
        "shoes": ("Flats", "Heels"),
        "jewellery": _JEWELLERY,
        "bag": ("Handbags", "Clutches"),
    },
    ("Boys", "Casual"): {
        "top": ("Tshirts", "Shirts", "Sweaters", "Sweatshirts"),
        "bottoms": ("Jeans", "Trousers", "Shorts", "Capris", "Track Pants"),
        "shoes": ("Casual Shoes", "Sports Shoes", "Sandals", "Flip Flops"),
        "cap": ("Caps",),
        "watch": ("Watches",),
        "bag": ("Backpacks",),
    },
    ("Girls", "Casual"): {
        "top": ("Tops", "Tshirts", "Sweaters", "Sweatshirts"),
        "bottoms": ("Jeans", "Skirts", "Leggings", "Capris", "Shorts"),
        "shoes": ("Flats", "Casual Shoes", "Sandals", "Flip Flops"),
        "watch": ("Watches",),
        "bag": ("Backpacks",),
    },
    # Where a catalogue does not say for whom its products are.
    ("", "Casual"): {
        "top": ("Tshirts", "Shirts", "Sweaters", "Sweatshirts"),
        "bottoms": ("Jeans", "Trousers", "Shorts"),
        "shoes": ("Casual Shoes", "Sports Shoes", "Sandals", "Flip Flops"),
        "bag": ("Backpacks", "Messenger Bag"),
        "watch": ("Watches",),
        "sunglasses": ("Sunglasses",),
    },
}
_DRESSY = {"Heels", "Clutches", *_JEWELLERY}
"""Types that a woman's outfit is built around with a dress, and not with top and bottoms."""

_GOES_WITH = {
    "Casual": ("Casual", "Smart Casual", "Travel"),
    "Smart Casual": ("Smart Casual", "Casual", "Formal"),
    "Travel": ("Travel", "Casual", "Smart Casual"),
    "Formal": ("Formal", "Smart Casual"),
    "Party": ("Party", "Casual", "Smart Casual", "Formal"),
    "Sports": ("Sports",),
    # Hardly any bag or shoe is listed as Ethnic; of clothes the plan admits only what is worn so.
    "Ethnic": ("Ethnic", "Party", "Casual"),
}
_OCCASION_OF_TYPE = {
    **dict.fromkeys(("Formal Shoes", "Ties", "Blazers", "Suits", "Cufflinks", "Suspenders"),
                    "Formal"),
    **dict.fromkeys(("Sports Shoes", "Track Pants", "Tracksuits", "Duffel Bag", "Tights"),
                    "Sports"),
    **dict.fromkeys(("Kurtas", "Kurtis", "Sarees", "Lehenga Choli", "Kurta Sets", "Churidar",
                     "Patiala", "Salwar", "Salwar and Dupatta", "Dupatta", "Nehru Jackets"),
                    "Ethnic"),
}  # fmt: skip
_WOMENS = {
    "Tops", "Tunics", "Skirts", "Leggings", "Jeggings", "Dresses", "Jumpsuit", "Sarees", "Kurtis",
    "Lehenga Choli", "Heels", "Flats", "Handbags", "Clutches", "Dupatta", "Patiala", "Salwar",
    "Salwar and Dupatta", "Shrug", "Stoles", *_JEWELLERY,
}  # fmt: skip
_MENS = {"Ties", "Formal Shoes", "Cufflinks", "Suspenders", "Suits", "Nehru Jackets"}
_CIRCLE = ("Spring", "Summer", "Fall", "Winter")
_COLD_SEASONS = ("Fall", "Winter")


def plan_for(article: str, role: str, *, wearer: str, usage: str, season: str | None) -> Plan:
    """The slots that complete an outfit around a piece.

    Args:
        article: its type.
        role: what it is in the outfit; this slot is not among those returned.
        wearer: ``Men``, ``Women``, ``Boys`` or ``Girls``; anything else is nobody in particular.
        usage: what the outfit is for.
        season: if it has one.
    """
    who = wearer if (wearer, "Casual") in _PLANS else ""
    plan = dict(_PLANS.get((who, occasion_of(usage)), _PLANS[who, "Casual"]))
    named = type_named(article)
    if who == "Women" and (named in _DRESSY or usage == "Party") and "scarf" not in plan:
        plan = {"dress": ("Dresses", "Jumpsuit"), **_without(plan, "top", "bottoms")}
    if role == "dress":
        plan = _without(plan, "top", "bottoms", "dress", "scarf")
    elif role in ("top", "bottoms") and "dress" in plan:
        plan = dict(_PLANS[who, "Casual"])
    plan = _without(plan, role)
    if named == "Salwar and Dupatta":
        plan = _without(plan, "scarf")
    if season not in _COLD_SEASONS:
        plan = _without(plan, "jacket")
    unfit = unfit_types(season)
    return {name: types for name, types in plan.items() if not unfit.issuperset(types)}


def unfit_types(season: str | None) -> frozenset[str]:
    """Types that a season does not call for; none where there is no season, or a shop's own.

    >>> "Shorts" in unfit_types("Winter"), "Shorts" in unfit_types("Summer")
    (True, False)
    """
    if season in _COLD_SEASONS:
        return WARM
    return COLD if season in _CIRCLE else frozenset()


def occasion_of(usage: str) -> str:
    """Which of the plans a usage takes: Casual, Formal, Sports or Ethnic."""
    return usage if usage in ("Formal", "Sports", "Ethnic") else "Casual"


def usage_of_type(article: str) -> str:
    """What a type is used for where the catalogue does not tell."""
    return _OCCASION_OF_TYPE.get(type_named(article) or "", "Casual")


def wearer_of_type(article: str) -> str:
    """Who wears a type where the catalogue does not tell; "" for anyone."""
    named = type_named(article)
    return "Women" if named in _WOMENS else "Men" if named in _MENS else ""


def admitted_usages(usage: str, role: str, *, wearer: str) -> tuple[str, ...]:
    """Usages that go with one: an accessory may always be casual, and children play in anything.

    >>> admitted_usages("Formal", "shoes", wearer="Men")
    ('Formal', 'Smart Casual')
    """
    fitting = _GOES_WITH.get(usage, (usage,))
    if role not in ("top", "jacket", "bottoms", "dress", "shoes"):
        fitting = (*fitting, "Casual")
    if wearer in CHILDREN:
        fitting = (*fitting, "Casual", "Sports")
    return tuple(dict.fromkeys(fitting))


def admitted_seasons(seasons: set[str]) -> tuple[str, ...] | None:
    """Seasons that are the same as, or next to, each of these; None where any will do.

    >>> admitted_seasons({"Summer"}), admitted_seasons({"Summer", "Fall"})
    (('Spring', 'Summer', 'Fall'), ('Summer', 'Fall'))
    """
    places = [_CIRCLE.index(name) for name in seasons if name in _CIRCLE]
    others = [name for name in seasons if name not in _CIRCLE]
    if not places:
        return tuple(others) or None
    return tuple(
        name
        for place, name in enumerate(_CIRCLE)
        if all((place - other) % 4 != 2 for other in places)
    )


def _without(plan: Plan, *roles: str) -> Plan:
    return {role: types for role, types in plan.items() if role not in roles}
