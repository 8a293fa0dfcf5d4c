"""Snapshots of drawn products: tilted, on a floor, in the light of a room; queries for the demo."""

import random
from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from recommender.sample.drawing import draw_cutout
from recommender.sample.floors import FLOORS
from recommender.sample.plan import Product, plan_sample

_SIZE = (480, 640)
_FLOOR = (720, 960)

_QUERIES = (
    ("Tshirts", "striped", "wood", "A striped T-shirt on floorboards"),
    ("Dresses", "dotted", "linen", "A dotted dress on a bed"),
    ("Casual Shoes", "plain", "concrete", "A sneaker on the pavement"),
    ("Handbags", "plain", "rug", "A handbag on a rug"),
    ("Shirts", "checked", "tiles", "A checked shirt on tiles"),
    ("Watches", "plain", "wood", "A watch on a table"),
)


def draw_query(product: Product, *, floor: str = "wood", seed: int = 0) -> Image.Image:
    """A "phone photo" of a drawn product: RGB, 480x640.

    The product lies turned on a floor, seen at a slight slant, lit from one side, a little soft
    and noisy. The same arguments give the same picture.

    Raises:
        ValueError: `floor` is not one of `floors.FLOORS`.
    """
    if floor not in FLOORS:
        raise ValueError(f"unknown floor {floor!r}; use one of {', '.join(FLOORS)}")
    rng = random.Random(f"snapshot {product.id} {product.luck} {floor} {seed}")
    noise = np.random.default_rng(rng.randrange(2**32))
    width, height = _FLOOR
    ground = FLOORS[floor](noise, height, width)

    scene = Image.fromarray((ground.clip(0, 1) * 255).astype(np.uint8), "RGB")
    cutout = draw_cutout(product)
    box = cutout.getbbox() or (0, 0, *cutout.size)
    cutout = cutout.crop(box)
    # As large as the frame nearly holds, whatever the product's own size on its page
    grow = min(_SIZE[0] * 0.98 / cutout.width, _SIZE[1] * 0.96 / cutout.height, 1.3) * rng.uniform(
        0.96, 1.06
    )
    cutout = cutout.resize(
        (round(cutout.width * grow), round(cutout.height * grow)), Image.Resampling.LANCZOS
    )
    turn = rng.choice((-1, 1)) * rng.uniform(5, 14)
    cutout = cutout.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    corner = (
        (width - cutout.width) // 2 + rng.randint(-14, 14),
        (height - cutout.height) // 2 + rng.randint(-16, 16),
    )
    for spread, depth, drop in ((16, 0.34, 12), (4, 0.4, 4)):  # a wide soft shadow and a close one
        veil = Image.new("L", _FLOOR)
        veil.paste(
            cutout.getchannel("A").point(lambda a, d=depth: int(a * d)),
            (corner[0] + drop, corner[1] + drop),
        )
        scene.paste((14, 12, 16), mask=veil.filter(ImageFilter.GaussianBlur(spread)))
    scene.paste(cutout, corner, cutout)

    x0, y0 = (width - _SIZE[0]) / 2, (height - _SIZE[1]) / 2
    slant = rng.uniform(-20, 20), rng.uniform(8, 24)
    frame = (
        x0 - slant[1] + slant[0],
        y0,
        x0 + slant[1] * 0.4,
        y0 + _SIZE[1],
        x0 + _SIZE[0] - slant[1] * 0.4,
        y0 + _SIZE[1] + slant[0] * 0.3,
        x0 + _SIZE[0] + slant[1] + slant[0],
        y0,
    )
    seen = scene.transform(_SIZE, Image.Transform.QUAD, frame, Image.Resampling.BICUBIC)
    return _developed(seen, rng, noise)


def _developed(scene: Image.Image, rng: random.Random, noise: np.random.Generator) -> Image.Image:
    """Room light from one side, a colour cast, a soft lens, sensor noise."""
    soft = scene.filter(ImageFilter.GaussianBlur(0.7))
    picture = np.asarray(soft, np.float32) / np.float32(255)
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    side, depth = rng.uniform(-0.14, 0.14), rng.uniform(0.05, 0.12)
    light = 1.0 + side * x - 0.08 * y - depth * (x**2 + y**2)
    warmth = rng.uniform(-0.02, 0.05)
    cast = np.array([1 + warmth, 1.0, 1 - warmth], np.float32)
    grain = noise.normal(0, 0.012, (height, width, 1)).astype(np.float32)
    lit = picture * light[..., None] * cast + grain
    return Image.fromarray((lit.clip(0, 1) * 255 + 0.5).astype(np.uint8), "RGB")


def sample_queries(*, count: int = 300, seed: int = 0) -> list[tuple[str, Image.Image]]:
    """Six snapshots, with captions, of products of ``plan_sample(count, seed=seed)``.

    Where a small sample has none of a kind with the pattern, another of that kind is taken; where
    it has none of the kind at all, one that the sample might have had.
    """
    plan = plan_sample(count, seed=seed)
    return [
        (caption, draw_query(_pick(plan, article, pattern), floor=floor))
        for article, pattern, floor, caption in _QUERIES
    ]


def _pick(plan: list[Product], article: str, pattern: str) -> Product:
    fitting = [product for product in plan if product.article == article]
    for product in fitting:
        if product.pattern == pattern:
            return product
    if fitting:
        return replace(fitting[0], pattern=pattern)
    return _pick(plan_sample(), article, pattern)
