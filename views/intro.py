"""The introduction in three steps: shown once per browser, and again to whoever asks for it.

Whether it was shown is kept by the browser itself (`component/intro.js`), not by the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views.map_component import component

if TYPE_CHECKING:
    from views.i18n import Words

__all__ = ["STEPS", "link", "show"]

#: What is explained, in this order: heading and text.
STEPS = (("map_head", "map_text"), ("weight_head", "weight_text"), ("band_head", "band_text"))
_ASKED = "intro.asked"

_mount = component("potenzialatlas_intro", "intro.js", isolate_styles=False)


def show(words: Words, *, welcome: bool) -> None:
    """Make room for the introduction; it stands in the page and covers nothing.

    Parameters
    ----------
    welcome : bool
        Whether this page shows it unasked to a browser that has not seen it.
    """
    with st.container(key="intro"):
        _mount(
            key="intro.steps",
            data={
                "asked": st.session_state.get(_ASKED, 0),
                "welcome": welcome,
                "steps": [
                    {"head": words(f"intro.{head}"), "text": words(f"intro.{text}")}
                    for head, text in STEPS
                ],
                "texts": {
                    "error": words("map.error"), "title": words("intro.title"),
                    "place": words.raw("intro.place"), "next": words("intro.next"),
                    "back": words("intro.back"), "close": words("intro.close"),
                    "done": words("intro.done"),
                },
            },
        )  # fmt: skip


def link(words: Words) -> None:
    """Offer the introduction again, at the foot of a page."""
    st.button(words("intro.title"), key="intro.again", type="tertiary", on_click=_ask)


def _ask() -> None:
    st.session_state[_ASKED] = st.session_state.get(_ASKED, 0) + 1
