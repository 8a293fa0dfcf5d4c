"""Where the tests of the engine `milvus` keep their collections.

By default in embedded databases. To run them against a server, which needs no data of its own and
keeps none of theirs:

    TEST_MILVUS_URI=http://localhost:19530 pytest tests/test_engines.py tests/test_milvus.py
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from recommender.engines.collection import PREFIX
from recommender.engines.connection import MILVUS_TOKEN, MILVUS_URI

SERVER = os.environ.get("TEST_MILVUS_URI")


@contextmanager
def milvus_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the engine use the server under test, or its own files; clean the server up after."""
    if SERVER is None:
        monkeypatch.delenv(MILVUS_URI, raising=False)
        yield
        return
    from pymilvus import MilvusClient

    monkeypatch.setenv(MILVUS_URI, SERVER)
    client = MilvusClient(SERVER, token=os.environ.get(MILVUS_TOKEN, ""))
    before = set(client.list_collections())
    yield
    for name in set(client.list_collections()) - before:
        if name.startswith(PREFIX):
            client.drop_collection(name)
