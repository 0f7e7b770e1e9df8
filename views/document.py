"""What the browser is told of the page as a whole, which Streamlit itself leaves in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views.map_component import component

if TYPE_CHECKING:
    from views.i18n import Language, Words

__all__ = ["tell"]

_mount = component("potenzialatlas_document", "document.js", isolate_styles=False)


def tell(language: Language, expand: str, words: Words) -> None:
    """Set the language that screen readers speak, and what opens the sidebar on narrow screens.

    Also tells the name of the menu that holds the page, which marks it in the bar. The browser asks
    for the page once more when its connection was lost and is back.
    """
    with st.container(key="document"):
        _mount(
            key="document.told",
            data={
                "language": language, "expand": expand, "menu": st.session_state.get("menu", ""),
                "texts": {"error": words("map.error")},
            },
            # That the page is drawn is all it takes.
            on_back_change=lambda: None,
        )  # fmt: skip
