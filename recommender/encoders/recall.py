"""Draw what an encoder sees towards what it has learned to tell apart.

A block of the embedding is compared with the proxies of the values that it can name, and drawn
towards their mean, weighted by how likely each is: pictures that are taken for the same come closer
to each other, those between two values stay between them. This is one step of retrieval from a
modern Hopfield network: Ramsauer et al., "Hopfield Networks is All You Need", ICLR 2021.
"""

from __future__ import annotations

from typing import Any


def recalled(block: Any, proxies: Any, *, sharpness: float, share: float) -> Any:
    """Blocks, drawn towards the proxies; anything that `keras.ops` takes.

    Args:
        block: (n, size), unit rows.
        proxies: (values, size), unit rows.
        sharpness: factor from cosine to logit of the likelihood of each value.
        share: 0 leaves the block as it is, 1 leaves nothing of it but what is recalled.

    Returns:
        a tensor (n, size), unit rows.
    """
    import keras

    ops = keras.ops
    likely = ops.softmax(sharpness * ops.matmul(block, ops.transpose(proxies)), axis=-1)
    memory = ops.normalize(ops.matmul(likely, proxies), axis=-1)
    return ops.normalize((1.0 - share) * block + share * memory, axis=-1)
