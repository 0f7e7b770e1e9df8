"""The script that Streamlit runs: page settings, style, and the one page there is so far."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from layers.errors import PotenzialatlasError
from views import store
from views.i18n import words
from views.map_page import page

STYLE = Path(__file__).with_name("style.css")
ICON = Path(__file__).with_name("icon.svg")


def main() -> None:
    """Run the app once, as Streamlit does on every change."""
    st.set_page_config(
        page_title="Potenzialatlas", layout="wide", page_icon=str(ICON), initial_sidebar_state=320
    )
    st.html(STYLE)
    try:
        store.dataset()
    except PotenzialatlasError as error:
        st.error(words("de")("app.broken_dataset", message=error))
        st.stop()
    page()


main()
