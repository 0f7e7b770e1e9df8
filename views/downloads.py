"""What can be taken away from a page: data files, the recipe, a link; and where all comes from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

from geo import publish
from views import store
from views.state import PageState, write

if TYPE_CHECKING:
    from layers import Bands, Scores
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["show", "source_table", "sources"]

#: Button -> file suffix, media type, German Excel or not.
_FILES = {
    "geojson": (".geojson", "application/geo+json", False),
    "csv_de": (".csv", "text/csv", True),
    "csv": (".csv", "text/csv", False),
    "xlsx": (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        False,
    ),
}


def show(state: PageState, scores: Scores, bands: Bands, words: Words) -> None:
    """Offer the results as files and the view as a link; files are made when asked for."""
    st.subheader(words("downloads.heading"), anchor=False)
    st.caption(words("downloads.note"))
    with st.container(horizontal=True):
        for key, (suffix, mime, german) in _FILES.items():
            make = partial(
                publish.to_bytes, scores, suffix, bands=bands, language=state.language,
                excel_de=german,
            )  # fmt: skip
            name = f"potenzialatlas_{key}{suffix}"
            st.download_button(
                words(f"downloads.{key}"), make, name, mime, key=f"get.{key}", on_click="ignore"
            )
        st.download_button(
            words("downloads.recipe"), state.recipe.to_toml(), "potenzialatlas_rezept.toml",
            "application/toml", key="get.recipe", on_click="ignore",
        )  # fmt: skip
    st.caption(words("downloads.permalink"))
    address = permalink(state)
    st.code(address, language=None, wrap_lines=True)
    if urlsplit(address).hostname in {"localhost", "127.0.0.1"}:
        st.caption(words("notice.local_link"))


def permalink(state: PageState) -> str:
    """Address that restores the page."""
    query = urlencode(write(state, store.default_recipe()))
    address = (st.context.url or "").partition("?")[0]
    return f"{address.rstrip('/')}/?{query}" if query else address


def sources(dataset: Dataset, words: Words) -> None:
    """Offer the sources, folded away."""
    with st.expander(words("sources.heading")):
        source_table(dataset, words)


def source_table(dataset: Dataset, words: Words) -> None:
    """List every source with edition, licence, whether it is confirmed, and the attribution."""
    told = words("sources.dataset", reference=dataset.reference, gebietsstand=dataset.gebietsstand)
    st.caption(f"{told} {words('sources.changed')}")
    rows = [
        {
            words("sources.title"): words.of(one.title),
            words("sources.publisher"): one.publisher,
            words("sources.edition"): one.edition,
            words("sources.licence"): one.licence,
            words("sources.status"): words(f"sources.{one.licence_status.replace('-', '_')}"),
            words("sources.attribution"): one.attribution,
        }
        for one in dataset.sources.values()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)
