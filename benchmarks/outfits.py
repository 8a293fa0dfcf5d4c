"""Do outfits keep their rules, are they in harmony, and do they vary?

    python -m benchmarks.outfits --artifacts DIR

Around products drawn by chance, the outfits of `OutfitMaker` stand beside three others that fill
the same slots: with any product of the slot's types, with the one of them whose embedding is
nearest to the product, and with any of those that keep the rules. The rules are checked by code of
this file on the rows of ``styles.csv``. Two measures are of nothing that the choice looks at: the
harmony of pairs of colours by L. Ou & M. Luo, "A Colour Harmony Model for Two-Colour Combinations",
Color Research & Application 31(3), 2006 (about -1.2 to 1.3, higher is better), and how often a
piece is of the brand of the product, by the first word of their names.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np

from recommender.colours import rgb_of
from recommender.lab import to_lab
from recommender.likeness import COLOUR, look_of_item
from recommender.outfits import Outfit, OutfitMaker
from recommender.outfits.harmony import harmony
from recommender.outfits.style import Style
from recommender.search import Recommender
from recommender.styles import STYLES_CSV

Row = Mapping[str, str]
Rows = np.typing.NDArray[np.int64]
CLASSES = {
    "Topwear": "upper", "Bottomwear": "lower", "Dress": "whole", "Saree": "whole",
    "Apparel Set": "whole", "Shoes": "feet", "Sandal": "feet", "Flip Flops": "feet",
}  # fmt: skip
OVER = ("Jackets", "Blazers", "Waistcoat", "Shrug", "Rain Jacket", "Nehru Jackets")
ONE_PIECE = ("Dresses", "Jumpsuit", "Rompers", "Suits", "Lehenga Choli", "Tracksuits", "Sarees",
             "Kurta Sets", "Clothing Set")  # fmt: skip
AROUND_NECK = ("Dupatta", "Scarves", "Stoles", "Mufflers")
BANNED = ("Free Items", "Personal Care", "Home", "Sporting Goods")
UNDER = ("Innerwear", "Loungewear and Nightwear", "Free Gifts", "Vouchers")
YEAR = ["Spring", "Summer", "Fall", "Winter"]
CHILD = re.compile(r"\b(kid|kids|kidswear|boy|boys|girl|girls|toddler|toddlers|infant|infants|teen"
                   r"|teens)\b")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"), metavar="DIR")
    parser.add_argument("--outfits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    recommender = Recommender.open(options.artifacts)
    table = read_table(recommender.index.dataset / STYLES_CSV)
    maker = OutfitMaker(recommender)
    maker.outfit(recommender.catalogue.items[0].id)
    bench = Bench(recommender, table, np.random.default_rng(options.seed))

    asked = 0
    for row in bench.dice.permutation(len(recommender)).tolist():
        item = recommender.catalogue.items[row]
        if item.id not in table:
            continue
        asked += 1
        started = time.perf_counter()
        outfit = maker.outfit(item.id)
        milliseconds = 1000 * (time.perf_counter() - started)
        if outfit.slots:
            bench.add(row, outfit, milliseconds)
        if bench.outfits == options.outfits:
            break
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    slots = bench.missing + bench.filled
    print(f"{len(recommender)} products; {asked} drawn for {bench.outfits} outfits, for the rest "
          f"belong to none; nothing filled {bench.missing} of {slots} slots\n")  # fmt: skip
    bench.print()
    return 0


def read_table(path: Path) -> dict[str, Row]:
    """Id → row of ``styles.csv``; rows with commas too many are left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if None not in row}


@dataclass
class Tally:
    """What is counted of one way to fill the slots."""

    kept: list[bool] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    pairs: list[float] = field(default_factory=list)
    style: list[float] = field(default_factory=list)
    brand: list[bool] = field(default_factory=list)
    pieces: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)


