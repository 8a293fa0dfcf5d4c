"""Connect to a Ray cluster, quietly, and say in one line why it cannot be."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recommender.errors import ClusterError, MissingExtraError

_PATIENCE = 10.0  # seconds
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}


@contextmanager
def connected(address: str) -> Iterator[None]:
    """Be a driver of the cluster; a connection that exists already is used, and stays.

    Args:
        address: as `ray.init` takes it.

    Raises:
        MissingExtraError: Ray is not installed.
        ClusterError: nobody answers.
    """
    ray = _import_ray()
    if ray.is_initialized():
        yield
        return
    knock(address)
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address == "local":
        options["include_dashboard"] = False
    try:
        ray.init(address, **options)
    except Exception as error:
        raise _no_answer(address, one_line(error)) from None
    try:
        yield
    finally:
        ray.shutdown()


def one_line(error: BaseException) -> str:
    """What an error of Ray says, without the traceback of the worker that it holds."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, BaseException):
        return one_line(cause)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _import_ray() -> Any:
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError(
            f"Ray cannot be imported ({error}): pip install -r requirements-ray.txt"
        ) from None
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray


def knock(address: str) -> None:
    """Find out in seconds what `ray.init` takes minutes and pages to say.

    Raises:
        ClusterError: it is no address, or nobody answers there.
    """
    if address == "local":
        return
    if address == "auto":
        address = _noted_address()
        if not address:
            raise _no_answer("auto", "none is known on this machine")
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isdecimal()) or "/" in host:
        raise ClusterError(
            f"{address!r} is no address of a Ray cluster: give auto, local or HOST:PORT, on one of "
            "its machines"
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise _no_answer(address, str(error)) from None


def _noted_address() -> str:
    """Of the cluster that this machine is part of, as far as Ray has noted it down."""
    if address := os.environ.get("RAY_ADDRESS"):
        return address
    note = Path(os.environ.get("RAY_TMPDIR", "/tmp"), "ray", "ray_current_cluster")
    return note.read_text(encoding="utf-8").strip() if note.is_file() else ""


def _no_answer(address: str, reason: str) -> ClusterError:
    return ClusterError(
        f"no Ray cluster answers at {address} ({reason}): start one with `ray start --head`, or "
        "name another address"
    )
