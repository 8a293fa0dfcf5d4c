"""How the encoder ``fashion`` was trained: ``python -m recommender.training --help``."""
