"""The method page: how scores and bands come about, in words for everybody."""

from __future__ import annotations

import streamlit as st

from views.frame import reading_page
from views.i18n import prose

__all__ = ["page"]


def page() -> None:
    """Draw the page."""
    dataset, words = reading_page()
    st.title(words("method.title"), anchor=False)
    text = prose("method", words.language)
    st.markdown(text.format(reference=dataset.reference, gebietsstand=dataset.gebietsstand))
