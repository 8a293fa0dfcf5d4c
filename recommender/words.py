"""Search by words: names and attributes as TF-IDF vectors, typos forgiven by character n-grams.

A word of a query that the catalogue does not know stands for known words that share character
n-grams with it: the fewer typos between them and the more products have the word, the more it
counts, as in Kernighan, Church and Gale, "A spelling correction program based on a noisy channel
model", COLING 1990. The n-grams are compared with the few thousand different words rather than with
every item, which keeps the index small and quick.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue
from recommender.spelling import FILLERS, canonical_words, typos_between
from recommender.understanding import Understood, ValueNames
from recommender.vocabulary import Vocabulary, ngrams, smoothed_idf, weighted

__all__ = ["Understood", "WordIndex"]

_MOST_WORDS = 50_000
_MOST_NGRAMS = 50_000
_OF_ATTRIBUTES = 0.3  # An attribute that the name is silent about counts less than the name.
_ALIKE = 120  # Known words, by n-grams, among which those are sought that a word may stand for;
_MEANT = 5  # so many are taken;
_OF_A_TYPO = 0.3  # each typo leaves this much of the weight.
_RARE = 3  # A word of so few products may itself be a typo;
_OF_RARE = 0.5  # but what it may stand for then weighs less than the word as it is.


class WordIndex:
    """The words of a catalogue, ready to be searched."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Read the names and the attributes; 40,000 items take a few seconds.

        Args:
            catalogue: one item a row.
        """
        self._catalogue = catalogue
        self._alike = lru_cache(maxsize=4096)(self._find_alike)
        self._idf = np.empty(0, dtype=np.float32)
        self._frequency = np.empty(0, dtype=np.int64)
        self._names: Any = None
        self._items: Any = None
        texts = [_content_words(item.title) for item in catalogue.items]
        values = [
            _content_words(str(value))
            for name in catalogue.columns
            for value in catalogue.column(name).values
        ]
        self._words = Vocabulary([*texts, *values], most=_MOST_WORDS)
        if self._words.places:
            self._names = self._words.counts(map(set, texts))
            self._items = self._weighted(self._names)

    def _weighted(self, names: Any) -> Any:
        """TF-IDF of unit length, CSR float32 (n, words).

        The IDF is the smoothed one of scikit-learn.
        """
        counts = names
        for name in self._catalogue.columns:
            column = self._catalogue.column(name)
            if not column.values:
                continue
            # An empty row at the end is where UNKNOWN, as an index, points.
            values = [set(_content_words(str(value))) for value in column.values]
            words = self._words.counts([*values, set()])
            counts = counts.maximum(words[column.codes] * np.float32(_OF_ATTRIBUTES))
        # At least 1: a value may be cut off by the limit on words, or have no item.
        self._frequency = np.bincount(counts.indices, minlength=counts.shape[1]).clip(min=1)
        self._idf = smoothed_idf(self._frequency, counts.shape[0])
        return weighted(counts, self._idf)

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """How well each item answers the words: the cosine of the TF-IDF vectors.

        Args:
            text: words in any order; case, punctuation and plural do not matter.

        Returns:
            float32 (n,), 0 (no word in common) to 1 (the very words); zeros for a text without
            words, or with none that resemble a word of the catalogue.
        """
        query = self._query(text)
        length = float(np.linalg.norm(query))
        if not length:
            return np.zeros(len(self._catalogue), dtype=np.float32)
        found: npt.NDArray[np.float32] = self._items @ (query / np.float32(length))
        return np.clip(found, 0, 1)

    def understand(self, text: str) -> Understood:
        """The words that name values of attributes as filters, and the words that are left.

        See `recommender.understanding` for what is recognised.
        """
        return self._values.understand(text)

    @cached_property
    def _values(self) -> ValueNames:
        return ValueNames(self._catalogue, self._places, self._names, self._words_alike)

    @property
    def _places(self) -> dict[str, int]:
        return self._words.places

    def _query(self, text: str) -> npt.NDArray[np.float32]:
        query = np.zeros(len(self._places), dtype=np.float32)
        for word in canonical_words(text):
            place = self._places.get(word)
            if place is not None:
                query[place] = self._idf[place]
            if word in FILLERS or (place is not None and self._frequency[place] > _RARE):
                continue
            # A word that hardly any product has may well be a typo, but need not be.
            most = np.inf if place is None else _OF_RARE
            places, typos = self._alike(word)
            weights = _OF_A_TYPO**typos * (1 + np.log(self._frequency[places]))
            weights = np.minimum(weights, most) * (typos > 0) * self._idf[places]
            best = np.argsort(-weights, kind="stable")[:_MEANT]
            query[places[best]] = np.maximum(query[places[best]], weights[best])
        return query

    def _find_alike(self, word: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """(places, typos) of the known words that share many n-grams with a word.

        At most one typo in a word of up to four letters, and two in a longer one.
        """
        if not self._places:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        parts, idf, known, words = self._ngrams
        likeness = (weighted(parts.counts([ngrams(word)]), idf) @ known).toarray()[0]
        most = min(_ALIKE, len(likeness))
        nearest = np.argpartition(-likeness, most - 1)[:most]
        most_typos = 1 if len(word) < 5 else 2
        found = [
            (place, typos)
            for place in nearest.tolist()
            if likeness[place] > 0
            and abs(len(words[place]) - len(word)) <= most_typos
            and (typos := typos_between(word, words[place])) <= most_typos
        ]
        table = np.array(found, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def _words_alike(self, word: str) -> list[tuple[int, str]]:
        places, typos = self._alike(word)
        pairs = zip(typos.tolist(), places.tolist(), strict=True)
        return [(count, self._ngrams[3][place]) for count, place in pairs]

    @cached_property
    def _ngrams(self) -> tuple[Vocabulary, npt.NDArray[np.float32], Any, list[str]]:
        """(n-grams, their IDF, TF-IDF of the known words, CSR float32 (n-grams, words), words)."""
        words = list(self._places)
        split = [ngrams(word) for word in words]
        parts = Vocabulary(split, most=_MOST_NGRAMS)
        counts = parts.counts(split)
        idf = smoothed_idf(np.bincount(counts.indices, minlength=counts.shape[1]), len(words))
        # Transposed, so that a query reads the rows of its own n-grams only.
        return parts, idf, weighted(counts, idf).T.tocsr(), words


def _content_words(text: str) -> list[str]:
    return [word for word in canonical_words(text) if word not in FILLERS]
