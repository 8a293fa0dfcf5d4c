"""What a shop's owner should look at: listings twice over, doubtful labels, bad pictures.

Nothing is changed. 40,024 products take about a minute, most of it for the neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.catalogue import Catalogue
from recommender.columns import Column
from recommender.doubts import VOTERS, Doubt, doubts
from recommender.errors import QueryError
from recommender.file_lists import read_skipped
from recommender.likeness import COLOUR
from recommender.neighbourhood import TYPE
from recommender.picture_check import (
    TINY,
    PictureProblem,
    picture_problems,
    rows_without_picture,
)
from recommender.search import Recommender
from recommender.survey import Survey, survey

ATTRIBUTES = (TYPE, COLOUR)
"""What is looked into unless other attributes are named: the category and the colour."""
_MOST_LABELS = 1000
_VOTERS_SHOWN = 6

OnStep = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, of how many)."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Findings of one kind.

    Attributes:
        columns: names, in the order of the cells.
        rows: one a finding.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Audit:
    """What was found.

    Attributes:
        duplicates: rows of the index that are nearly identical, a tuple a product; the listing
            that comes first in the catalogue is first, and the largest group.
        doubts: labels that the neighbours contradict, the surest of each attribute first.
        pictures: pictures that should be replaced.
        unpictured: (id, name) of rows of ``styles.csv`` without a picture.
        survey: the neighbours that voted.
    """

    duplicates: tuple[tuple[int, ...], ...]
    doubts: tuple[Doubt, ...]
    pictures: tuple[PictureProblem, ...]
    unpictured: tuple[tuple[str, str], ...]
    survey: Survey

    def voters(self, doubt: Doubt) -> list[int]:
        """Rows of a few of the neighbours that spoke against a label."""
        return [row for row in self.survey.rows[doubt.row, :_VOTERS_SHOWN].tolist() if row >= 0]

    def tables(self, catalogue: Catalogue) -> Mapping[str, Table]:
        """The findings by name, ready to be shown or written."""
        items = catalogue.items

        def of(row: int) -> tuple[str, str, str]:
            return items[row].id, items[row].title, items[row].filename

        return {
            "near-duplicates": Table(
                columns=("group", "id", "name", "picture"),
                rows=tuple(
                    (number, *of(row))
                    for number, group in enumerate(self.duplicates, start=1)
                    for row in group
                ),
            ),
            "doubtful-labels": Table(
                columns=("id", "name", "picture", "attribute", "given", "suggested",
                         "neighbours with given", "neighbours with suggested", "evidence"),
                rows=tuple(
                    (*of(doubt.row), doubt.attribute, doubt.given, doubt.suggested,
                     round(doubt.given_share, 3), round(doubt.suggested_share, 3),
                     round(doubt.evidence, 2))
                    for doubt in self.doubts
                ),
            ),
            "pictures": Table(
                columns=("picture", "problem", "detail"),
                rows=tuple((one.filename, one.problem, one.detail) for one in self.pictures),
            ),
            "rows-without-picture": Table(columns=("id", "name"), rows=self.unpictured),
        }  # fmt: skip


def audit(
    recommender: Recommender,
    artifacts: Path,
    *,
    attributes: Sequence[str] | None = None,
    tiny: int = TINY,
    on_step: OnStep | None = None,
) -> Audit:
    """Look through a whole catalogue.

    Args:
        recommender: its index.
        artifacts: the index folder, for the list of what was skipped.
        attributes: whose labels to look into; None for those of `ATTRIBUTES` that there are.
        tiny: pixels of the shorter side below which a picture is tiny.
        on_step: follows the work.

    Raises:
        QueryError: an attribute that the catalogue does not have, or that is no label.
        CatalogueError: ``styles.csv`` cannot be read.
    """
    catalogue, index = recommender.catalogue, recommender.index
    columns = {name: _label_column(catalogue, name) for name in _chosen(catalogue, attributes)}

    def follow(step: str) -> Callable[[int, int], None]:
        return lambda done, total: on_step(step, done, total) if on_step else None

    own, threshold = recommender.one_product
    surveyed = survey(
        index.embeddings,
        VOTERS,
        threshold=threshold,
        own=own,
        progress=follow("Comparing the products"),
    )
    skipped = read_skipped(artifacts)
    return Audit(
        duplicates=tuple(tuple(group.tolist()) for group in surveyed.groups()),
        doubts=tuple(
            doubt
            for name, column in columns.items()
            for doubt in doubts(name, column, surveyed.rows)
        ),
        pictures=tuple(
            picture_problems(
                index.dataset, index.filenames, skipped, tiny=tiny,
                progress=follow("Looking at the pictures"),
            )
        ),
        unpictured=tuple(
            rows_without_picture(index.dataset, [*index.filenames, *(name for name, _ in skipped)])
        ),
        survey=surveyed,
    )  # fmt: skip


def _chosen(catalogue: Catalogue, attributes: Sequence[str] | None) -> Iterable[str]:
    if attributes is not None:
        return dict.fromkeys(attributes)
    return [name for name in ATTRIBUTES if name in catalogue.columns]


def _label_column(catalogue: Catalogue, name: str) -> Column:
    column = catalogue.column(name)
    if len(column.values) > _MOST_LABELS:
        raise QueryError(
            f"{name!r} has {len(column.values):,} different values, more than {_MOST_LABELS:,}: it "
            "is no label; name another --attribute"
        )
    return column
