"""The self-check page: what people on site say of their municipality, beside the statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.selfcheck.file import LONGEST_NAME, one_line
from layers.selfcheck.statements import fields, source, statements
from views.frame import close_page, open_page
from views.search import search
from views.selfcheck import answering, book, comparing, concluding, files, offer, own_layer, results

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page"]

_VIEWS = ("answer", "result", "conclude", "compare")
_VIEW, _GO = answering.VIEW, "selfcheck.go"


def page() -> None:
    """Draw the page; answers never go into its link."""
    scene = open_page("selfcheck", _head, own=("view",))
    if scene is None:
        return
    words, region = scene.words, scene.state.selected
    files.opening(words)
    files.told()
    if region:
        _body(region, scene)
    else:
        st.info(words("selfcheck.choose"))
    st.caption(words.of(source()))
    view = st.session_state.get(_VIEW) or _VIEWS[0]
    close_page(scene, {"view": view if region and view != _VIEWS[0] else ""})


def _head(_: Dataset, words: Words) -> None:
    st.title(words("selfcheck.title"), anchor=False)
    st.markdown(words("selfcheck.lead", fields=len(fields()), statements=len(statements())))
    st.info(words("selfcheck.privacy"), icon=":material/lock:")
    search(words)


def _body(region: str, scene: Scene) -> None:
    words = scene.words
    _place(region, words)
    view = _view(scene)
    if view == "answer":
        answering.show(region, words)
        files.start_anew(region, scene)
        return
    check = book.of(region)
    {"result": results.show, "conclude": concluding.show, "compare": comparing.show}[view](
        check, scene
    )
    if view != "compare":
        offer.show(check, scene)
    if view == "result":
        own_layer.show(check, scene)


def _place(region: str, words: Words) -> None:
    key = f"selfcheck.place.{region}"
    st.session_state[key] = book.of(region).place

    def take() -> None:
        told = one_line(str(st.session_state[key]))[:LONGEST_NAME]
        book.keep(book.of(region).model_copy(update={"place": told}))

    st.text_input(
        words("selfcheck.place"), key=key, max_chars=LONGEST_NAME, on_change=take,
        placeholder=words("selfcheck.place_hint"),
    )  # fmt: skip


def _view(scene: Scene) -> str:
    session, words = st.session_state, scene.words
    # The view is first drawn when a region is chosen, which may come from a file.
    if scene.arrived or session.get(_VIEW) not in _VIEWS:
        asked = scene.own.get("view", "")
        session[_VIEW] = asked if asked in _VIEWS else _VIEWS[0]
    if go := session.pop(_GO, ""):
        session[_VIEW] = go
    chosen = st.segmented_control(
        words("selfcheck.view"), _VIEWS, key=_VIEW, required=True,
        format_func=lambda one: words(f"selfcheck_view.{one}"), label_visibility="collapsed",
    )  # fmt: skip
    return str(chosen)
