"""The method page: how scores and bands come about, in words for everybody."""

from __future__ import annotations

import streamlit as st

from layers.kinds import missing
from layers.recipe import Kinds
from views import method_grid, method_lens, method_strain, own_banner
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
        group=prose("method_group", words.language),
        distribution=prose("method_distribution", words.language),
        lenses=method_lens.section(dataset, words),
        kinds="" if missing(dataset, Kinds()) else prose("method_kinds", words.language),
        strain=method_strain.section(dataset, words),
        selfcheck=prose("method_selfcheck", words.language),
    )
    st.markdown(filled)
