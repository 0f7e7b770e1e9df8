"""The list of weightings on the page: their shares, how one is added and how one goes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from layers.catalogue import Text
from layers.errors import PotenzialatlasError
from layers.recipe import Recipe
from layers.shares import percentages
from layers.study.group import layer_shares
from layers.study.mean_weights import mean_weights
from views import controls, store
from views.file_input import file_input
from views.group import voices
from views.group.voices import MOST, Voice
from views.i18n import words as words_of
from views.recipe_files import read_recipe, why_refused

if TYPE_CHECKING:
    from views.file_input import GivenFile
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["keep", "kept", "show"]

#: Reasons to refuse a weighting that have words of their own.
_KNOWN = ("too_many", "no_weight")
#: Length of the longest bar in rem.
_BAR = 5.0
_KEPT, _TOLD = "voices", "voices.told"


def kept() -> tuple[Voice, ...] | None:
    """Voices of this session; None before the page was first drawn."""
    found: tuple[Voice, ...] | None = st.session_state.get(_KEPT)
    return found


def keep(given: tuple[Voice, ...]) -> None:
    """Put other voices in their place."""
    st.session_state[_KEPT] = given


def show(scene: Scene) -> None:
    """Draw the list and the ways to add to it."""
    for text in st.session_state.pop(_TOLD, []):
        st.warning(text)
    _table_of_voices(scene)
    _adding(scene)


def _table_of_voices(scene: Scene) -> None:
    """Shares of the layers under every weighting, as numbers with bars."""
    words, given = scene.words, kept() or ()
    titles = voices.titles(given, words)
    st.header(words("weightings.list"), anchor=False)
    if voices.write_voices(given, store.presets())[0] == "":
        st.caption(words("weightings.example"))
    if given:
        st.html(_shares_html(given, scene))
    with st.container(horizontal=True, gap="small", key="voices"):
        for voice in given:
            st.button(
                words("weightings.remove", name=titles[voice.key]), key=f"remove.{voice.key}",
                icon=":material/close:", type="tertiary", on_click=_remove, args=(voice.key,),
            )  # fmt: skip
        if given:
            st.button(words("weightings.clear"), key="weightings.clear", on_click=_clear)
    if len(given) > 1:
        st.button(
            words("weightings.take_mean", count=len(given)), key="weightings.mean",
            icon=":material/balance:", on_click=_take_mean, args=(scene,),
            help=words("weightings.take_mean_help"),
        )  # fmt: skip


def _shares_html(given: tuple[Voice, ...], scene: Scene) -> str:
    words, catalogue = scene.words, scene.dataset.catalogue
    found = [layer_shares(catalogue, voice.recipe) for voice in given]
    columns = [percentages(shares.to_numpy(), 1) for shares in found]
    titles = voices.titles(given, words).values()
    longest = max(max(column) for column in columns)
    head = "".join(f"<th scope='col'>{escape(title)}</th>" for title in titles)
    rows = "".join(
        f"<tr><th scope='row'>{escape(words.of(catalogue.layer_by_id[key].name))}</th>"
        + "".join(_bar_cell(column[place], longest, words) for column in columns) + "</tr>"
        for place, key in enumerate(found[0].index)
    )  # fmt: skip
    title = escape(words("weightings.shares"))
    return (
        f"<div class='atlas-shares' tabindex='0' role='group' aria-label='{title}'><table>"
        f"<caption>{title}</caption><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _bar_cell(percent: float, longest: float, words: Words) -> str:
    # One length for all columns, however wide they are, so that bars can be compared across.
    width = _BAR * percent / longest if longest else 0
    return (
        f"<td><span>{escape(words.percent(percent / 100, 1))}</span>"
        f"<i style='width:{width:.2f}rem'></i></td>"
    )


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
        taken = {voice.key for voice in kept() or ()}
        left = [key for key in presets if key not in taken]
        st.selectbox(
            words("weightings.preset"), left, key="weightings.preset", disabled=not left,
            format_func=lambda key: words.of(presets[key].name), placeholder="–",
        )  # fmt: skip
        st.button(words("weightings.add_preset"), key="weightings.add_preset", disabled=not left,
                  on_click=_add_preset, args=(scene,), width="stretch")  # fmt: skip
    with files:
        file_input(
            words("weightings.files"), key="weightings.files", most=MOST, words=words,
            on_files=lambda given: _add_files(given, scene), note=words("weightings.files_note"),
        )  # fmt: skip


def _add(voice: Voice, scene: Scene) -> None:
    """Add a voice, or keep in words why not."""
    words = scene.words
    try:
        keep(voices.added(kept() or (), voice, scene.dataset.catalogue))
    except PotenzialatlasError as error:
        known = error.code in _KNOWN
        _tell(
            words(f"weightings.{error.code}", most=MOST)
            if known else why_refused(voice.title(words), error, words)
        )  # fmt: skip


def _tell(text: str) -> None:
    st.session_state.setdefault(_TOLD, []).append(text)


def _add_present(scene: Scene) -> None:
    session = st.session_state
    name = str(session["weightings.name"]).strip() or scene.words(
        "weightings.unnamed", number=sum(not voice.is_preset for voice in kept() or ()) + 1
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
            recipe = read_recipe(one)
        except PotenzialatlasError as error:
            _tell(why_refused(one.name, error, scene.words))
            continue
        named = recipe.name != Recipe().name
        name = scene.words.of(recipe.name) if named else one.name.rsplit(".", 1)[0]
        _add(Voice.named(name, recipe), scene)


def _take_mean(scene: Scene) -> None:
    """Make the mean of all weightings the one of the sidebar; undo takes it back."""
    recipes = [voice.recipe for voice in kept() or ()]
    mean = mean_weights(scene.dataset.catalogue, recipes)
    name = Text(
        de=words_of("de")("weightings.mean_of", count=len(recipes)),
        en=words_of("en")("weightings.mean_of", count=len(recipes)),
    )
    controls.take_weights(mean.model_copy(update={"name": name}))


def _remove(key: str) -> None:
    keep(tuple(voice for voice in kept() or () if voice.key != key))


def _clear() -> None:
    keep(())
