"""Tables as CSV files that spreadsheets open as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    r"""A table as CSV: UTF-8 with the byte order mark by which Excel knows it, and no formulas.

    A text that a spreadsheet would run gets an apostrophe in front, as OWASP advises ("CSV
    Injection"): a product's name comes from elsewhere. Numbers stay numbers.

    Args:
        columns: names, for the first line.
        rows: cells in the order of the columns; None is an empty cell.

    >>> csv_bytes(["id", "name"], [[7, "=1+1"]])
    b"\xef\xbb\xbfid,name\r\n7,'=1+1\r\n"
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(name) for name in columns])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA):
        return f"'{cell}"
    return cell
