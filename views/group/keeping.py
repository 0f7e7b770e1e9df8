"""What the page keeps of the weightings, and what leaves it: the mean, and the group recipe."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from layers.catalogue import Text
from layers.study.group_recipe import members_of, nameless
from layers.study.mean_weights import mean_of
from layers.study.wishes import wishes
from views import controls
from views.group import voices
from views.i18n import words as words_of

if TYPE_CHECKING:
    from layers import Recipe
    from views.frame import Scene
    from views.group.voices import Voice

__all__ = ["keep", "kept", "show"]

_KEPT = "voices"


def kept() -> tuple[Voice, ...] | None:
    """Voices of this session; None before the page was first drawn."""
    found: tuple[Voice, ...] | None = st.session_state.get(_KEPT)
    return found


def keep(given: tuple[Voice, ...]) -> None:
    """Put other voices in their place."""
    st.session_state[_KEPT] = given


def show(scene: Scene) -> None:
    """Offer the mean for the sidebar, the group recipe as a file, and a way to lose the names."""
    words, given = scene.words, kept() or ()
    with st.container(horizontal=True, gap="small", key="group"):
        st.button(
            words("weightings.take_mean", count=len(given)), key="weightings.mean",
            icon=":material/balance:", on_click=_take_mean, args=(scene,),
            help=words("weightings.take_mean_help"),
        )  # fmt: skip
        st.download_button(
            words("weightings.save_group"), partial(_file, given, scene),
            "potenzialatlas_gruppe.toml", "application/toml", key="save.group",
            on_click="ignore", icon=":material/download:", help=words("weightings.save_help"),
        )  # fmt: skip
        if any(not one.is_preset and one.number is None for one in given):
            st.button(
                words("weightings.nameless"), key="weightings.nameless",
                icon=":material/person_off:", on_click=_lose_names,
                help=words("weightings.nameless_help"),
            )  # fmt: skip


def _file(given: tuple[Voice, ...], scene: Scene) -> bytes:
    return _group(given, scene).to_toml().encode()


def _group(given: tuple[Voice, ...], scene: Scene) -> Recipe:
    """Return the recipe of all weightings together, with their members."""
    lens = scene.state.recipe.lens
    named = {one.key: one.recipe for one in given}
    mean = mean_of(wishes(scene.dataset, named, lens=lens))
    name = Text(
        de=words_of("de")("weightings.mean_of", count=len(given)),
        en=words_of("en")("weightings.mean_of", count=len(given)),
    )
    changes = {"name": name, "lens": lens, "members": members_of(one.recipe for one in given)}
    return controls.with_weights(scene.state.recipe, mean.model_copy(update=changes))


def _take_mean(scene: Scene) -> None:
    """Make the mean of all weightings the one of the sidebar; undo takes it back.

    Its members come without names, because every export of every page carries the recipe.
    """
    found = _group(kept() or (), scene)
    hidden = found.model_copy(update={"members": nameless(found.members)})
    controls.take_weights(hidden)


def _lose_names() -> None:
    keep(voices.unnamed(kept() or ()))
