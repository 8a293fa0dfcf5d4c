"""From a planned product to its picture."""

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

from PIL import Image

from recommender.sample import (
    bags,
    bottoms,
    carriers,
    dresses,
    extras,
    outerwear,
    sandals,
    shirts,
    shoes,
    skirts,
    sneakers,
    tops,
    watches,
)
from recommender.sample.canvas import Canvas
from recommender.sample.cloth import Bench
from recommender.sample.fabric import weave
from recommender.sample.palette import dyed, partner
from recommender.sample.plan import Product

_HOW: Mapping[str, Callable[[Bench], None]] = MappingProxyType(
    {
        "Tshirts": tops.tshirt,
        "Shirts": shirts.shirt,
        "Tops": tops.top,
        "Sweaters": outerwear.knit,
        "Sweatshirts": outerwear.knit,
        "Jackets": outerwear.jacket,
        "Kurtas": shirts.kurta,
        "Dresses": dresses.dress,
        "Skirts": skirts.skirt,
        "Jeans": bottoms.trousers,
        "Trousers": bottoms.trousers,
        "Track Pants": bottoms.trousers,
        "Shorts": bottoms.trousers,
        "Casual Shoes": sneakers.casual,
        "Sports Shoes": sneakers.sports,
        "Formal Shoes": shoes.formal,
        "Heels": shoes.heels,
        "Flats": shoes.flats,
        "Sandals": sandals.sandals,
        "Flip Flops": sandals.flip_flops,
        "Handbags": bags.handbag,
        "Backpacks": carriers.backpack,
        "Clutches": carriers.clutch,
        "Watches": watches.watch,
        "Sunglasses": extras.sunglasses,
        "Caps": extras.cap,
        "Ties": extras.tie,
    }
)


def draw_product(product: Product) -> Image.Image:
    """The catalogue picture: RGB, 240x320, on white."""
    return _drawn(product, zoom=1).on_white()


def draw_cutout(product: Product, *, zoom: int = 2) -> Image.Image:
    """The product alone: RGBA, 240x320 times `zoom`, transparent around it."""
    return _drawn(product, zoom=zoom).cutout()


def _drawn(product: Product, *, zoom: int) -> Canvas:
    # Seeding with text goes through SHA-512, so it does not depend on PYTHONHASHSEED
    rng = random.Random(f"{product.article} {product.luck}")
    ground = dyed(product.colour, rng)
    inks = partner(product.colour, rng), partner(product.colour, rng)
    fabric = weave(product.pattern, ground, inks, rng, scale=product.kind.scale)
    canvas = Canvas(zoom=zoom)
    _HOW[product.article](Bench(canvas, fabric, rng, product.style, product.gender))
    return canvas
