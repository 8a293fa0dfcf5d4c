"""Encoders by name. Importing this loads no deep-learning framework."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from recommender.encoders.base import Encoder, EncoderCard, Resize
from recommender.encoders.runtimes import RUNTIMES, runtime_of
from recommender.errors import RecommenderError

__all__ = [
    "RUNTIMES",
    "Encoder",
    "EncoderCard",
    "Resize",
    "encoder_maker",
    "encoder_names",
    "get_encoder",
    "register_encoder",
]

EncoderFactory = Callable[..., Encoder]

_BUILT_IN = {
    "resnet50": "recommender.encoders.resnet50:ResNet50Encoder",
    "fashion": "recommender.encoders.fashion:FashionEncoder",
}
_registered: dict[str, EncoderFactory] = {}


def encoder_names() -> list[str]:
    """Names that `get_encoder` takes, the default first."""
    return [*_BUILT_IN, *_registered]


def register_encoder(name: str, factory: EncoderFactory) -> None:
    """Make an encoder of your own available by name, in this process.

    Args:
        name: what `get_encoder` and ``--encoder`` will take.
        factory: called as ``factory(weights=..., resize=...)``; returns an `Encoder`.
    """
    _registered[name] = factory


def get_encoder(
    name: str,
    *,
    weights: str | Path | None = None,
    resize: Resize = "bilinear",
    runtime: str = RUNTIMES[0],
) -> Encoder:
    """Build an encoder; its weights are loaded on first use.

    Args:
        name: one of `encoder_names()`.
        weights: a weights file to use instead of the encoder's own.
        resize: how pictures are brought to the input size.
        runtime: what its network runs on, one of `RUNTIMES`; the vectors are the same.

    Raises:
        RecommenderError: there is no encoder or no runtime of that name.
        MissingExtraError: the runtime is not installed.
    """
    weights = None if weights is None else Path(weights)
    return _factory(name, runtime)(weights=weights, resize=resize)


def encoder_maker(
    encoder: str | Encoder, *, weights: str | Path | None = None, runtime: str = RUNTIMES[0]
) -> Callable[[], Encoder]:
    """What builds an encoder, here or, pickled, in another process.

    Args:
        encoder: one of `encoder_names()`; or an encoder, which is handed out as it is.
        weights: a weights file to use instead of the encoder's own.
        runtime: what its network runs on, if it is given by name.

    Raises:
        RecommenderError: there is no encoder or no runtime of that name.
    """
    if isinstance(encoder, Encoder):
        return partial(_as_it_is, encoder)
    path = None if weights is None else Path(weights).absolute()
    return partial(_factory(encoder, runtime), weights=path, resize="bilinear")


def _as_it_is(encoder: Encoder) -> Encoder:
    return encoder


def _factory(name: str, runtime: str) -> EncoderFactory:
    chosen = runtime_of(runtime)
    if name in _registered:
        if chosen != RUNTIMES[0]:
            raise RecommenderError(
                f"the encoder {name!r} runs on what it brings with it: leave --runtime out"
            )
        return _registered[name]
    if name in _BUILT_IN:
        module, _, attribute = _BUILT_IN[name].partition(":")
        return partial(getattr(import_module(module), attribute), runtime=chosen)
    raise RecommenderError(
        f"there is no encoder {name!r}; choose one of: {', '.join(encoder_names())}"
    )