class Bench:
    """Fills the slots of outfits in other ways, and compares."""

    def __init__(
        self, recommender: Recommender, table: Mapping[str, Row], dice: np.random.Generator
    ) -> None:
        self.recommender, self.table, self.dice = recommender, table, dice
        self.style = Style(recommender)
        self.of_slot: dict[str, Rows] = {}
        self.tallies: dict[str, Tally] = {}
        self.outfits = self.filled = self.missing = 0
        groups: dict[str, list[int]] = {}
        for row, item in enumerate(recommender.catalogue.items):
            if item.id in table and (name := class_of(table[item.id])):
                groups.setdefault(name, []).append(row)
        self.groups = {name: np.array(rows) for name, rows in groups.items()}

    def add(self, row: int, outfit: Outfit, milliseconds: float) -> None:
        """Measure an outfit, and the same slots filled otherwise."""
        self.outfits += 1
        self.filled += len(outfit.slots)
        self.missing += len(outfit.missing)
        items = self.recommender.catalogue.items
        chosen = [self.recommender.catalogue.row_of(slot.id) for slot in outfit.slots]
        pools = [self.groups[class_of(self.table[items[piece].id]) or ""] for piece in chosen]
        vector = self.recommender.index.embeddings[row]
        near = [
            int(pool[np.argmax(self.recommender.index.embeddings[pool] @ vector)]) for pool in pools
        ]
        query = self.table[items[row].id]
        fitting = []
        for pool in pools:
            order = self.dice.permutation(pool)
            fine = (p for p in order.tolist() if not broken(query, [self.table[items[p].id]]))
            fitting.append(next(fine))
        ways = {
            "any of its kind": [int(self.dice.choice(pool)) for pool in pools],
            "nearest of its kind": near,
            "any that keeps the rules": fitting,
            "`OutfitMaker`": chosen,
        }
        look = look_of_item(self.recommender, items[row].id)
        alike = self.style.alike(
            vector, kind=look.best("articleType"), colour=look.best("baseColour")
        )
        for name, pieces in ways.items():
            self._count(self.tallies.setdefault(name, Tally()), row, pieces, alike)
        self.tallies["`OutfitMaker`"].times.append(milliseconds)

    def _count(
        self, tally: Tally, row: int, pieces: list[int], alike: np.typing.NDArray[np.float32]
    ) -> None:
        items = self.recommender.catalogue.items
        rows = [self.table[items[piece].id] for piece in pieces]
        query = self.table[items[row].id]
        faults = broken(query, rows)
        embeddings = self.recommender.index.embeddings
        if row in pieces or float((embeddings[pieces] @ embeddings[row]).max()) >= 0.999:
            faults.append("itself")
        tally.kept.append(not faults)
        tally.broken.update(set(faults))
        colours = [str(r[COLOUR]) for r in (query, *rows)]
        tally.ours.append(harmony(colours) or 1.0)
        tally.pairs += ou_luo(colours)
        tally.style += alike[pieces].tolist()
        tally.brand += [brand(r) == brand(query) for r in rows]
        tally.pieces.update(items[piece].id for piece in pieces)

    def print(self) -> None:
        """The table."""
        print("| slots filled with | all rules kept | harmony | pairs (Ou & Luo) | style "
              "| same brand | different pieces | most frequent | ms, median | 95 % |")  # fmt: skip
        print("|---|---|---|---|---|---|---|---|---|---|")
        for name, tally in self.tallies.items():
            filled = tally.pieces.total()
            times = tally.times
            cells = [
                name, f"{np.mean(tally.kept):.1%}", f"{np.mean(tally.ours):.3f}",
                f"{np.mean(tally.pairs):.3f}", f"{np.mean(tally.style):.3f}",
                f"{np.mean(tally.brand):.1%}", f"{len(tally.pieces):,} of {filled:,}",
                f"{tally.pieces.most_common(1)[0][1] / self.outfits:.1%}",
                *([f"{np.median(times):.1f}", f"{np.percentile(times, 95):.1f}"] if times
                  else ["", ""]),
            ]  # fmt: skip
            print(f"| {' | '.join(cells)} |")
        print()
        for name, tally in self.tallies.items():
            if tally.broken:
                most = ", ".join(f"{rule} {n}" for rule, n in tally.broken.most_common())
                print(f"{name}: outfits that break a rule: {most}")


def class_of(row: Row) -> str | None:
    """What a product is worn as: of each no two belong into an outfit; None for no such thing."""
    if row["masterCategory"] in BANNED or row["subCategory"] in UNDER:
        return None
    kind = row["articleType"]
    for name, kinds in (
        ("wallet", ("Wallets",)),
        ("over", OVER),
        ("whole", ONE_PIECE),
        ("neck", AROUND_NECK),
    ):
        if kind in kinds:
            return name
    if row["masterCategory"] == "Accessories":
        return row["subCategory"]
    return CLASSES.get(row["subCategory"])


