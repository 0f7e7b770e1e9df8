"""What a grouping has no data for, and what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views import lens_words

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.i18n import Words

__all__ = ["missing"]


def missing(dataset: Dataset, words: Words) -> None:
    """Draw the areas without data, with what they would need, and name what has no area."""
    for layer in lens_words.empty_layers(dataset):
        st.header(words("lens.empty_label", name=words.of(layer.name)), anchor=False)
        st.markdown(f"{words.of(layer.description)} {words('lens.empty')}")
        for text in (layer.needs, layer.rationale):
            if told := words.of(text):
                st.markdown(told)
    if names := lens_words.names_left_out(dataset, words):
        st.markdown(names)
