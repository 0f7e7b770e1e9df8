"""The data page: every indicator with its years, gaps and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from layers.plain import unmarked
from views import downloads, own_banner
from views.frame import reading_page
from views.parts import own_data, quality, update

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["page"]


def page() -> None:
    """Draw the page."""
    dataset, words = reading_page()
    st.title(words("data.title"), anchor=False)
    st.markdown(words("data.lead"))
    own_banner.show(dataset, words)
    own_data.section(dataset, words)
    table = _indicators(dataset, words)
    st.dataframe(table, hide_index=True, height=480, alt=words("data.alt"))
    catalogue = dataset.catalogue
    key = st.selectbox(
        words("data.one"), list(catalogue.indicator_by_id), key="data.indicator",
        format_func=lambda one: words.of(catalogue.indicator_by_id[one].name),
    )  # fmt: skip
    _one(key, dataset, words)
    quality.section(dataset, words)
    update.section(dataset, words)
    st.header(words("sources.heading"), anchor=False)
    downloads.source_table(dataset, words)


def _indicators(dataset: Dataset, words: Words) -> pd.DataFrame:
    values = dataset.values[dataset.values["value"].notna()]
    years = values.groupby("indicator", observed=True)["year"]
    first, last = years.min(), years.max()
    newest = dataset.select()
    catalogue, rows = dataset.catalogue, []
    for key, one in catalogue.indicator_by_id.items():
        source = dataset.source_of(key, int(newest.years[key]))
        missing = int(newest.values[key].isna().sum())
        rows.append(
            {
                words("panel.layer"): words.of(catalogue.layer_by_id[catalogue.layer_of[key]].name),
                words("panel.indicator"): words.of(one.name),
                words("panel.unit"): words.of(one.unit),
                words("data.years"): _span(int(first[key]), int(last[key])),
                words("panel.year"): str(newest.years[key]),
                words("data.missing"): missing,
                words("panel.direction"): words(f"data.{_DIRECTION[one.direction]}"),
                words("weights.contested"): words("weights.yes") if one.contested else "",
                words("panel.source"): words.of(source.title),
                words("sources.status"): words(
                    f"sources.{source.licence_status.replace('-', '_')}"
                ),
                words("data.code"): one.source_code,
            }
        )
    return pd.DataFrame(rows)


_DIRECTION = {"+": "direction_up", "-": "direction_down", "0": "direction_none"}


def _span(first: int, last: int) -> str:
    return f"{first}–{last}" if first < last else str(last)


def _one(key: str, dataset: Dataset, words: Words) -> None:
    one = dataset.catalogue.indicator_by_id[key]
    source = dataset.source_of(key, int(dataset.select().years[key]))
    st.markdown(f"**{words.of(one.name)}** ({words.of(one.unit)})\n\n{words.of(one.definition)}")
    st.markdown(f"*{words('data.why')}* {words.of(one.rationale)}")
    told = (unmarked(source.attribution), words.of(source.changes), words.of(source.licence_note))
    st.caption(" ".join(told))
