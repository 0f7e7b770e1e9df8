"""The statement on accessibility, in the form that BITV 2.0 asks for, and the way to it.

What a copy's operator has to say (name, contact, the body that enforces) comes from the settings of
the server; where it is missing, the page says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from views import colours
from views.charts.tables import html_table
from views.frame import reading_page
from views.i18n import LANGUAGES, prose
from views.server.settings import settings

if TYPE_CHECKING:
    from views.i18n import Words

__all__ = ["link", "page", "statement"]

_NAME = "accessibility"
#: Where the table of colours stands in the statement.
_COLOURS = "{colours}"
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ADDRESS = re.compile(r"https?://[\w./-]+")


def page() -> None:
    """Draw the page."""
    _, words = reading_page()
    st.title(words("accessibility.title"), anchor=False)
    before, _, after = statement(words).partition(_COLOURS)
    st.markdown(before)
    head, rows = colours.table(words)
    st.html(html_table(head, rows, label=words("colours.label")))
    st.markdown(after)


def statement(words: Words) -> str:
    """Return the statement in Markdown, with what the operator has set and a place for colours."""
    chosen = settings()
    told = {
        "operator": _said(chosen.operator, "operator", words),
        "contact": _said(chosen.operator_contact, "contact", words),
        "enforcement": _said(chosen.operator_enforcement, "enforcement", words),
        "colours": _COLOURS,
    }
    return prose(_NAME, words.language).format(**told)


def link(words: Words) -> None:
    """Offer the statement at the foot of a page; the page itself needs no way to itself."""
    page = st.session_state["pages"][_NAME]
    if st.session_state["page"] != page.url_path:
        query = {} if words.language == LANGUAGES[0] else {"lang": words.language}
        st.page_link(page, label=words("accessibility.title"), query_params=query)


def _said(given: str, key: str, words: Words) -> str:
    """Say what the operator has set, as text and never as markup; else what is missing."""
    given = " ".join(given.split())
    if not given:
        return words(f"accessibility.no_{key}")
    if _MAIL.fullmatch(given):
        return f"[{_literal(given)}](mailto:{given})"
    if _ADDRESS.fullmatch(given):
        return f"[{_literal(given)}]({given})"
    return _literal(given)


def _literal(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
