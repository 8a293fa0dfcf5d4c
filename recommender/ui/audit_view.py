"""What the shop's owner should look at."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from recommender.audit import Audit, Table, audit
from recommender.catalogue import STYLES_CSV
from recommender.errors import RecommenderError
from recommender.finding import Finder
from recommender.spreadsheet import csv_bytes
from recommender.ui.cards import picture
from recommender.ui.loading import index_time
from recommender.ui.markdown import plain
from recommender.ui.thumbnails import changed_at

_KINDS = {
    "near-duplicates": (
        "Listed more than once",
        "Pictures so alike that they are taken for one product. Choose a row to see its group.",
    ),
    "doubtful-labels": (
        "Doubtful labels",
        "Most of the products that look like these have another label, and far more of them than "
        "is usual for the label given; the surest first. Choose a row to see who disagrees.",
    ),
    "pictures": ("Pictures to replace", "Broken, missing, or tiny."),
    "rows-without-picture": (
        "Rows without a picture",
        "Products of styles.csv that no picture belongs to: nobody can find them.",
    ),
}


@dataclass
class _Shelf:
    """The last audit, for all visitors."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    key: object = None
    audit: Audit | None = None


@st.cache_resource
def _shelf() -> _Shelf:
    return _Shelf()


def audit_view(finder: Finder, folder: Path) -> None:
    """Draw it; the audit itself is made when the visitor asks for it.

    Args:
        finder: of the catalogue.
        folder: of the index.
    """
    recommender = finder.recommender
    styles = changed_at(recommender.index.dataset / STYLES_CSV)
    key = (folder, index_time(folder), styles)
    shelf = _shelf()
    if shelf.key != key or shelf.audit is None:
        place = st.empty()
        with place.container():
            asked = _offer()
            if not asked or not _look_through(finder, folder, shelf, key):
                return
        place.empty()
    found = shelf.audit
    if found is None:
        return
    tables = found.tables(recommender.catalogue)
    counts = {name: len(table.rows) for name, table in tables.items()}
    counts["near-duplicates"] = len(found.duplicates)
    kind = st.segmented_control(
        "Findings",
        options=list(_KINDS),
        format_func=lambda name: f"{_KINDS[name][0]} · {counts[name]:,}",
        default="near-duplicates",
        required=True,
        key="findings",
        label_visibility="collapsed",
    )
    _findings(kind, tables[kind], found, finder)


def _offer() -> bool:
    st.markdown(
        "Looks through the whole catalogue for products listed twice, labels that the neighbours "
        "contradict, and pictures that should be replaced. It takes about a minute for 40,000 "
        "products, and changes nothing."
    )
    return st.button("Look through the catalogue", icon=":material/fact_check:", type="primary")


def _look_through(finder: Finder, folder: Path, shelf: _Shelf, key: object) -> bool:
    """Make the audit, unless another visitor has just done so; whether it is there now."""
    bar = st.progress(0.0, text="Waiting for another visitor's audit …")

    def on_step(step: str, done: int, total: int) -> None:
        bar.progress(done / total, text=f"{step}: {done:,} of {total:,}")

    with shelf.lock:
        if shelf.key != key or shelf.audit is None:
            try:
                shelf.audit = audit(finder.recommender, folder, on_step=on_step)
            except RecommenderError as error:
                st.error(plain(str(error)), icon=":material/error:")
                return False
            shelf.key = key
    bar.empty()
    return True


def _findings(kind: str, table: Table, found: Audit, finder: Finder) -> None:
    st.caption(_KINDS[kind][1])
    if not table.rows:
        st.success("Nothing found.", icon=":material/check:")
        return
    chosen = st.dataframe(
        {name: [row[place] for row in table.rows] for place, name in enumerate(table.columns)},
        hide_index=True,
        height=min(420, 38 + 35 * len(table.rows)),
        on_select="rerun",
        selection_mode="single-row",
        key=f"table-{kind}",
    )
    st.download_button(
        "Download as CSV",
        csv_bytes(table.columns, table.rows),
        f"{kind}.csv",
        "text/csv",
        icon=":material/download:",
        key=f"download-{kind}",
    )
    for place in chosen["selection"]["rows"][:1]:
        if kind == "near-duplicates":
            group = found.duplicates[int(table.rows[place][0]) - 1]
            _pictures("These are listed on their own:", group, finder)
        elif kind == "doubtful-labels":
            doubt = found.doubts[place]
            _pictures(
                f"Given as **{plain(doubt.given)}**; most of its neighbours are "
                f"**{plain(doubt.suggested)}**. First the product, then those nearest to it:",
                [doubt.row, *found.voters(doubt)],
                finder,
                attribute=doubt.attribute,
            )


def _pictures(
    text: str, rows: Sequence[int], finder: Finder, *, attribute: str | None = None
) -> None:
    st.markdown(text)
    with st.container(key="tiles-audit"):
        for number, row in enumerate(rows):
            item = finder.recommender.catalogue.items[row]
            with st.container(key=f"card-audit-{number}", gap="xsmall"):
                picture(item, finder.recommender)
                label = item.attributes.get(attribute) if attribute else None
                st.caption(plain(f"{item.title} ({item.id})"))
                if label is not None:
                    st.markdown(f"**{plain(str(label))}**")
