"""Colours of charts that depend on the theme a reader has: words, and the one accent."""

from __future__ import annotations

from typing import Any

import streamlit as st

__all__ = ["accent", "ink", "unnamed"]


def accent() -> str:
    """Colour of what a chart is about."""
    return _of_theme("primaryColor")


def ink() -> str:
    """Colour of words: no grey is readable on light and on dark ground alike."""
    return _of_theme("textColor")


def unnamed() -> dict[str, Any]:
    """Give the settings of every chart: what is read aloud, and the colour of its words.

    The names of single marks, axes and legends would be in English and without end: a chart has
    one description in the reader's language, and a table. Streamlit's own grey of axes and legends
    has a contrast of 3.6 to light ground.
    """
    words = {"labelColor": ink(), "titleColor": ink()}
    return {
        "mark": {"aria": False},
        "axis": {"aria": False, **words},
        "legend": {"aria": False, **words},
        "text": {"color": ink()},
    }


def _of_theme(option: str) -> str:
    kind = st.context.theme.type or "light"
    return str(st.get_option(f"theme.{kind}.{option}"))
