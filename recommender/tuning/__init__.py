"""Teach an index the attributes of its own catalogue: ``python -m recommender tune``."""
