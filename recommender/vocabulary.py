"""Words, or parts of words, as the columns of a sparse matrix.

The same as scikit-learn's ``CountVectorizer`` and ``TfidfVectorizer`` make of them, to which it is
tested to be equal. To import these takes longer than to search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

NGRAMS = (2, 3, 4)
"""Letters of a part. Pairs too: a swap in a short word leaves no triple as it was."""


class Vocabulary:
    """What texts are made of: each different word has a column, in alphabetical order.

    Attributes:
        places: word → its column.
    """

    def __init__(self, texts: Iterable[Collection[str]], *, most: int) -> None:
        """Learn the words.

        Args:
            texts: the words of each text.
            most: how many words are kept; those in most texts are.
        """
        counts = Counter(chain.from_iterable(map(set, texts)))
        kept = sorted(word for word, _ in counts.most_common(most))
        self.places = {word: place for place, word in enumerate(kept)}

    def counts(self, texts: Iterable[Collection[str]]) -> Any:
        """How often each text has each known word: CSR float32 (texts, words)."""
        from scipy import sparse

        columns: list[int] = []
        numbers: list[int] = []
        ends = [0]
        for text in texts:
            found = Counter(self.places[word] for word in text if word in self.places)
            columns += found.keys()
            numbers += found.values()
            ends.append(len(columns))
        shape = len(ends) - 1, len(self.places)
        return sparse.csr_matrix((np.array(numbers, np.float32), columns, ends), shape=shape)


def smoothed_idf(frequency: npt.NDArray[np.int64], texts: int) -> npt.NDArray[np.float32]:
    """The inverse document frequency, 1 + log((1 + texts) / (1 + frequency)).

    Args:
        frequency: int64 (words,), in how many texts each word is.
        texts: how many there are.
    """
    return (1 + np.log((1 + texts) / (1 + frequency))).astype(np.float32)


def weighted(counts: Any, idf: npt.NDArray[np.float32]) -> Any:
    """Counts times the IDF of their words, in rows of unit length: CSR float32 (texts, words)."""
    from scipy import sparse

    rows = (counts @ sparse.diags(idf)).tocsr()
    squares = np.asarray(rows.multiply(rows).sum(axis=1), np.float64).ravel()
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
    return (sparse.diags((1 / lengths).astype(np.float32)) @ rows).tocsr()


def ngrams(word: str) -> list[str]:
    """The parts of a word of `NGRAMS` letters, its two ends counting as letters.

    >>> ngrams("ab")
    [' a', 'ab', 'b ', ' ab', 'ab ', ' ab ']
    """
    bounded = f" {word} "
    return [
        bounded[start : start + size] for size in NGRAMS for start in range(len(bounded) - size + 1)
    ]
