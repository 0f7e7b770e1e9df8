"""What all pages share: taking up a link, the sidebar, notices, sources, and the link back.

A page opens a `Scene`, draws itself from it and closes it with what its link has to remember:

    scene = frame.open_page("compare", _head, own=("with",))
    if scene is None:
        return
    ...
    frame.close_page(scene, {"with": "06636"})
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from layers.errors import PotenzialatlasError
from layers.extend import is_extended
from layers.plain import plain
from layers.seen import seen
from layers.weigh import plan
from views import controls, downloads, history, intro, own_banner, store
from views.i18n import LANGUAGES
from views.i18n import words as words_of
from views.state import PageState, read, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from layers import Bands, Scores
    from layers.dataset import Dataset
    from layers.weigh import Plan
    from views.i18n import Language, Words

__all__ = ["Scene", "close_page", "entered", "link_to", "open_page", "reading_page"]

#: Links of this page that others have taken the place of; so many are remembered.
_EARLIER, _REMEMBERED = "links.earlier", 20


@dataclass(frozen=True)
class Scene:
    """What a page is drawn from in one run.

    Attributes
    ----------
    name : str
        The page.
    arrived : bool
        Whether the page was just entered, by a link or from another page: widgets of its own then
        take their values from `own`.
    dataset : Dataset
        As the recipe of `state` sees it.
    scores : Scores
        Under that recipe.
    """

    name: str
    state: PageState
    dataset: Dataset
    words: Words
    arrived: bool
    scores: Scores

    @property
    def own(self) -> Mapping[str, str]:
        """What the page's link says beyond the recipe and what all pages share."""
        return self.state.own

    @cached_property
    def bands(self) -> Bands:
        """Rank bands under the chosen spread."""
        return store.bands(self.state.recipe, self.state.spread)


def open_page(
    name: str, head: Callable[[Dataset, Words], None], *, own: tuple[str, ...] = ()
) -> Scene | None:
    """Restore the page, draw sidebar, head and notices, and score.

    Parameters
    ----------
    head : callable
        Draws the page's title and first words.
    own : tuple of str
        Keys of the link that only this page has; they stand there as ``p.KEY``.

    Returns
    -------
    Scene or None
        None if there is nothing to score; the reason then stands on the page and the link is kept.
    """
    dataset, presets = store.dataset(), store.presets()
    session = st.session_state
    kept = session.setdefault("own", {})
    arrived, message = _restore(name, dataset, kept.get(name, {}))
    state = replace(
        controls.collect(dataset, presets),
        own={key: value for key, value in session["own"].get(name, {}).items() if key in own},
    )
    dataset = seen(dataset, state.recipe)
    words = words_of(state.language)
    if arrived:
        _sidebar(state, dataset, words)
    head(dataset, words)
    intro.show(words, welcome=name == "map")
    own_banner.show(dataset, words)
    if message:
        st.warning(words("notice.damaged_link", message=_damaged_part(message)))
    try:
        scores = store.scores(state.recipe)
        scene = Scene(name, state, dataset, words, arrived, scores)
        _ = scene.bands
    except PotenzialatlasError as error:
        st.error(_in_words(error, words))
        _finish(name, state, dataset, words, arrived=arrived)
        return None
    _notices(scores, words)
    return scene


def close_page(scene: Scene, own: Mapping[str, str] | None = None) -> None:
    """Draw what ends every page, and write the link that restores it.

    Parameters
    ----------
    own : mapping, optional
        Value of each of the page's own keys; an empty one is left out of the link.
    """
    state = replace(scene.state, own={key: value for key, value in (own or {}).items() if value})
    _finish(scene.name, state, scene.dataset, scene.words, arrived=scene.arrived)


def reading_page() -> tuple[Dataset, Words]:
    """Open a page without weights: only the language can be chosen there."""
    session = st.session_state
    last: PageState = session.get("last", PageState())
    asked = st.query_params.get("lang", last.language)
    if entered() or "language" not in session:
        # Set anew on every page: a widget is a new one there, even under the same key.
        session["language"] = asked if asked in LANGUAGES else LANGUAGES[0]
    with st.sidebar:
        language: Language = controls.language()
    session["last"] = last.with_language(language)
    if language == LANGUAGES[0]:
        st.query_params.clear()
    elif st.query_params.to_dict() != {"lang": language}:
        st.query_params.from_dict({"lang": language})
    return store.dataset(), words_of(language)


