"""Products in many small files, so that a page loads only the one that it needs.

The number of a product's file is the FNV-1a hash (32 bits) of its id in UTF-8, modulo the number
of files; the widget computes the same. The hash is by G. Fowler, L. C. Noll
and K.-P. Vo.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

SCHEMA = 1
"""Of the files; a reader must refuse a higher one."""
PRODUCTS_A_FILE = 24
"""About 35 KB with ten neighbours each, a quarter of that compressed."""
DATA = "data"

Record: TypeAlias = Mapping[str, Any]


def fnv1a(text: str) -> int:
    """The hash, from 0 to 2³² - 1.

    >>> hex(fnv1a("")), hex(fnv1a("foobar"))
    ('0x811c9dc5', '0xbf9cf968')
    """
    value = 0x811C9DC5
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def shard_count(products: int) -> int:
    """How many files so many products take, at least 1."""
    return max(1, -(-products // PRODUCTS_A_FILE))


def write_shards(folder: Path, records: Iterable[Record], count: int) -> None:
    """Write the products' files, each as JSON and as a script that hands over the same.

    A page that was opened as a file may not fetch JSON, but may load scripts.

    Args:
        folder: of the export.
        records: one a product, with its ``id``.
        count: of files.

    Raises:
        OSError: the folder cannot be written.
    """
    shards: list[list[Record]] = [[] for _ in range(count)]
    for record in records:
        shards[fnv1a(str(record["id"])) % count].append(record)
    for number, products in enumerate(shards):
        write_both(folder, str(number), {"schema": SCHEMA, "products": products})


def write_both(folder: Path, name: str, content: Record) -> None:
    """Write ``data/NAME.json`` and the script ``data/NAME.js``."""
    # Plain ASCII without "<" is harmless in a script and in HTML, whatever a product is called.
    text = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    data = folder / DATA
    data.mkdir(exist_ok=True)
    (data / f"{name}.json").write_text(text + "\n", encoding="ascii")
    script = f"similarProducts.receive({json.dumps(name)},{text})\n"
    (data / f"{name}.js").write_text(script, encoding="ascii")
