"""The self-assessment as a layer of the session's score: added, renewed and taken out by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from layers.errors import PotenzialatlasError
from layers.plain import plain
from layers.selfcheck import field_results
from views.parts import own_data
from views.selfcheck import book, files, tables

if TYPE_CHECKING:
    from layers.selfcheck.file import SelfCheck
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["show"]


def show(check: SelfCheck, scene: Scene) -> None:
    """Offer it, folded away, with what speaks against it."""
    words, name = scene.words, tables.region_name(scene.dataset, check.region)
    inside = own_data.self_checks().get(check.region)
    with st.expander(words("selfcheck.layer"), expanded=inside is not None):
        st.markdown(words("selfcheck.layer_caution", name=name))
        if inside is not None:
            st.info(words("selfcheck.layer_inside", name=name))
        with st.container(horizontal=True):
            kind = "layer_add" if inside is None else "layer_update"
            st.button(
                words(f"selfcheck.{kind}"), key="selfcheck.layer_add",
                disabled=inside == check or not field_results(check)["answered"].any(),
                on_click=partial(_add, check.region, name, words),
            )  # fmt: skip
            if inside is not None:
                st.button(
                    words("selfcheck.layer_remove"), key="selfcheck.layer_remove",
                    on_click=partial(_remove, check.region, words),
                )  # fmt: skip


def _add(region: str, name: str, words: Words) -> None:
    try:
        own_data.keep_self_checks(own_data.self_checks() | {region: book.of(region)})
    except PotenzialatlasError as error:
        files.tell("refused", words("selfcheck.layer_refused", message=plain(str(error), 300)))
        return
    files.tell("done", words("selfcheck.layer_added", name=name))


def _remove(region: str, words: Words) -> None:
    left = {key: one for key, one in own_data.self_checks().items() if key != region}
    own_data.keep_self_checks(left)
    files.tell("done", words("selfcheck.layer_removed"))
