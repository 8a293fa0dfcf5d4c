"""The collection that the engine `milvus` searches: opened, or filled from the vectors.

Its name holds a hash of all that is in it, so an index that changed gets another one, and a
collection of that name with all its rows is what it claims to be. Rows are put in batches under
their own numbers: a build that was cut short is noticed by the count, and goes on.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.engines.conditions import Codes, field_of
from recommender.engines.connection import connected, is_embedded, shown, told
from recommender.errors import EngineError

DATABASE = "milvus.db"
"""The embedded database in the folder of the index."""
PREFIX = "fashion_recommender_"
_FORMAT = 1
_BATCH_BYTES = 4 << 20
"""Vectors sent at a time: a server takes messages of 64 MB, and other fields come on top."""
_TOGETHER = 100
"""Queries sent at a time to a server."""
_SECONDS = 60.0
_LINKS, _BREADTH, _WEIGHED = 32, 200, 512
"""Of a server's graph (HNSW): links of a row, candidates weighed for them, candidates weighed for a
query (M, efConstruction, ef). With a graph of faiss like this recall@5 on 40,024 products was
0.998, and 0.967 for the means of two products drawn by chance, which are far from everything; with
half as many links and candidates it was 0.878 for these."""
_log = logging.getLogger(__name__)


class Collection:
    """Rows of a gallery in Milvus, by their numbers."""

    def __init__(self, client: Any, name: str, where: str, *, embedded: bool) -> None:
        """Use `opened`.

        Args:
            client: a ``pymilvus.MilvusClient``.
            name: of the collection.
            where: what it is called in errors.
            embedded: whether Milvus Lite answers.
        """
        self._client = client
        self._name = name
        self._where = where
        self.exact = embedded
        """Whether the database compares with every row, instead of following a graph."""

    def nearest(
        self, queries: npt.NDArray[np.float32], k: int, expression: str
    ) -> list[npt.NDArray[np.int64]]:
        """The rows nearest to each query, in no particular order, as Milvus has them.

        Args:
            queries: float32 (q, dim).
            k: how many; fewer come back where fewer meet the expression, or are found.
            expression: the filter; empty for none.

        Raises:
            EngineError: the database does not answer.
        """
        # Milvus Lite would subtract all queries from all rows at once, and fill the memory.
        step = 1 if self.exact else _TOGETHER
        found: list[npt.NDArray[np.int64]] = []
        for start in range(0, len(queries), step):
            with told(self._where):
                answers = self._client.search(
                    self._name,
                    data=list(queries[start : start + step]),
                    anns_field="vector",
                    limit=k,
                    filter=expression,
                    output_fields=["row"],
                    search_params={"params": {} if self.exact else {"ef": max(_WEIGHED, 2 * k)}},
                    timeout=_SECONDS,
                )
                found += [np.unique(np.array([hit["row"] for hit in hits], np.int64))
                          for hits in answers]  # fmt: skip
        return found

    def fill(self, embeddings: npt.NDArray[np.float32], attributes: Sequence[Codes]) -> None:
        """Put the rows in that are missing; most often there are none.

        Raises:
            EngineError: the database does not take them.
        """
        n, dim = embeddings.shape
        with told(self._where):
            if not self._client.has_collection(self._name):
                self._create(dim, len(attributes))
            if not self._client.list_indexes(self._name):
                self._make_index()
            self._client.load_collection(self._name)
            there = self._count()
            if there == n:
                return
            _log.warning(
                "putting %d products into Milvus, once: %s in %s",
                n - there,
                self._name,
                self._where,
            )
            batch = max(1, _BATCH_BYTES // (4 * dim))
            self._put(embeddings, attributes, there // batch * batch, batch)
            if self._count() != n:  # What there was had gaps: it came from many servers.
                self._put(embeddings, attributes, 0, batch)
            there = self._count()
        if there != n:
            raise EngineError(
                f"{self._name} in {self._where} has {there} rows instead of {n}: something else "
                "writes into it; drop that collection and try again"
            )

    def drop_others(self) -> None:
        """Drop the collections of earlier states of the index."""
        with told(self._where):
            for name in self._client.list_collections():
                if name.startswith(PREFIX) and name != self._name:
                    self._client.drop_collection(name)

    def _create(self, dim: int, attributes: int) -> None:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("row", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
        for position in range(attributes):
            schema.add_field(field_of(position), DataType.INT32)
        self._client.create_collection(self._name, schema=schema, consistency_level="Bounded")

    def _make_index(self) -> None:
        index = self._client.prepare_index_params()
        if self.exact:
            index.add_index("vector", index_type="FLAT", metric_type="L2")
        else:
            graph = {"M": _LINKS, "efConstruction": _BREADTH}
            index.add_index("vector", index_type="HNSW", metric_type="L2", params=graph)
        # Not waited for: there are no rows yet.
        self._client.create_index(self._name, index, sync=False)

    def _put(
        self,
        embeddings: npt.NDArray[np.float32],
        attributes: Sequence[Codes],
        start: int,
        batch: int,
    ) -> None:
        names = [field_of(position) for position in range(len(attributes))]
        for first in range(start, len(embeddings), batch):
            rows = range(first, min(first + batch, len(embeddings)))
            codes = zip(*(column[rows.start : rows.stop].tolist() for column in attributes),
                        strict=True) if attributes else ((),) * len(rows)  # fmt: skip
            data = [
                {"row": row, "vector": embeddings[row], **dict(zip(names, values, strict=True))}
                for row, values in zip(rows, codes, strict=True)
            ]
            self._client.upsert(self._name, data, timeout=_SECONDS)
        self._client.flush(self._name)

    def _count(self) -> int:
        answer = self._client.query(
            self._name, filter="", output_fields=["count(*)"], consistency_level="Strong",
            timeout=_SECONDS,
        )  # fmt: skip
        return int(answer[0]["count(*)"])


def opened(
    uri: str, embeddings: npt.NDArray[np.float32], attributes: Sequence[Codes]
) -> Collection:
    """The collection of a gallery, filled.

    Args:
        uri: a server's address, or a path that ends in ``.db``, of an embedded database.
        embeddings: float32 (n, dim).
        attributes: codes int32 (n,) of each attribute, from 0.

    Raises:
        MissingExtraError: pymilvus or Milvus Lite is not installed.
        EngineError: the database cannot be reached, opened or filled.
    """
    client = connected(uri)
    name = PREFIX + _hash(embeddings, attributes)[:16]
    collection = Collection(client, name, shown(uri), embedded=is_embedded(uri))
    collection.fill(embeddings, attributes)
    return collection


def _hash(embeddings: npt.NDArray[np.float32], attributes: Sequence[Codes]) -> str:
    """SHA-256 of all that is put into a collection."""
    digest = hashlib.sha256(f"{_FORMAT} {embeddings.shape} {len(attributes)}".encode())
    for array in (embeddings, *attributes):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
