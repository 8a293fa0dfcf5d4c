"""What a network runs on: TensorFlow, or OpenVINO, which is faster on processors.

Both compute the same vectors, so an index does not depend on the runtime that made it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt

from recommender.encoders.base import EncoderCard
from recommender.errors import MissingExtraError, RecommenderError

Runtime = Literal["tensorflow", "openvino"]
RUNTIMES: tuple[Runtime, ...] = get_args(Runtime)
"""Names of the runtimes, the default first."""


class Graph(Protocol):
    """A network, ready to run; safe in threads."""

    def __call__(self, batch: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Features float32 (n, dim) of uint8 pictures (n, height, width, 3)."""


def runtime_of(name: str) -> Runtime:
    """The runtime of a name, if it can be used here.

    Raises:
        RecommenderError: there is none of that name.
        MissingExtraError: it is not installed.
    """
    for runtime in RUNTIMES:
        if runtime == name:
            if runtime == "openvino" and find_spec("openvino") is None:
                raise openvino_missing()
            return runtime
    raise RecommenderError(f"there is no runtime {name!r}; choose one of: {', '.join(RUNTIMES)}")


def openvino_missing() -> MissingExtraError:
    """The error for a runtime that is not installed."""
    return MissingExtraError(
        "the runtime openvino is not installed: pip install -r requirements-openvino.txt"
    )


def graph_of(runtime: Runtime, build_model: Callable[[], Any], card: EncoderCard) -> Graph:
    """An encoder's network on a runtime; nothing is loaded before its first call.

    Args:
        runtime: which.
        build_model: returns a Keras model from float32 pixels (n, height, width, 3), RGB,
            0 to 255, to features (n, dim).
        card: of the encoder that the model belongs to.
    """
    if runtime == "openvino":
        from recommender.encoders.openvino import OpenVinoGraph

        return OpenVinoGraph(build_model, card)
    from recommender.encoders.frozen import FrozenGraph

    return FrozenGraph(build_model, card.input_size)
