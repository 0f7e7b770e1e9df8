"""The page of kinds of place: size, economic and demographic trend, with bounds of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st
from pydantic import ValidationError

from layers.errors import PotenzialatlasError
from layers.kinds import ECONOMIES, PARTS, missing, name_of_series
from layers.kinds_doubt import BREAK
from layers.population import DENSITY
from layers.recipe import Kinds
from layers.seen import seen
from views import store
from views.frame import close_page, open_page
from views.i18n import words as words_of
from views.parts import kinds as parts
from views.parts import kinds_doubt as doubt_parts

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from views.frame import Scene
    from views.i18n import Words
    from views.parts.kinds import Found
    from views.state import PageState

__all__ = ["page"]

_OWN = ("map", "by", "type")
_REFUSED = "kinds.refused"
#: Fields that are a choice among a few.
_CHOICES = {"yardstick": ("national", "none"), "trend": ("ends", "line")}
#: Largest bound that a recipe may hold, and step from one to the next: per year, and people.
_MOST, _STEP = 100.0, 0.05
_MOST_PEOPLE, _STEP_PEOPLE = 1_000_000_000, 10_000
#: First year of the series that counts people who fled from Ukraine.
_UKRAINE = 2022


def page() -> None:
    """Draw the page."""
    scene = open_page("kinds", _head, own=_OWN)
    if scene is None:
        return
    lacking = missing(scene.dataset, Kinds())
    if lacking or not set(PARTS) <= set(scene.dataset.regions):
        _lacking(lacking, scene)
        close_page(scene, scene.own)
        return
    if refused := st.session_state.pop(_REFUSED, ""):
        st.warning(refused)
    found = parts.found(scene)
    _controls(found, scene)
    parts.restore(scene)
    parts.table(found, scene)
    parts.map_and_one(found, scene)
    parts.regions_of_a_kind(found, scene)
    doubt_parts.doubt(found, scene)
    doubt_parts.compare(scene)
    doubt_parts.official(scene)
    doubt_parts.downloads(found, scene)
    close_page(scene, parts.link())


def _head(_: Dataset, words: Words) -> None:
    st.title(words("kinds.title"), anchor=False)
    st.markdown(words("kinds.lead"))


def _lacking(lacking: tuple[str, ...], scene: Scene) -> None:
    names = [scene.words("kinds.people") if key == DENSITY else key for key in lacking]
    st.info(scene.words("kinds.missing", names=", ".join(names)))


def _controls(found: Found, scene: Scene) -> None:
    """Draw the choices; what they say stands in the recipe alone."""
    words, choices = scene.words, scene.state.recipe.kinds
    _fill(choices)
    st.header(words("kinds.choices"), anchor=False)
    economy, yardstick, trend, first, last = st.columns(
        [2, 1.5, 1.5, 0.8, 0.8], vertical_alignment="bottom"
    )
    names = list(dict.fromkeys([
        *(key for key in ECONOMIES if not missing(scene.dataset, Kinds(economy=key))),
        choices.economy,
    ]))  # fmt: skip
    economy.selectbox(
        words("kinds.economy"), names, key="kinds.economy", help=words("kinds.economy_help"),
        format_func=lambda one: words.of(name_of_series(scene.dataset, one)),
        on_change=_take_series,
    )  # fmt: skip
    for place, (field, allowed) in zip((yardstick, trend), _CHOICES.items(), strict=True):
        place.selectbox(
            words(f"kinds.{field}"), allowed, key=f"kinds.{field}", on_change=_take,
            help=words(f"kinds.{field}_help") if field == "yardstick" else None,
            format_func=lambda one, field=field: words(f"kinds.{field}_{one}"),
        )  # fmt: skip
    years = sorted({*found.years, choices.first, choices.last})
    first.selectbox(words("kinds.first"), years[:-1], key="kinds.first", on_change=_take)
    last.selectbox(words("kinds.last"), years[1:], key="kinds.last", on_change=_take)
    _numbers(choices, words)
    _meaning(choices, found, scene)


def _numbers(choices: Kinds, words: Words) -> None:
    groups = st.columns(3, gap="medium")
    kind = "_none" if choices.yardstick == "none" else ""
    for group, part, suffix in zip(
        groups, ("economy", "population", "size"), (kind, "", ""), strict=True
    ):
        with group.container(gap="small"):
            st.markdown(f"**{words(f'kinds.for_{part}')}**")
            for place, end in zip(st.columns(2), ("low", "high"), strict=True):
                place.number_input(
                    words(f"kinds.{part}_{end}{suffix}"), key=f"kinds.{part}_{end}",
                    on_change=_take, **_limits(part),
                )  # fmt: skip
    st.button(
        words("kinds.reset"), key="kinds.reset", icon=":material/restart_alt:", type="tertiary",
        disabled=choices == Kinds(), on_click=_load, args=(Kinds(),),
    )  # fmt: skip


def _limits(part: str) -> dict[str, Any]:
    if part == "size":
        return {"min_value": 1, "max_value": _MOST_PEOPLE, "step": _STEP_PEOPLE}
    return {"min_value": -_MOST, "max_value": _MOST, "step": _STEP, "format": "%.2f"}


def _meaning(choices: Kinds, found: Found, scene: Scene) -> None:
    """Say what the bounds come to."""
    words = scene.words
    low, high = choices.economy_bounds
    economy = words(
        f"kinds.meaning_economy_{choices.yardstick}", first=found.economy.years[0],
        last=found.economy.years[-1],
        series=words.of(name_of_series(scene.dataset, choices.economy)),
        whole=parts.per_year(found.whole_economy, found.economy, words),
        high=words.signed(high, 2), low=words.signed(low, 2),
    )  # fmt: skip
    first, last = found.people.years[0], found.people.years[-1]
    low_all, high_all = (
        100 * ((1 + bound / 100) ** (last - first) - 1) for bound in choices.population_bounds
    )
    people = words(
        "kinds.meaning_population", first=first, last=last, years=last - first,
        whole=parts.per_year(found.people.whole, found.people, words),
        low_all=words.signed_percent(low_all / 100, 1),
        high_all=words.signed_percent(high_all / 100, 1),
    )  # fmt: skip
    turned = " " + words("kinds.meaning_turned") if found.turned else ""
    told = [economy + turned, people]
    if "population_year" in scene.dataset.regions:
        year = int(scene.dataset.regions["population_year"].iloc[0])
        told.append(words("kinds.meaning_size", year=year))
    st.caption("  \n".join(told))
    if first < BREAK <= last:
        st.warning(words("kinds.break"))
    if last >= _UKRAINE:
        st.info(words("kinds.ukraine"))


def _fill(choices: Kinds) -> None:
    """Let the widgets say what the recipe says, whoever changed it."""
    session = st.session_state
    session["kinds.economy"] = choices.economy
    for field in ("first", "last", *_CHOICES):
        session[f"kinds.{field}"] = getattr(choices, field)
    for part, bounds in (
        ("economy", choices.economy_bounds),
        ("population", choices.population_bounds),
        ("size", tuple(round(bound) for bound in choices.size)),
    ):
        for end, bound in zip(("low", "high"), bounds, strict=True):
            session[f"kinds.{part}_{end}"] = bound


def _take() -> None:
    """Take over what the widgets say."""
    _load_values(_given())


def _take_series() -> None:
    """Take another series, with its usual bounds."""
    given = _given()
    bounds = ECONOMIES.get(given["economy"])
    _load_values(given | ({"economy_bounds": bounds} if bounds else {}))


def _given() -> dict[str, Any]:
    session = st.session_state
    pairs = {
        f"{part}_bounds" if part != "size" else part: tuple(
            round(float(session[f"kinds.{part}_{end}"]), 6) for end in ("low", "high")
        )
        for part in ("economy", "population", "size")
    }
    fields = ("economy", "first", "last", *_CHOICES)
    return {field: session[f"kinds.{field}"] for field in fields} | pairs


def _load_values(given: dict[str, Any]) -> None:
    words = words_of(st.session_state["last"].language)
    try:
        _load(Kinds(**given))
    except ValidationError:
        st.session_state[_REFUSED] = words("kinds.rising")


def _load(choices: Kinds) -> None:
    """Let the recipe have other kinds; refuse what the data cannot give."""
    last: PageState = st.session_state["last"]
    recipe, words = last.recipe.model_copy(update={"kinds": choices}), words_of(last.language)
    try:
        seen(store.dataset(), recipe)
    except PotenzialatlasError as error:
        st.session_state[_REFUSED] = words("kinds.refused", message=error)
        return
    st.session_state["load"] = recipe
