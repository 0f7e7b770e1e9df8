"""What a person sees when a page fails: one sentence and a number, no code."""

from __future__ import annotations

import streamlit as st

from views.i18n import LANGUAGES, Language, words
from views.server import log

__all__ = ["show_fault"]


def show_fault(cause: Exception) -> bool:
    """Log what a page failed on and say so on it; True keeps Streamlit from showing it too."""
    reference = log.fault(cause, "page")
    words_of = words(_language())
    st.error(words_of("server.fault", reference=reference))
    return True


def _language() -> Language:
    asked = st.session_state.get("language") or st.query_params.get("lang")
    return asked if asked in LANGUAGES else LANGUAGES[0]
