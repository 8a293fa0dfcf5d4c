"""A sample catalogue, drawn with Pillow: something to search before one's own pictures are there.

`plan` decides what the products are, `drawing` draws one, `catalogue_files` writes them all, and
`snapshots` takes the "phone photos" that are used as queries.
"""

from recommender.sample.catalogue_files import draw_sample, is_sample
from recommender.sample.plan import plan_sample
from recommender.sample.snapshots import draw_query, sample_queries

__all__ = ["draw_query", "draw_sample", "is_sample", "plan_sample", "sample_queries"]
