"""The edge between the program and a terminal."""

from __future__ import annotations

import io
import sys


def write_any_character() -> None:
    """Let the output hold characters that its encoding lacks, as a backslash and their number.

    On Windows, output that goes into a file or a pipe is not UTF-8; a product's name must not end
    the program there.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
