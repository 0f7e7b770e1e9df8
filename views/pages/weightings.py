"""The page of several people's weightings: two side by side, or all laid over each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.errors import PotenzialatlasError
from views import controls, store
from views.frame import close_page, open_page
from views.group import collect, everybody, two, voices

if TYPE_CHECKING:
    from layers import Scores
    from layers.dataset import Dataset
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page"]

_SEVERAL = 2
_VIEWS = ("all", "two")
_VIEW = "weightings.view"


def page() -> None:
    """Draw the page."""
    scene = open_page("weightings", _head, own=("list", "two", "view"))
    if scene is None:
        return
    _restore(scene)
    collect.show(scene)
    scored = _scored(scene)
    if len(scored) < _SEVERAL:
        st.info(scene.words("weightings.need_two"))
    else:
        _comparison(scored, scene)
    close_page(scene, _own(scene))


def _head(_dataset: Dataset, words: Words) -> None:
    st.title(words("weightings.title"), anchor=False)
    st.markdown(words("weightings.lead", most=voices.MOST))


def _restore(scene: Scene) -> None:
    """Take over what a link says; what had no room in it is kept from the session."""
    session, presets = st.session_state, store.presets()
    text = scene.own.get("list", "")
    kept = collect.kept()
    if kept is None or (scene.arrived and voices.write_voices(kept, presets)[0] != text):
        read, damaged = voices.read_voices(text, presets, scene.dataset.catalogue)
        collect.keep(read)
        if damaged:
            st.warning(scene.words("weightings.damaged", count=damaged))
    if scene.arrived:
        session[_VIEW] = scene.own.get("view") if scene.own.get("view") in _VIEWS else _VIEWS[0]
    if scene.arrived or not {two.FIRST, two.SECOND} <= set(session):
        _take_two(scene.own.get("two", ""))


def _take_two(text: str) -> None:
    """Choose the two to be compared by their places in the list, ``1~3``."""
    keys = [voice.key for voice in collect.kept() or ()]
    places = [int(one) - 1 for one in text.split("~") if one.isascii() and one.isdecimal()]
    chosen = [keys[place] for place in places if 0 <= place < len(keys)]
    if len(chosen) != _SEVERAL or chosen[0] == chosen[1]:
        chosen = keys[:_SEVERAL]
    st.session_state.update(dict(zip((two.FIRST, two.SECOND), chosen, strict=False)))


def _own(scene: Scene) -> dict[str, str]:
    """Return what the link has to remember of this page."""
    session = st.session_state
    kept = collect.kept() or ()
    text, left_out = voices.write_voices(kept, store.presets())
    if left_out:
        listed = ", ".join(voice.title(scene.words) for voice in left_out)
        st.info(scene.words("weightings.no_room", names=listed))
    keys = [voice.key for voice in kept]
    chosen = (session.get(two.FIRST), session.get(two.SECOND))
    places = [str(keys.index(key) + 1) for key in chosen if key in keys]
    view = session.get(_VIEW) or _VIEWS[0]
    return {
        "list": text,
        "two": "~".join(places) if len(places) == _SEVERAL and places != ["1", "2"] else "",
        "view": view if view != _VIEWS[0] else "",
    }


def _scored(scene: Scene) -> dict[str, Scores]:
    """Score every weighting with the page's selection and method; tell which cannot be."""
    words, found = scene.words, {}
    for voice in collect.kept() or ():
        recipe = controls.with_weights(scene.state.recipe, voice.recipe)
        try:
            found[voice.key] = store.scores(recipe)
        except PotenzialatlasError as error:
            code = f"error.{error.code}"
            reason = words(code) if code in words.texts else error
            st.warning(words("weightings.refused", name=voice.title(words), message=reason))
    return found


def _comparison(scored: dict[str, Scores], scene: Scene) -> None:
    words = scene.words
    view = st.segmented_control(
        words("weightings.view"), _VIEWS, key=_VIEW, required=True,
        format_func=lambda one: words(f"weightings.{one}"), label_visibility="collapsed",
    )  # fmt: skip
    named = voices.titles(collect.kept() or (), words)
    titles = {key: title for key, title in named.items() if key in scored}
    if view == "two":
        two.show(scored, titles, scene)
    else:
        everybody.show({titles[key]: one for key, one in scored.items()}, scene)
