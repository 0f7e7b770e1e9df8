"""The script that Streamlit runs: page settings, style, and which page is shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from layers.errors import PotenzialatlasError
from views import store
from views.i18n import words as words_of
from views.map_page import page as map_page
from views.reading_pages import data, method
from views.state import PageState

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
        st.error(words_of("de")("app.broken_dataset", message=error))
        st.stop()
    last: PageState = st.session_state.get("last", PageState())
    words = words_of(st.session_state.get("language") or last.language)
    chosen = st.navigation(
        [
            st.Page(map_page, title=words("pages.map"), url_path="karte", default=True),
            st.Page(data, title=words("pages.data"), url_path="daten"),
            st.Page(method, title=words("pages.method"), url_path="methode"),
        ],
        position="top",
    )
    st.session_state["came_from"] = st.session_state.get("page", "")
    st.session_state["page"] = chosen.url_path
    chosen.run()


main()
