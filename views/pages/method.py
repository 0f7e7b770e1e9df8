"""The method page: how scores and bands come about, in words for everybody."""

from __future__ import annotations

import streamlit as st

from views import own_banner
from views.frame import reading_page
from views.method_text import method_text

__all__ = ["page"]


def page() -> None:
    """Draw the page."""
    dataset, words = reading_page()
    st.title(words("method.title"), anchor=False)
    own_banner.show(dataset, words)
    st.markdown(method_text(dataset, words))
