"""Sparse matrices of words are those that scikit-learn makes."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.vocabulary import NGRAMS, Vocabulary, ngrams, smoothed_idf, weighted

TEXTS = ["red shirt", "blue shirt shirt", "", "a", "navy blue jeans", "größe of a red red red tie"]
WORDS = sorted({word for text in TEXTS for word in text.split()})


def test_counts_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import CountVectorizer

    theirs = CountVectorizer(analyzer=str.split, dtype=np.float32)
    expected = theirs.fit_transform(TEXTS)
    ours = Vocabulary(map(str.split, TEXTS), most=100)
    assert ours.places == theirs.vocabulary_
    assert np.array_equal(ours.counts(map(str.split, TEXTS)).toarray(), expected.toarray())
    assert not ours.counts([["unknown"]]).nnz


def test_weighted_ngrams_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfVectorizer

    theirs = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(min(NGRAMS), max(NGRAMS)), dtype=np.float32
    )
    expected = theirs.fit_transform(WORDS).toarray()
    split = [ngrams(word) for word in WORDS]
    ours = Vocabulary(split, most=10_000)
    counts = ours.counts(split)
    idf = smoothed_idf(np.bincount(counts.indices, minlength=counts.shape[1]), len(WORDS))
    assert ours.places == theirs.vocabulary_
    assert idf == pytest.approx(theirs.idf_)
    found = weighted(counts, idf)
    assert found.dtype == np.float32
    assert np.allclose(found.toarray(), expected, atol=1e-6)


def test_the_commonest_words_are_kept():
    texts = [["a", "b"], ["b", "c", "c"], ["c", "b"]]
    assert Vocabulary(texts, most=2).places == {"b": 0, "c": 1}


def test_no_words_are_no_error():
    none = Vocabulary([[]], most=5)
    assert none.counts([[], ["x"]]).shape == (2, 0)
