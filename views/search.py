"""The field in which a region is looked for; every page has the same, and all show one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views import store

if TYPE_CHECKING:
    from views.i18n import Words

__all__ = ["search"]


def search(words: Words) -> str | None:
    """Draw the field, by name in the order of the alphabet; returns the key of who was chosen."""
    labels = store.labels()
    region: str | None = st.selectbox(
        words("filters.search"), list(labels), key="selected", index=None,
        format_func=labels.__getitem__, placeholder=words("filters.search_hint"),
    )  # fmt: skip
    return region
