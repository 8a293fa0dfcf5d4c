"""Index with many machines: a Ray cluster embeds, this process keeps what comes back.

Importing this does not import Ray.
"""

from recommender.distributed.cluster import RayCluster

__all__ = ["RayCluster"]
