"""The line on every page that says that data of somebody's own are part of what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.extend import own_indicators

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["show"]


def show(dataset: Dataset, words: Words) -> None:
    """Name the indicators that were added; nothing if there are none."""
    added = own_indicators(dataset)
    if not added:
        return
    listed = ", ".join(words("own_data.quoted", name=words.of(one.name)) for one in added)
    with st.container(key="own-banner"):
        st.info(words("own_data.banner", names=listed), icon=":material/person:")
