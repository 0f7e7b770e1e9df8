"""The page of several people's weightings: collected, laid over each other, or in a round."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from layers.study.group import AGREED
from views import store
from views.frame import close_page, open_page, reading_page
from views.group import collect, everybody, keeping, people, turns, two, voices, wishes
from views.group.laid import each_person, lay_over

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.frame import Scene
    from views.group.laid import Laid
    from views.i18n import Words

__all__ = ["page"]

_SEVERAL = 2
_VIEWS = ("all", "wishes", "people", "two")
_VIEW = "weightings.view"
#: Names in the sentence on what a link leaves out.
_NAMED = 5


def page() -> None:
    """Draw the page; while a round is on, nothing but the round."""
    if turns.running():
        dataset, words = reading_page()
        st.title(words("weightings.title"), anchor=False)
        turns.show(dataset, words)
        return
    scene = open_page("weightings", _head, own=("list", "two", "view", "map", "limit"))
    if scene is None:
        return
    _restore(scene)
    collect.show(scene)
    named = voices.titles(keeping.kept() or (), scene.words)
    given = {named[one.key]: one.recipe for one in keeping.kept() or ()}
    laid = lay_over(scene.state.recipe, given)
    _refusals(laid, scene.words)
    if laid.group is None:
        st.info(scene.words("weightings.need_two"))
    else:
        _comparison(laid, scene)
    close_page(scene, _own(scene))


def _head(_dataset: Dataset, words: Words) -> None:
    st.title(words("weightings.title"), anchor=False)
    st.markdown(words("weightings.lead"))


def _restore(scene: Scene) -> None:
    """Take over what a link says; what had no room in it is kept from the session."""
    session, presets = st.session_state, store.presets()
    text = scene.own.get("list", "")
    kept = keeping.kept()
    if kept is None or (scene.arrived and voices.write_voices(kept, presets)[0] != text):
        read, damaged = voices.read_voices(text, presets, scene.dataset)
        keeping.keep(read)
        if damaged:
            st.warning(scene.words("weightings.damaged", count=damaged))
    if scene.arrived or not session.get(_VIEW):
        session[_VIEW] = scene.own.get("view") if scene.own.get("view") in _VIEWS else _VIEWS[0]
        shown, usual = scene.own.get("map", ""), next(iter(everybody.MAPS))
        session[everybody.MAP] = shown if shown in everybody.MAPS else usual
        limits = {f"{round(100 * one)}": one for one in everybody.LIMITS}
        session[everybody.LIMIT] = limits.get(scene.own.get("limit", ""), AGREED)
    if scene.arrived or not {two.FIRST, two.SECOND} <= set(session):
        _take_two(scene.own.get("two", ""))


def _take_two(text: str) -> None:
    """Choose the two to be compared by their places in the list, ``1~3``."""
    keys = [voice.key for voice in keeping.kept() or ()]
    places = [int(one) - 1 for one in text.split("~") if re.fullmatch("[0-9]{1,3}", one)]
    chosen = [keys[place] for place in places if 0 <= place < len(keys)]
    if len(chosen) != _SEVERAL or chosen[0] == chosen[1]:
        chosen = keys[:_SEVERAL]
    st.session_state.update(dict(zip((two.FIRST, two.SECOND), chosen, strict=False)))


def _own(scene: Scene) -> dict[str, str]:
    """Return what the link has to remember of this page."""
    session = st.session_state
    kept = keeping.kept() or ()
    text, left_out = voices.write_voices(kept, store.presets())
    if left_out:
        st.info(_no_room([voice.title(scene.words) for voice in left_out], scene.words))
    keys = [voice.key for voice in kept]
    chosen = (session.get(two.FIRST), session.get(two.SECOND))
    places = [str(keys.index(key) + 1) for key in chosen if key in keys]
    view, shown = session.get(_VIEW) or _VIEWS[0], session.get(everybody.MAP)
    limit, usual = session.get(everybody.LIMIT) or AGREED, next(iter(everybody.MAPS))
    return {
        "list": text,
        "two": "~".join(places) if len(places) == _SEVERAL and places != ["1", "2"] else "",
        "view": view if view != _VIEWS[0] else "",
        "map": shown if shown in everybody.MAPS and shown != usual else "",
        "limit": f"{round(100 * limit)}" if limit != AGREED else "",
    }


def _no_room(left_out: list[str], words: Words) -> str:
    """Say whom the link does not hold."""
    if len(left_out) <= _NAMED:
        return words("weightings.no_room", names=", ".join(left_out))
    first = ", ".join(left_out[:_NAMED])
    return words("weightings.no_room_many", names=first, count=len(left_out) - _NAMED)


def _refusals(laid: Laid, words: Words) -> None:
    """Tell which weightings give no scores."""
    for name, error in laid.refused.items():
        code = f"error.{error.code}"
        reason = words(code) if code in words.texts else error
        st.warning(words("weightings.refused", name=name, message=reason))


def _comparison(laid: Laid, scene: Scene) -> None:
    words = scene.words
    view = st.segmented_control(
        words("weightings.view"), _VIEWS, key=_VIEW, required=True,
        format_func=lambda one: words(f"weightings.{one}"), label_visibility="collapsed",
    )  # fmt: skip
    if laid.group is None or laid.scores is None:
        return
    limit = float(st.session_state.get(everybody.LIMIT) or AGREED)
    lens = scene.state.recipe.lens
    report = partial(everybody.report, laid.people, scene.dataset, lens, limit)
    match view:
        case "two":
            _two(laid, scene)
        case "wishes":
            wishes.show(laid.group, report, scene)
        case "people":
            people.show(each_person(scene.state.recipe, laid), laid.scores, report, scene)
        case _:
            everybody.show(laid.group, laid.scores, report, scene)


def _two(laid: Laid, scene: Scene) -> None:
    """Put two next to each other."""
    named = voices.titles(keeping.kept() or (), scene.words)
    titles = {key: title for key, title in named.items() if title in laid.people}
    recipes = {key: laid.people[title] for key, title in titles.items()}
    two.show(recipes, titles, scene)
