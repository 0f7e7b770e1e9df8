"""The page of change: two years on one yardstick, who rose and fell, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import streamlit as st

from layers.errors import PotenzialatlasError
from layers.study.reports.years import report_years
from layers.study.years import best_years, known_years, untreated, year_change
from views import store, studies
from views.frame import close_page, open_page
from views.parts import change as change_parts

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.recipe import Recipe
    from layers.study.years import YearChange
    from views.frame import Scene
    from views.i18n import Words

__all__ = ["page"]

_OWN = ("from", "to", "base", "age", "was", "view")
_BASES: tuple[Literal["pooled", "first"], ...] = ("pooled", "first")
#: Base -> its word in a link.
_IN_LINK = {"pooled": "pooled", "first": "year"}
_AGES = (0, 1, 2, 3, 4)
#: The weights of the first year are those of the last.
_SAME = "same"
#: Below this share of the weight the page warns that little of the score is compared.
_FEW = 0.5


class _Asked(NamedTuple):
    """What the widgets of the page say."""

    first: int
    last: int
    base: Literal["pooled", "first"]
    age: int
    was: str


def page() -> None:
    """Draw the page."""
    scene = open_page("change", _head, own=_OWN)
    if scene is None:
        return
    recipe = untreated(scene.state.recipe)
    known = known_years(scene.dataset, recipe)
    years = sorted(set().union(*known.values()))
    if max(map(len, known.values()), default=0) < 2:  # noqa: PLR2004 -- two years are compared
        st.info(scene.words("change.nothing"))
        close_page(scene, scene.own)
        return
    asked = _controls(years, scene)
    if recipe != scene.state.recipe:
        st.info(scene.words("change.untreated"))
    found = _found(asked, recipe, scene)
    if found is not None:
        _covered(found, scene)
        change_parts.map_and_movers(found, recipe, scene)
        change_parts.one_region(found, recipe, scene)
        _files(found, asked, recipe, scene)
    close_page(scene, _link(asked))


def _head(_: Dataset, words: Words) -> None:
    st.title(words("change.title"), anchor=False)
    st.markdown(words("change.lead"))


@store.kept(most=1)
def _usual_years() -> tuple[int, int]:
    """Years that a first visit compares; those of the usual weights, so that nothing jumps."""
    return best_years(store.dataset(), store.default_recipe())


def _controls(years: list[int], scene: Scene) -> _Asked:
    words, session = scene.words, st.session_state
    _restore(years, scene)
    left, right, base, age, was = st.columns([1, 1, 2, 1.4, 2], vertical_alignment="bottom")
    first = left.selectbox(words("change.from"), years[:-1], key="change.from")
    later = [year for year in years if year > first]
    if session["change.to"] not in later:
        session["change.to"] = later[-1]
    last = right.selectbox(words("change.to"), later, key="change.to")
    chosen = base.selectbox(
        words("change.base"), _BASES, key="change.base", help=words("change.base_help"),
        format_func=lambda one: words(f"change_base.{one}"),
    )  # fmt: skip
    oldest = age.selectbox(
        words("change.age"), _AGES, key="change.age", help=words("change.age_help"),
        format_func=lambda one: words("change.age_0") if one == 0 else words(
            "change.age_years", count=one),
    )  # fmt: skip
    presets = store.presets()
    weights = was.selectbox(
        words("change.was"), [_SAME, *presets], key="change.was", help=words("change.was_help"),
        format_func=lambda one: (
            words("change.was_same") if one == _SAME else words.of(presets[one].name)
        ),
    )  # fmt: skip
    return _Asked(first, last, chosen, oldest, weights)


def _restore(years: list[int], scene: Scene) -> None:
    """Take what the link says where it makes sense, else what is usual."""
    session, own = st.session_state, scene.own
    usual = _usual_years()
    fallback = usual if set(usual) <= set(years) else (years[0], years[-1])
    asked = {
        "from": _number(own.get("from"), years[:-1], fallback[0]),
        "to": _number(own.get("to"), years[1:], fallback[1]),
        "base": next((one for one in _BASES if own.get("base") == _IN_LINK[one]), _BASES[0]),
        "age": _number(own.get("age"), _AGES, _AGES[0]),
        "was": own.get("was", _SAME) if own.get("was") in store.presets() else _SAME,
        "view": own.get("view", "") if own.get("view") in change_parts.VIEWS
        else change_parts.VIEWS[0],
    }  # fmt: skip
    for key, value in asked.items():
        if scene.arrived or f"change.{key}" not in session:
            session[f"change.{key}"] = value
    if session["change.from"] not in years[:-1]:
        session["change.from"] = fallback[0]


def _number(text: str | None, allowed: Any, usual: int) -> int:
    return next((one for one in allowed if str(one) == text), usual)


def _link(asked: _Asked) -> dict[str, str]:
    first, last = _usual_years()
    view = str(st.session_state.get("change.view", ""))
    return {
        "from": "" if asked.first == first else str(asked.first),
        "to": "" if asked.last == last else str(asked.last),
        "base": "" if asked.base == _BASES[0] else _IN_LINK[asked.base],
        "age": "" if asked.age == _AGES[0] else str(asked.age),
        "was": "" if asked.was == _SAME else asked.was,
        "view": "" if view == change_parts.VIEWS[0] else view,
    }  # fmt: skip


def _found(asked: _Asked, recipe: Recipe, scene: Scene) -> YearChange | None:
    words = scene.words
    before = None if asked.was == _SAME else _only_weights(store.presets()[asked.was], recipe)
    key = f"{asked} {recipe.to_toml()}"
    try:
        with st.spinner(words("change.running")):
            return _change(key, asked, recipe, before)
    except PotenzialatlasError as error:
        if error.code == "no_value":
            st.warning(words("change.nothing_shared", first=asked.first, last=asked.last))
        else:
            st.warning(words("studies.impossible", message=error))
    return None


def _only_weights(preset: Recipe, recipe: Recipe) -> Recipe:
    """Weights and directions of a preset, all else as now: only these are asked about."""
    update = {"weights": preset.weights, "directions": preset.directions}
    return recipe.model_copy(update=update)


@store.kept(most=32)
def _change(
    key: str,  # noqa: ARG001 -- the key of the cache
    _asked: _Asked,
    _recipe: Recipe,
    _before: Recipe | None,
) -> YearChange:
    return year_change(
        store.dataset(), _recipe, _asked.first, _asked.last, base=_asked.base,
        max_age=_asked.age, before=_before,
    )  # fmt: skip


def _covered(found: YearChange, scene: Scene) -> None:
    """Say how much of the score can be compared at all."""
    words, shared = scene.words, found.shared
    layers = scene.dataset.catalogue.layer_by_id
    none = [words.of(layers[str(key)].name) for key, part in shared.by_layer.items() if part == 0]
    some = [
        f"{words.of(layers[str(key)].name)} ({words.percent(part)})"
        for key, part in shared.by_layer.items() if 0 < part < 1
    ]  # fmt: skip
    said = words(
        "change.covered", used=len(shared.indicators),
        of=len(shared.indicators) + len(shared.missing), share=words.percent(shared.share),
    )  # fmt: skip
    if none:
        said += " " + words("change.without", names=", ".join(none))
    if some:
        said += " " + words("change.partly", names=", ".join(some))
    if gaps := found.panel.partial["region"].nunique():
        said += " " + words("change.gaps", count=gaps)
    (st.warning if shared.share < _FEW else st.markdown)(said)
    with st.expander(words("change.which")):
        change_parts.availability(found, scene)


def _files(found: YearChange, asked: _Asked, recipe: Recipe, scene: Scene) -> None:
    words = scene.words
    st.header(words("downloads.heading"), anchor=False)
    st.caption(words("change.files_note"))
    scores = replace(scene.scores, recipe=recipe)
    settings = {"base": asked.base, "max_age": asked.age, "weights_before": asked.was}
    studies.offer_files(report_years(scores, found, settings), words)
