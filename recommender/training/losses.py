"""What the network is asked to do: name the attributes, tell products apart, keep like with like.

Sources: proxies on the unit sphere, Zhai & Wu, "Classification is a Strong Baseline for Deep Metric
Learning", BMVC 2019; many words at once, Mahajan et al., "Exploring the Limits of Weakly Supervised
Pretraining", ECCV 2018; supervised contrastive loss, Khosla et al., NeurIPS 2020; instance
discrimination, Wu et al., CVPR 2018; a memory of past batches, Wang et al., "Cross-Batch Memory for
Embedding Learning", CVPR 2020.
"""

from __future__ import annotations

from typing import Any

from recommender.encoders.fashion_network import BLOCKS
from recommender.encoders.frozen import import_tensorflow

HEADS: dict[str, tuple[str, str, float]] = {
    "articleType": ("type", "articleType", 1.6),
    "subCategory": ("type", "subCategory", 0.3),
    "baseColour": ("colour", "baseColour", 1.0),
    "gender": ("gender", "gender", 0.7),
    "usage": ("general", "usage", 0.2),
    "season": ("general", "season", 0.2),
    "general_type": ("general", "articleType", 0.7),
    "general_colour": ("general", "baseColour", 0.4),
    "words": ("general", "words", 0.4),
}
"""Name of a head → (block it reads, label it predicts, weight of its loss)."""
STREET_WEIGHTS = {"articleType": 1.0, "general_type": 0.5}
"""Head → weight of what it says of snapshots."""
INSTANCE_WEIGHT = 0.2
JOINT_WEIGHT = 1.0
BLOCK_WEIGHTS = {"general": 0.5, "type": 0.55, "colour": 0.55, "gender": 0.38}
"""How the blocks are joined while training; the shipped weights are tuned afterwards."""
_TEMPERATURE = 0.1
_SMOOTHING = 0.05
_FAR_BELOW = -1e9


def joined(blocks: dict[str, Any], weights: dict[str, float]) -> Any:
    """The embedding: blocks, weighted, side by side, scaled to unit length."""
    tf = import_tensorflow()
    parts = [blocks[name] * weights[name] for name in BLOCKS]
    return tf.math.l2_normalize(tf.concat(parts, axis=-1), axis=-1)


def cross_entropy(logits: Any, labels: Any) -> Any:
    """Mean smoothed cross-entropy over the rows whose label is known.

    Args:
        logits: (n, classes).
        labels: int (n,), -1 for unknown.
    """
    tf = import_tensorflow()
    known = tf.cast(labels >= 0, tf.float32)
    log_p = tf.nn.log_softmax(logits)
    right = tf.gather(log_p, tf.maximum(labels, 0), batch_dims=1)
    loss = -(1 - _SMOOTHING) * right - _SMOOTHING * tf.reduce_mean(log_p, axis=-1)
    return tf.reduce_sum(known * loss) / tf.maximum(tf.reduce_sum(known), 1.0)


def words_cross_entropy(logits: Any, words: Any) -> Any:
    """Mean cross-entropy of each word of a name under one softmax.

    Args:
        logits: (n, vocabulary).
        words: int (n, w), padded with -1.
    """
    tf = import_tensorflow()
    known = tf.cast(words >= 0, tf.float32)
    log_p = tf.gather(tf.nn.log_softmax(logits), tf.maximum(words, 0), batch_dims=1)
    return -tf.reduce_sum(known * log_p) / tf.maximum(tf.reduce_sum(known), 1.0)


def street_loss(type_logits: Any, expected: Any) -> Any:
    """Cross-entropy of snapshots whose class is known but not which of its types they are.

    The target leans halfway from what is expected of the class to what the network sees. Asked for
    the summed probability of the fitting types alone, a network learns to call every snapshot by
    the rarest of them, which no catalogue picture contests.

    Args:
        type_logits: (n, types).
        expected: float (n, types), how frequent each fitting type is among them; 0 for the others,
            and everywhere for a snapshot of which the catalogue has no type.
    """
    tf = import_tensorflow()
    some = tf.reduce_sum(expected, axis=-1)
    log_p = tf.nn.log_softmax(type_logits)
    between = 0.5 * (log_p + tf.math.log(tf.maximum(expected, 1e-30)))
    between = tf.where(expected > 0, between, _FAR_BELOW)
    target = tf.stop_gradient(tf.nn.softmax(between))
    return -tf.reduce_mean(some * tf.reduce_sum(target * log_p, axis=-1))


def instance_loss(anchors: Any, partners: Any, memory: Any) -> Any:
    """Find the other view of the same product among the batch and the memory.

    Args:
        anchors: unit rows (n, d).
        partners: unit rows (n, d), the other views in the same order.
        memory: unit rows (m, d) of other products; zero rows are empty.
    """
    tf = import_tensorflow()
    others = tf.matmul(anchors, memory, transpose_b=True) / _TEMPERATURE
    empty = tf.reduce_all(tf.equal(memory, 0.0), axis=-1)
    others = tf.where(empty[None, :], _FAR_BELOW, others)
    batch = tf.matmul(anchors, partners, transpose_b=True) / _TEMPERATURE
    log_p = tf.nn.log_softmax(tf.concat([batch, others], axis=-1))
    return -tf.reduce_mean(tf.linalg.diag_part(log_p[:, : tf.shape(anchors)[0]]))


def joint_loss(anchors: Any, labels: Any, memory: Any, memory_labels: Any) -> Any:
    """Be nearer to products of the same type, colour and gender than to others (SupCon).

    Args:
        anchors: unit rows (n, d).
        labels: int64 (n,), -1 for unknown.
        memory: unit rows (m, d), seen before.
        memory_labels: int64 (m,), -1 for empty or unknown.
    """
    tf = import_tensorflow()
    logits = tf.matmul(anchors, memory, transpose_b=True) / _TEMPERATURE
    logits = tf.where(memory_labels[None, :] < 0, _FAR_BELOW, logits)
    same = tf.cast((labels[:, None] == memory_labels[None, :]) & (labels[:, None] >= 0), tf.float32)
    count = tf.reduce_sum(same, axis=-1)
    some = tf.cast(count > 0, tf.float32)
    log_p = tf.nn.log_softmax(logits)
    loss = -tf.reduce_sum(same * log_p, axis=-1) / tf.maximum(count, 1.0)
    return tf.reduce_sum(some * loss) / tf.maximum(tf.reduce_sum(some), 1.0)
