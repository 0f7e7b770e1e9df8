"""The script that Streamlit runs: page settings, style, and which page is shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from layers.errors import PotenzialatlasError
from views import controls, store
from views.i18n import LANGUAGES, Language
from views.i18n import words as words_of
from views.pages import (
    accessibility,
    change,
    compare,
    data,
    distribution,
    grid,
    indicators,
    kinds,
    method,
    profile,
    robustness,
    selfcheck,
    weightings,
)
from views.pages import map as map_page
from views.parts import update
from views.server import signin
from views.server.turns import turn
from views.state import PageState

STYLE = Path(__file__).parents[1] / "style.css"
ICON = Path(__file__).parents[1] / "icon.svg"
#: Page -> what draws it, and its address; the first is the home page.
PAGES = {
    "map": (map_page.page, "karte"),
    "indicators": (indicators.page, "indikatoren"),
    "profile": (profile.page, "kreisprofil"),
    "compare": (compare.page, "vergleich"),
    "kinds": (kinds.page, "raumtypen"),
    "grid": (grid.page, "vor-ort"),
    "robustness": (robustness.page, "robustheit"),
    "change": (change.page, "veraenderung"),
    "weightings": (weightings.page, "gewichtungen"),
    "selfcheck": (selfcheck.page, "selbstcheck"),
    "distribution": (distribution.page, "verteilung"),
    "data": (data.page, "daten"),
    "method": (method.page, "methode"),
    "accessibility": (accessibility.page, "barrierefreiheit"),
}
#: Menus of the navigation and their pages; those of "" stand there by themselves.
MENUS = {
    "": ("map", "indicators"),
    "places": ("profile", "compare", "kinds", "grid"),
    "doubt": ("robustness", "change"),
    "together": ("weightings", "selfcheck", "distribution"),
    "basics": ("data", "method", "accessibility"),
}


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
    session = st.session_state
    language = _language()
    if session.get("spoken", language) != language:
        controls.relabel()
    session["spoken"] = language
    words = words_of(language)
    session["pages"] = {
        key: st.Page(draw, title=words(f"pages.{key}"), url_path=path, default=key == "map")
        for key, (draw, path) in PAGES.items()
    }
    menus = {
        words(f"menus.{menu}") if menu else "": [session["pages"][key] for key in keys]
        for menu, keys in MENUS.items()
    }
    chosen = st.navigation(menus, position="top", expanded=True)
    # Browser tabs, bookmarks and screen readers tell pages apart by this name.
    st.set_page_config(page_title=words("app.page_title", page=chosen.title))
    session["came_from"] = session.get("page", "")
    session["page"] = chosen.url_path
    session["menu"] = next(name for name, pages in menus.items() if chosen in pages)
    update.notice(words)
    with turn():
        chosen.run()
    accessibility.link(words)
    signin.presence(words)


def _language() -> Language:
    """Language of the page before, or that of the link which opened the session."""
    last: PageState = st.session_state.get("last", PageState())
    asked = st.session_state.get("language") or st.query_params.get("lang", last.language)
    return asked if asked in LANGUAGES else LANGUAGES[0]


if __name__ == "__main__":
    main()