def link_to(name: str, label: str, state: PageState, *, help: str | None = None) -> None:  # noqa: A002
    """Draw a link to another page that opens it in the given state."""
    pages = st.session_state.get("pages", {})
    if name in pages:
        query = write(state, store.default_recipe())
        st.page_link(pages[name], label=label, query_params=query, help=help)


def _restore(name: str, dataset: Dataset, own: Mapping[str, str]) -> tuple[bool, str]:
    """Take over a link that did not come from this page itself, a preset or a recipe file."""
    session, query = st.session_state, st.query_params.to_dict()
    recipe = controls.loaded_recipe()
    fresh = entered()
    message, arrived = "", True
    if fresh and not query and "last" in session:
        # What the page remembers of its own stays, all else is as on the page before.
        controls.fill(session["last"], dataset)
    elif fresh or (session.get("written") != query and not _late(query)):
        state, message = read(query, dataset, store.default_recipe())
        controls.fill(state, dataset)
        history.begin(state.recipe)
        own = state.own
    elif recipe is not None:
        state = read(query, dataset, recipe)[0].with_recipe(recipe)
        controls.fill(state.shown(dataset), dataset)
        arrived = False
    else:
        arrived = False
    session["own"][name] = dict(own)
    return arrived, message


def _late(query: Mapping[str, str]) -> bool:
    """Whether a change was on its way while the link of the change before it was being written.

    It still carries the link before that one. Only the browser's own way back means such a link.
    """
    return query in st.session_state.get(_EARLIER, ()) and not _went_back()


def _went_back() -> bool:
    """Whether the browser's own arrows led here; so it is taken where Streamlit cannot tell."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", True))


def entered() -> bool:
    """Whether this run is the first on its page."""
    return bool(st.session_state.get("came_from") != st.session_state.get("page"))


def _sidebar(state: PageState, dataset: Dataset, words: Words) -> None:
    with st.sidebar:
        controls.show(dataset, store.presets(), _plan(state, dataset), words)


def _finish(
    name: str, state: PageState, dataset: Dataset, words: Words, *, arrived: bool
) -> None:  # fmt: skip
    if not arrived:
        # Whoever stays on the page has the sidebar before them and waits for what it changes.
        _sidebar(state, dataset, words)
    downloads.sources(dataset, words)
    intro.link(words)
    st.session_state["own"][name] = dict(state.own)
    query = write(state, store.default_recipe())
    before = st.query_params.to_dict()
    # Noted before it is written: the run may be given up there for the next one.
    st.session_state["written"] = query
    if before != query:
        earlier = () if entered() else st.session_state.get(_EARLIER, ())
        st.session_state[_EARLIER] = (*earlier, before)[-_REMEMBERED:]
        st.query_params.from_dict(query)


def _damaged_part(message: str) -> str:
    """Return the part of a link that an error message quotes, which needs no translation."""
    quoted = re.search(r"'([^']+)'", message)
    # A link can come from anybody, and what it says stands on the page of whoever follows it.
    return plain(quoted.group(1) if quoted else message)


def _plan(state: PageState, dataset: Dataset) -> Plan | None:
    """Weights as they stand, even where the selection leaves nothing to score."""
    try:
        return plan(dataset.catalogue, state.recipe)
    except PotenzialatlasError:
        return None


def _in_words(error: PotenzialatlasError, words: Words) -> str:
    code = f"error.{error.code}"
    return words(code) if code in words.texts else words("error.other", message=error)


def _notices(scores: Scores, words: Words) -> None:
    catalogue = scores.dataset.catalogue.indicator_by_id
    constant = [one.about for one in scores.warnings if one.code == "constant"]
    if constant:
        listed = ", ".join(words.of(catalogue[key].name) for key in constant)
        st.info(words("notice.constant", about=listed))
    unplaced = [one.about for one in scores.warnings if one.code == "fixed_scale"]
    if unplaced:
        listed = ", ".join(words.of(catalogue[key].name) for key in unplaced)
        st.info(words("notice.fixed_scale", about=listed))
    for one in scores.warnings:
        if one.code == "other_version":
            told = {"about": plain(one.about), "reference": scores.dataset.reference}
            if is_extended(one.about):
                st.info(words("own_data.link_without", **told))
            else:
                st.info(words("notice.other_version", **told))
