"""What a text asks for: the words that name values of attributes, and the words that are left.

What counts as a name is decided by the products themselves. "red" names a colour because products
called red are red; "rose" does not where most products with a rose in their names have another
colour. The same evidence makes "navy" enough for Navy Blue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue
from recommender.spelling import FILLERS, canonical, canonical_words, words_in

__all__ = ["Understood", "ValueNames"]

Values: TypeAlias = dict[str, list[str]]
Phrase: TypeAlias = tuple[str, ...]

_NEGATORS = frozenset({"not", "without", "no", "except"})
_ALTERNATIVES = frozenset({"or", "nor"})
_MOST_VALUES = 5_000  # An attribute with more is prose.
# The share of the products so named that must have the value: for the value's whole name, for a
# part of it ("navy"), for another word of the trade ("sneakers").
_WHOLE, _PART, _TRADE = 1 / 3, 0.8, 0.6
_SILENCE = 0.1  # Of the products with a value; if fewer names say so, they are no evidence.
_FEWEST = 5  # So many products must bear a word before it may stand for a value.
_DOUBT = 10  # A word must be so many times as frequent as any other that a typo may mean.
_GENDERS = {
    "kid": ("Boys", "Girls"), "child": ("Boys", "Girls"), "children": ("Boys", "Girls"),
    "lady": ("Women",), "female": ("Women",), "womenswear": ("Women",),
    "gent": ("Men",), "gentlemen": ("Men",), "male": ("Men",), "guy": ("Men",),
    "menswear": ("Men",),
}  # fmt: skip
_TRADE_NAMES = (
    "anorak", "boot", "coat", "hoodie", "jersey", "jumper", "loafer", "moccasin", "parka",
    "pullover", "pump", "purse", "slipper", "sneaker", "stiletto", "sweatpant", "trainer",
)  # fmt: skip


@dataclass(frozen=True)
class Understood:
    """A text, taken apart.

    Attributes:
        filters: attribute → the values that the text names.
        rest: the words that name none, as they were written, without fillers.
        notes: what was read otherwise than it was written, for its author.
        excluded: attribute → the values that the text does not want ("not red").
    """

    filters: Values = field(default_factory=dict)
    rest: str = ""
    notes: tuple[str, ...] = ()
    excluded: Values = field(default_factory=dict)

    @property
    def wording(self) -> str:
        """The text to score items by where there is no photo: values and rest, not the excluded."""
        return " ".join([*(v for values in self.filters.values() for v in values), self.rest])

    def mask(self, catalogue: Catalogue) -> npt.NDArray[np.bool_]:
        """Which rows bool (n,) pass the filters and have no excluded value."""
        passed = catalogue.mask(self.filters)
        for name, values in self.excluded.items():
            passed &= ~catalogue.mask({name: values})
        return passed


@dataclass(frozen=True)
class _Named:
    attribute: str
    values: tuple[str, ...]
    in_rest: bool = False  # Whether the word says more than the value.


class ValueNames:
    """The phrases that name values of a catalogue's attributes."""

    def __init__(
        self,
        catalogue: Catalogue,
        places: Mapping[str, int],
        names: Any,
        alike: Callable[[str], list[tuple[int, str]]],
    ) -> None:
        """Weigh for each value whether its name names it.

        Args:
            catalogue: its columns are the attributes.
            places: known word, in its canonical form → its column in `names`.
            names: CSR float32 (n, words), above 0 where an item's name has the word; None where
                there are no words.
            alike: (typos, known word) of the known words that an unknown one resembles.
        """
        self._catalogue = catalogue
        self._places = places
        self._names = None if names is None else names.tocsc()
        self._alike = alike
        self._phrases = self._of_values() if places else {}
        self._add_single_words()
        self._longest = max(map(len, self._phrases), default=0)
        self._naming = {word for phrase in self._phrases for word in phrase}

    def understand(self, text: str) -> Understood:
        """Take a text apart; the longest phrases first, from left to right."""
        words = words_in(text)
        read = [self._read(word) for word in words]
        found: tuple[Values, Values] = ({}, {})
        rest, notes = [], []
        at, negated, was_negated = 0, False, False
        while at < len(words):
            named, length = self._longest_at(read, at)
            word = read[at]
            if named is not None:
                values = found[negated].setdefault(named.attribute, [])
                values += [value for value in named.values if value not in values]
                notes += _corrections(words[at : at + length], read[at : at + length])
                if named.in_rest:
                    notes.append(f"{words[at]!r} taken as {named.attribute} {named.values[0]!r}")
                    rest += [] if negated else [words[at]]
            elif word in _NEGATORS:
                negated = True
            elif word in _ALTERNATIVES:
                negated = negated or was_negated
            elif word not in FILLERS and negated:
                notes.append(f"{words[at]!r} cannot be excluded: no attribute has this value")
            elif word not in FILLERS:
                rest.append(words[at])
            if named is not None or word not in FILLERS | _NEGATORS:
                negated, was_negated = False, negated
            at += length
        return Understood(found[0], " ".join(rest), tuple(notes), found[1])

    def _longest_at(self, read: list[str], at: int) -> tuple[_Named | None, int]:
        """What the words from `at` on name, and how many of them do."""
        for length in range(min(max(self._longest, 2), len(read) - at), 0, -1):
            phrase = tuple(read[at : at + length])
            named = self._phrases.get(phrase) or self._phrases.get(("".join(phrase),))
            if named is not None:
                return named, length
        return None, 1

    def _read(self, written: str) -> str:
        """The canonical form of a word, its typo mended if there is no doubt what was meant."""
        word = canonical(written)
        known = word in self._places or word in self._naming or word in FILLERS | _NEGATORS
        if known or len(word) < 4 or not word.isalpha():
            return word
        # A typo may hide that the e belongs to the plural: "wacthes".
        forms = {word, word.removesuffix("e")} if written.lower().endswith("es") else {word}
        near = [pair for form in forms for pair in self._alike(form)]
        fewest = min(near, default=(len(word), ""))[0]
        if fewest > (1 if len(word) < 8 else 2):
            return word
        meant = {other for typos, other in near if typos == fewest}
        best, *others = sorted(sorted(meant), key=self._frequency, reverse=True)
        if any(self._frequency(best) < _DOUBT * self._frequency(other) for other in others):
            return word
        return best if best in self._naming else word

    def _frequency(self, word: str) -> int:
        return len(self._rows((word,)))

    def _rows(self, phrase: Phrase) -> npt.NDArray[np.int32]:
        """The items whose names have all the words."""
        rows: npt.NDArray[np.int32] | None = None
        for word in phrase:
            place = self._places.get(word)
            if self._names is None or place is None:
                return np.empty(0, dtype=np.int32)
            start, end = self._names.indptr[place : place + 2]
            some = self._names.indices[start:end]
            rows = some if rows is None else np.intersect1d(rows, some, assume_unique=True)
        return np.empty(0, dtype=np.int32) if rows is None else rows

    def _of_values(self) -> dict[Phrase, _Named]:
        """The whole names of values; where two attributes share one, the likelier."""
        best: dict[Phrase, tuple[float, int, _Named]] = {}
        for name in self._catalogue.columns:
            column = self._catalogue.column(name)
            if len(column.values) > _MOST_VALUES:
                continue
            everywhere = column.counts(np.ones(len(self._catalogue), dtype=bool))
            for code, value in enumerate(column.values):
                phrase = tuple(canonical_words(str(value)))
                readable = column.numeric or any(map(str.isalpha, str(value)))
                if not phrase or not readable or FILLERS.issuperset(phrase):
                    continue
                rows = self._rows(phrase)
                count = int(everywhere[code])
                share = float(np.mean(column.codes[rows] == code)) if len(rows) else 1.0
                if len(rows) < _SILENCE * count:  # "winter": the names hardly ever say it.
                    share = max(share, _WHOLE)
                found = (share, count, _Named(name, (str(value),)))
                if share >= _WHOLE and found[:2] > best.get(phrase, (0.0, 0))[:2]:
                    best[phrase] = found
        return {phrase: named for phrase, (_, _, named) in best.items()}

    def _add_single_words(self) -> None:
        """Words for whom a product is; values written as one word; parts of names; trade names."""
        for word, values in _GENDERS.items():
            if "gender" in self._catalogue.columns:
                column = self._catalogue.column("gender")
                here = tuple(value for value in values if column.code_of(value) is not None)
                if here:
                    self._phrases.setdefault((word,), _Named("gender", here))
        for phrase, named in list(self._phrases.items()):
            self._phrases.setdefault(("".join(phrase),), named)
            for word in phrase if len(phrase) > 1 else ():
                self._add_word(word, named.attribute, _PART, part=True)
        if "articleType" in self._catalogue.columns:
            for word in _TRADE_NAMES:
                self._add_word(canonical(word), "articleType", _TRADE, part=False)

    def _add_word(self, word: str, attribute: str, share: float, *, part: bool) -> None:
        """Let a word stand for the value that most products with this word have, if enough do.

        Args:
            word: in its canonical form.
            attribute: whose value it may be.
            share: of the products so named that must have the value.
            part: whether the value's own name must have the word.
        """
        rows = self._rows((word,))
        if (word,) in self._phrases or word in FILLERS or len(rows) < _FEWEST:
            return
        column = self._catalogue.column(attribute)
        counts = np.bincount(column.codes[rows] + 1)[1:]
        if len(counts) and counts.max() >= share * len(rows):
            value = str(column.values[int(counts.argmax())])
            if not part or word in canonical_words(value):
                self._phrases[(word,)] = _Named(attribute, (value,), in_rest=not part)


def _corrections(written: list[str], read: list[str]) -> list[str]:
    pairs = zip(written, read, strict=True)
    return [f"{one!r} read as {other!r}" for one, other in pairs if canonical(one) != other]
