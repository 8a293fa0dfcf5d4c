"""Encoders that the workers of a test cluster import."""

from __future__ import annotations

import os
import signal
import uuid
from contextlib import suppress
from pathlib import Path

from recommender.errors import WeightsError
from tests.fakes import FakeEncoder


class Marking(FakeEncoder):
    """Leaves a mark for each batch; where a file `kill` lies, the first one to embed dies of it."""

    def __init__(self, marks: Path) -> None:
        super().__init__()
        self.marks = marks

    def warm_up(self) -> None:
        """Nothing to load, and no batch to mark."""

    def _features(self, batch):
        pictures = batch.tobytes().hex()
        (self.marks / f"{uuid.uuid4()}.{os.getpid()}").write_text(pictures)
        with suppress(FileNotFoundError):
            (self.marks / "kill").unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._features(batch)


class Elsewhere(FakeEncoder):
    """Has its weights in one process only, as on a machine to which nobody copied them."""

    def __init__(self) -> None:
        super().__init__()
        self.home = os.getpid()

    @property
    def card(self):
        if os.getpid() != self.home:
            raise WeightsError("there is no file /weights.h5: name another with --weights")
        return super().card
