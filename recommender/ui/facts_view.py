"""What there is to say about the index."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from recommender.facts import facts_of
from recommender.finding import Finder
from recommender.spreadsheet import csv_bytes
from recommender.ui.markdown import plain, readable

_MOST_SHOWN = 200


def facts_view(finder: Finder, folder: Path) -> None:
    """Draw it.

    Args:
        finder: of the catalogue.
        folder: of the index.
    """
    catalogue = finder.recommender.catalogue
    facts = facts_of(finder.recommender.index, folder)
    with st.container(horizontal=True, gap="large"):
        st.metric("Products", f"{facts.items:,}", width="content")
        st.metric("Numbers a product", f"{facts.dim:,}", width="content")
        st.metric("On disk", f"{facts.bytes_on_disk / 1e6:,.1f} MB", width="content")
        st.metric("Skipped pictures", f"{len(facts.skipped):,}", width="content")
    known = {
        "Encoder": facts.encoder or "unknown: this index has no manifest",
        "Its weights": facts.weights and f"SHA-256 {facts.weights[:16]}…",
        "Its licence": facts.licence,
        "Made": facts.created and facts.created.replace("T", " ").replace("+00:00", " UTC"),
        "Index": str(folder),
        "Pictures": str(facts.dataset),
        "Attributes": ", ".join(readable(name) for name in catalogue.columns)
        or "none: there is no styles.csv",
    }
    for name, value in known.items():
        if value:
            st.markdown(f"**{name}:** {plain(value)}")
    for note in catalogue.notes:
        st.caption(f"styles.csv: {plain(note)}")
    if not facts.skipped:
        return
    st.subheader("Skipped pictures", anchor=False)
    for reason, count in facts.reasons[:10]:
        st.markdown(f"- {count:,} × {plain(reason)}")
    columns = ("picture", "reason")
    st.dataframe(
        [dict(zip(columns, row, strict=True)) for row in facts.skipped[:_MOST_SHOWN]],
        hide_index=True,
    )
    st.download_button(
        "Download the list",
        csv_bytes(columns, facts.skipped),
        "skipped.csv",
        "text/csv",
        icon=":material/download:",
    )
