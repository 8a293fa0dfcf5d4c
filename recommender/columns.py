"""One attribute of many items as integer codes: filters and counts without a look at the items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recommender.styles import AttributeValue

UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Column:
    """An attribute, one code an item.

    Attributes:
        values: the different values in the order of their first appearance; spellings that differ
            only in case are one value, named by the first.
        codes: int32 (n,), the position in `values`; `UNKNOWN` where the attribute is None.
    """

    values: tuple[str | int, ...]
    codes: npt.NDArray[np.int32]

    @cached_property
    def _code_of(self) -> dict[str, int]:
        return {key_of(value): code for code, value in enumerate(self.values)}

    @property
    def numeric(self) -> bool:
        """Whether all the values are numbers; False if there are none."""
        return bool(self.values) and all(isinstance(value, int) for value in self.values)

    def code_of(self, value: str | int) -> int | None:
        """The code of a value, without regard to case; None if no item has it."""
        return self._code_of.get(key_of(value))

    def among(self, wanted: Iterable[str | int]) -> npt.NDArray[np.bool_]:
        """Which items have one of the values: bool (n,). A value that no item has adds none."""
        # One place more than there are values: it is where UNKNOWN, as an index, points.
        table = np.zeros(len(self.values) + 1, dtype=bool)
        table[[code for value in wanted if (code := self.code_of(value)) is not None]] = True
        return table[self.codes]

    def counts(self, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """How many of the rows bool (n,) have each value: int64 (len(values),)."""
        return np.bincount(self.codes[rows] + 1, minlength=len(self.values) + 1)[1:]


def code_column(values: Iterable[AttributeValue]) -> Column:
    """Code the values of an attribute, one an item.

    >>> column = code_column(["Red", None, "RED", 7])
    >>> column.values, column.codes.tolist()
    (('Red', 7), [0, -1, 0, 1])
    """
    distinct: list[str | int] = []
    by_key: dict[str, int] = {}
    by_value: dict[AttributeValue, int] = {None: UNKNOWN}
    codes = []
    for value in values:
        code = by_value.get(value)
        if code is None:
            assert value is not None
            code = by_key.setdefault(key_of(value), len(distinct))
            by_value[value] = code
            if code == len(distinct):
                distinct.append(value)
        codes.append(code)
    return Column(tuple(distinct), np.array(codes, dtype=np.int32))


def key_of(value: str | int) -> str:
    """What two spellings of one value have in common."""
    return str(value).casefold()
