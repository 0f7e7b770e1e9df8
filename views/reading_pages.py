"""The pages to read: every indicator with its years, gaps and source; and how all is computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from views import downloads, store
from views.i18n import LANGUAGES
from views.i18n import words as words_of
from views.state import PageState

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.i18n import Language, Words

__all__ = ["data", "method"]

_TEXTS = Path(__file__).with_name("texts")


def data() -> None:
    """Draw the page that lists every indicator and every source."""
    language = _language()
    words, dataset = words_of(language), store.dataset()
    st.title(words("data.title"), anchor=False)
    st.markdown(words("data.lead"))
    table = _indicators(dataset, words)
    st.dataframe(table, hide_index=True, height=480, alt=words("data.alt"))
    catalogue = dataset.catalogue
    key = st.selectbox(
        words("data.one"), list(catalogue.indicator_by_id), key="data.indicator",
        format_func=lambda one: words.of(catalogue.indicator_by_id[one].name),
    )  # fmt: skip
    _one(key, dataset, words)
    st.subheader(words("sources.heading"), anchor=False)
    downloads.source_table(dataset, words)


def method() -> None:
    """Draw the page that explains how scores and bands come about."""
    language = _language()
    words, dataset = words_of(language), store.dataset()
    st.title(words("method.title"), anchor=False)
    text = (_TEXTS / f"method.{language}.md").read_text(encoding="utf-8")
    st.markdown(text.format(reference=dataset.reference, gebietsstand=dataset.gebietsstand))


def _language() -> Language:
    """Language from the link, else as on the page before; a switch to change it."""
    session = st.session_state
    last: PageState = session.get("last", PageState())
    asked = st.query_params.get("lang", last.language)
    session.setdefault("language", asked if asked in LANGUAGES else LANGUAGES[0])
    with st.sidebar:
        chosen = st.segmented_control(
            words_of("de")("app.language"), LANGUAGES, key="language", required=True,
            width="stretch", format_func=lambda one: words_of("de")(f"app.{one}"),
            label_visibility="collapsed",
        )  # fmt: skip
    language: Language = chosen or LANGUAGES[0]
    session["last"] = last.with_language(language)
    if language == LANGUAGES[0]:
        st.query_params.clear()
    else:
        st.query_params["lang"] = language
    return language


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
                words("weights.contested"): one.contested,
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
    st.caption(f"{source.attribution} {words.of(source.changes)} {words.of(source.licence_note)}")