def broken(query: Row, pieces: list[Row]) -> list[str]:
    """The rules that an outfit breaks."""
    faults = []
    classes = [class_of(row) for row in (query, *pieces)]
    if None in classes:
        faults.append("not worn")
    worn = set(classes)
    if len(worn) < len(classes) or ("whole" in worn and worn & {"upper", "lower"}):
        faults.append("two of a kind")
    people = [person(row) for row in (query, *pieces)]
    if any(
        not matching(people[0], one, of) for one, of in zip(people[1:], classes[1:], strict=True)
    ):
        faults.append("gender or age")
    if {"man", "woman"} <= set(people) or {"boy", "girl"} <= set(people):
        faults.append("men's with women's")
    clothes = [
        row["season"]
        for row, name in zip((query, *pieces), classes, strict=True)
        if name in ("upper", "lower", "whole", "over", "feet") and row["season"] in YEAR
    ]
    if any(abs(YEAR.index(a) - YEAR.index(b)) == 2 for a, b in combinations(clothes, 2)):
        faults.append("season")
    for row, name in zip(pieces, classes[1:], strict=True):
        if not wearable(
            query["usage"], row["usage"], name, child=people[0] in ("boy", "girl", "kid")
        ):
            faults.append("usage")
    return faults


def person(row: Row) -> str:
    """man, woman, boy, girl, adult (either), kid (either)."""
    gender, name = row["gender"], row["productDisplayName"].casefold()
    if gender in ("Boys", "Girls"):
        return gender.casefold().removesuffix("s")
    if not CHILD.search(name):
        return {"Men": "man", "Women": "woman"}.get(gender, "adult")
    girl, boy = re.search(r"\bgirls?\b", name), re.search(r"\bboys?\b", name)
    if bool(girl) != bool(boy):
        return "girl" if girl else "boy"
    return {"Men": "boy", "Women": "girl"}.get(gender, "kid")


def matching(query: str, piece: str, worn_as: str | None) -> bool:
    """Whether one person would wear both."""
    children = ("boy", "girl", "kid")
    if query in children:
        sizeless = worn_as in ("Bags", "Watches", "Headwear")
        return (piece in children and (query == "kid" or piece in (query, "kid"))) or (
            piece == "adult" and sizeless
        )  # fmt: skip
    return piece not in children and (query == "adult" or piece in (query, "adult"))


def wearable(query: str, piece: str, worn_as: str | None, *, child: bool) -> bool:
    """Whether two usages go together."""
    if query not in ("Casual", "Formal", "Sports", "Ethnic", "Smart Casual", "Party", "Travel"):
        return True
    together = [
        {"Casual", "Smart Casual", "Travel"}, {"Smart Casual", "Formal"},
        {"Party", "Casual", "Smart Casual", "Formal"}, {"Ethnic", "Party", "Casual"},
    ]  # fmt: skip
    if piece == query or (child and piece in ("Casual", "Sports")):
        return True
    if piece == "Casual" and worn_as not in ("upper", "lower", "whole", "over", "feet"):
        return True
    if query in ("Party", "Ethnic"):
        return piece in together[2 if query == "Party" else 3]
    return any({query, piece} <= group for group in together[:2])


def ou_luo(colours: list[str]) -> list[float]:
    """The harmony of every pair of colours that are words for one colour."""
    known = [rgb for name in colours if (rgb := rgb_of(name)) is not None]
    labs = to_lab(np.array(known, np.uint8)) if known else np.empty((0, 3))
    return [_pair(one, other) for one, other in combinations(labs, 2)]


def _pair(one: np.typing.NDArray[np.float64], other: np.typing.NDArray[np.float64]) -> float:
    chroma = [float(np.hypot(lab[1], lab[2])) for lab in (one, other)]
    by_chroma = chroma[0] - chroma[1]
    flat = float((one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2)
    by_hue = max(0.0, flat - by_chroma**2)
    apart = np.sqrt(by_hue + (by_chroma / 1.46) ** 2)
    total, steps = one[0] + other[0], abs(one[0] - other[0])
    light = 0.28 + 0.54 * np.tanh(-3.88 + 0.029 * total) + 0.14 + 0.15 * np.tanh(-2 + 0.2 * steps)
    return float(0.04 + 0.53 * np.tanh(0.8 - 0.045 * apart) + light + sum(map(_hue, (one, other))))


def _hue(lab: np.typing.NDArray[np.float64]) -> float:
    chroma, hue = np.hypot(lab[1], lab[2]), np.degrees(np.arctan2(lab[2], lab[1])) % 360
    much = 0.5 + 0.5 * np.tanh(-2 + 0.5 * chroma)
    wave = -0.08 - 0.14 * np.sin(np.radians(hue + 50)) - 0.07 * np.sin(np.radians(2 * hue + 90))
    yellow = (90 - hue) / 10
    return float(much * (wave + (0.22 * hue - 12.8) / 10 * np.exp(yellow - np.exp(yellow))))


def brand(row: Row) -> str:
    return row["productDisplayName"].split(" ")[0].casefold()


if __name__ == "__main__":
    sys.exit(main())
