"""One page drawn alone on Streamlit's test bench, and what a reader finds on it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from views.pages.navigation import PAGES

#: Seconds that a page may take on a busy machine.
PATIENCE = 120


def _draw(module: str, address: str) -> None:
    import importlib

    import streamlit as st

    # What the navigation tells a page: whether it was just entered.
    st.session_state["came_from"] = st.session_state.get("page", "")
    st.session_state["page"] = address
    importlib.import_module(f"views.pages.{module}").page()


def bench(name: str) -> AppTest:
    """Put a page, called as in the navigation, on the bench; it is not yet drawn."""
    return AppTest.from_function(_draw, default_timeout=PATIENCE, args=(name, PAGES[name][1]))


def run(app: AppTest, **query: str) -> AppTest:
    """Draw the page under a query; for the points of its keys stand two underlines."""
    app.query_params.update({key.replace("__", "."): value for key, value in query.items()})
    app.run()
    assert not app.exception, app.exception[0].message
    return app


def linked(app: AppTest) -> dict[str, str]:
    """Query of the address bar as plain text."""
    return {
        key: value[0] if isinstance(value, list) else value
        for key, value in app.query_params.items()
    }


def said(app: AppTest) -> str:
    """All sentences on the page, but for those in tables and charts."""
    parts = [*app.title, *app.header, *app.markdown, *app.caption]
    parts += [*app.info, *app.warning, *app.error]
    return " ".join(str(one.value) for one in parts)
