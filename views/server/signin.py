"""Asking people to sign in before they give files or update the data, where the operator wants it.

It is wanted where Streamlit's secrets have a section ``[auth]`` (OpenID Connect by `st.login`,
extra ``signin``); without it nothing here is ever seen. Reading needs no sign-in.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st
from streamlit.runtime.secrets import secrets_singleton

from views.server.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from views.i18n import Words
    from views.server.settings import Settings

__all__ = ["Standing", "is_allowed", "is_wanted", "presence", "standing", "stop_unless_allowed"]

Standing = Literal["out", "expired", "refused", "allowed"]
_HOUR = 3_600
#: Characters of a name that are shown.
_LONGEST = 80


def is_wanted() -> bool:
    """Whether the operator asks for a sign-in."""
    return secrets_singleton.load_if_toml_exists() and "auth" in st.secrets


def standing(person: Mapping[str, Any], chosen: Settings, now: float) -> Standing:
    """Judge the claims of a person whom the provider vouches for.

    Parameters
    ----------
    person : mapping
        Claims of the ID token, and ``is_logged_in``.
    now : float
        Seconds since 1970.

    Returns
    -------
    {"out", "expired", "refused", "allowed"}
        ``expired`` where the sign-in is older than `Settings.signin_hours`, or its time unknown.
    """
    if not person.get("is_logged_in"):
        return "out"
    began = person.get("iat")
    if not isinstance(began, int | float) or now - began > chosen.signin_hours * _HOUR:
        return "expired"
    return "allowed" if _is_listed(person, chosen) else "refused"


def _is_listed(person: Mapping[str, Any], chosen: Settings) -> bool:
    if not chosen.signin_allow:
        return True
    given = person.get(chosen.signin_claim)
    values = {str(one).casefold() for one in (given if isinstance(given, list) else [given])}
    allowed = {one.casefold() for one in chosen.signin_allow}
    if chosen.signin_claim == "email":
        if person.get("email_verified") is not True:
            # Whoever can write any address into an account would otherwise be anybody.
            return False
        values |= {f"@{one.rpartition('@')[2]}" for one in values}
    return not allowed.isdisjoint(values)


def is_allowed() -> bool:
    """Whether whoever is before the page may give files and update the data."""
    return not is_wanted() or _standing() == "allowed"


def _standing() -> Standing:
    return standing(st.user.to_dict(), settings(), time.time())


def stop_unless_allowed(words: Words, *, key: str) -> bool:
    """Ask to sign in where that is needed; True if the rest must not be drawn."""
    if is_allowed():
        return False
    found = _standing()
    with st.container(key=f"signin-{key}"):
        st.info(words(f"signin.{found}"), icon=":material/lock:")
        if found != "refused":
            st.button(words("signin.in"), key=f"signin.in.{key}", on_click=st.login)
    return True


def presence(words: Words) -> None:
    """Say at the end of the sidebar who is signed in, with the way out."""
    if not is_wanted() or _standing() == "out":
        return
    with st.sidebar, st.container(key="signin-presence"):
        st.text(words("signin.who", name=_name(st.user.to_dict())))
        st.button(words("signin.leave"), key="signin.leave", on_click=st.logout)


def _name(person: Mapping[str, Any]) -> str:
    told = next((person[key] for key in ("name", "email", "sub") if person.get(key)), "–")
    return " ".join(str(told).split())[:_LONGEST]
