"""Colours of charts that depend on the theme a reader has: words, and the one accent."""

from __future__ import annotations

from typing import Any

import streamlit as st

__all__ = ["accent", "ink", "pale", "unnamed"]

_PALE = {"light": "#919191", "dark": "#686868"}


def accent() -> str:
    """Colour of what a chart is about."""
    return _of_theme("primaryColor")


def ink() -> str:
    """Colour of words: no grey is readable on light and on dark ground alike."""
    return _of_theme("textColor")


def pale() -> str:
    """Grey of what matters least: as near to the ground as can be seen (WCAG 1.4.11, 3:1)."""
    return _PALE[_theme()]


def unnamed(colour: str) -> dict[str, Any]:
    """Give the settings of every chart: what is read aloud, and the `colour` of its words.

    The names of single marks, axes and legends would be in English and without end: a chart has
    one description in the reader's language, and a table. Streamlit's own grey of axes and legends
    has a contrast of 3.6 to light ground.
    """
    words = {"labelColor": colour, "titleColor": colour}
    return {
        "mark": {"aria": False},
        "axis": {"aria": False, **words},
        "legend": {"aria": False, **words},
        "text": {"color": colour},
    }


def _of_theme(option: str) -> str:
    return str(st.get_option(f"theme.{_theme()}.{option}"))


def _theme() -> str:
    return st.context.theme.type or "light"
