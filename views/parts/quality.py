"""The checks of the data on the data page: per indicator what stands behind it, and what is odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from layers.quality import Quality, examine
from layers.tables import FLAGS
from views import store
from views.quality_words import told

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["section"]


def section(dataset: Dataset, words: Words) -> None:
    """Draw the section; the checks run when somebody opens it."""
    st.header(words("quality.heading"), anchor=False)
    st.markdown(words("quality.lead"))
    if not st.toggle(words("quality.open"), key="data.quality"):
        return
    quality = _examined(dataset.reference)
    st.dataframe(
        _table(quality, dataset, words), hide_index=True, height=420, alt=words("quality.alt")
    )
    st.subheader(words("quality.checks", count=len(quality.findings)), anchor=False)
    if not quality.findings:
        st.markdown(words("quality.none"))
        return
    # Plain text: names and details come from files.
    for finding in quality.findings:
        st.text(told(finding, dataset, words))


@store.kept(most=4)
def _examined(reference: str) -> Quality:  # noqa: ARG001 -- the key of the cache
    return examine(store.dataset())


def _table(quality: Quality, dataset: Dataset, words: Words) -> pd.DataFrame:
    catalogue, rows = dataset.catalogue, []
    for key, row in quality.indicators.iterrows():
        source = dataset.sources[row["source"]]
        flags = [
            f"{words(f'flag.{flag}')} ({words.number(row[flag])})"
            for flag in sorted(FLAGS)
            if row[flag]
        ]
        status = row["licence_status"].replace("-", "_")
        rows.append(
            {
                words("panel.indicator"): words.of(catalogue.indicator_by_id[str(key)].name),
                words("quality.year"): str(row["year"]),
                words("quality.coverage"): words.percent(row["coverage"], 1),
                words("quality.findings"): int(row["findings"]),
                words("quality.flags"): ", ".join(flags),
                words("quality.source"): words.of(source.title),
                words("quality.licence"): row["licence"],
                words("sources.status"): words(f"sources.{status}"),
            }
        )
    return pd.DataFrame(rows)
