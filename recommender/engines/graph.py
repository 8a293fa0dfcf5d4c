"""The graph that the engine `faiss` searches: built from vectors, kept in a file.

The file holds the graph alone, as plain arrays: it is the same on every machine, can be checked
before use (a file of faiss itself is read unchecked), and does not repeat the vectors.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

LINKS = 16
"""Links of a row in each layer above the lowest, where it has twice as many; faiss calls it M."""
BREADTH = 100
"""Candidates weighed for a row's links (efConstruction)."""
_FORMAT = 1


class UnfitGraphError(Exception):
    """A file that does not hold the graph of these vectors."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A hierarchical navigable small world (Malkov and Yashunin, 2016).

    Attributes:
        levels: int32 (n,), in how many layers each row is, at least 1.
        links: int32, the rows that each row leads to, layer by layer; -1 stands for none.
        entry: the row that a search starts from; it is in every layer.
    """

    levels: npt.NDArray[np.int32]
    links: npt.NDArray[np.int32]
    entry: int

    @property
    def offsets(self) -> npt.NDArray[np.uint64]:
        """uint64 (n + 1,), where each row's links begin."""
        ends = np.cumsum(LINKS * (self.levels.astype(np.int64) + 1))
        return np.concatenate([[0], ends]).astype(np.uint64)


def key_of(embeddings: npt.NDArray[np.float32], version: str) -> str:
    """What decides the graph of a gallery: the vectors, the parameters, the library's version."""
    return json.dumps(
        {
            "format": _FORMAT,
            "faiss": version,
            "links": LINKS,
            "breadth": BREADTH,
            "shape": embeddings.shape,
            "sha256": hashlib.sha256(embeddings.data).hexdigest(),
        }
    )


def build(faiss: Any, embeddings: npt.NDArray[np.float32]) -> Graph:
    """The graph of a gallery; the same vectors always give the same.

    Args:
        faiss: the module.
        embeddings: float32 (n, dim), C-contiguous.
    """
    index = faiss.IndexHNSWFlat(embeddings.shape[1], LINKS)
    index.hnsw.efConstruction = BREADTH
    # Threads that race for the links would make a slightly different graph each time.
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        index.add(embeddings)
    finally:
        faiss.omp_set_num_threads(threads)
    return Graph(
        levels=faiss.vector_to_array(index.hnsw.levels),
        links=faiss.vector_to_array(index.hnsw.neighbors),
        entry=int(index.hnsw.entry_point),
    )


def index_of(faiss: Any, graph: Graph, embeddings: npt.NDArray[np.float32]) -> Any:
    """The index of faiss that a graph makes with its vectors, which faiss copies."""
    index = faiss.IndexHNSWFlat(embeddings.shape[1], LINKS)
    index.storage.add(embeddings)
    index.ntotal = len(embeddings)
    faiss.copy_array_to_vector(graph.levels, index.hnsw.levels)
    faiss.copy_array_to_vector(graph.offsets, index.hnsw.offsets)
    faiss.copy_array_to_vector(graph.links, index.hnsw.neighbors)
    index.hnsw.entry_point = graph.entry
    index.hnsw.max_level = int(graph.levels[graph.entry]) - 1
    return index


def write(path: Path, graph: Graph, key: str) -> None:
    """Put a graph into a file, whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with temporary.open("xb") as file:
            np.savez(
                file,
                key=np.array(key),
                levels=graph.levels,
                links=graph.links,
                entry=np.int64(graph.entry),
            )
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read(path: Path, key: str) -> Graph:
    """The graph that a file holds.

    Args:
        path: the file.
        key: `key_of` the vectors that it must have been built from.

    Raises:
        FileNotFoundError: there is none.
        UnfitGraphError: it was built from others, or otherwise, or is broken.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            if str(file["key"]) != key:
                raise UnfitGraphError("it was built from other vectors or in another way")
            graph = Graph(file["levels"], file["links"], int(file["entry"]))
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise UnfitGraphError(f"it cannot be read ({error})") from None
    if not _is_sound(graph, json.loads(key)["shape"][0]):
        raise UnfitGraphError("it is broken")
    return graph


def _is_sound(graph: Graph, n: int) -> bool:
    """Whether no link leads out of the gallery: faiss would read whatever memory is there."""
    levels, links = graph.levels, graph.links
    if levels.dtype != np.int32 or links.dtype != np.int32 or levels.shape != (n,):
        return False
    # A row has a second layer with probability 1 / LINKS, a third with its square, and so on.
    if levels.min() < 1 or levels.max() > 8 or not 0 <= graph.entry < n:
        return False
    offsets = graph.offsets.astype(np.int64)
    if levels[graph.entry] != levels.max() or links.shape != (offsets[-1],):
        return False
    if links.min() < -1 or links.max() >= n:
        return False
    for layer in range(1, int(levels.max())):
        rows = np.flatnonzero(levels > layer)
        places = offsets[rows, np.newaxis] + LINKS * (layer + 1) + np.arange(LINKS)
        neighbours = links[places]
        if np.any(levels[neighbours[neighbours >= 0]] <= layer):
            return False
    return True
