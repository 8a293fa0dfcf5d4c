r"""Which index the app shows: from the command line, or else from the environment.

    streamlit run app.py -- --artifacts DIR --data DIR --weights FILE --visitors FILE \
        --runtime NAME --milvus-uri URI

or RECOMMENDER_ARTIFACTS, RECOMMENDER_DATA, RECOMMENDER_WEIGHTS, RECOMMENDER_VISITORS,
RECOMMENDER_RUNTIME and RECOMMENDER_MILVUS_URI.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from recommender.encoders.runtimes import RUNTIMES, Runtime, runtime_of
from recommender.engines.connection import MILVUS_URI
from recommender.errors import RecommenderError

ARTIFACTS = Path("artifacts")
DATA = Path("data")
VISITORS = "visitors.db"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the app was started with.

    Attributes:
        artifacts: the index folder.
        data: the dataset folder; None for the one that the index names.
        weights: the encoder's weights file; None for the one that the index names.
        visitors: the file of favourites and history; None for `VISITORS` beside the index.
        runtime: what the encoder's network runs on.
        milvus_uri: address of the engine `milvus`; None for a file beside the index.
    """

    artifacts: Path = ARTIFACTS
    data: Path | None = None
    weights: Path | None = None
    visitors: Path | None = None
    runtime: Runtime = RUNTIMES[0]
    milvus_uri: str | None = None

    @classmethod
    def read(cls, arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
        """Settings of a command line, completed by the environment.

        Args:
            arguments: those after the script's name; unknown ones are left to others.
            environment: such as ``os.environ``; an empty value counts as unset.

        Raises:
            RecommenderError: an option lacks its value, or there is no such runtime.
            MissingExtraError: the runtime is not installed.

        >>> Settings.read(["--artifacts", "a"], {"RECOMMENDER_DATA": "d"}).data.as_posix()
        'd'
        """
        parser = _Parser(allow_abbrev=False, add_help=False)
        for name in ("artifacts", "data", "weights", "visitors"):
            value = environment.get(f"RECOMMENDER_{name.upper()}")
            parser.add_argument(f"--{name}", type=Path, default=Path(value) if value else None)
        runtime = environment.get("RECOMMENDER_RUNTIME") or RUNTIMES[0]
        parser.add_argument("--runtime", default=runtime)
        parser.add_argument("--milvus-uri", default=environment.get(MILVUS_URI) or None)
        options, _ = parser.parse_known_args(arguments)
        return cls(
            artifacts=options.artifacts or ARTIFACTS,
            data=options.data,
            weights=options.weights,
            visitors=options.visitors,
            runtime=runtime_of(options.runtime),
            milvus_uri=options.milvus_uri,
        )

    @property
    def visitors_file(self) -> Path:
        """Where favourites and history are kept."""
        return self.visitors or self.artifacts / VISITORS


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # argparse would end the process, which is the server here.
        raise RecommenderError(
            f"wrong arguments ({message}): streamlit run app.py -- --artifacts DIR --data DIR "
            "--weights FILE --visitors FILE --runtime NAME --milvus-uri URI"
        )


def build_command(
    settings: Settings, *, data: Path | None, encoder: str | None, rebuild: bool
) -> str:
    """The command that makes the index these settings ask for, ready to paste.

    Args:
        settings: what the app was started with.
        data: the dataset folder of the index there is, if known.
        encoder: the encoder of that index, if known.
        rebuild: start over.

    >>> build_command(Settings(artifacts=Path("a b")), data=None, encoder=None, rebuild=True)
    "python build_index.py --artifacts 'a b' --rebuild"
    """
    command = ["python", "build_index.py"]
    data = settings.data or data
    if data is not None and data != DATA:
        command += ["--data", str(data)]
    if settings.artifacts != ARTIFACTS:
        command += ["--artifacts", str(settings.artifacts)]
    if encoder is not None:
        command += ["--encoder", encoder]
    if settings.weights is not None:
        command += ["--weights", str(settings.weights)]
    return quoted([*command, "--rebuild"] if rebuild else command)


def run_command(settings: Settings, *, weights: str) -> str:
    """The command that starts the app with these settings and some weights."""
    command = ["streamlit", "run", "app.py", "--"]
    if settings.artifacts != ARTIFACTS:
        command += ["--artifacts", str(settings.artifacts)]
    if settings.data is not None:
        command += ["--data", str(settings.data)]
    if settings.runtime != RUNTIMES[0]:
        command += ["--runtime", settings.runtime]
    return quoted([*command, "--weights", weights])


def quoted(command: Sequence[str]) -> str:
    """A command line as this system's shell wants it."""
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)
