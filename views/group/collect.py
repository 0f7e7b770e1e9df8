"""The list of weightings on the page: their shares, how one is added and how one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.errors import PotenzialatlasError
from layers.recipe import Recipe
from views import store
from views.file_input import file_input
from views.group import keeping, turns, voices
from views.group.shares import grouping_words, shares_html
from views.group.voices import MANY, MOST, Voice
from views.recipe_files import read_recipe, why_refused

if TYPE_CHECKING:
    from views.file_input import GivenFile
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["show"]

#: Reasons to refuse a weighting that have words of their own.
_KNOWN = ("too_many", "no_weight")
#: Files that can be given at once, and bytes of one: a group recipe of 200 people takes 400 kB.
_FILES, _BYTES = 30, 500_000
_TOLD = "voices.told"


def show(scene: Scene) -> None:
    """Draw the list and the ways to add to it."""
    for text in st.session_state.pop(_TOLD, []):
        st.warning(text)
    _table_of_voices(scene)
    with st.expander(scene.words("weightings.collect"), expanded=_is_example()):
        _adding(scene)
        st.divider()
        turns.offer(scene)


def _is_example() -> bool:
    return voices.write_voices(keeping.kept() or (), store.presets())[0] == ""


def _table_of_voices(scene: Scene) -> None:
    """Shares of the layers under every weighting, as numbers with bars."""
    words, given = scene.words, keeping.kept() or ()
    st.header(words("weightings.list"), anchor=False)
    if _is_example():
        st.caption(words("weightings.example"))
    if given:
        st.html(shares_html(given, scene))
        if told := grouping_words(given, scene):
            st.caption(told)
        _removing(given, words)
    if len(given) > 1:
        keeping.show(scene)


def _removing(given: tuple[Voice, ...], words: Words) -> None:
    """Take out single weightings, or all: one button each, or a choice where there are many."""
    named = voices.titles(given, words)
    with st.container(horizontal=True, gap="small", key="voices", vertical_alignment="bottom"):
        if len(given) <= MOST:
            for voice in given:
                st.button(
                    words("weightings.remove", name=named[voice.key]), key=f"remove.{voice.key}",
                    icon=":material/close:", type="tertiary", on_click=_remove,
                    args=(voice.key,),
                )  # fmt: skip
        else:
            chosen = st.selectbox(words("weightings.remove_which"), list(named),
                                  format_func=lambda key: named[key],
                                  key="weightings.which", width=260)  # fmt: skip
            st.button(words("weightings.remove_one"), key="weightings.remove", on_click=_remove,
                      args=(chosen,))  # fmt: skip
        st.button(words("weightings.clear"), key="weightings.clear", on_click=_clear)


def _adding(scene: Scene) -> None:
    """Three ways to add a weighting: the present one, a preset, files."""
    words, presets = scene.words, store.presets()
    here, ready, files = st.columns(3, gap="medium")
    with here:
        st.text_input(words("weightings.name"), key="weightings.name", max_chars=80,
                      placeholder=words("weightings.name_hint"))  # fmt: skip
        st.button(words("weightings.add_present"), key="weightings.add", on_click=_add_present,
                  args=(scene,), width="stretch")  # fmt: skip
    with ready:
        taken = {voice.key for voice in keeping.kept() or ()}
        left = [key for key in presets if key not in taken]
        st.selectbox(
            words("weightings.preset"), left, key="weightings.preset", disabled=not left,
            format_func=lambda key: words.of(presets[key].name), placeholder="–",
        )  # fmt: skip
        st.button(words("weightings.add_preset"), key="weightings.add_preset", disabled=not left,
                  on_click=_add_preset, args=(scene,), width="stretch")  # fmt: skip
    with files:
        file_input(
            words("weightings.files"), key="weightings.files", most=_FILES, largest=_BYTES,
            words=words, on_files=lambda given: _add_files(given, scene),
            note=words("weightings.files_note"),
        )  # fmt: skip


def _add(voice: Voice, scene: Scene) -> None:
    """Add a voice, or keep in words why not."""
    try:
        keeping.keep(voices.added(keeping.kept() or (), voice, scene.dataset))
    except PotenzialatlasError as error:
        _tell(_why_not(voice.title(scene.words), error, scene.words))


def _why_not(name: str, error: PotenzialatlasError, words: Words) -> str:
    if error.code in _KNOWN:
        return words(f"weightings.{error.code}", most=MANY)
    return why_refused(name, error, words)


def _tell(text: str) -> None:
    st.session_state.setdefault(_TOLD, []).append(text)


def _add_present(scene: Scene) -> None:
    session = st.session_state
    name = str(session["weightings.name"]).strip() or scene.words(
        "weightings.unnamed", number=sum(not one.is_preset for one in keeping.kept() or ()) + 1
    )
    _add(Voice.named(name, scene.state.recipe), scene)
    session["weightings.name"] = ""


def _add_preset(scene: Scene) -> None:
    key = st.session_state["weightings.preset"]
    if key in store.presets():
        _add(Voice.of_preset(key, store.presets()[key]), scene)


def _add_files(given: tuple[GivenFile, ...], scene: Scene) -> None:
    for one in given:
        try:
            _add_file(one, scene)
        except PotenzialatlasError as error:
            _tell(_why_not(one.name, error, scene.words))


def _add_file(given: GivenFile, scene: Scene) -> None:
    """Add the person of a file, or all members of a group recipe.

    The first of them take the place of the example.
    """
    recipe = read_recipe(given)
    present = keeping.kept() or ()
    named = recipe.name != Recipe().name
    name = scene.words.of(recipe.name) if named else given.name.rsplit(".", 1)[0]
    more = voices.voices_of(recipe, name)
    if not recipe.members:
        keeping.keep(voices.added(present, more[0], scene.dataset))
        return
    keeping.keep(voices.all_added(() if _is_example() else present, more, scene.dataset))


def _remove(key: str) -> None:
    keeping.keep(tuple(voice for voice in keeping.kept() or () if voice.key != key))


def _clear() -> None:
    keeping.keep(())
