"""The method page: how scores and bands come about, in words for everybody."""

from __future__ import annotations

import streamlit as st

from views import method_grid, own_banner
from views.frame import reading_page
from views.i18n import prose

__all__ = ["page"]


def page() -> None:
    """Draw the page."""
    dataset, words = reading_page()
    st.title(words("method.title"), anchor=False)
    own_banner.show(dataset, words)
    text = prose("method", words.language)
    filled = text.format(
        reference=dataset.reference,
        gebietsstand=dataset.gebietsstand,
        grid=method_grid.section(words),
    )
    st.markdown(filled)
