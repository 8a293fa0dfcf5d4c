"""What the sample catalogue holds: every product decided before anything is drawn.

Planning is instant and needs no picture, so the whole catalogue can be checked, or one product
drawn, without the rest.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.sample.kinds import DETAILS, KINDS, Kind

FIRST_ID = 900001
"""Kaggle's ids end at 60,000; ours can never be mistaken for them."""

COLUMNS = (
    "id",
    "gender",
    "masterCategory",
    "subCategory",
    "articleType",
    "baseColour",
    "season",
    "year",
    "usage",
    "productDisplayName",
)

_BRANDS = (
    "Larkmere",
    "Tandrell",
    "Quillfern",
    "Osmaric",
    "Velmora Lane",
    "Nordwyke",
    "Kessalin",
    "Marovane",
    "Fernhalt",
    "Yulbrook",
    "Dravelle",
    "Sombrick",
    "Ilverton",
    "Wrenhollow",
    "Pelligrane",
    "Hask & Thorne",
)


@dataclass(frozen=True)
class Product:
    """One product of the sample: its row in ``styles.csv`` and what its drawing needs."""

    id: int
    article: str
    gender: str
    colour: str
    pattern: str
    style: str
    season: str = "Summer"
    year: int = 2016
    usage: str = "Casual"
    brand: str = "Larkmere"
    luck: str = field(default="0", repr=False)

    @property
    def kind(self) -> Kind:
        """The article type's entry."""
        return KINDS[self.article]

    @property
    def filename(self) -> str:
        """Relative to the catalogue's folder."""
        return f"images/{self.id}.jpg"

    @property
    def name(self) -> str:
        """``productDisplayName``, in the word order of Kaggle's."""
        pattern = "" if self.pattern == "plain" else self.pattern.capitalize()
        detail = DETAILS.get(self.style.split(" ")[-1], "")
        words = (self.brand, self.gender, pattern, self.colour, detail, self.kind.noun)
        return " ".join(word for word in words if word)

    def row(self) -> tuple[str, ...]:
        """The values of `COLUMNS`."""
        return (
            str(self.id),
            self.gender,
            self.kind.master,
            self.kind.sub,
            self.article,
            self.colour,
            self.season,
            str(self.year),
            self.usage,
            self.name,
        )


def plan_sample(count: int = 300, *, seed: int = 0) -> list[Product]:
    """The products of a sample catalogue, by ascending id.

    Article types get their share of `count`; within a type, styles, colours and patterns take
    turns, so that even a small sample is varied. The same arguments give the same products
    everywhere.

    >>> plan = plan_sample(300)
    >>> len(plan), plan == plan_sample(300), len({product.article for product in plan})
    (300, True, 27)

    Raises:
        ValueError: `count` is not positive.
    """
    if count < 1:
        raise ValueError(f"count is {count}; ask for at least one product")
    rng = random.Random(f"sample {seed}")
    articles = [name for name, share in _shares(count).items() for _ in range(share)]
    rng.shuffle(articles)
    decks = {name: _Deck(kind, random.Random(f"{name} {seed}")) for name, kind in KINDS.items()}
    return [
        decks[article].deal(FIRST_ID + i, article, f"{seed} {i}", rng)
        for i, article in enumerate(articles)
    ]


def _shares(count: int) -> dict[str, int]:
    """Largest remainders; ties go to the type listed first."""
    total = sum(kind.weight for kind in KINDS.values())
    exact = {name: count * kind.weight / total for name, kind in KINDS.items()}
    shares = {name: int(share) for name, share in exact.items()}
    left = count - sum(shares.values())
    for name in sorted(exact, key=lambda name: shares[name] - exact[name])[:left]:
        shares[name] += 1
    return shares


class _Deck:
    """Deals the variants of one article type in turn."""

    def __init__(self, kind: Kind, rng: random.Random) -> None:
        self._kind = kind
        self._cuts = _interleaved(kind.styles)
        self._colours = list(kind.colours)
        self._patterns = list(kind.patterns)
        rng.shuffle(self._colours)
        self._shift = rng.randrange(len(self._patterns))
        self._dealt = 0

    def deal(self, number: int, article: str, luck: str, rng: random.Random) -> Product:
        turn = self._dealt
        self._dealt += 1
        gender, style = self._cuts[turn % len(self._cuts)]
        # One step on after each full round, or equal lengths would pair the same things for ever
        colour = self._colours[(turn + turn // len(self._colours)) % len(self._colours)]
        pattern = self._patterns[(turn + self._shift) % len(self._patterns)]
        if style == "bracelet":
            colour = ("Silver", "Gold")[turn // len(self._cuts) % 2 if gender == "Men" else 1]
        if style in ("raglan", "ringer", "high", "court", "contrast") or colour in (
            "Silver",
            "Gold",
        ):
            pattern = "plain"
        usage = self._kind.usage
        return Product(
            number,
            article,
            gender,
            colour,
            pattern,
            style,
            season=rng.choice(("Summer", "Fall", "Winter", "Spring")),
            year=rng.randint(2015, 2018),
            usage=usage[turn % len(usage)],
            brand=rng.choice(_BRANDS),
            luck=luck,
        )


def _interleaved(styles: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """(gender, style) pairs, the genders taking turns."""
    longest = max(map(len, styles.values()))
    return [
        (gender, cuts[i])
        for i in range(longest)
        for gender, cuts in styles.items()
        if i < len(cuts)
    ]
