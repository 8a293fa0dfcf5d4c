"""How words are written: one form for singular, plural and possessive, and how far a typo goes."""

from __future__ import annotations

import re

from recommender.styles import composed

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# One word, however it is written; split at the hyphen it would be a letter and a shirt.
_TSHIRT = re.compile(r"\b(t)[\s-]+(?=shirts?\b)", re.IGNORECASE)
_POSSESSIVE = re.compile("['\u2019]s?(?=s?$)")
_SAME = {
    "man": "men", "woman": "women", "scarves": "scarf", "tee": "tshirt", "gray": "grey",
    "color": "colour", "sari": "saree", "jewelry": "jewellery",
}  # fmt: skip


def words_in(text: str) -> list[str]:
    """The words of a text as they are written, without punctuation.

    >>> words_in("Men's T-shirt, navy/off-white")
    ["Men's", 'Tshirt', 'navy', 'off', 'white']
    """
    return _WORD.findall(_TSHIRT.sub(r"\1", composed(text)))


def canonical(word: str) -> str:
    """The form that singular, plural and possessive share; it need not be a word itself.

    >>> [canonical(word) for word in ("Women's", "womens", "Woman", "dresses", "tees")]
    ['women', 'women', 'women', 'dress', 'tshirt']
    """
    word = _POSSESSIVE.sub("", word.casefold())
    if word in _SAME:
        return _SAME[word]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        if len(word) > 4 and word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("sses", "shes", "ches", "xes")):
            word = word[:-2]
        else:
            word = word[:-1]
    return _SAME.get(word, word)


def canonical_words(text: str) -> list[str]:
    """The words of a text, each in its canonical form."""
    return [canonical(word) for word in words_in(text)]


FILLERS = frozenset(
    canonical_words(
        "a an the this that these those it is are but and or nor in on of for to with at by as "
        "from my me i we you some any something same similar like please find show want need "
        "looking colour coloured off"
    )
)
"""Words that ask for nothing by themselves, in their canonical form."""


def typos_between(one: str, other: str) -> int:
    """How many letters must be put in, left out, replaced or swapped with their neighbour.

    The optimal string alignment distance: no letter is touched twice (F. J. Damerau, "A technique
    for computer detection and correction of spelling errors", Communications of the ACM 7, 1964).

    >>> typos_between("stirped", "striped"), typos_between("gren", "green"), typos_between("", "ab")
    (1, 1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, target in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
