"""The way to a Milvus database, and what can be wrong with it, in one line each."""

from __future__ import annotations

import logging
import logging.config
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from recommender.errors import EngineError, MissingExtraError

MILVUS_URI = "RECOMMENDER_MILVUS_URI"
MILVUS_TOKEN = "RECOMMENDER_MILVUS_TOKEN"
_SUFFIX = ".db"
_CONNECT_SECONDS = 5.0
_UNREACHABLE = 2
"""What pymilvus calls ``Status.CONNECT_FAILED``."""


def is_embedded(uri: str) -> bool:
    """Whether it is the path of a database of Milvus Lite, not a server's address."""
    return uri.endswith(_SUFFIX)


def close(uri: str) -> None:
    """Let go of an embedded database, so that its folder can be deleted."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(uri)


def connected(uri: str) -> Any:
    """A ``pymilvus.MilvusClient`` of an address.

    Args:
        uri: a server's address, or a path that ends in ``.db``, of an embedded database.

    Raises:
        MissingExtraError: pymilvus or Milvus Lite is not installed.
        EngineError: the database cannot be reached or opened.
    """
    embedded = is_embedded(uri)
    try:
        with _logging_as_it_is():
            import pymilvus

        if embedded:
            import milvus_lite  # noqa: F401
    except ImportError:
        raise MissingExtraError(
            "the engine milvus is not installed: pip install -r requirements-milvus.txt"
        ) from None
    if not embedded and urlsplit(uri).scheme not in ("http", "https"):
        raise EngineError(
            f"the address of Milvus must begin with http:// or https://, or be a file that ends in "
            f"{_SUFFIX}: {shown(uri)!r}"
        )
    # Whatever goes wrong is raised too, and said by whoever catches it, in one line.
    for library in ("pymilvus", "pymilvus.milvus_client"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    token = "" if embedded else os.environ.get(MILVUS_TOKEN, "")
    with told(shown(uri)), _heard() as reasons:
        if embedded:
            _check_folder(Path(uri), reasons)
        return pymilvus.MilvusClient(uri=uri, token=token, timeout=_CONNECT_SECONDS)


@contextmanager
def _logging_as_it_is() -> Iterator[None]:
    """Keep pymilvus from setting up the logging of the whole process when it is imported.

    That closes the handlers of others: TensorFlow's closes the stream below it, too.
    """
    configure = logging.config.dictConfig
    logging.config.dictConfig = lambda config: None
    try:
        yield
    finally:
        logging.config.dictConfig = configure


def _check_folder(path: Path, reasons: list[str]) -> None:
    """Start Milvus Lite, which keeps to itself why it cannot."""
    from milvus_lite.server_manager import server_manager_instance

    if server_manager_instance.start_and_get_uri(str(path)) is not None:
        return
    if any("holds the lock" in reason for reason in reasons):
        raise EngineError(
            f"another process has {path} open, and Milvus Lite allows one at a time: close it, or "
            f"start a Milvus server and name its address in {MILVUS_URI}"
        )
    raise EngineError(
        f"Milvus Lite cannot open {path} ({'; '.join(reasons) or 'it does not say why'}): delete "
        f"it, and it is built again, or name a server's address in {MILVUS_URI}"
    )


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What Milvus Lite has to say of errors, instead of a traceback on the terminal."""
    reasons: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            reasons.append(str(record.exc_info[1]) if record.exc_info else record.getMessage())

    logger, listener = logging.getLogger("milvus_lite"), Listener()
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield reasons
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagates


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn the errors of pymilvus into one line that names no token."""
    import grpc
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, grpc.RpcError) as error:
        # pymilvus gives some errors themselves for their cause.
        failed = next((one for one in (error, error.__cause__) if isinstance(one, grpc.RpcError)),
                      None)  # fmt: skip
        refusals = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
        if failed is not None and failed.code() in refusals:
            raise EngineError(
                f"Milvus at {where} refuses the token: put the right one into {MILVUS_TOKEN}, as "
                "user:password"
            ) from None
        reason = " ".join(str(failed.details() if failed else error).split())[:200]
        token = os.environ.get(MILVUS_TOKEN)
        if token:
            reason = reason.replace(token, "***")
        if failed is not None or getattr(error, "code", None) == _UNREACHABLE:
            raise EngineError(
                f"Milvus at {where} does not answer: start it, or correct {MILVUS_URI} ({reason})"
            ) from None
        raise EngineError(f"Milvus at {where} cannot do what it was asked: {reason}") from None


def shown(uri: str) -> str:
    """An address without the credentials that it may hold."""
    parts = urlsplit(uri)
    return uri.replace(f"{parts.netloc.rpartition('@')[0]}@", "", 1) if "@" in parts.netloc else uri
