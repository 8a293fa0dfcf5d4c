"""The errors that this package raises on purpose.

Every message is one line: what is wrong, then how to mend it. Libraries raise, and only the edges
(the scripts and the app) print.
"""


class RecommenderError(Exception):
    """Base of every error that is the input's fault, not the program's."""


class ImageError(RecommenderError):
    """A file or an upload that cannot be used as a picture."""


class CatalogueError(RecommenderError):
    """A dataset folder or a ``styles.csv`` that cannot be read as a catalogue."""


class WeightsError(RecommenderError):
    """Weights that are missing, unreadable, or made for another model."""


class ArtifactsError(RecommenderError):
    """An index folder that is missing, broken, hostile, or made for something else."""


class StorageError(RecommenderError):
    """A folder that cannot be written: full disk, missing permission, in use by another run."""


class MissingExtraError(RecommenderError):
    """An optional dependency that is not installed; the message names the command."""


class EngineError(RecommenderError):
    """A search engine's database that cannot be reached, opened or filled."""


class ClusterError(RecommenderError):
    """Machines that do not answer, or that cannot do the work they were given."""


class QueryError(RecommenderError):
    """A search that cannot be answered: unknown item, impossible k, unknown attribute."""
